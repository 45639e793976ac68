/** Who does what the machine asks? The wires of one call: a socket, a peer, timers, all gone after `hang_up`. */

import { reduce } from "./callMachine";
import { IDLE, type CallEffect, type CallFact, type CallState } from "./callState";
import { MediaWire, type MediaPorts } from "./mediaWire";
import type { PersonaCard } from "./signaling";
import { SocketWire, type SocketPorts } from "./socketWire";
import { OwnedTimers, type Timers } from "./timers";

const TICK_MS = 250;

export type CallPorts = SocketPorts & MediaPorts;

type Untimed<F> = F extends CallFact ? Omit<F, "at"> : never;
/** A fact as the page tells it; the client puts the time on it. */
export type UntimedFact = Untimed<CallFact>;

export class CallClient {
  readonly media: MediaWire;
  readonly #socket: SocketWire;
  readonly #listeners = new Set<() => void>();
  readonly #queue: CallFact[] = [];
  #state: CallState;
  #isReducing = false;
  #stopTicking: (() => void) | null = null;

  constructor(
    ports: CallPorts,
    persona: PersonaCard | null,
    private readonly timers: Timers = new OwnedTimers(),
  ) {
    this.#state = { ...IDLE, persona };
    this.#socket = new SocketWire(ports, timers, {
      said: (message) => this.tell({ type: "server_said", message }),
      closed: (code) => this.tell({ type: "socket_closed", code }),
    });
    this.media = new MediaWire(ports, timers, {
      send: (message) => this.#socket.send(message),
      microphoneOpened: (label, settings, deviceId) =>
        this.tell({ type: "microphone_opened", label, settings, deviceId }),
      microphoneRefused: (problem) => this.tell({ type: "microphone_refused", problem }),
      microphoneLost: () => this.tell({ type: "microphone_lost" }),
      microphoneSilenced: (isSilenced) => this.tell({ type: "microphone_silenced", isSilenced }),
      peerConnected: () => this.tell({ type: "peer_connected" }),
      packetsStopped: () => this.tell({ type: "packets_stopped" }),
      offerFailed: (reason) => this.tell({ type: "offer_failed", reason }),
      playbackStarted: () => this.tell({ type: "playback_started" }),
      playbackBlocked: () => this.tell({ type: "playback_blocked" }),
      playoutMeasured: (delayMs) => this.tell({ type: "playout_measured", delayMs }),
      networkMeasured: (network) => this.tell({ type: "network_measured", network }),
    });
  }

  get state(): CallState {
    return this.#state;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** One fact after the other: what an effect reports at once waits until the effects before it are done. */
  tell = (fact: UntimedFact): void => {
    this.#queue.push({ ...fact, at: this.timers.now() } as CallFact);
    if (this.#isReducing) return;
    this.#isReducing = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#take(next);
    } finally {
      this.#isReducing = false;
    }
    for (const listener of [...this.#listeners]) listener();
  };

  #take(fact: CallFact): void {
    const { state, effects } = reduce(this.#state, fact);
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    this.#keepTicking();
  }

  #run(effect: CallEffect): void {
    switch (effect.type) {
      case "open_microphone":
        return void this.media.openMicrophone(effect.deviceId);
      case "use_silence":
        return void this.media.useSilence();
      case "dial":
        this.media.closePeer();
        return this.#socket.dial(effect.afterMs);
      case "make_peer":
        return void this.media.makePeer(effect.iceServers, effect.restart);
      case "accept_answer":
        return void this.media.acceptAnswer(effect.sdp);
      case "send":
        return this.#socket.send(effect.message);
      case "set_muted":
        return this.media.setMuted(effect.muted);
      case "duck":
        return this.media.volume.duck(effect.on);
      case "play":
        return void this.media.play();
      case "hang_up":
        this.#socket.hangUp();
        return this.media.hangUp();
    }
  }

  /** A clock runs only while something on the page depends on it. */
  #keepTicking(): void {
    const { stage, failure, now } = this.#state;
    const isCountingDown = stage === "error" && failure?.retryAt != null && now < failure.retryAt;
    const needsTicks =
      isCountingDown || stage === "connecting" || stage === "live" || stage === "reconnecting";
    if (needsTicks && !this.#stopTicking) {
      this.#stopTicking = this.timers.every(TICK_MS, () => this.tell({ type: "ticked" }));
    } else if (!needsTicks) {
      this.#stopTicking?.();
      this.#stopTicking = null;
    }
  }
}
