/** How loud is it now? Reads the microphone and the persona's sound for the eye; nothing here is heard or sent. */

/** A level for drawing: 0 is silence, 1 a raised voice. */
export interface Levels {
  user(): number;
  agent(): number;
}

export const SILENT_LEVELS: Levels = { user: () => 0, agent: () => 0 };

const FLOOR_DBFS = -55;
const LOUD_DBFS = -14;
/** How much of a level is left one reading later: quick to rise, slow to fall. */
const RELEASE = 0.86;
const WINDOW_SAMPLES = 1024;
const FRAME_MS = 8;

export function levelOfDbfs(dbfs: number): number {
  return Math.min(1, Math.max(0, (dbfs - FLOOR_DBFS) / (LOUD_DBFS - FLOOR_DBFS)));
}

export function dbfsOf(samples: Float32Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return 10 * Math.log10(Math.max(energy / samples.length, 1e-10));
}

class Ear {
  readonly #source: MediaStreamAudioSourceNode;
  readonly #analyser: AnalyserNode;
  readonly #samples = new Float32Array(WINDOW_SAMPLES);
  #level = 0;
  #readAt = 0;

  constructor(context: AudioContext, stream: MediaStream) {
    this.#source = context.createMediaStreamSource(stream);
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = WINDOW_SAMPLES;
    this.#source.connect(this.#analyser);
  }

  /** Several drawings ask within one frame of the screen: they get the same answer. */
  read(): number {
    const now = performance.now();
    if (now - this.#readAt < FRAME_MS) return this.#level;
    this.#readAt = now;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    this.#level = Math.max(levelOfDbfs(dbfsOf(this.#samples)), this.#level * RELEASE);
    return this.#level;
  }

  close(): void {
    this.#source.disconnect();
  }
}

/** Listens to both sides of one call. Chrome's analyser hears a remote stream only while an element plays it. */
export class LevelMeters implements Levels {
  #userEar: Ear | null = null;
  #agentEar: Ear | null = null;

  constructor(private readonly context: () => AudioContext | null) {}

  listenToUser(stream: MediaStream | null): void {
    this.#userEar?.close();
    this.#userEar = this.#earFor(stream);
  }

  listenToAgent(stream: MediaStream | null): void {
    this.#agentEar?.close();
    this.#agentEar = this.#earFor(stream);
  }

  user = () => this.#userEar?.read() ?? 0;
  agent = () => this.#agentEar?.read() ?? 0;

  #earFor(stream: MediaStream | null): Ear | null {
    const context = stream && this.context();
    return context ? new Ear(context, stream) : null;
  }
}
