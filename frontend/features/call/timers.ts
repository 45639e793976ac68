/** Who clears a timer? Whoever started it: an owner's timers are all gone with one word. */

export interface Timers {
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
  after(delayMs: number, action: () => void): () => void;
  every(periodMs: number, action: () => void): () => void;
  clear(): void;
}

/** The browser's timers with an owner. */
export class OwnedTimers implements Timers {
  readonly #cancels = new Set<() => void>();

  now(): number {
    return performance.now();
  }

  after(delayMs: number, action: () => void): () => void {
    const id = setTimeout(() => {
      this.#cancels.delete(cancel);
      action();
    }, delayMs);
    const cancel = this.#owned(() => clearTimeout(id));
    return cancel;
  }

  every(periodMs: number, action: () => void): () => void {
    const id = setInterval(action, periodMs);
    return this.#owned(() => clearInterval(id));
  }

  clear(): void {
    for (const cancel of [...this.#cancels]) cancel();
  }

  get count(): number {
    return this.#cancels.size;
  }

  #owned(stop: () => void): () => void {
    const cancel = () => {
      stop();
      this.#cancels.delete(cancel);
    };
    this.#cancels.add(cancel);
    return cancel;
  }
}
