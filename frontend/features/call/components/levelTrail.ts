/** How loud was it a moment ago? The outer contours show what the inner ones showed before. */

const KEPT_MS = 800;

export class LevelTrail {
  #samples: { atMs: number; level: number }[] = [];

  push(atMs: number, level: number): void {
    this.#samples.push({ atMs, level });
    while ((this.#samples[0]?.atMs ?? atMs) < atMs - KEPT_MS) this.#samples.shift();
  }

  /** The last level at or before `atMs`; silence before anything was heard. */
  at(atMs: number): number {
    return this.#samples.findLast((sample) => sample.atMs <= atMs)?.level ?? 0;
  }
}
