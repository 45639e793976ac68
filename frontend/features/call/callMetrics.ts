/** Where did the time of a reply go, and how is the line? Numbers for the waterfall, the stats and the summary. */

import type { TurnMetrics } from "./signaling";

export const REPLIES_SHOWN = 12;

export type WaterfallStage = "waited" | "heard" | "thought" | "voiced";

export interface Waterfall {
  stages: { stage: WaterfallStage; label: string; ms: number }[];
  totalMs: number;
}

const STAGES = [
  ["waited", "Waited", "end_of_turn_ms"],
  ["heard", "Heard", "stt_ms"],
  ["thought", "Thought", "llm_first_token_ms"],
  ["voiced", "Voiced", "tts_first_audio_ms"],
] as const;

/** The last turn that was answered: one without words has no reply's times. */
export function lastAnswered(metrics: readonly TurnMetrics[]): TurnMetrics | undefined {
  return metrics.findLast(isAnswered);
}

function isAnswered(metrics: TurnMetrics): boolean {
  return metrics.reply_latency_ms != null;
}

/** The stages that were measured; `null` where there was no reply. */
export function waterfallOf(metrics: TurnMetrics | undefined): Waterfall | null {
  if (!metrics || !isAnswered(metrics)) return null;
  const stages = STAGES.flatMap(([stage, label, field]) => {
    const ms = metrics[field];
    return ms == null ? [] : [{ stage, label, ms }];
  });
  const totalMs = metrics.voice_to_voice_ms ?? stages.reduce((sum, { ms }) => sum + ms, 0);
  return stages.length > 0 ? { stages, totalMs } : null;
}

export interface ReplyTimes {
  latenciesMs: number[];
  medianMs: number;
  slowestMs: number;
}

/** Turn over → first sound, of the last twelve replies. */
export function replyTimes(metrics: readonly TurnMetrics[]): ReplyTimes | null {
  const latenciesMs = latencies(metrics).slice(-REPLIES_SHOWN);
  if (latenciesMs.length === 0) return null;
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return { latenciesMs, medianMs: (upper + lower) / 2, slowestMs: sorted.at(-1) ?? 0 };
}

export function meanReplyMs(metrics: readonly TurnMetrics[]): number | null {
  const all = latencies(metrics);
  return all.length > 0 ? all.reduce((sum, ms) => sum + ms, 0) / all.length : null;
}

function latencies(metrics: readonly TurnMetrics[]): number[] {
  return metrics.flatMap(({ reply_latency_ms: ms }) => (ms == null ? [] : [ms]));
}

export interface Network {
  roundTripMs: number | null;
  jitterMs: number | null;
  lossPercent: number | null;
}

export type Quality = { bars: 1 | 2 | 3; word: "Good" | "Fair" | "Poor" };

const LIMITS = {
  fair: { roundTripMs: 200, jitterMs: 30, lossPercent: 2 },
  poor: { roundTripMs: 400, jitterMs: 60, lossPercent: 6 },
};

/** The worst of the three decides. */
export function qualityOf(network: Network): Quality {
  const over = (limits: (typeof LIMITS)["fair"]) =>
    (network.roundTripMs ?? 0) > limits.roundTripMs ||
    (network.jitterMs ?? 0) > limits.jitterMs ||
    (network.lossPercent ?? 0) > limits.lossPercent;
  if (over(LIMITS.poor)) return { bars: 1, word: "Poor" };
  return over(LIMITS.fair) ? { bars: 2, word: "Fair" } : { bars: 3, word: "Good" };
}

/** `3420` → `3.42 s`. */
export function seconds(ms: number, digits = 2): string {
  return `${(ms / 1000).toFixed(digits)} s`;
}

/** `47_900` → `0:47`; an hour and more as `1:02:03`. */
export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}
