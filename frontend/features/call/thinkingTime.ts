/** "Let me think": how long does the silence stand still, and what becomes of the ring? Pure. */

import { withClock, type CallState } from "./callState";
import type { ClientMessage, ThinkingState } from "./signaling";

/** Time that the person asked for, in words or with the button. */
export interface ThinkingTime {
  /** On the page's clock. */
  until: number;
  /** How much silence had been counted when the ring stopped. */
  silenceMs: number;
}

/** No time at all cannot be asked for: so little ends what was asked for before. */
const OVER_AT_ONCE_SECONDS = 0.1;

export function isThinking({ thinking, now }: CallState): boolean {
  return thinking !== null && now < thinking.until;
}

/** The button, and the same button again. */
export function thinkingMessage(state: CallState): ClientMessage {
  return isThinking(state) ? { type: "thinking", seconds: OVER_AT_ONCE_SECONDS } : { type: "thinking" };
}

export function onThinking(before: CallState, { until_ms, at_ms }: ThinkingState): CallState {
  const state = withClock(before, at_ms);
  if (until_ms == null) return countingOn(state);
  const until = (state.zeroAt ?? state.now) + until_ms;
  const silenceMs = state.thinking?.silenceMs ?? countedMs(state);
  return { ...state, thinking: { until, silenceMs }, silenceAt: null };
}

/** The ring goes on from where it stood, unless speech has begun meanwhile. */
function countingOn(state: CallState): CallState {
  const counted = state.thinking?.silenceMs ?? 0;
  const isToGoOn = counted > 0 && state.silenceAt === null && !state.userSpeaking;
  return { ...state, thinking: null, silenceAt: isToGoOn ? state.now - counted : state.silenceAt };
}

function countedMs({ silenceAt, silenceDurationMs, now }: CallState): number {
  return silenceAt === null ? 0 : Math.min(silenceDurationMs, Math.max(0, now - silenceAt));
}
