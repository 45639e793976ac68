/** What is said over the WebSocket, and where is it? Reads the server's messages, builds the page's own. */

import type { components } from "@/lib/api/schema";

type Schemas = components["schemas"];

/** The server leaves out what it has no value for: a field that may be `null`, or has a default, may be absent. */
type OnWire<T, Defaulted extends keyof T = never> = {
  [K in keyof T as null extends T[K] ? K : K extends Defaulted ? K : never]?: T[K];
} & { [K in keyof T as null extends T[K] ? never : K extends Defaulted ? never : K]: T[K] };

export type AgentPhase = Schemas["AgentState"]["state"];
export type PersonaCard = Schemas["PersonaCard"];
export type IceServer = OnWire<Schemas["IceServer"]>;
export type HistoryLine = OnWire<Schemas["HistoryLine"], "interrupted">;
export type Ready = OnWire<Omit<Schemas["Ready"], "history" | "ice_servers">, "stand_ins"> & {
  history: HistoryLine[];
  ice_servers: IceServer[];
};
export type TranscriptLine = OnWire<Schemas["TranscriptLine"], "interrupted" | "at_ms">;
export type TurnMetrics = OnWire<Schemas["TurnMetrics"]>;
export type BargeIn = OnWire<Schemas["BargeIn"]>;
export type ThinkingState = OnWire<Schemas["ThinkingState"]>;
export type ErrorMessage = OnWire<Schemas["ErrorMessage"]>;

export type ServerMessage =
  | Ready
  | Schemas["Answer"]
  | OnWire<Schemas["AgentState"]>
  | Schemas["SpeakingState"]
  | TranscriptLine
  | BargeIn
  | ThinkingState
  | TurnMetrics
  | OnWire<Schemas["InterviewProgress"]>
  | Schemas["Notice"]
  | ErrorMessage
  | Schemas["CallEnded"]
  | Schemas["Pong"];

export type ClientMessage =
  Exclude<Schemas["ClientMessage"], { type: "playback" }> | OnWire<Schemas["Playback"]>;

type Kind = "string" | "number" | "boolean" | "object" | "array" | "phase" | "speaker" | "role" | "decision";

/** The fields without which a message means nothing. Fields may be added: what is not named here passes. */
const REQUIRED: { [T in ServerMessage["type"]]: Record<string, Kind> } = {
  ready: {
    room_id: "string",
    call_id: "string",
    persona: "object",
    ice_servers: "array",
    resumed: "boolean",
    history: "array",
    silence_duration_ms: "number",
  },
  answer: { sdp: "string" },
  agent_state: { state: "phase", at_ms: "number" },
  speaking_state: { speaker: "speaker", speaking: "boolean", at_ms: "number" },
  transcript: { role: "role", text: "string", final: "boolean" },
  barge_in: { candidate_id: "string", decision: "decision", reason: "string" },
  thinking: { at_ms: "number" },
  turn_metrics: { turn_id: "string" },
  interview: { index: "number", total: "number", stage: "string", status: "string", hint_given: "boolean" },
  notice: { code: "string", message: "string" },
  error: { code: "string", message: "string", recoverable: "boolean" },
  call_ended: { reason: "string", call_id: "string" },
  pong: { at: "number", server_at_ms: "number" },
};

const WORDS: { [K in Kind]?: readonly string[] } = {
  phase: ["WAIT_FOR_USER", "VALIDATING_UTTERANCE", "PROCESSING_USER", "AI_SPEAKING"],
  speaker: ["user", "agent"],
  role: ["user", "assistant"],
  decision: ["suspected", "held", "accepted", "rejected"],
};

function isKind(value: unknown, kind: Kind): boolean {
  const words = WORDS[kind];
  if (words) return typeof value === "string" && words.includes(value);
  if (kind === "array") return Array.isArray(value);
  if (kind === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === kind && !Number.isNaN(value);
}

/** One message of the server, or `null` where it is none that this page knows: such a one changes nothing. */
export function parseServerMessage(raw: string): ServerMessage | null {
  let payload: unknown;
  try {
    payload = JSON.parse(raw);
  } catch {
    return null;
  }
  if (!isKind(payload, "object")) return null;
  const message = payload as Record<string, unknown>;
  const type = message.type;
  if (typeof type !== "string" || !Object.hasOwn(REQUIRED, type)) return null;
  const fields = REQUIRED[type as ServerMessage["type"]];
  const whole = Object.entries(fields).every(([name, kind]) => isKind(message[name], kind));
  return whole ? (message as unknown as ServerMessage) : null;
}

/** `http://host:8000` → `ws://host:8000/ws/signaling/{room}/`. An empty address means the page's own. */
export function signalingUrl(apiUrl: string, roomId: string, pageOrigin: string, ticket?: string): string {
  const url = new URL(`/ws/signaling/${encodeURIComponent(roomId)}/`, apiUrl || pageOrigin);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  if (ticket) url.searchParams.set("ticket", ticket);
  return url.href;
}

/** Cookies follow the host name and ignore the port: another host name needs a one-time ticket. */
export function needsTicket(apiUrl: string, pageOrigin: string): boolean {
  return new URL(apiUrl || pageOrigin).hostname !== new URL(pageOrigin).hostname;
}

/** What the browser really did with the microphone, as the server wants to know it. */
export function mediaSettingsMessage(
  settings: MediaTrackSettings | null,
  { muted, pushToTalk }: { muted: boolean; pushToTalk: boolean },
): ClientMessage {
  return {
    type: "media_settings",
    echo_cancellation: isOn(settings?.echoCancellation),
    noise_suppression: isOn(settings?.noiseSuppression),
    auto_gain_control: isOn(settings?.autoGainControl),
    muted,
    push_to_talk: pushToTalk,
  };
}

/** Some browsers answer with the kind of echo cancellation ("all", "remote-only") instead of `true`. */
export function isOn(setting: boolean | string | undefined): boolean {
  return typeof setting === "string" ? setting !== "none" : setting === true;
}

export function candidateMessage(candidate: RTCIceCandidateInit | null): ClientMessage {
  return {
    type: "ice-candidate",
    candidate: candidate?.candidate ?? null,
    sdpMid: candidate?.sdpMid ?? null,
    sdpMLineIndex: candidate?.sdpMLineIndex ?? null,
    usernameFragment: candidate?.usernameFragment ?? null,
  };
}
