/** What does each message of the server change? Pure; the stages are the machine's. */

import { onBargeIn, spokenMs, withoutBid } from "./bargeIn";
import {
  INTERRUPTED_MS,
  withClock,
  type Banner,
  type CallEffect,
  type CallState,
  type Line,
  type Step,
} from "./callState";
import { still } from "./callSteps";
import { onInterview } from "./interview";
import { ROOM_OK, isOfRoom, roomBanner, staying, withoutRoom } from "./roomNotices";
import {
  mediaSettingsMessage,
  type AgentPhase,
  type ErrorMessage,
  type HistoryLine,
  type Ready,
  type ServerMessage,
  type TranscriptLine,
} from "./signaling";
import { onThinking } from "./thinkingTime";

export function onServerMessage(state: CallState, message: ServerMessage): Step {
  switch (message.type) {
    case "ready":
      return onReady(state, message);
    case "answer":
      return { state, effects: [{ type: "accept_answer", sdp: message.sdp }] };
    case "agent_state":
      return still(onPhase(state, message.state, message.at_ms));
    case "speaking_state":
      return still(
        message.speaker === "user" ? onUserSpeaking(state, message.speaking, message.at_ms) : state,
      );
    case "transcript":
      return still(isWithdrawn(message) ? withoutLine(state, message) : onTranscript(state, message));
    case "barge_in":
      return still(onBargeIn(state, message));
    case "thinking":
      return still(onThinking(state, message));
    case "turn_metrics":
      return still({ ...state, metrics: [...state.metrics, message] });
    case "interview":
      return still(onInterview(state, message));
    case "notice":
      return still(onNotice(state, message.code, message.message));
    case "error":
      return still(onError(state, message));
    default:
      return still(state);
  }
}

/** The server knows the call: take its history, show the microphone's settings, offer. */
function onReady(state: CallState, ready: Ready): Step {
  const isOtherCall = state.callId !== null && state.callId !== ready.call_id;
  const next: CallState = {
    ...state,
    persona: ready.persona,
    callId: ready.call_id,
    silenceDurationMs: ready.silence_duration_ms,
    standIns: ready.stand_ins ?? [],
    heldMs: ready.resumed ? state.heldMs : 0,
    zeroAt: null,
    lines: ready.history.map(lineOfHistory),
    murmurs: isOtherCall ? [] : state.murmurs,
    metrics: isOtherCall ? [] : state.metrics,
    refusal: state.offerAgain ? state.refusal : null,
    banner: isOtherCall ? NEW_CALL : null,
  };
  const settings = state.microphone.kind === "open" ? state.microphone.settings : null;
  const effects: CallEffect[] = [{ type: "send", message: mediaSettingsMessage(settings, state) }];
  // Where one offer too many was made, the next one still has its time.
  const isToWait = state.offerAgain?.at != null && state.now < state.offerAgain.at;
  if (!isToWait) effects.push({ type: "make_peer", iceServers: ready.ice_servers, restart: ready.resumed });
  return { state: next, effects };
}

const NEW_CALL: Banner = {
  tone: "info",
  code: "new_call",
  title: "This is a new call.",
  detail: "The one before was over. You find it under Calls.",
};

function lineOfHistory(line: HistoryLine): Line {
  return {
    id: `${line.role}:${line.turn_id}`,
    role: line.role,
    text: line.text,
    turnId: line.turn_id,
    atMs: line.at_ms,
    final: true,
    heardUpto: line.heard_upto ?? null,
    interrupted: line.interrupted ?? false,
  };
}

function onPhase(before: CallState, phase: AgentPhase, atMs: number): CallState {
  const state = withClock(before, atMs);
  if (state.phase === phase) return state;
  const isNewTurn = state.phase === "WAIT_FOR_USER";
  return {
    ...withoutBid(state),
    phase,
    phaseAt: state.now,
    silenceAt: null,
    thinking: null,
    carriedOn: null,
    userSpeaking: phase === "WAIT_FOR_USER" && state.userSpeaking,
    micSilent: false,
    interruptedUntil: phase === "WAIT_FOR_USER" ? state.interruptedUntil : null,
    banner: isNewTurn ? staying(state.banner) : state.banner,
  };
}

function onUserSpeaking(before: CallState, speaking: boolean, atMs: number): CallState {
  const state = withClock(before, atMs);
  if (speaking) {
    return {
      ...state,
      userSpeaking: true,
      silenceAt: null,
      micSilent: false,
      banner: staying(state.banner),
    };
  }
  const isCounting = state.phase === "WAIT_FOR_USER" && state.userSpeaking;
  return { ...state, userSpeaking: false, silenceAt: isCounting ? (state.zeroAt ?? state.now) + atMs : null };
}

