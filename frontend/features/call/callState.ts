/** What does the page know of a call? The values that the machine moves; nothing here moves by itself. */

import type { Bid, Murmur, MurmurKind } from "./bargeIn";
import type { Network } from "./callMetrics";
import type { InterviewProgress } from "./interview";
import type { MicrophoneProblem } from "./microphone";
import type {
  AgentPhase,
  ClientMessage,
  IceServer,
  PersonaCard,
  ServerMessage,
  TurnMetrics,
} from "./signaling";
import type { ThinkingTime } from "./thinkingTime";

export type CallStage = "idle" | "preflight" | "connecting" | "live" | "reconnecting" | "ended" | "error";

/** How long the server keeps a call whose line is gone. */
export const CALL_KEPT_MS = 60_000;
/** A first connection that takes longer will not come. */
export const CONNECT_DEADLINE_MS = 20_000;
/** How long the page waits for the server to confirm the end. */
export const END_DEADLINE_MS = 2_000;
/** How long one attempt may take before the next one begins. */
export const ATTEMPT_MS = 5_000;
/** After so many offers without sound the socket is replaced as well. */
export const MEDIA_ATTEMPTS = 3;
/** The wait before the next offer where nobody says how long. */
export const OFFER_AGAIN_MS = 1_000;
/** How long "Go ahead" stands after the persona was stopped. */
export const INTERRUPTED_MS = 1_600;
/** A silence that no end of turn follows was not the end of anything. */
export const SILENCE_GRACE_MS = 1_500;
const DIAL_DELAYS_MS = [0, 100, 250, 500] as const;
const LATER_DIAL_DELAY_MS = 1_000;
export const EVENTS_KEPT = 80;

/** The wait before the n-th attempt (from 1): short at first, then once a second until the call is given up. */
export function dialDelayMs(attempt: number): number {
  return DIAL_DELAYS_MS[attempt - 1] ?? LATER_DIAL_DELAY_MS;
}

export type Microphone =
  | { kind: "unasked" }
  | { kind: "asking" }
  | {
      kind: "open";
      label: string;
      settings: MediaTrackSettings;
      /** The one that was asked for; `null`: the system's default. */
      deviceId: string | null;
      /** The system took its sound away: another call on a phone, a switch on the device. */
      isSilenced: boolean;
    }
  | { kind: "refused"; problem: MicrophoneProblem }
  /** The person types: a silent track keeps the line open. */
  | { kind: "none" };

export interface Line {
  id: string;
  role: "user" | "assistant";
  text: string;
  turnId: string | null;
  /** Milliseconds since the call began, when the line began. */
  atMs: number;
  final: boolean;
  heardUpto: number | null;
  interrupted: boolean;
}

export interface Banner {
  tone: "info" | "warn";
  code: string;
  title: string;
  detail: string;
  /** On the page's clock: when it goes by itself. */
  until?: number;
}

export type FailureKind =
  "lost" | "unreachable" | "refused" | "signed_out" | "no_room" | "taken_over" | "busy" | "server";

export interface Failure {
  kind: FailureKind;
  /** The server's own word for it, where it gave one. */
  code: string | null;
  /** What the server said about it, in words. */
  message: string | null;
  /** On the page's clock: when a busy server may be asked again. */
  retryAt: number | null;
}

export interface Reconnect {
  cause: "socket" | "media" | "restart";
  attempt: number;
  lostAt: number;
  /** When this attempt counts as failed. */
  retryAt: number;
}

export interface CallEvent {
  at: number;
  from: "server" | "page" | "line";
  what: string;
}

export interface CallState {
  stage: CallStage;
  /** The page's clock (ms, monotonic) as of the last fact. */
  now: number;
  phase: AgentPhase | null;
  peerUp: boolean;
  persona: PersonaCard | null;
  silenceDurationMs: number;
  standIns: readonly string[];
  callId: string | null;
  /** On the page's clock: when the call's own clock stood at zero. `null` while that clock stands still. */
  zeroAt: number | null;
  /** What the call's clock showed when it last stopped. */
  heldMs: number;
  /** On the page's clock: when the present phase began. */
  phaseAt: number;
  /** How fast this persona speaks, learned from its finished replies. */
  charactersPerSecond: number;
  endedMs: number | null;
  endReason: string | null;
  connectBy: number | null;
  endBy: number | null;
  dials: number;
  reconnect: Reconnect | null;
  /** The last offer came to nothing: when the next one is due (`null`: it is on its way), and how many did so. */
  offerAgain: { at: number | null; failures: number } | null;
  failure: Failure | null;
  refusal: { code: string; message: string; retryAfterMs: number | null } | null;
  microphone: Microphone;
  muted: boolean;
  /** The microphone is open only while a key or a button is held. */
  pushToTalk: boolean;
  micSilent: boolean;
  sound: "unknown" | "playing" | "blocked";
  userSpeaking: boolean;
  /** On the page's clock: when the user was last heard, while the ring fills. */
  silenceAt: number | null;
  /** The silence stands still: the person thinks. */
  thinking: ThinkingTime | null;
  bid: Bid | null;
  /** The last bid took no floor: until when that is said. */
  carriedOn: { until: number; kind: MurmurKind } | null;
  interruptedUntil: number | null;
  banner: Banner | null;
  lines: readonly Line[];
  murmurs: readonly Murmur[];
  metrics: readonly TurnMetrics[];
  network: Network | null;
  /** Of a scored interview; `null` where there is none, or nothing is known of it yet. */
  interview: InterviewProgress | null;
  events: readonly CallEvent[];
}

