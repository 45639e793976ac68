/** A browser's wires that a test holds in its hand: sockets, peers, microphones and a clock that it moves itself. */

import type { CallPorts } from "../callClient";
import type { ClientMessage } from "../signaling";
import type { Timers } from "../timers";

export class ManualTimers implements Timers {
  #now = 1_000;
  #waiting: { at: number; periodMs: number | null; action: () => void }[] = [];

  now(): number {
    return this.#now;
  }
  after(delayMs: number, action: () => void): () => void {
    return this.#add({ at: this.#now + delayMs, periodMs: null, action });
  }
  every(periodMs: number, action: () => void): () => void {
    return this.#add({ at: this.#now + periodMs, periodMs, action });
  }
  clear(): void {
    this.#waiting = [];
  }
  get count(): number {
    return this.#waiting.length;
  }

  /** Time passes; what is due runs in order, and promises that it settled are waited for. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const next = this.#waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.periodMs === null) this.#waiting = this.#waiting.filter((one) => one !== next);
      else next.at += next.periodMs;
      next.action();
    }
    this.#now = end;
    await settled();
  }

  #add(timer: { at: number; periodMs: number | null; action: () => void }): () => void {
    this.#waiting.push(timer);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== timer);
    };
  }
}

export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
}

export class FakeSocket {
  readyState: number = WebSocket.CONNECTING;
  readonly sent: ClientMessage[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(readonly url: string) {}

  open(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }
  say(message: object): void {
    this.sayRaw(JSON.stringify(message));
  }
  sayRaw(data: unknown): void {
    this.onmessage?.({ data });
  }
  drop(code: number): void {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.({ code });
  }
  send(raw: string): void {
    this.sent.push(JSON.parse(raw) as ClientMessage);
  }
  close(): void {
    this.isClosed = true;
    this.readyState = WebSocket.CLOSED;
  }
  sentOf<T extends ClientMessage["type"]>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.sent.filter(
      (message): message is Extract<ClientMessage, { type: T }> => message.type === type,
    );
  }
}

export class FakeTrack {
  readonly kind = "audio";
  enabled = true;
  isStopped = false;
  onended: (() => void) | null = null;
  onmute: (() => void) | null = null;
  onunmute: (() => void) | null = null;
  constructor(
    readonly label: string,
    private readonly settings: MediaTrackSettings,
  ) {}
  getSettings(): MediaTrackSettings {
    return this.settings;
  }
  stop(): void {
    this.isStopped = true;
  }
}

export class FakeStream {
  constructor(readonly track: FakeTrack) {}
  getTracks(): FakeTrack[] {
    return [this.track];
  }
  getAudioTracks(): FakeTrack[] {
    return [this.track];
  }
}

export class FakePeer {
  connectionState = "new";
  localDescription: { sdp: string } | null = null;
  isClosed = false;
  answer: string | null = null;
  readonly senders: { track: FakeTrack | null; replaceTrack: (track: FakeTrack) => Promise<void> }[] = [];
  stats = {
    packetsReceived: 0,
    packetsLost: 0,
    jitter: 0.004,
    jitterBufferDelay: 0,
    jitterBufferEmittedCount: 0,
  };
  /** Packets that arrive between two readings. */
  packetsEachReading = 12;
  ontrack: ((event: { streams: unknown[]; track: unknown }) => void) | null = null;
  onicecandidate: ((event: { candidate: { toJSON(): RTCIceCandidateInit } | null }) => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;

  constructor(readonly configuration: RTCConfiguration) {}

  addTrack(track: FakeTrack): void {
    const sender = {
      track: track as FakeTrack | null,
      replaceTrack: (next: FakeTrack) => {
        sender.track = next;
        return Promise.resolve();
      },
    };
    this.senders.push(sender);
  }
  addTransceiver(): void {}
  getSenders() {
    return this.senders;
  }
  async setLocalDescription(): Promise<void> {
    this.onicecandidate?.({
      candidate: { toJSON: () => ({ candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0 }) },
    });
    this.localDescription = { sdp: "v=0\r\n" };
  }
  async setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    this.answer = sdp;
  }
  async getStats(): Promise<Map<string, object>> {
    this.stats.packetsReceived += this.packetsEachReading;
    this.stats.jitterBufferEmittedCount += 12_000;
    this.stats.jitterBufferDelay += 12_000 * 0.08;
    return new Map<string, object>([
      ["in", { type: "inbound-rtp", kind: "audio", ...this.stats }],
      ["pair", { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.038 }],
    ]);
  }
  close(): void {
    this.isClosed = true;
  }
  become(state: string): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
  hear(stream: object = {}): void {
    this.ontrack?.({ streams: [stream], track: {} });
  }
}

export const HONEST_SETTINGS: MediaTrackSettings = {
  echoCancellation: true,
  noiseSuppression: false,
  autoGainControl: false,
};

/** One browser: what was opened is listed, and what the microphone does is the test's to say. */
export class FakeBrowser {
  readonly sockets: FakeSocket[] = [];
  readonly peers: FakePeer[] = [];
  readonly constraints: MediaStreamConstraints[] = [];
  readonly streams: FakeStream[] = [];
  microphone: () => Promise<FakeStream> = () =>
    Promise.resolve(new FakeStream(new FakeTrack("MacBook Pro Microphone", HONEST_SETTINGS)));
  address: () => Promise<string> = () => Promise.resolve("ws://localhost:8000/ws/signaling/r/");

  readonly ports: CallPorts = {
    openSocket: (url) => {
      const socket = new FakeSocket(url);
      this.sockets.push(socket);
      return socket as unknown as WebSocket;
    },
    address: () => this.address(),
    createPeer: (configuration) => {
      const peer = new FakePeer(configuration);
      this.peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    openMicrophone: async (constraints) => {
      this.constraints.push(constraints);
      const stream = await this.microphone();
      this.streams.push(stream);
      return stream as unknown as MediaStream;
    },
    createAudioContext: () => null,
  };

  get socket(): FakeSocket {
    return last(this.sockets);
  }
  get peer(): FakePeer {
    return last(this.peers);
  }
}

function last<T>(things: readonly T[]): T {
  const thing = things.at(-1);
  if (!thing) throw new Error("nothing was opened yet");
  return thing;
}

/** An `<audio>` element whose `play` the test decides. */
export function fakeAudio(play: () => Promise<void> = () => Promise.resolve()): HTMLAudioElement {
  return { srcObject: null, play } as unknown as HTMLAudioElement;
}
