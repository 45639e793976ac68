import type { Metadata } from "next";

import { CallPage } from "@/features/calls/CallPage";

export const metadata: Metadata = { title: "A call" };

export default async function CallRoute({ params }: { params: Promise<{ callId: string }> }) {
  const { callId } = await params;
  return <CallPage callId={callId} />;
}
