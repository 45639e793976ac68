import type { Metadata } from "next";

import { TalkPage } from "@/features/personas/TalkPage";

export const metadata: Metadata = { title: "Talk" };

export default function DashboardPage() {
  return <TalkPage />;
}
