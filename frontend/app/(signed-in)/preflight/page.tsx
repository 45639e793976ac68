import type { Metadata } from "next";

import { PreflightPage } from "@/features/preflight/PreflightPage";

export const metadata: Metadata = { title: "Check your microphone" };

interface PreflightRouteProps {
  searchParams: Promise<{ persona?: string | string[] }>;
}

export default async function PreflightRoute({ searchParams }: PreflightRouteProps) {
  const { persona } = await searchParams;
  return <PreflightPage personaSlug={typeof persona === "string" ? persona : null} />;
}
