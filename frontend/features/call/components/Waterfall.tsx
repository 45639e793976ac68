import { classNames } from "@/lib/classNames";

import { seconds, waterfallOf } from "../callMetrics";
import type { TurnMetrics } from "../signaling";

/** Where the time of the last reply went. */
export function Waterfall({ metrics, title }: { metrics: TurnMetrics | undefined; title: string }) {
  const waterfall = waterfallOf(metrics);
  if (!waterfall) return null;
  const { stages, totalMs } = waterfall;
  const spoken = stages.map(({ label, ms }) => `${label.toLowerCase()} ${seconds(ms)}`).join(", ");
  return (
    <div className="wf">
      <div className="row s13">
        <span className="w6">{title}</span>
        <span className="t2 end">
          <b className="num wf-total">{seconds(totalMs)}</b> after your last word
        </span>
      </div>
      <div className="wfbar" role="img" aria-label={`The reply came after ${seconds(totalMs)}: ${spoken}`}>
        {stages.map(({ stage, ms }) => (
          <span key={stage} className={stage} style={{ flex: ms }} />
        ))}
      </div>
      <div className="wfkey">
        {stages.map(({ stage, label, ms }) => (
          <span key={stage}>
            <span className={classNames("sw", stage)} />
            {label}
            <b className="num">{seconds(ms)}</b>
          </span>
        ))}
      </div>
    </div>
  );
}
