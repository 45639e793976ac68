/**
 * A microphone into which a test plays clips when the page's state says so, and an ear for what the page plays.
 *
 * One audio context makes the sound and measures it, so when a clip began and how loud the persona was stand on one
 * clock, in seconds. What the page says lies on the same clock.
 */

import { readFileSync } from "node:fs";

import type { Page } from "@playwright/test";

export interface Level {
  at: number;
  dbfs: number;
}

export interface Said {
  at: number;
  /** The page's large words: "Speaking", "Your turn". */
  phase: string;
  support: string;
}

interface Studio {
  context: AudioContext;
  levels: Level[];
  said: Said[];
  /** What the page asked of the microphone, the last time. */
  wanted: MediaStreamConstraints | undefined;
  play(base64: string, isLooped: boolean): Promise<number>;
  listen(): void;
  now(): number;
}

type WithStudio = Window & { studio: Studio };

/** Runs in the page before its own code. */
function buildStudio(): void {
  const RATE_HZ = 48_000;
  const ROOM_DBFS = -65;
  const LEVEL_SAMPLES = 960;
  let context: AudioContext | null = null;
  let microphone: GainNode | null = null;
  const levels: Level[] = [];
  const said: Said[] = [];

  const sounding = (): AudioContext => {
    // Large buffers: a busy machine loses less of the microphone.
    context ??= new AudioContext({ sampleRate: RATE_HZ, latencyHint: "playback" });
    return context;
  };

  const room = (on: AudioContext): AudioBufferSourceNode => {
    const noise = on.createBuffer(1, 4 * RATE_HZ, RATE_HZ);
    const samples = noise.getChannelData(0);
    // Evenly spread noise lies √3 under its highest sample.
    const peak = Math.sqrt(3) * 10 ** (ROOM_DBFS / 20);
    for (let index = 0; index < samples.length; index += 1) samples[index] = peak * (2 * Math.random() - 1);
    const source = on.createBufferSource();
    source.buffer = noise;
    source.loop = true;
    return source;
  };

  const mixer = (): GainNode => {
    if (microphone) return microphone;
    microphone = sounding().createGain();
    const noise = room(sounding());
    noise.connect(microphone);
    noise.start();
    return microphone;
  };

  navigator.mediaDevices.getUserMedia = async (constraints) => {
    studio.wanted = constraints;
    const outlet = sounding().createMediaStreamDestination();
    mixer().connect(outlet);
    await sounding().resume();
    return outlet.stream;
  };

  const keepLevels = (samples: Float32Array, endsAt: number) => {
    for (let start = 0; start + LEVEL_SAMPLES <= samples.length; start += LEVEL_SAMPLES) {
      let energy = 0;
      for (const sample of samples.subarray(start, start + LEVEL_SAMPLES)) energy += sample * sample;
      levels.push({
        at: endsAt - (samples.length - start) / RATE_HZ,
        dbfs: 10 * Math.log10(Math.max(energy / LEVEL_SAMPLES, 1e-9)),
      });
    }
  };

  const keepWords = () => {
    const phase = document.querySelector(".say .phase")?.textContent ?? "";
    const support = document.querySelector(".say .support")?.textContent ?? "";
    const last = said.at(-1);
    if (context && (phase !== last?.phase || support !== last.support)) {
      said.push({ at: context.currentTime, phase, support });
    }
  };
  new MutationObserver(keepWords).observe(document, { subtree: true, childList: true, characterData: true });

  const studio: Studio = {
    get context() {
      return sounding();
    },
    levels,
    said,
    wanted: undefined,
    now: () => sounding().currentTime,
    async play(base64, isLooped) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const clip = sounding().createBufferSource();
      clip.buffer = await sounding().decodeAudioData(bytes.buffer);
      clip.loop = isLooped;
      clip.connect(mixer());
      const at = sounding().currentTime + 0.05;
      clip.start(at);
      return at;
    },
    listen() {
      const element = document.querySelector("audio");
      if (!(element?.srcObject instanceof MediaStream)) throw new Error("the page plays no stream");
      const tap = sounding().createScriptProcessor(2048, 1, 1);
      let rest = new Float32Array(0);
      tap.onaudioprocess = ({ inputBuffer, playbackTime }) => {
        const fresh = inputBuffer.getChannelData(0);
        const samples = new Float32Array(rest.length + fresh.length);
        samples.set(rest);
        samples.set(fresh, rest.length);
        const whole = samples.length - (samples.length % LEVEL_SAMPLES);
        keepLevels(samples.subarray(0, whole), playbackTime - (samples.length - whole) / RATE_HZ);
        rest = samples.slice(whole);
      };
      let heard: MediaStream | null = null;
      let source: MediaStreamAudioSourceNode | null = null;
      const follow = () => {
        // After a reconnection the page plays another stream.
        if (!(element.srcObject instanceof MediaStream) || element.srcObject === heard) return;
        source?.disconnect();
        heard = element.srcObject;
        source = sounding().createMediaStreamSource(heard);
        source.connect(tap);
      };
      follow();
      setInterval(follow, 250);
      tap.connect(sounding().destination);
    },
  };
  Object.assign(window, { studio });
}

