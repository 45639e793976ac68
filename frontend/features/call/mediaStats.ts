/** What does `getStats` say of the line? One reading, and what changed since the one before. Pure. */

import type { Network } from "./callMetrics";

export interface MediaReading {
  packetsReceived: number;
  packetsLost: number;
  jitterMs: number | null;
  roundTripMs: number | null;
  jitterBufferDelaySeconds: number;
  jitterBufferEmittedCount: number;
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
  const pair = entries.find((entry) => entry.type === "candidate-pair" && entry.nominated === true);
  return {
    packetsReceived: numberIn(inbound, "packetsReceived") ?? 0,
    packetsLost: numberIn(inbound, "packetsLost") ?? 0,
    jitterMs: inMs(numberIn(inbound, "jitter")),
    roundTripMs: inMs(numberIn(pair, "currentRoundTripTime") ?? numberIn(remote, "roundTripTime")),
    jitterBufferDelaySeconds: numberIn(inbound, "jitterBufferDelay") ?? 0,
    jitterBufferEmittedCount: numberIn(inbound, "jitterBufferEmittedCount") ?? 0,
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

/** How long a sample waited in the browser before it was heard: the mean between two readings. */
export function playoutDelayMs(before: MediaReading, now: MediaReading): number | null {
  const emitted = now.jitterBufferEmittedCount - before.jitterBufferEmittedCount;
  if (emitted <= 0) return null;
  return (1000 * (now.jitterBufferDelaySeconds - before.jitterBufferDelaySeconds)) / emitted;
}
