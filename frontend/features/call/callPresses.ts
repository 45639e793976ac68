/** What does each press in a call do? Pure: what has no meaning now changes nothing. */

import { isOnLine, isRunning } from "./callStages";
import { INTERRUPTED_MS, type CallEffect, type CallState, type Step } from "./callState";
import { send, still } from "./callSteps";
import { withoutRoom } from "./roomNotices";
import { mediaSettingsMessage } from "./signaling";
import { thinkingMessage } from "./thinkingTime";

function onLineOnly(state: CallState, effects: CallEffect[]): Step {
  return state.stage === "live" ? { state, effects } : still(state);
}

// ── the turn ───────────────────────────────────────────────────────────────────────────────────────

export function done(state: CallState): Step {
  return state.phase === "WAIT_FOR_USER" ? onLineOnly(state, [send({ type: "end_turn" })]) : still(state);
}

export function think(state: CallState): Step {
  return state.phase === "WAIT_FOR_USER" ? onLineOnly(state, [send(thinkingMessage(state))]) : still(state);
}

export function sendText(state: CallState, written: string): Step {
  const text = written.trim();
  return text ? onLineOnly(state, [send({ type: "user_text", text })]) : still(state);
}

const canStop = (state: CallState) =>
  state.phase === "AI_SPEAKING" ||
  state.phase === "PROCESSING_USER" ||
  state.phase === "VALIDATING_UTTERANCE";

/** Stopping the persona is coming in: the floor is the user's as soon as the server agrees. */
export function stop(state: CallState): Step {
  if (!canStop(state)) return still(state);
  const interruptedUntil =
    state.phase === "AI_SPEAKING" ? state.now + INTERRUPTED_MS : state.interruptedUntil;
  return onLineOnly({ ...state, interruptedUntil }, [send({ type: "cancel_tts" })]);
}

// ── the microphone ─────────────────────────────────────────────────────────────────────────────────

/** Where the microphone is open only while something is held, its button holds and lets go. */
export function mute(state: CallState): Step {
  if (state.microphone.kind !== "open") return still(state);
  return state.pushToTalk ? talk(state, state.muted) : withMuted(state, !state.muted);
}

/** To hold is to take the floor, to let go is to end the turn: the server sees both in the microphone. */
export function talk(state: CallState, isHeld: boolean): Step {
  const isPossible = state.pushToTalk && state.microphone.kind === "open" && state.muted === isHeld;
  const isTime = isHeld ? state.stage === "live" : isRunning(state);
  return isPossible && isTime ? withMuted(state, !isHeld) : still(state);
}

export function choosePushToTalk(before: CallState, on: boolean): Step {
  if (before.pushToTalk === on) return still(before);
  const state = { ...before, pushToTalk: on };
  const isSpeaking = state.microphone.kind === "open" || state.microphone.kind === "asking";
  return isSpeaking && (isRunning(state) || state.stage === "preflight")
    ? withMuted(state, on)
    : still(state);
}

function withMuted(before: CallState, muted: boolean): Step {
  const { microphone } = before;
  const state: CallState = { ...before, muted, micSilent: false, banner: withoutRoom(before.banner) };
  const effects: CallEffect[] = [{ type: "set_muted", muted }];
  if (isOnLine(state) && microphone.kind === "open") {
    effects.push(send(mediaSettingsMessage(microphone.settings, state)));
  }
  return { state, effects };
}
