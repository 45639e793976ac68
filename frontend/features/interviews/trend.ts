/** How do scores over time become a line? Pure. */

import type { InterviewSummary, TrendBody } from "@/lib/api/queries";

/** One interview is no trend. */
export const FEWEST_FOR_A_TREND = 2;

export interface ScoredOn {
  interviewId: string;
  at: Date;
  personaName: string;
  points: number;
  maximum: number;
  percent: number;
  isThis: boolean;
}

/** The finished ones of a list, oldest first; none where nothing could be scored. */
export function scoredOf(interviews: readonly InterviewSummary[]): ScoredOn[] {
  return interviews
    .flatMap(({ id, status, finished_at, persona_name, score }): ScoredOn[] =>
      status === "finished" && finished_at !== null && score.percent !== null
        ? [
            {
              interviewId: id,
              at: new Date(finished_at),
              personaName: persona_name,
              points: score.points,
              maximum: score.maximum,
              percent: score.percent,
              isThis: false,
            },
          ]
        : [],
    )
    .sort((one, other) => one.at.getTime() - other.at.getTime());
}

export function scoredOfTrend(trend: readonly TrendBody[]): ScoredOn[] {
  return trend.flatMap(({ interview_id, finished_at, persona_name, points, maximum, percent, is_this }) =>
    percent === null
      ? []
      : [
          {
            interviewId: interview_id,
            at: new Date(finished_at),
            personaName: persona_name,
            points,
            maximum,
            percent,
            isThis: is_this,
          },
        ],
  );
}

/** How high is a share drawn in a plot of that height? In pixels from the top. */
export function plottedAt(percent: number, heightPx: number): number {
  return (1 - Math.min(100, Math.max(0, percent)) / 100) * heightPx;
}

/** A point an interview, at even distances: what matters is the order. Across in percent, for a plot as wide as its card. */
export function plotted(scores: readonly ScoredOn[], heightPx: number): { xPercent: number; y: number }[] {
  const step = 100 / Math.max(1, scores.length - 1);
  return scores.map(({ percent }, at) => ({ xPercent: at * step, y: plottedAt(percent, heightPx) }));
}

/** "From 42 % to 74 % in 3 interviews": what the line says, for whoever does not see it. */
export function trendWords(scores: readonly ScoredOn[]): string {
  const [first, last] = [scores[0], scores.at(-1)];
  if (!first || !last) return "";
  const percent = (value: number) => `${Math.round(value)} %`;
  return `From ${percent(first.percent)} to ${percent(last.percent)} in ${scores.length} interviews`;
}
