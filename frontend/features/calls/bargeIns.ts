/** Who came in where, and what came of it? The bids for the floor of a finished call, in words. */

import { HEARD_OUT, murmurKind } from "@/features/call/bargeIn";
import type { BargeInBody } from "@/lib/api/queries";

/** What is read of a bid. */
export type DecidedBid = Pick<
  BargeInBody,
  "candidate_id" | "turn_id" | "onset_at_ms" | "decision" | "reason"
> & { probes: readonly { words: string }[] };

export interface BargeInMark {
  id: string;
  /** What the persona did about it. */
  says: string;
}

/** Longer ones are cut: they stand in the next turn as a whole. */
const LONGEST_WORDS = 60;

/** Those over this reply that were talk, in their order. */
export function bargeInMarks(bids: readonly DecidedBid[], turnId: string): BargeInMark[] {
  return bids
    .filter((one) => one.turn_id === turnId && isTalk(one))
    .sort((one, other) => one.onset_at_ms - other.onset_at_ms)
    .map((one) => ({ id: one.candidate_id, says: said(one) }));
}

function isTalk({ decision, reason }: DecidedBid): boolean {
  return decision === "accepted" || murmurKind(reason) !== null;
}

function said(one: DecidedBid): string {
  const words = wordsOf(one);
  if (one.decision === "accepted" && one.reason === HEARD_OUT)
    return words ? `You began “${words}” as it ended` : "You began as it ended";
  if (one.decision === "accepted") return words ? `Stopped for “${words}”` : "Stopped for you";
  return words ? `Went on after “${words}”` : "Went on after something short";
}

/** The last look heard the most; `null` where nobody listened for words, or none came. */
function wordsOf({ probes }: DecidedBid): string | null {
  const words = probes.findLast((probe) => probe.words.trim() !== "")?.words.trim();
  if (!words) return null;
  const bare = words.replace(/[.,;:…]+$/, "");
  return bare.length > LONGEST_WORDS ? `${bare.slice(0, LONGEST_WORDS).trimEnd()}…` : bare;
}