/** Not with every drawing: the models need the processor. */
const OFTEN = { polling: 100 };

export class PlayedMicrophone {
  private constructor(private readonly page: Page) {}

  /** Before the page is opened. */
  static async plugInto(page: Page): Promise<PlayedMicrophone> {
    await page.addInitScript(buildStudio);
    return new PlayedMicrophone(page);
  }

  /** Say it now; answers when it begins. */
  play(wav: string, { isLooped = false } = {}): Promise<number> {
    return this.page.evaluate(
      ([base64, again]) => (window as unknown as WithStudio).studio.play(base64, again),
      [readFileSync(wav).toString("base64"), isLooped] as const,
    );
  }

  /** What the page asked of it. */
  wanted(): Promise<MediaStreamConstraints | undefined> {
    return this.page.evaluate(() => (window as unknown as WithStudio).studio.wanted);
  }

  /** From now on the levels of what the page plays are kept. */
  listen(): Promise<void> {
    return this.page.evaluate(() => (window as unknown as WithStudio).studio.listen());
  }

  now(): Promise<number> {
    return this.page.evaluate(() => (window as unknown as WithStudio).studio.now());
  }

  levels(from = 0): Promise<Level[]> {
    return this.page.evaluate(
      (since) => (window as unknown as WithStudio).studio.levels.filter(({ at }) => at >= since),
      from,
    );
  }

  said(from = 0): Promise<Said[]> {
    return this.page.evaluate(
      (since) => (window as unknown as WithStudio).studio.said.filter(({ at }) => at >= since),
      from,
    );
  }

  /** Until this moment on the studio's clock. */
  async until(at: number): Promise<void> {
    await this.page.waitForFunction(
      (time) => (window as unknown as WithStudio).studio.now() >= time,
      at,
      OFTEN,
    );
  }

  /** Until the persona has been heard for so long, undisturbed; false: it is not its turn any more. */
  async hearsSpeech(seconds: number): Promise<boolean> {
    const heard = await this.page.waitForFunction(
      (least) => {
        const { studio } = window as unknown as WithStudio;
        const now = studio.said.at(-1);
        if (now === undefined || ["Your turn", "Listening", "Finished?"].includes(now.phase)) return "over";
        const since = studio.said[studio.said.findLastIndex((one) => one.phase !== "Speaking") + 1]?.at;
        if (since === undefined || studio.now() - since < least) return null;
        const levels = studio.levels.filter(({ at }) => at >= studio.now() - least);
        const loud = levels.filter(({ dbfs }) => dbfs > -45);
        const isLoudNow = levels.slice(-5).some(({ dbfs }) => dbfs > -40);
        return isLoudNow && loud.length > 0.6 * (least / 0.02) ? "speech" : null;
      },
      seconds,
      OFTEN,
    );
    return (await heard.jsonValue()) === "speech";
  }
}

// ── what the levels say ──────────────────────────────────────────────────────────────────────────

export const SILENCE_DBFS = -55;
/** A lowered voice is louder, its breath and its fading are not. */
const SPEECH_DBFS = -45;
const STRETCH_SECONDS = 0.3;

/** How loud a voice is between these moments: its loud frames, whatever pauses lie between. */
export function loudness(levels: readonly Level[], from: number, to: number): number {
  const within = levels.filter(({ at }) => at >= from && at < to).map(({ dbfs }) => dbfs);
  within.sort((one, other) => one - other);
  return within[Math.floor(within.length * 0.8)] ?? SILENCE_DBFS;
}

/** Of each short stretch in which a voice sounds, lowered or not; pauses between its words are none. */
export function stretches(levels: readonly Level[], from: number, to: number): number[] {
  const found: number[] = [];
  for (let start = from; start + STRETCH_SECONDS <= to; start += 0.04) {
    const within = levels.filter(({ at }) => at >= start && at < start + STRETCH_SECONDS);
    const sounding = within.filter(({ dbfs }) => dbfs > SPEECH_DBFS);
    if (sounding.length > within.length / 2) found.push(loudness(within, start, start + STRETCH_SECONDS));
  }
  return found;
}

/** When the voice fell silent for at least a second; `null`: it did not. */
export function silentFrom(levels: readonly Level[], from: number): number | null {
  let since = from;
  for (const { at, dbfs } of levels) {
    if (at < from) continue;
    if (dbfs > SILENCE_DBFS) since = at + 0.02;
    else if (at - since >= 1) return since;
  }
  return null;
}