function onTranscript(state: CallState, message: TranscriptLine): CallState {
  const line = lineOf(message);
  // The user had gone on speaking: what was shown of that turn is in this line, too.
  const superseded = new Set((message.supersedes ?? []).map((turnId) => `user:${turnId}`));
  const lines = state.lines.filter((other) => !superseded.has(other.id));
  const index = lines.findIndex((other) => other.id === line.id);
  const known = lines[index];
  if (known) lines[index] = { ...line, atMs: Math.min(known.atMs, line.atMs) };
  else lines.push(line);
  const charactersPerSecond = learnedPace(state, line);
  const wasCut = message.role === "assistant" && line.interrupted && !known?.interrupted;
  const interruptedUntil = wasCut ? state.now + INTERRUPTED_MS : state.interruptedUntil;
  return { ...state, lines, charactersPerSecond, interruptedUntil };
}

/** Its reply was given up before any of it was heard: there is nothing to read. */
function isWithdrawn(message: TranscriptLine): boolean {
  return message.final && message.text === "";
}

function withoutLine(state: CallState, message: TranscriptLine): CallState {
  const { id } = lineOf(message);
  return { ...state, lines: state.lines.filter((line) => line.id !== id) };
}

/** Shorter replies say too little about how fast a persona speaks. */
const SHORTEST_TO_LEARN_FROM_MS = 1_500;

function learnedPace(state: CallState, line: Line): number {
  const lastedMs = spokenMs(state);
  const isWhole = line.role === "assistant" && line.final && !line.interrupted;
  if (!isWhole || state.phase !== "AI_SPEAKING" || lastedMs < SHORTEST_TO_LEARN_FROM_MS) {
    return state.charactersPerSecond;
  }
  return (Array.from(line.text).length * 1000) / lastedMs;
}

/** One line a turn and a voice: a turn that was reopened is heard once more, and its joined words take the place. */
function lineOf(message: TranscriptLine): Line {
  return {
    id: `${message.role}:${message.turn_id ?? message.utterance_id ?? message.at_ms}`,
    role: message.role,
    text: message.text,
    turnId: message.turn_id ?? null,
    atMs: message.at_ms ?? 0,
    final: message.final,
    heardUpto: message.heard_upto ?? null,
    interrupted: message.interrupted ?? false,
  };
}

const NO_MICROPHONE_SOUND = "no_microphone_sound";
/** The turn came to nothing through no fault of the person: what is said, and it is asked for again. */
const TROUBLES: Readonly<Record<string, string>> = {
  transcription_failed: "What you said could not be recognised.",
  reply_failed: "There was no answer this time.",
  reply_broke_off: "The answer broke off.",
  voice_failed: "The voice could not speak.",
};

export function asksToSayAgain(banner: Banner | null): boolean {
  return banner !== null && Object.hasOwn(TROUBLES, banner.code);
}

function onNotice(state: CallState, code: string, message: string): CallState {
  if (code === NO_MICROPHONE_SOUND) {
    return state.muted || state.microphone.kind !== "open" ? state : { ...state, micSilent: true };
  }
  if (code === ROOM_OK) return { ...state, banner: withoutRoom(state.banner) };
  if (isOfRoom(code) && !isHeard(state)) return state;
  return { ...state, banner: roomBanner(code, state.now) ?? noticeBanner(code, message) };
}

/** Who is not heard now, or is asked to say something again, has no use for how it sounds. */
function isHeard(state: CallState): boolean {
  return !state.muted && state.microphone.kind === "open" && !asksToSayAgain(state.banner);
}

function noticeBanner(code: string, message: string): Banner {
  const trouble = TROUBLES[code];
  if (!trouble) return { tone: "info", code, title: message, detail: "" };
  return {
    tone: "warn",
    code,
    title: trouble,
    detail: "The call goes on. Nothing you said before was lost.",
  };
}

/** `null` where the server does not say how long to wait. */
export function retryAfterMsOf(error: ErrorMessage | null): number | null {
  return error?.retry_after == null ? null : error.retry_after * 1000;
}

function onError(state: CallState, error: ErrorMessage): CallState {
  const retryAfterMs = retryAfterMsOf(error);
  const refusal = { code: error.code, message: error.message, retryAfterMs };
  if (!error.recoverable || retryAfterMs !== null) return { ...state, refusal };
  return { ...state, banner: { tone: "warn", code: error.code, title: error.message, detail: "" } };
}
