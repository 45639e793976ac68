/** How full is the ring around the form, and what stands in it? It fills with silence, and stands while one thinks. */

import type { CallState } from "./callState";

/** Times are on `performance.now()`'s clock. */
export type SilenceRing =
  { kind: "fills"; sinceMs: number; durationMs: number } | { kind: "stands"; part: number; untilMs: number };

/** The ring's steps where nothing may glide. */
const REDUCED_STEP_MS = 500;

export function ringOf({
  silenceAt,
  silenceDurationMs,
  thinking,
}: Pick<CallState, "silenceAt" | "silenceDurationMs" | "thinking">): SilenceRing | null {
  if (thinking) {
    return { kind: "stands", part: thinking.silenceMs / silenceDurationMs, untilMs: thinking.until };
  }
  return silenceAt === null ? null : { kind: "fills", sinceMs: silenceAt, durationMs: silenceDurationMs };
}

export interface RingLook {
  /** 0 to 1. */
  part: number;
  /** The time that is left: tenths while it runs out, whole seconds while one thinks. */
  words: string;
}

export function ringAt(ring: SilenceRing | null, nowMs: number, isReduced: boolean): RingLook {
  if (!ring) return { part: 0, words: "" };
  if (ring.kind === "stands") {
    return { part: ring.part, words: `${Math.max(0, Math.ceil((ring.untilMs - nowMs) / 1000))} s` };
  }
  const glidingMs = Math.max(0, nowMs - ring.sinceMs);
  const elapsedMs = isReduced ? Math.floor(glidingMs / REDUCED_STEP_MS) * REDUCED_STEP_MS : glidingMs;
  const leftMs = Math.max(0, ring.durationMs - elapsedMs);
  return { part: Math.min(1, elapsedMs / ring.durationMs), words: `${(leftMs / 1000).toFixed(1)} s` };
}
