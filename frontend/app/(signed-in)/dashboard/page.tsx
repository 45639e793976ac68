import type { Metadata } from "next";

import { TalkPage } from "@/features/talk/TalkPage";

export const metadata: Metadata = { title: "Talk" };

export default function DashboardPage() {
  return <TalkPage />;
}
