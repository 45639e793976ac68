/** How did a call end, in words and numbers, or why was there none? Pure. */

import { callMs, type CallState, type Failure, type FailureKind } from "./callState";
import { sentencesOf } from "./heardText";
import { isInterviewing } from "./interview";

/** The reasons with which the server ends a call. */
const END_WORDS: Record<string, (name: string) => string> = {
  user_ended: () => "You ended it.",
  idle: (name) => `Nothing was said for a long time, so ${name} hung up.`,
  longest_call: () => "It reached the longest time that a call may take.",
  interview_finished: () => "All questions are done.",
  interview_paused: () => "It goes on where it stopped, if you come back within a day.",
  connection_lost: () => "The line was gone for too long.",
};

const PAUSED = "The interview is paused";
const ALL_ASKED: EndedWords = { phase: "The interview is over", support: "Your report is ready." };

interface EndedWords {
  phase: string;
  support: string;
}

/** How an interview's call ended; `null` for any other call. */
export function interviewEndWords(state: CallState, name: string): EndedWords | null {
  const { endReason, interview } = state;
  if (endReason === "interview_finished") return ALL_ASKED;
  if (endReason === "interview_paused") return { phase: PAUSED, support: endWords(endReason, name) };
  if (isInterviewing(state)) {
    return { phase: PAUSED, support: `${endWords(endReason, name)} ${endWords("interview_paused", name)}` };
  }
  return interview ? ALL_ASKED : null;
}

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

/** Refusals that have words of their own. */
const REFUSALS: Record<string, (message: string) => EndedWords> = {
  interview_over: () => ({ phase: "This interview is over", support: "Its report is ready." }),
  interview_unavailable: (message) => ({ phase: "This interview cannot be held", support: message }),
};

export function failureWords(failure: Failure, now: number): EndedWords {
  const refusal = REFUSALS[failure.code ?? ""]?.(failure.message ?? "");
  if (refusal) return refusal;
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
