/** What do the events for developers say? Kinds and codes only: the words of a call stay in its transcript. */

import type { CallEvent, CallFact } from "./callState";

/** `null`: nothing worth a line. */
export function eventOf(fact: CallFact): Omit<CallEvent, "at"> | null {
  switch (fact.type) {
    case "server_said":
      return fact.message.type === "pong" ? null : { from: "server", what: eventWords(fact.message) };
    case "socket_closed":
      return { from: "line", what: `socket closed ${fact.code}` };
    case "offer_failed":
      return { from: "line", what: `offer failed: ${fact.reason}` };
    case "packets_stopped":
    case "peer_connected":
    case "playback_blocked":
      return { from: "line", what: fact.type.replaceAll("_", " ") };
    case "mute_pressed":
    case "talk_pressed":
    case "talk_released":
    case "think_pressed":
    case "done_pressed":
    case "stop_pressed":
    case "end_pressed":
      return { from: "page", what: fact.type.replaceAll("_", " ") };
    default:
      return null;
  }
}

function eventWords(message: Extract<CallFact, { type: "server_said" }>["message"]): string {
  if (message.type === "agent_state") return `agent_state ${message.state}`;
  if (message.type === "speaking_state") {
    return `speaking_state ${message.speaker} ${message.speaking ? "started" : "stopped"}`;
  }
  if (message.type === "barge_in") return `barge_in ${message.decision} ${message.reason}`;
  if (message.type === "thinking") return `thinking ${message.until_ms == null ? "over" : "began"}`;
  if (message.type === "interview") return `interview ${message.index} ${message.status}`;
  if (message.type === "notice" || message.type === "error") return `${message.type} ${message.code}`;
  return message.type;
}
