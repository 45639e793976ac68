import Link from "next/link";

import { Icon } from "@/components/ui/icon";
import { formatDay } from "@/lib/times";

import { interviewPath } from "./paths";
import { FEWEST_FOR_A_TREND, plotted, plottedAt, type ScoredOn, trendWords } from "./trend";

/** From nothing to all points. The width is the card's, so the plot is measured across in percent. */
const HEIGHT_PX = 120;
/** Left of the plot, for the words at its lines; `.trendplot` leaves as much. */
const LABELS_PX = 48;
const GRID_PERCENT = [40, 60, 80];

/** Scores over time, as a line and as a table; nothing before there are two. */
export function TrendChart({ scores }: { scores: readonly ScoredOn[] }) {
  if (scores.length < FEWEST_FOR_A_TREND) return null;
  return (
    <section className="card pad stack trend" aria-labelledby="trend">
      <h2 id="trend">Scores over time</h2>
      <div className="trendplot">
        <svg
          width="100%"
          height={HEIGHT_PX}
          role="img"
          aria-label={`${trendWords(scores)}. The table below has each of them.`}
        >
          <Grid />
          <Points scores={scores} />
        </svg>
      </div>
      <p className="s13 t2 num">{trendWords(scores)}.</p>
      <TrendTable scores={scores} />
    </section>
  );
}

function Grid() {
  return GRID_PERCENT.map((percent) => {
    const y = plottedAt(percent, HEIGHT_PX);
    return (
      <g key={percent}>
        <text className="trendlabel" x={-LABELS_PX} y={y} dominantBaseline="central">
          {percent} %
        </text>
        <line x1="0" x2="100%" y1={y} y2={y} stroke="var(--line-2)" strokeDasharray="2 4" />
      </g>
    );
  });
}

function Points({ scores }: { scores: readonly ScoredOn[] }) {
  const points = plotted(scores, HEIGHT_PX);
  return points.map(({ xPercent, y }, at) => {
    const before = points[at - 1];
    return (
      <g key={at}>
        {before && (
          <line
            x1={`${before.xPercent}%`}
            y1={before.y}
            x2={`${xPercent}%`}
            y2={y}
            stroke="var(--text)"
            strokeWidth="1.75"
            strokeLinecap="round"
          />
        )}
        <circle cx={`${xPercent}%`} cy={y} r={scores[at]?.isThis ? 5.5 : 3.5} fill="var(--text)" />
      </g>
    );
  });
}

function TrendTable({ scores }: { scores: readonly ScoredOn[] }) {
  const now = new Date();
  return (
    <details>
      <summary className="row s13 w5 back">
        <Icon name="forward" size="sm" />
        As a table
      </summary>
      <table className="tbl trendtable">
        <thead>
          <tr>
            <th scope="col">Interview</th>
            <th scope="col" className="r">
              Points
            </th>
            <th scope="col" className="r">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {scores.map((one) => (
            <tr key={one.interviewId}>
              <td>
                {one.isThis ? (
                  <b className="w6">{formatDay(one.at, now)}, this one</b>
                ) : (
                  <Link className="link" href={interviewPath(one.interviewId)}>
                    {formatDay(one.at, now)}, {one.personaName}
                  </Link>
                )}
              </td>
              <td className="num r">
                {one.points} of {one.maximum}
              </td>
              <td className="num r">{Math.round(one.percent)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
