import type { InterviewBody } from "@/lib/api/queries";

import { gaugeArcs } from "./gauge";
import { notScoredWords, shareWords } from "./reportWords";

/** The score on an arc: the points in ink, what could not be scored hatched at the end. */
export function Gauge({ score }: { score: InterviewBody["score"] }) {
  const { scale, points, notScored } = gaugeArcs(score);
  const stroke = { fill: "none", strokeWidth: 13, strokeLinecap: "round" } as const;
  const apart = notScoredWords(score);
  return (
    <svg
      className="gauge"
      width="232"
      height="196"
      viewBox="-116 -112 232 192"
      role="meter"
      aria-valuemin={0}
      aria-valuemax={score.out_of}
      aria-valuenow={score.points}
      aria-valuetext={`${score.points} of ${score.out_of} points`}
      aria-label={apart ? `Points. ${apart}: ${shareWords(score)}.` : "Points"}
    >
      <defs>
        <pattern
          id="not-scored"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d="M0 0V6" stroke="var(--control)" strokeWidth="2" />
        </pattern>
      </defs>
      <path d={scale} stroke="var(--line)" {...stroke} />
      {notScored && <path d={notScored} {...stroke} stroke="url(#not-scored)" strokeLinecap="butt" />}
      {points && <path d={points} stroke="var(--ink)" {...stroke} />}
      <g aria-hidden="true" textAnchor="middle">
        <text y="8" className="gauge-points">
          {score.points}
        </text>
        <text y="33" className="gauge-of">
          of {score.out_of} points
        </text>
        <text y="70" className="gauge-band">
          {score.band?.title ?? "So far"}
        </text>
      </g>
    </svg>
  );
}
