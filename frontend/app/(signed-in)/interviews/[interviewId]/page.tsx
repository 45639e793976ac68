import type { Metadata } from "next";

import { ReportPage } from "@/features/interviews/ReportPage";

export const metadata: Metadata = { title: "Interview report" };

export default async function ReportRoute({ params }: { params: Promise<{ interviewId: string }> }) {
  const { interviewId } = await params;
  return <ReportPage interviewId={interviewId} />;
}
