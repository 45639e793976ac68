/** How did a call end, in words and numbers, or why was there none? Pure. */

import { callMs, type CallState, type Failure, type FailureKind } from "./callState";
import { sentencesOf } from "./heardText";

/** The reasons with which the server ends a call. */
const END_WORDS: Record<string, (name: string) => string> = {
  user_ended: () => "You ended it.",
  idle: (name) => `Nothing was said for a long time, so ${name} hung up.`,
  longest_call: () => "It reached the longest time that a call may take.",
  connection_lost: () => "The line was gone for too long.",
};

export function endWords(reason: string | null, name: string): string {
  return END_WORDS[reason ?? ""]?.(name) ?? "Thank you for calling.";
}

const FAILURES: Record<Exclude<FailureKind, "lost">, { phase: string; support: string }> = {
  unreachable: {
    phase: "No connection",
    support: "The call could not be set up. A firewall may stand between you and the server.",
  },
  refused: {
    phase: "No connection",
    support: "Your browser could not set up the sound. Reload the page, or try another browser.",
  },
  signed_out: { phase: "You were signed out", support: "Sign in to go on." },
  no_room: { phase: "This call does not exist", support: "It may be over, or belong to another account." },
  taken_over: {
    phase: "The call goes on elsewhere",
    support: "You opened it in another window or on another device.",
  },
  busy: { phase: "All lines are busy", support: "" },
  server: {
    phase: "Something failed on the server",
    support: "The call is kept for a minute. Call again to go on.",
  },
};

export function failureWords(failure: Failure, now: number): { phase: string; support: string } {
  const words = FAILURES[failure.kind === "lost" ? "unreachable" : failure.kind];
  if (failure.kind !== "busy") return failure.message ? { ...words, support: failure.message } : words;
  const waitSeconds = failure.retryAt === null ? 0 : Math.ceil((failure.retryAt - now) / 1000);
  const when = waitSeconds > 0 ? `Try again in ${waitSeconds} s.` : "Try again now.";
  const reason = sentencesOf(failure.message ?? "")[0]
    ?.trim()
    .replace(/\.$/, "");
  return { phase: reason || words.phase, support: when };
}

export interface CallSummary {
  durationMs: number;
  turnCount: number;
  interruptionCount: number;
}

export function summaryOf(state: CallState): CallSummary {
  return {
    durationMs: callMs(state),
    turnCount: state.lines.filter((line) => line.role === "user").length,
    interruptionCount: state.lines.filter((line) => line.role === "assistant" && line.interrupted).length,
  };
}
