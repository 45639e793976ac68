/** Microphone, peer connection and loudspeaker of one call. A promise that is late finds its generation gone. */

import type { Network } from "./callMetrics";
import { LevelMeters } from "./levels";
import { LineWatch } from "./lineWatch";
import { readStats } from "./mediaStats";
import { microphoneConstraints, problemOf, type MicrophoneProblem } from "./microphone";
import { PlaybackVolume } from "./playbackVolume";
import { candidateMessage, type ClientMessage, type IceServer } from "./signaling";
import type { Timers } from "./timers";

export const STATS_MS = 250;

export interface MediaPorts {
  createPeer(configuration: RTCConfiguration): RTCPeerConnection;
  openMicrophone(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** For measuring and for the silent track; `null` where the browser has none. */
  createAudioContext(): AudioContext | null;
}

export interface MediaEvents {
  send(message: ClientMessage): void;
  microphoneOpened(label: string, settings: MediaTrackSettings, deviceId: string | null): void;
  microphoneRefused(problem: MicrophoneProblem): void;
  microphoneLost(): void;
  microphoneSilenced(isSilenced: boolean): void;
  peerConnected(): void;
  packetsStopped(): void;
  offerFailed(reason: string): void;
  playbackStarted(): void;
  playbackBlocked(): void;
  playoutMeasured(delayMs: number): void;
  networkMeasured(network: Network): void;
}

export class MediaWire {
  readonly levels = new LevelMeters(() => this.#audioContext());
  readonly volume: PlaybackVolume;
  #microphoneGeneration = 0;
  #peerGeneration = 0;
  #context: AudioContext | null = null;
  #local: MediaStream | null = null;
  #remote: MediaStream | null = null;
  #peer: RTCPeerConnection | null = null;
  #hasOffered = false;
  readonly #unsentCandidates: ClientMessage[] = [];
  #iceServers: readonly IceServer[] = [];
  #isMuted = false;
  #audio: HTMLAudioElement | null = null;
  #stopPolling: () => void = () => undefined;

  constructor(
    private readonly ports: MediaPorts,
    private readonly timers: Timers,
    private readonly events: MediaEvents,
  ) {
    this.volume = new PlaybackVolume(timers);
  }

  // ── the microphone ───────────────────────────────────────────────────────────────────────────────

  async openMicrophone(deviceId: string | null): Promise<void> {
    this.#microphoneGeneration += 1;
    const generation = this.#microphoneGeneration;
    try {
      const stream = await this.ports.openMicrophone(microphoneConstraints(deviceId));
      if (generation !== this.#microphoneGeneration) return stopTracks(stream);
      await this.#useMicrophone(stream, deviceId);
    } catch (error) {
      if (generation === this.#microphoneGeneration) this.events.microphoneRefused(problemOf(error));
    }
  }

  async #useMicrophone(stream: MediaStream, deviceId: string | null): Promise<void> {
    const track = stream.getAudioTracks()[0];
    if (!track) return this.events.microphoneRefused("NotFoundError");
    track.onended = () => this.events.microphoneLost();
    track.onmute = () => this.events.microphoneSilenced(true);
    track.onunmute = () => this.events.microphoneSilenced(false);
    await this.#useLocal(stream);
    this.levels.listenToUser(stream);
    this.events.microphoneOpened(track.label, track.getSettings(), deviceId);
  }

  /** The person types, or the microphone is gone: silence keeps the line open. */
  async useSilence(): Promise<void> {
    this.#microphoneGeneration += 1;
    const context = this.#audioContext();
    this.levels.listenToUser(null);
    if (context) await this.#useLocal(context.createMediaStreamDestination().stream);
  }

  async #useLocal(stream: MediaStream): Promise<void> {
    if (this.#local) stopTracks(this.#local);
    this.#local = stream;
    this.setMuted(this.#isMuted);
    const sender = this.#peer?.getSenders().find((one) => one.track === null || one.track.kind === "audio");
    // A peer that was closed meanwhile takes no track; the next one does.
    await sender?.replaceTrack(stream.getAudioTracks()[0] ?? null).catch(() => undefined);
  }

  setMuted(muted: boolean): void {
    this.#isMuted = muted;
    for (const track of this.#local?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  // ── the peer ─────────────────────────────────────────────────────────────────────────────────────

  /** A new peer for the call; the former one is closed. `null` servers: those of the last time. */
  async makePeer(iceServers: readonly IceServer[] | null, restart: boolean): Promise<void> {
    this.closePeer();
    if (iceServers) this.#iceServers = iceServers;
    const generation = this.#peerGeneration;
    try {
      const peer = this.ports.createPeer({ iceServers: this.#iceServers.map(toRtcIceServer) });
      this.#peer = peer;
      this.#listenTo(peer, generation);
      this.#addLocalTrack(peer);
      await peer.setLocalDescription();
      const sdp = peer.localDescription?.sdp;
      if (generation !== this.#peerGeneration || !sdp) return;
      this.events.send({ type: "offer", sdp, restart });
      for (const candidate of this.#unsentCandidates.splice(0)) this.events.send(candidate);
      this.#hasOffered = true;
    } catch (error) {
      if (generation === this.#peerGeneration) this.events.offerFailed(String(error));
    }
  }

  async acceptAnswer(sdp: string): Promise<void> {
    const [peer, generation] = [this.#peer, this.#peerGeneration];
    try {
      await peer?.setRemoteDescription({ type: "answer", sdp });
    } catch (error) {
      if (generation === this.#peerGeneration) this.events.offerFailed(String(error));
    }
  }

  closePeer(): void {
    this.#peerGeneration += 1;
    this.#hasOffered = false;
    this.#unsentCandidates.length = 0;
    this.#stopPolling();
    this.#peer?.close();
    this.#peer = null;
  }

  /** A candidate means something only after its offer. */
  #trickle(candidate: RTCIceCandidate | null): void {
    const message = candidateMessage(candidate?.toJSON() ?? null);
    if (this.#hasOffered) this.events.send(message);
    else this.#unsentCandidates.push(message);
  }

  #addLocalTrack(peer: RTCPeerConnection): void {
    const track = this.#local?.getAudioTracks()[0];
    if (track && this.#local) peer.addTrack(track, this.#local);
    else peer.addTransceiver("audio", { direction: "recvonly" });
  }

  #listenTo(peer: RTCPeerConnection, generation: number): void {
    const ifPresent = (action: () => void) => () => {
      if (generation === this.#peerGeneration) action();
    };
    peer.ontrack = (event) => ifPresent(() => this.#hear(event))();
    peer.onicecandidate = ({ candidate }) => ifPresent(() => this.#trickle(candidate))();
    peer.onconnectionstatechange = ifPresent(() => {
      if (peer.connectionState === "failed") this.events.packetsStopped();
      if (peer.connectionState !== "connected") return;
      this.#poll(peer, generation);
      this.events.peerConnected();
    });
  }

  // ── what comes in ────────────────────────────────────────────────────────────────────────────────

  /** The element that plays the persona; it stays in the page as long as the call. */
  attachAudio(audio: HTMLAudioElement | null): void {
    this.#audio = audio;
    this.volume.attach(audio);
    if (!audio) return;
    if (this.#remote) audio.srcObject = this.#remote;
    let wasPaused = false;
    // Nothing on the page pauses the element: the system did, for a phone call or a press on a headset.
    audio.onpause = () => {
      if (this.#peer?.connectionState !== "connected") return; // the stream's own end pauses as well
      wasPaused = true;
      this.events.playbackBlocked();
    };
    audio.onplaying = () => {
      if (wasPaused) this.events.playbackStarted();
      wasPaused = false;
    };
  }

  #hear({ streams, track }: RTCTrackEvent): void {
    this.#remote = streams[0] ?? new MediaStream([track]);
    if (this.#audio) this.#audio.srcObject = this.#remote;
    this.levels.listenToAgent(this.#remote);
    void this.play();
  }

  /** Play, or say that the browser waits for a tap. */
  async play(): Promise<void> {
    const [audio, generation] = [this.#audio, this.#peerGeneration];
    if (!audio) return;
    try {
      void this.#context?.resume(); // waits for a tap by itself; the meters stand still until then
      await audio.play();
      if (generation === this.#peerGeneration) this.events.playbackStarted();
    } catch (error) {
      // A source that is replaced while it begins to play aborts: the next source plays.
      const wasReplaced = error instanceof Error && error.name === "AbortError";
      if (generation === this.#peerGeneration && !wasReplaced) this.events.playbackBlocked();
    }
  }

  #poll(peer: RTCPeerConnection, generation: number): void {
    this.#stopPolling();
    const watch = new LineWatch(this.timers.now(), this.events);
    this.#stopPolling = this.timers.every(STATS_MS, () => {
      peer.getStats().then(
        (report) => {
          if (generation !== this.#peerGeneration) return;
          watch.take(readStats(report), this.timers.now(), outputLatencyMs(this.#context));
        },
        () => undefined, // the peer was closed while it counted
      );
    });
  }

  // ── the end ──────────────────────────────────────────────────────────────────────────────────────

  hangUp(): void {
    this.#microphoneGeneration += 1;
    this.closePeer();
    this.levels.listenToUser(null);
    this.levels.listenToAgent(null);
    if (this.#local) stopTracks(this.#local);
    this.#local = null;
    this.#remote = null;
    this.#isMuted = false;
    this.volume.reset();
    if (this.#audio) this.#audio.srcObject = null;
    void this.#context?.close();
    this.#context = null;
  }

  #audioContext(): AudioContext | null {
    this.#context ??= this.ports.createAudioContext();
    return this.#context;
  }
}

/** What the system adds between the browser and the ear. Safari does not say; a context that sleeps says 0. */
function outputLatencyMs(context: AudioContext | null): number {
  const seconds: number | undefined = context?.outputLatency;
  return seconds !== undefined && Number.isFinite(seconds) ? seconds * 1000 : 0;
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) {
    track.onended = track.onmute = track.onunmute = null;
    track.stop();
  }
}

function toRtcIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return { urls, ...(username && credential ? { username, credential } : {}) };
}
