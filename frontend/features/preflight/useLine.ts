"use client";

import { useQuery } from "@tanstack/react-query";

import { api } from "@/lib/api/client";

/** Is a line free? "full" and "down" are answers, not failures of the page. */
export type Line = { kind: "free"; roundTripMs: number } | { kind: "full" } | { kind: "down" };

const ASK_AGAIN_MS = 10_000;

/** Asks the server whether it can take a call, and how long the answer takes. */
export function useLine() {
  return useQuery({ queryKey: ["line"], queryFn: askForLine, refetchInterval: ASK_AGAIN_MS, retry: false })
    .data;
}

async function askForLine(): Promise<Line> {
  const askedAt = performance.now();
  try {
    const { response } = await api.GET("/api/v1/health/");
    const roundTripMs = Math.round(performance.now() - askedAt);
    if (response.ok) return { kind: "free", roundTripMs };
    return { kind: response.status === 503 ? "full" : "down" };
  } catch {
    return { kind: "down" };
  }
}
