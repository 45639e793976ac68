/** How does a call end? In order or not, everything is let go of. */

import { moved } from "./callStages";
import { callMs, type CallEffect, type CallState, type FailureKind, type Step } from "./callState";

/** The call is over, for this reason. */
export function finish(state: CallState, reason: string, first: CallEffect[] = []): Step {
  const next = moved(state, "ended");
  if (!next) return { state, effects: [] };
  return {
    state: { ...next, ...OVER, endedMs: callMs(state), endReason: reason },
    effects: [...first, { type: "hang_up" }],
  };
}

/** There is no call, or none any more, and nobody wanted that. */
export function fail(state: CallState, kind: FailureKind): Step {
  const next = moved(state, "failed");
  if (!next) return { state, effects: [] };
  const retryAfterMs = state.refusal?.retryAfterMs ?? null;
  const failure = {
    kind,
    code: state.refusal?.code ?? null,
    message: state.refusal?.message ?? null,
    retryAt: retryAfterMs === null ? null : state.now + retryAfterMs,
  };
  return {
    state: { ...next, ...OVER, endedMs: callMs(state), failure },
    effects: [{ type: "hang_up" }],
  };
}

const OVER = {
  peerUp: false,
  phase: null,
  connectBy: null,
  endBy: null,
  reconnect: null,
  offerAgain: null,
  userSpeaking: false,
  silenceAt: null,
  thinking: null,
  bid: null,
  carriedOn: null,
  interruptedUntil: null,
  banner: null,
  micSilent: false,
} as const;
