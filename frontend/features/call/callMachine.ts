/**
 * What does a call's page do when something happens? Pure: a fact in, the next state and the effects out.
 *
 * `TRANSITIONS` is the machine: a move that has no row there changes no stage. Time comes with each fact;
 * nothing here reads a clock, opens a socket or waits.
 */

import { duckEffects, withoutBid } from "./bargeIn";
import { fail, finish } from "./callEnds";
import { eventOf } from "./callEvents";
import { choosePushToTalk, done, mute, sendText, stop, talk, think } from "./callPresses";
import { isDialling, isOnLine, isRunning, moved } from "./callStages";
import {
  ATTEMPT_MS,
  CALL_KEPT_MS,
  CONNECT_DEADLINE_MS,
  END_DEADLINE_MS,
  EVENTS_KEPT,
  IDLE,
  MEDIA_ATTEMPTS,
  OFFER_AGAIN_MS,
  callMs,
  dialDelayMs,
  type CallEffect,
  type CallFact,
  type CallState,
  type FailureKind,
  type Reconnect,
  type Step,
} from "./callState";
import { send, still } from "./callSteps";
import {
  microphoneOpened,
  microphoneRefused,
  microphoneSilenced,
  start,
  withoutMicrophone,
} from "./callWayIn";
import { onServerMessage, retryAfterMsOf } from "./serverMessages";
import type { ErrorMessage, ServerMessage } from "./signaling";

export function reduce(before: CallState, fact: CallFact): Step {
  const state = { ...before, now: fact.at };
  const step = settle(onFact(state, fact));
  const effects = [...duckEffects(before, step.state), ...step.effects];
  return { state: withEvent(step.state, fact), effects };
}

function withEvent(state: CallState, fact: CallFact): CallState {
  const event = eventOf(fact);
  if (!event) return state;
  return { ...state, events: [...state.events, { at: callMs(state), ...event }].slice(-EVENTS_KEPT) };
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
      return playback({ ...state, sound: "playing" });
    case "playback_blocked":
      return playback({ ...state, sound: "blocked" });
    case "playout_measured":
      return playback(state, fact.delayMs);
    case "network_measured":
      return still({ ...state, network: fact.network });
    case "mute_pressed":
      return mute(state);
    case "push_to_talk_chosen":
      return choosePushToTalk(state, fact.on);
    case "talk_pressed":
      return talk(state, true);
    case "talk_released":
      return talk(state, false);
    case "done_pressed":
      return done(state);
    case "think_pressed":
      return think(state);
    case "stop_pressed":
      return stop(state);
    case "text_sent":
      return sendText(state, fact.text);
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

/** What the loudspeaker does, and how long sound waits before it is heard where that was measured. */
function playback(state: CallState, delayMs?: number): Step {
  const does = state.sound === "blocked" ? "blocked" : "started";
  const measured = delayMs === undefined ? {} : { playout_delay_ms: delayMs };
  return { state, effects: [send({ type: "playback", state: does, ...measured })] };
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
    ...withoutBid(next),
    peerUp: false,
    userSpeaking: false,
    silenceAt: null,
    thinking: null,
    carriedOn: null,
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
  const state = error
    ? { ...before, refusal: { code: error.code, message: error.message, retryAfterMs: null } }
    : before;
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

// ── time passes ────────────────────────────────────────────────────────────────────────────────────

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
    state: { ...IDLE, now: state.now, persona: state.persona, pushToTalk: state.pushToTalk },
    effects: [...goodbye, { type: "hang_up" }],
  };
}
