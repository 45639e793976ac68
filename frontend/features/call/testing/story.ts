/** A call told as facts, one after the other, without wires. */

import { reduce } from "../callMachine";
import { IDLE, type CallEffect, type CallFact, type CallState } from "../callState";
import type { UntimedFact } from "../callClient";
import type { AgentPhase, ServerMessage } from "../signaling";
import { serverExample } from "./contracts";
import { HONEST_SETTINGS } from "./fakeWires";

export class Story {
  state: CallState = IDLE;
  /** What the last fact asked for. */
  effects: CallEffect[] = [];
  /** Everything asked for so far. */
  readonly asked: CallEffect[] = [];
  now = 10_000;

  tell(fact: UntimedFact): this {
    const step = reduce(this.state, { ...fact, at: this.now } as CallFact);
    this.state = step.state;
    this.effects = step.effects;
    this.asked.push(...step.effects);
    return this;
  }
  wait(ms: number): this {
    this.now += ms;
    return this;
  }
  tick(ms: number): this {
    return this.wait(ms).tell({ type: "ticked" });
  }
  hear(message: ServerMessage): this {
    return this.tell({ type: "server_said", message });
  }
  phase(state: AgentPhase): this {
    return this.hear({ type: "agent_state", state, at_ms: this.now - 10_000 });
  }
  userSpeaks(speaking: boolean, agoMs = 0): this {
    return this.hear({ type: "speaking_state", speaker: "user", speaking, at_ms: this.now - 10_000 - agoMs });
  }
  /** The server on the bid of `contracts`: how far it has come. */
  bid(decision: "suspected" | "held" | "accepted" | "rejected", fields: Record<string, unknown> = {}): this {
    return this.hear(serverExample<"barge_in">(`barge_in.${decision}`, fields));
  }
  /** Time to think, for so many seconds; `null`: it is over. */
  thinks(seconds: number | null): this {
    const at_ms = this.now - 10_000;
    const until = seconds === null ? {} : { until_ms: at_ms + seconds * 1000 };
    return this.hear({ type: "thinking", at_ms, ...until });
  }
  get sent(): string[] {
    return this.asked.flatMap((effect) => (effect.type === "send" ? [effect.message.type] : []));
  }
}

export function preflight(): Story {
  return new Story().tell({ type: "start_pressed", speaking: true, deviceId: null });
}
export function connecting(): Story {
  return preflight().tell({
    type: "microphone_opened",
    label: "MacBook Pro Microphone",
    settings: HONEST_SETTINGS,
    deviceId: null,
  });
}
export function ready(): Story {
  return connecting().hear(serverExample<"ready">("ready"));
}
/** In the call, and it is the user's turn. */
export function live(): Story {
  return ready()
    .hear(serverExample<"answer">("answer"))
    .tell({ type: "peer_connected" })
    .tell({ type: "playback_started" })
    .phase("WAIT_FOR_USER");
}
export function speaking(): Story {
  return live().phase("AI_SPEAKING").hear(serverExample<"transcript">("transcript.assistant_speaking"));
}
/** In a call where the microphone is open only while something is held. */
export function pushToTalk(): Story {
  return live().tell({ type: "push_to_talk_chosen", on: true });
}
export function reconnecting(): Story {
  return live().tell({ type: "socket_closed", code: 1006 });
}
export function ended(): Story {
  return live().hear(serverExample<"call_ended">("call_ended"));
}
export function failed(code = 4500): Story {
  return live().tell({ type: "socket_closed", code });
}
