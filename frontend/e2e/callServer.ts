/**
 * A call's server for the browser tests: says the examples of `contracts/signalling` over the page's own WebSocket,
 * and answers its offer with a second peer inside the page, so that sound really flows.
 */

import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, type Page, type WebSocketRoute } from "@playwright/test";

const EXAMPLES = path.resolve(__dirname, "../../contracts/signalling/server");

interface Message {
  type: string;
  [field: string]: unknown;
}

/** A message of the contract, with some fields of its own. */
export function example(name: string, fields: Record<string, unknown> = {}): Message {
  return { ...(JSON.parse(readFileSync(path.join(EXAMPLES, `${name}.json`), "utf8")) as Message), ...fields };
}

export class CallServer {
  readonly heard: Message[] = [];
  readonly sockets: WebSocketRoute[] = [];
  /** What the server does when a socket opens. */
  onOpen: (server: CallServer) => void = (server) => server.say("ready");
  /** Whether an offer is answered. */
  answers = true;
  #offeredAt = 0;

  private constructor(private readonly page: Page) {}

  static async behind(page: Page): Promise<CallServer> {
    const server = new CallServer(page);
    await page.addInitScript(installSecondPeer);
    await page.routeWebSocket(/\/ws\/signaling\//, (socket) => server.#take(socket));
    return server;
  }

  /** Milliseconds since the call began, as the server counts. */
  get atMs(): number {
    return this.#offeredAt ? Date.now() - this.#offeredAt : 0;
  }

  say(name: string, fields: Record<string, unknown> = {}): void {
    this.sockets.at(-1)?.send(JSON.stringify(example(name, fields)));
  }

  phase(state: "wait_for_user" | "validating_utterance" | "processing_user" | "ai_speaking"): void {
    this.say(`agent_state.${state}`, { at_ms: this.atMs });
  }

  user(isSpeaking: boolean, agoMs = 0): void {
    this.say(`speaking_state.user_${isSpeaking ? "started" : "stopped"}`, { at_ms: this.atMs - agoMs });
  }

  /** How far a bid for the floor has come: the name of an example of `barge_in`. */
  bid(decision: string, fields: Record<string, unknown> = {}): void {
    this.say(`barge_in.${decision}`, { at_ms: this.atMs, ...fields });
  }

  /** The silence stands still for so long. */
  thinks(forMs: number): void {
    this.say("thinking", { at_ms: this.atMs, until_ms: this.atMs + forMs });
  }

  /** The persona says something, and the user has the floor again. */
  async ask(text: string): Promise<void> {
    this.phase("ai_speaking");
    this.say("transcript.assistant", {
      text,
      heard_upto: Array.from(text).length,
      at_ms: this.atMs,
      turn_id: text,
    });
    this.phase("wait_for_user");
  }

  async hears(type: string): Promise<Message> {
    await expect
      .poll(() => this.heard.some((message) => message.type === type), { message: `no ${type}` })
      .toBe(true);
    return this.heard.findLast((message) => message.type === type) as Message;
  }

  async drop(code: number): Promise<void> {
    await this.sockets.at(-1)?.close({ code });
  }

  #take(socket: WebSocketRoute): void {
    this.sockets.push(socket);
    socket.onMessage((raw) => void this.#hear(JSON.parse(String(raw)) as Message));
    this.onOpen(this);
  }

  async #hear(message: Message): Promise<void> {
    this.heard.push(message);
    if (message.type === "ping") this.say("pong", { at: message.at });
    if (message.type === "end_call") {
      this.say("call_ended");
      await this.drop(1000);
    }
    if (message.type === "offer" && this.answers) {
      const sdp = await this.page.evaluate((offer) => window.secondPeer.answer(offer), message.sdp as string);
      this.#offeredAt ||= Date.now();
      this.say("answer", { sdp });
      this.phase("wait_for_user");
    }
    if (message.type === "ice-candidate" && this.answers) {
      await this.page.evaluate((candidate) => window.secondPeer.add(candidate), {
        candidate: (message.candidate as string | null) ?? "",
        sdpMid: message.sdpMid as string | null,
        sdpMLineIndex: message.sdpMLineIndex as number | null,
      });
    }
  }
}

interface SecondPeer {
  answer: (offer: string) => Promise<string>;
  add: (candidate: RTCIceCandidateInit) => Promise<void>;
  silence: () => void;
}

declare global {
  interface Window {
    secondPeer: SecondPeer;
  }
}

/** Runs in the page: a peer that sends a quiet tone, as the server sends the persona's voice. */
function installSecondPeer(): void {
  let peer: RTCPeerConnection | null = null;
  window.secondPeer = {
    async answer(offer) {
      peer?.close();
      peer = new RTCPeerConnection();
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency: 180 });
      const destination = context.createMediaStreamDestination();
      tone.connect(new GainNode(context, { gain: 0.2 })).connect(destination);
      tone.start();
      const gathered = new Promise<void>((resolve) => {
        if (peer) peer.onicecandidate = ({ candidate }) => candidate === null && resolve();
      });
      await peer.setRemoteDescription({ type: "offer", sdp: offer });
      for (const track of destination.stream.getTracks()) peer.addTrack(track, destination.stream);
      await peer.setLocalDescription();
      await gathered;
      return peer.localDescription?.sdp ?? "";
    },
    async add(candidate) {
      if (candidate.candidate) await peer?.addIceCandidate(candidate);
    },
    silence() {
      peer?.close();
    },
  };
}
