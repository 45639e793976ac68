/** Follows the readings of one peer: are packets still coming, how is the line, how long does sound wait? */

import type { Network } from "./callMetrics";
import { networkBetween, playoutDelayMs, type MediaReading } from "./mediaStats";

/** So long without a packet and the line counts as gone. The server sends silence too, fifty packets a second. */
export const NO_PACKETS_MS = 600;
const TELL_MS = 2_000;
/** A greater change of the playout delay is worth telling. */
const PLAYOUT_STEP_MS = 20;
/** What the server takes for a delay. */
const LONGEST_PLAYOUT_MS = 2_000;

export interface LineEvents {
  packetsStopped(): void;
  playoutMeasured(delayMs: number): void;
  networkMeasured(network: Network): void;
}

export class LineWatch {
  #last: MediaReading | null = null;
  #told: MediaReading | null = null;
  #toldAt: number;
  #packetAt: number;
  #isGone = false;
  #playoutMs: number | null = null;

  constructor(
    now: number,
    private readonly events: LineEvents,
  ) {
    this.#toldAt = now;
    this.#packetAt = now;
  }

  take(reading: MediaReading, now: number, outputLatencyMs = 0): void {
    this.#watchPackets(reading, now);
    const before = this.#told;
    if (before === null) [this.#told, this.#toldAt] = [reading, now];
    else if (this.#playoutMs === null && this.#measurePlayout(before, reading, outputLatencyMs)) {
      // The server guesses until it knows: the first measure does not wait.
      [this.#told, this.#toldAt] = [reading, now];
    } else if (now - this.#toldAt >= TELL_MS) {
      this.events.networkMeasured(networkBetween(before, reading));
      this.#measurePlayout(before, reading, outputLatencyMs);
      [this.#told, this.#toldAt] = [reading, now];
    }
  }

  #watchPackets(reading: MediaReading, now: number): void {
    if (reading.packetsReceived > (this.#last?.packetsReceived ?? 0)) this.#packetAt = now;
    else if (this.#last && this.#last.packetsReceived > 0 && now - this.#packetAt >= NO_PACKETS_MS) {
      this.#sayGone();
    }
    this.#last = reading;
  }

  #sayGone(): void {
    if (!this.#isGone) this.events.packetsStopped();
    this.#isGone = true;
  }

  /** Whether there was anything to measure. */
  #measurePlayout(before: MediaReading, reading: MediaReading, outputLatencyMs: number): boolean {
    const delayMs = playoutDelayMs(before, reading, outputLatencyMs);
    if (delayMs === null || delayMs < 0 || delayMs > LONGEST_PLAYOUT_MS) return false;
    if (this.#playoutMs !== null && Math.abs(delayMs - this.#playoutMs) <= PLAYOUT_STEP_MS) return true;
    this.#playoutMs = delayMs;
    this.events.playoutMeasured(delayMs);
    return true;
  }
}
