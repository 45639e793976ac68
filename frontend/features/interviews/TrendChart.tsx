import Link from "next/link";

import { Icon } from "@/components/ui/icon";
import { formatDay } from "@/lib/times";

import { interviewPath } from "./paths";
import { FEWEST_FOR_A_TREND, plotted, type ScoredOn, trendWords } from "./trend";

const PLOT = { width: 640, height: 132, inset: 14 };
const GRID_PERCENT = [40, 60, 80];

/** Scores over time, as a line and as a table; nothing before there are two. */
export function TrendChart({ scores }: { scores: readonly ScoredOn[] }) {
  if (scores.length < FEWEST_FOR_A_TREND) return null;
  const points = plotted(scores, PLOT);
  const height = (percent: number) => PLOT.inset + (1 - percent / 100) * (PLOT.height - 2 * PLOT.inset);
  return (
    <section className="card pad stack trend" aria-labelledby="trend">
      <h2 id="trend">Scores over time</h2>
      <svg
        viewBox={`0 0 ${PLOT.width} ${PLOT.height}`}
        width="100%"
        role="img"
        aria-label={`${trendWords(scores)}. The table below has each of them.`}
      >
        {GRID_PERCENT.map((percent) => (
          <path
            key={percent}
            d={`M${PLOT.inset} ${height(percent)}H${PLOT.width - PLOT.inset}`}
            stroke="var(--line)"
            strokeDasharray="2 4"
          />
        ))}
        <path
          d={`M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`}
          fill="none"
          stroke="var(--text)"
          strokeWidth="1.75"
          strokeLinejoin="round"
        />
        {points.map(({ x, y }, at) => (
          <circle key={at} cx={x} cy={y} r={scores[at]?.isThis ? 5.5 : 3.5} fill="var(--text)" />
        ))}
      </svg>
      <p className="s13 t2 num">{trendWords(scores)}. Lines at 40, 60 and 80 %.</p>
      <TrendTable scores={scores} />
    </section>
  );
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
