import type { Metadata } from "next";

import { CallsPage } from "@/features/calls/CallsPage";

export const metadata: Metadata = { title: "Calls" };

export default function CallsRoute() {
  return <CallsPage />;
}
