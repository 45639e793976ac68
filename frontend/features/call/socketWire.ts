/** The WebSocket of one call: dialled, listened to, replaced. What comes late from a former socket is dropped. */

import { parseServerMessage, type ClientMessage, type ServerMessage } from "./signaling";
import type { Timers } from "./timers";

export const PING_MS = 5_000;
/** Nothing heard for so long: the socket is dead, whatever the browser thinks. */
export const DEAF_MS = 12_000;
const CLOSED_WITHOUT_A_WORD = 1006;

export interface SocketPorts {
  openSocket(url: string): WebSocket;
  /** Where to dial: asked before each attempt, since a ticket holds once. */
  address(): Promise<string>;
}

export interface SocketEvents {
  said(message: ServerMessage): void;
  closed(code: number): void;
}

export class SocketWire {
  #generation = 0;
  #socket: WebSocket | null = null;
  #heardAt = 0;
  #cancels: (() => void)[] = [];

  constructor(
    private readonly ports: SocketPorts,
    private readonly timers: Timers,
    private readonly events: SocketEvents,
  ) {}

  dial(afterMs: number): void {
    this.hangUp();
    const generation = this.#generation;
    this.#cancels.push(this.timers.after(afterMs, () => void this.#open(generation)));
  }

  send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** The present socket is closed and forgotten; it reports nothing any more. */
  hangUp(): void {
    this.#generation += 1;
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#socket?.close();
    this.#socket = null;
  }

  async #open(generation: number): Promise<void> {
    let url: string;
    try {
      url = await this.ports.address();
    } catch {
      this.#report(generation, CLOSED_WITHOUT_A_WORD);
      return;
    }
    if (generation !== this.#generation) return;
    const socket = this.ports.openSocket(url);
    this.#socket = socket;
    socket.onopen = () => generation === this.#generation && this.#keepAlive();
    socket.onclose = (event) => this.#report(generation, event.code);
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (generation === this.#generation) this.#read(event.data);
    };
  }

  #keepAlive(): void {
    this.#heardAt = this.timers.now();
    const beat = () => {
      const now = this.timers.now();
      if (now - this.#heardAt > DEAF_MS) this.#report(this.#generation, CLOSED_WITHOUT_A_WORD);
      else this.send({ type: "ping", at: now });
    };
    this.#cancels.push(this.timers.every(PING_MS, beat));
  }

  #read(raw: unknown): void {
    this.#heardAt = this.timers.now();
    const message = typeof raw === "string" ? parseServerMessage(raw) : null;
    if (message) this.events.said(message);
    else console.warn("The server sent a message that this page does not know.");
  }

  #report(generation: number, code: number): void {
    if (generation !== this.#generation) return;
    this.hangUp();
    this.events.closed(code);
  }
}
