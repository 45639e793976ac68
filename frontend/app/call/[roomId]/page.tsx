import "@/features/call/call.css";

import type { Metadata } from "next";

import { SkipLink } from "@/components/shell/SkipLink";
import { CallPage } from "@/features/call/components/CallPage";

export const metadata: Metadata = { title: "Call" };

interface RouteProps {
  params: Promise<{ roomId: string }>;
  searchParams: Promise<{ input?: string | string[] }>;
}

export default async function Page({ params, searchParams }: RouteProps) {
  const [{ roomId }, { input }] = await Promise.all([params, searchParams]);
  return (
    <>
      <SkipLink />
      <CallPage roomId={roomId} input={input === "text" ? "text" : "voice"} />
    </>
  );
}
