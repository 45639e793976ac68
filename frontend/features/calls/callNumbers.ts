/** What does a finished call amount to in numbers? */

import type { CallBody, TurnTimes } from "@/lib/api/queries";

export interface CallNumbers {
  cameInCount: number;
  /** Turn over → first sound, the middle one of all replies. */
  medianReplyMs: number | null;
  /** How far the voice stood above the room, the mean of all turns. */
  snrDb: number | null;
  /** Share of samples at the rails, the worst turn. */
  clippingPercent: number | null;
}

export function callNumbers(call: Pick<CallBody, "turns">): CallNumbers {
  const metrics = call.turns.map((turn) => turn.metrics);
  const snrs = measured(metrics, "snr_db");
  const clippings = measured(metrics, "clipping_percent");
  return {
    cameInCount: call.turns.filter((turn) => turn.interrupted && turn.heard_upto > 0).length,
    medianReplyMs: medianOf(measured(metrics, "reply_latency_ms")),
    snrDb: snrs.length ? snrs.reduce((sum, snr) => sum + snr, 0) / snrs.length : null,
    clippingPercent: clippings.length ? Math.max(...clippings) : null,
  };
}

function measured(metrics: readonly TurnTimes[], name: keyof TurnTimes): number[] {
  return metrics.flatMap((times) => times[name] ?? []);
}

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
