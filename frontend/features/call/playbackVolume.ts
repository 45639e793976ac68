/**
 * How loud is the persona now? One owner for the `<audio>` element's volume: what the person chose, and less while a bid
 * for the floor is open.
 *
 * The element's own volume and no Web Audio: an echo canceller hears what an element plays, and may miss the other.
 */

import type { Timers } from "./timers";

/** As far down as the server lowers the voice itself. */
const DUCK_DB = -12;
/** So long and the server's own lowered voice has come through the browser's buffer: the page's is over by then. */
export const DUCK_MS = 250;
const DOWN_MS = 20;
const UP_MS = 60;
/** No step of a fade is so great that it clicks. */
const STEP_MS = 10;

export class PlaybackVolume {
  #audio: HTMLAudioElement | null = null;
  #chosen = 1;
  #gainDb = 0;
  #cancels: (() => void)[] = [];

  constructor(private readonly timers: Timers) {}

  /** The former element is left at the person's own volume. */
  attach(audio: HTMLAudioElement | null): void {
    this.reset();
    this.#audio = audio;
    this.#apply();
  }

  /** The person's own setting, 0 to 1. */
  choose = (volume: number): void => {
    this.#chosen = volume;
    this.#apply();
  };

  /** Down at once, and up again when asked to or in time, whatever becomes of the bid. */
  duck(isOn: boolean): void {
    this.#cancel();
    this.#fadeTo(isOn ? DUCK_DB : 0, isOn ? DOWN_MS : UP_MS);
    if (isOn) this.#cancels.push(this.timers.after(DUCK_MS - UP_MS, () => this.duck(false)));
  }

  /** At once as the person chose it. */
  reset(): void {
    this.#cancel();
    this.#set(0);
  }

  /** The first step is taken now. */
  #fadeTo(gainDb: number, fadeMs: number): void {
    const [from, steps] = [this.#gainDb, fadeMs / STEP_MS];
    if (from === gainDb) return;
    const reach = (step: number) => this.#set(from + ((gainDb - from) * step) / steps);
    reach(1);
    for (let step = 2; step <= steps; step += 1) {
      this.#cancels.push(this.timers.after((step - 1) * STEP_MS, () => reach(step)));
    }
  }

  #set(gainDb: number): void {
    this.#gainDb = gainDb;
    this.#apply();
  }

  #apply(): void {
    if (this.#audio) this.#audio.volume = this.#chosen * 10 ** (this.#gainDb / 20);
  }

  #cancel(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
  }
}
