/** What does `getStats` say of the line? One reading, and what changed since the one before. Pure. */

import type { Network } from "./callMetrics";

export interface MediaReading {
  packetsReceived: number;
  packetsLost: number;
  jitterMs: number | null;
  roundTripMs: number | null;
  jitterBufferDelaySeconds: number;
  jitterBufferEmittedCount: number;
  /** What the way from the browser to the ear added, as far as the browser tells it. */
  outputDelaySeconds: number;
  outputSamplesCount: number;
}

interface Entry {
  type?: string;
  kind?: string;
  [field: string]: unknown;
}

const numberIn = (entry: Entry | undefined, field: string): number | null => {
  const value = entry?.[field];
  return typeof value === "number" ? value : null;
};

const inMs = (seconds: number | null) => (seconds === null ? null : seconds * 1000);

/** An `RTCStatsReport`, or any map like it. */
interface StatsReport {
  forEach(visit: (entry: object) => void): void;
}

export function readStats(report: StatsReport): MediaReading {
  const entries: Entry[] = [];
  report.forEach((entry) => entries.push(entry as Entry));
  const inbound = entries.find((entry) => entry.type === "inbound-rtp" && entry.kind === "audio");
  const remote = entries.find((entry) => entry.type === "remote-inbound-rtp");
  const playout = entries.find((entry) => entry.type === "media-playout" && entry.kind === "audio");
  const pair = entries.find((entry) => entry.type === "candidate-pair" && entry.nominated === true);
  return {
    packetsReceived: numberIn(inbound, "packetsReceived") ?? 0,
    packetsLost: numberIn(inbound, "packetsLost") ?? 0,
    jitterMs: inMs(numberIn(inbound, "jitter")),
    roundTripMs: inMs(numberIn(pair, "currentRoundTripTime") ?? numberIn(remote, "roundTripTime")),
    jitterBufferDelaySeconds: numberIn(inbound, "jitterBufferDelay") ?? 0,
    jitterBufferEmittedCount: numberIn(inbound, "jitterBufferEmittedCount") ?? 0,
    outputDelaySeconds: numberIn(playout, "totalPlayoutDelay") ?? 0,
    outputSamplesCount: numberIn(playout, "totalSamplesCount") ?? 0,
  };
}

export function networkBetween(before: MediaReading, now: MediaReading): Network {
  const received = now.packetsReceived - before.packetsReceived;
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  return {
    roundTripMs: now.roundTripMs,
    jitterMs: now.jitterMs,
    lossPercent: received + lost > 0 ? (100 * lost) / (received + lost) : null,
  };
}

/**
 * How long a sample waited before it was heard: the mean between two readings, in the browser's buffer and on the way
 * from there to the ear. `outputLatencyMs` stands in for the second where the readings do not tell it.
 */
export function playoutDelayMs(
  before: MediaReading,
  now: MediaReading,
  outputLatencyMs: number,
): number | null {
  const bufferMs = meanMs(
    now.jitterBufferDelaySeconds - before.jitterBufferDelaySeconds,
    now.jitterBufferEmittedCount - before.jitterBufferEmittedCount,
  );
  const outputMs = meanMs(
    now.outputDelaySeconds - before.outputDelaySeconds,
    now.outputSamplesCount - before.outputSamplesCount,
  );
  return bufferMs === null ? null : bufferMs + (outputMs ?? outputLatencyMs);
}

function meanMs(seconds: number, samples: number): number | null {
  return samples > 0 ? (1000 * seconds) / samples : null;
}
