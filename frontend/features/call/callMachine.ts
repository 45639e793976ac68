/**
 * What does a call's page do when something happens? Pure: a fact in, the next state and the effects out.
 *
 * `TRANSITIONS` is the machine: a move that has no row there changes no stage. Time comes with each fact;
 * nothing here reads a clock, opens a socket or waits.
 */

import { fail, finish } from "./callEnds";
import { eventOf } from "./callEvents";
import { isDialling, isOnLine, isRunning, moved } from "./callStages";
import {
  ATTEMPT_MS,
  CALL_KEPT_MS,
  CONNECT_DEADLINE_MS,
  END_DEADLINE_MS,
  EVENTS_KEPT,
  IDLE,
  INTERRUPTED_MS,
  MEDIA_ATTEMPTS,
  OFFER_AGAIN_MS,
  callMs,
  dialDelayMs,
  type Banner,
  type CallEffect,
  type CallFact,
  type CallState,
  type FailureKind,
  type Microphone,
  type Reconnect,
  type Step,
} from "./callState";
import { PROBLEM_TITLES, type MicrophoneProblem } from "./microphone";
import { withoutRoom } from "./roomNotices";
import { onServerMessage, retryAfterMsOf } from "./serverMessages";
import { mediaSettingsMessage, type ErrorMessage, type ServerMessage } from "./signaling";

export function reduce(before: CallState, fact: CallFact): Step {
  const state = { ...before, now: fact.at };
  const step = settle(onFact(state, fact));
  const event = eventOf(fact);
  if (!event) return step;
  const events = [...step.state.events, { at: callMs(step.state), ...event }].slice(-EVENTS_KEPT);
  return { ...step, state: { ...step.state, events } };
}

function onFact(state: CallState, fact: CallFact): Step {
  switch (fact.type) {
    case "start_pressed":
      return start(state, fact.speaking, fact.deviceId);
    case "microphone_opened":
      return microphoneOpened(state, fact);
    case "microphone_refused":
      return microphoneRefused(state, fact.problem);
    case "microphone_lost":
      return withoutMicrophone(state, "NotFoundError");
    case "microphone_silenced":
      return microphoneSilenced(state, fact.isSilenced);
    case "microphone_chosen":
      return isRunning(state)
        ? { state, effects: [{ type: "open_microphone", deviceId: fact.deviceId }] }
        : still(state);
    case "socket_closed":
      return socketClosed(state, fact.code);
    case "server_said":
      return serverSaid(state, fact.message);
    case "peer_connected":
      return still({ ...state, peerUp: true });
    case "packets_stopped":
      return mediaLost(state);
    case "offer_failed":
      return offerFailed(state, null);
    case "playback_started":
      return {
        state: { ...state, sound: "playing" },
        effects: [send({ type: "playback", state: "started" })],
      };
    case "playback_blocked":
      return {
        state: { ...state, sound: "blocked" },
        effects: [send({ type: "playback", state: "blocked" })],
      };
    case "playout_measured":
      return {
        state,
        effects: [send({ type: "playback", state: "started", playout_delay_ms: fact.delayMs })],
      };
    case "network_measured":
      return still({ ...state, network: fact.network });
    case "mute_pressed":
      return mute(state);
    case "done_pressed":
      return state.phase === "WAIT_FOR_USER" ? onLineOnly(state, [send({ type: "end_turn" })]) : still(state);
    case "stop_pressed":
      return stop(state);
    case "text_sent":
      return fact.text.trim()
        ? onLineOnly(state, [send({ type: "user_text", text: fact.text.trim() })])
        : still(state);
    case "end_pressed":
      return end(state);
    case "try_now_pressed":
      return state.stage === "reconnecting" ? redial({ ...state, offerAgain: null }, 0) : still(state);
    case "sound_pressed":
      return { state, effects: [{ type: "play" }] };
    case "banner_closed":
      return still({ ...state, banner: null });
    case "ticked":
      return ticked(state);
    case "left":
      return left(state);
  }
}

const still = (state: CallState): Step => ({ state, effects: [] });
const send = (message: Extract<CallEffect, { type: "send" }>["message"]): CallEffect => ({
  type: "send",
  message,
});

function onLineOnly(state: CallState, effects: CallEffect[]): Step {
  return state.stage === "live" ? { state, effects } : still(state);
}

// ── the way in ─────────────────────────────────────────────────────────────────────────────────────

function start(state: CallState, speaking: boolean, deviceId: string | null): Step {
  const fresh: CallState = { ...IDLE, stage: state.stage, now: state.now, persona: state.persona };
  if (!speaking) {
    return dialFirst({ ...fresh, microphone: { kind: "none" } }, [{ type: "use_silence" }], state);
  }
  const next = moved({ ...fresh, microphone: { kind: "asking" } }, "ask");
  return next ? { state: next, effects: [{ type: "open_microphone", deviceId }] } : still(state);
}

