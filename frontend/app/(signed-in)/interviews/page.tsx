import type { Metadata } from "next";

import { InterviewsPage } from "@/features/interviews/InterviewsPage";

export const metadata: Metadata = { title: "Interviews" };

export default function InterviewsRoute() {
  return <InterviewsPage />;
}