export const IDLE: CallState = {
  stage: "idle",
  now: 0,
  phase: null,
  peerUp: false,
  persona: null,
  silenceDurationMs: 2_500,
  standIns: [],
  callId: null,
  zeroAt: null,
  heldMs: 0,
  phaseAt: 0,
  charactersPerSecond: 15,
  endedMs: null,
  endReason: null,
  connectBy: null,
  endBy: null,
  dials: 0,
  reconnect: null,
  offerAgain: null,
  failure: null,
  refusal: null,
  microphone: { kind: "unasked" },
  muted: false,
  pushToTalk: false,
  micSilent: false,
  sound: "unknown",
  userSpeaking: false,
  silenceAt: null,
  thinking: null,
  bid: null,
  carriedOn: null,
  interruptedUntil: null,
  banner: null,
  lines: [],
  murmurs: [],
  metrics: [],
  network: null,
  interview: null,
  events: [],
};

/** What happened, in the past tense; `at` is the page's clock. */
export type CallFact = { at: number } & (
  | { type: "start_pressed"; speaking: boolean; deviceId: string | null }
  | {
      type: "microphone_opened";
      label: string;
      settings: MediaTrackSettings;
      deviceId: string | null;
    }
  | { type: "microphone_refused"; problem: MicrophoneProblem }
  /** The one in use is gone: unplugged, or no longer allowed. */
  | { type: "microphone_lost" }
  | { type: "microphone_silenced"; isSilenced: boolean }
  | { type: "microphone_chosen"; deviceId: string | null }
  | { type: "socket_closed"; code: number }
  | { type: "server_said"; message: ServerMessage }
  | { type: "peer_connected" }
  | { type: "packets_stopped" }
  | { type: "offer_failed"; reason: string }
  | { type: "playback_started" }
  | { type: "playback_blocked" }
  | { type: "playout_measured"; delayMs: number }
  | { type: "network_measured"; network: Network }
  | { type: "mute_pressed" }
  | { type: "push_to_talk_chosen"; on: boolean }
  | { type: "talk_pressed" }
  | { type: "talk_released" }
  | { type: "done_pressed" }
  | { type: "think_pressed" }
  | { type: "stop_pressed" }
  | { type: "text_sent"; text: string }
  | { type: "end_pressed" }
  | { type: "try_now_pressed" }
  | { type: "sound_pressed" }
  | { type: "banner_closed" }
  | { type: "ticked" }
  | { type: "left" }
);

/** What the wires are to do, in order. */
export type CallEffect =
  | { type: "open_microphone"; deviceId: string | null }
  | { type: "use_silence" }
  | { type: "dial"; afterMs: number }
  | { type: "make_peer"; iceServers: readonly IceServer[] | null; restart: boolean }
  | { type: "accept_answer"; sdp: string }
  | { type: "send"; message: ClientMessage }
  | { type: "set_muted"; muted: boolean }
  | { type: "duck"; on: boolean }
  | { type: "play" }
  | { type: "hang_up" };

export interface Step {
  state: CallState;
  effects: CallEffect[];
}

/** Milliseconds since the call began; it stands once the call has ended. */
export function callMs(state: CallState): number {
  if (state.endedMs !== null) return state.endedMs;
  return state.zeroAt === null ? state.heldMs : Math.max(0, state.now - state.zeroAt);
}

/** The quickest message so far tells best when the call's clock stood at zero. */
export function withClock(state: CallState, atMs: number): CallState {
  const zeroAt = state.now - atMs;
  return state.zeroAt === null || zeroAt < state.zeroAt ? { ...state, zeroAt } : state;
}