function dialFirst(fresh: CallState, first: CallEffect[], otherwise: CallState): Step {
  const next = moved(fresh, "dial");
  if (!next) return still(otherwise);
  const connecting = { ...next, dials: 1, connectBy: next.now + CONNECT_DEADLINE_MS };
  return { state: connecting, effects: [...first, { type: "dial", afterMs: 0 }] };
}

type OpenedFact = Extract<CallFact, { type: "microphone_opened" }>;

function microphoneOpened(state: CallState, { label, settings, deviceId }: OpenedFact): Step {
  const microphone: Microphone = { kind: "open", label, settings, deviceId, isSilenced: false };
  const open: CallState = { ...state, microphone, micSilent: false };
  if (state.stage === "preflight") return dialFirst(open, [], state);
  if (!isRunning(state)) return { state, effects: [{ type: "hang_up" }] };
  return { state: { ...open, banner: null }, effects: [send(mediaSettingsMessage(settings, state.muted))] };
}

/** Another microphone that does not open is no reason to lose the one that works. */
function microphoneRefused(state: CallState, problem: MicrophoneProblem): Step {
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
function withoutMicrophone(state: CallState, problem: MicrophoneProblem): Step {
  const refused: CallState = { ...state, microphone: { kind: "refused", problem } };
  if (state.stage === "preflight") return still(refused);
  if (!isRunning(state)) return still(state);
  return {
    state: refused,
    effects: [{ type: "use_silence" }, send(mediaSettingsMessage(null, state.muted))],
  };
}

function microphoneSilenced(state: CallState, isSilenced: boolean): Step {
  if (state.microphone.kind !== "open") return still(state);
  return still({ ...state, microphone: { ...state.microphone, isSilenced }, micSilent: false });
}

// ── the line ───────────────────────────────────────────────────────────────────────────────────────

/** Connected is: the peers see each other, and the server has said whose move it is. */
function settle({ state, effects }: Step): Step {
  if (!isDialling(state) || !state.peerUp || state.phase === null) return { state, effects };
  const live = moved(state, "line_up");
  if (!live) return { state, effects };
  const zeroAt = live.zeroAt ?? live.now - live.heldMs;
  return {
    state: { ...live, zeroAt, reconnect: null, connectBy: null, offerAgain: null, refusal: null },
    effects,
  };
}

/** Codes with which the server says that dialling again is of no use. Any other end is a lost line. */
const FINAL_CLOSES: Record<number, FailureKind> = {
  4401: "signed_out",
  4404: "no_room",
  4409: "taken_over",
  4429: "busy",
  4500: "server",
};
const CLOSE_RESTARTING = 1012;

function socketClosed(state: CallState, code: number): Step {
  if (!isRunning(state)) return still(state);
  if (state.endBy !== null) return finish(state, "user_ended");
  const kind = FINAL_CLOSES[code];
  if (kind) return fail(state, kind);
  const cause = code === CLOSE_RESTARTING ? "restart" : "socket";
  if (state.stage === "connecting") return redial(state, dialDelayMs(state.dials + 1));
  return redial(lost(state, cause), state.reconnect ? dialDelayMs(state.reconnect.attempt + 1) : 0);
}

/** The call without its line: nobody speaks, the call's clock stands, the server's patience runs. */
function lost(state: CallState, cause: Reconnect["cause"]): CallState {
  const next = moved(state, "line_lost");
  if (!next) return state.reconnect ? { ...state, reconnect: { ...state.reconnect, cause } } : state;
  return {
    ...next,
    peerUp: false,
    userSpeaking: false,
    silenceAt: null,
    heldMs: callMs(state),
    zeroAt: null,
    reconnect: { cause, attempt: 0, lostAt: state.now, retryAt: state.now },
  };
}

function redial(state: CallState, afterMs: number): Step {
  const next: CallState = {
    ...state,
    dials: state.dials + 1,
    peerUp: false,
    phase: null,
    reconnect: state.reconnect && nextAttempt(state.reconnect, state.now + afterMs),
  };
  return { state: next, effects: [{ type: "dial", afterMs }] };
}

function nextAttempt(reconnect: Reconnect, from: number): Reconnect {
  return { ...reconnect, attempt: reconnect.attempt + 1, retryAt: from + ATTEMPT_MS };
}

/** The socket stands and the sound is gone: a new peer for the same call. */
function mediaLost(state: CallState): Step {
  return state.stage === "live" && state.endBy === null ? reoffer(lost(state, "media")) : still(state);
}

function reoffer(state: CallState): Step {
  const reconnect = state.reconnect;
  if (!reconnect) return still(state);
  if (reconnect.attempt >= MEDIA_ATTEMPTS) return redial(lost(state, "socket"), 0);
  const next = { ...state, peerUp: false, reconnect: nextAttempt(reconnect, state.now) };
  return { state: next, effects: [{ type: "make_peer", iceServers: null, restart: true }] };
}

const TOO_MANY_OFFERS = "too_many_offers";
/** Codes of errors that stand in the place of an answer. */
const OFFER_REFUSALS: ReadonlySet<string> = new Set([
  TOO_MANY_OFFERS,
  "sdp_too_large",
  "bad_sdp",
  "bad_media",
  "bad_direction",
  "no_opus",
]);

/**
 * No line comes of this offer. Where the server says when it takes another one, it has its time; a first offer that
 * failed for another reason is made three times. A call that runs has its own attempts.
 */
function offerFailed(before: CallState, error: ErrorMessage | null): Step {
  if (!isDialling(before) || before.endBy !== null) return still(before);
  const state = error ? { ...before, refusal: { message: error.message, retryAfterMs: null } } : before;
  const isTooSoon = error?.code === TOO_MANY_OFFERS;
  if (!isTooSoon && state.stage === "reconnecting") return still(state);
  const failures = (state.offerAgain?.failures ?? 0) + (isTooSoon ? 0 : 1);
  if (failures >= MEDIA_ATTEMPTS) return fail(state, "refused");
  const at = state.now + (retryAfterMsOf(error) ?? (isTooSoon ? ATTEMPT_MS : OFFER_AGAIN_MS));
  return still({
    ...state,
    offerAgain: { at, failures },
    connectBy: state.connectBy && at + CONNECT_DEADLINE_MS,
    reconnect: state.reconnect && { ...state.reconnect, retryAt: at + ATTEMPT_MS },
  });
}

function offerOnceMore(state: CallState, failures: number): Step {
  const next: CallState = {
    ...state,
    peerUp: false,
    offerAgain: { at: null, failures },
    reconnect: state.reconnect && nextAttempt(state.reconnect, state.now),
  };
  return { state: next, effects: [{ type: "make_peer", iceServers: null, restart: true }] };
}

function serverSaid(state: CallState, message: ServerMessage): Step {
  if (message.type === "call_ended") return finish(state, message.reason);
  if (isMediaLost(message)) return mediaLost(state);
  if (message.type === "error" && OFFER_REFUSALS.has(message.code)) return offerFailed(state, message);
  if (!isRunning(state)) return still(state);
  return onServerMessage(state, message);
}

/** The server's own words for a line without sound. */
function isMediaLost(message: ServerMessage): boolean {
  return message.type === "notice" && message.code === "line_lost";
}

// ── in the call ────────────────────────────────────────────────────────────────────────────────────

const canStop = (state: CallState) =>
  state.phase === "AI_SPEAKING" ||
  state.phase === "PROCESSING_USER" ||
  state.phase === "VALIDATING_UTTERANCE";

/** Stopping the persona is coming in: the floor is the user's as soon as the server agrees. */
function stop(state: CallState): Step {
  if (!canStop(state)) return still(state);
  const interruptedUntil =
    state.phase === "AI_SPEAKING" ? state.now + INTERRUPTED_MS : state.interruptedUntil;
  return onLineOnly({ ...state, interruptedUntil }, [send({ type: "cancel_tts" })]);
}

function mute(state: CallState): Step {
  if (state.microphone.kind !== "open") return still(state);
  const muted = !state.muted;
  const effects: CallEffect[] = [{ type: "set_muted", muted }];
  if (isOnLine(state)) effects.push(send(mediaSettingsMessage(state.microphone.settings, muted)));
  return { state: { ...state, muted, micSilent: false, banner: withoutRoom(state.banner) }, effects };
}

function ticked(before: CallState): Step {
  const { now } = before;
  const isOld = before.banner?.until !== undefined && now >= before.banner.until;
  const state = isOld ? { ...before, banner: null } : before;
  if (state.endBy !== null && now >= state.endBy) return finish(state, "user_ended");
  const { offerAgain } = state;
  if (offerAgain?.at != null && now >= offerAgain.at) return offerOnceMore(state, offerAgain.failures);
  if (state.stage === "connecting" && state.connectBy !== null && now >= state.connectBy) {
    return fail(state, "unreachable");
  }
  if (!state.reconnect) return still(state);
  if (now >= state.reconnect.lostAt + CALL_KEPT_MS) return fail(state, "lost");
  if (now < state.reconnect.retryAt) return still(state);
  return state.reconnect.cause === "media" ? reoffer(state) : redial(state, 0);
}

// ── the way out ────────────────────────────────────────────────────────────────────────────────────

function end(state: CallState): Step {
  if (state.stage === "preflight") return left(state);
  if (state.stage !== "live") return finish(state, "user_ended", [send({ type: "end_call" })]);
  if (state.endBy !== null) return still(state);
  return { state: { ...state, endBy: state.now + END_DEADLINE_MS }, effects: [send({ type: "end_call" })] };
}

/** The page goes away: a call that runs is ended, not kept waiting for nobody. */
function left(state: CallState): Step {
  const next = moved(state, "left");
  if (!next) return still(state);
  const goodbye: CallEffect[] = isOnLine(state) ? [send({ type: "end_call" })] : [];
  return {
    state: { ...IDLE, now: state.now, persona: state.persona },
    effects: [...goodbye, { type: "hang_up" }],
  };
}
