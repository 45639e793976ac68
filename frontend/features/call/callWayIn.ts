/** How does a call begin, and with which microphone? Also the one that is changed or lost later on. Pure. */

import { isRunning, moved } from "./callStages";
import {
  CONNECT_DEADLINE_MS,
  IDLE,
  type Banner,
  type CallEffect,
  type CallFact,
  type CallState,
  type Microphone,
  type Step,
} from "./callState";
import { send, still } from "./callSteps";
import { PROBLEM_TITLES, type MicrophoneProblem } from "./microphone";
import { mediaSettingsMessage } from "./signaling";

export function start(state: CallState, speaking: boolean, deviceId: string | null): Step {
  const { stage, now, persona, pushToTalk } = state;
  const fresh: CallState = { ...IDLE, stage, now, persona, pushToTalk, muted: speaking && pushToTalk };
  if (!speaking) {
    return dialFirst({ ...fresh, microphone: { kind: "none" } }, [{ type: "use_silence" }], state);
  }
  const next = moved({ ...fresh, microphone: { kind: "asking" } }, "ask");
  if (!next) return still(state);
  const closed: CallEffect[] = next.muted ? [{ type: "set_muted", muted: true }] : [];
  return { state: next, effects: [...closed, { type: "open_microphone", deviceId }] };
}

function dialFirst(fresh: CallState, first: CallEffect[], otherwise: CallState): Step {
  const next = moved(fresh, "dial");
  if (!next) return still(otherwise);
  const connecting = { ...next, dials: 1, connectBy: next.now + CONNECT_DEADLINE_MS };
  return { state: connecting, effects: [...first, { type: "dial", afterMs: 0 }] };
}

type OpenedFact = Extract<CallFact, { type: "microphone_opened" }>;

export function microphoneOpened(state: CallState, { label, settings, deviceId }: OpenedFact): Step {
  const microphone: Microphone = { kind: "open", label, settings, deviceId, isSilenced: false };
  // One that takes the place of another is held where that one was; the first one waits to be held.
  const isFirst = state.microphone.kind !== "open";
  const muted = state.muted || (isFirst && state.pushToTalk);
  const open: CallState = { ...state, microphone, muted, micSilent: false };
  const closed: CallEffect[] = muted === state.muted ? [] : [{ type: "set_muted", muted }];
  if (state.stage === "preflight") return dialFirst(open, closed, state);
  if (!isRunning(state)) return { state, effects: [{ type: "hang_up" }] };
  const told = send(mediaSettingsMessage(settings, open));
  return { state: { ...open, banner: null }, effects: [...closed, told] };
}

/** Another microphone that does not open is no reason to lose the one that works. */
export function microphoneRefused(state: CallState, problem: MicrophoneProblem): Step {
  if (state.microphone.kind !== "open" || !isRunning(state)) return withoutMicrophone(state, problem);
  const { label } = state.microphone;
  const banner: Banner = {
    tone: "warn",
    code: "microphone_kept",
    title: `${PROBLEM_TITLES[problem]}.`,
    detail: label ? `You are still heard through “${label}”.` : "You are still heard as before.",
  };
  return still({ ...state, banner });
}

/** Before the call it is the reason to stay; in the call the line stays open, and typing goes on. */
export function withoutMicrophone(state: CallState, problem: MicrophoneProblem): Step {
  const refused: CallState = { ...state, microphone: { kind: "refused", problem } };
  if (state.stage === "preflight") return still(refused);
  if (!isRunning(state)) return still(state);
  return {
    state: refused,
    effects: [{ type: "use_silence" }, send(mediaSettingsMessage(null, state))],
  };
}

export function microphoneSilenced(state: CallState, isSilenced: boolean): Step {
  if (state.microphone.kind !== "open") return still(state);
  return still({ ...state, microphone: { ...state.microphone, isSilenced }, micSilent: false });
}
