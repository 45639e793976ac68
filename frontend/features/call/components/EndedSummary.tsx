import { clock, meanReplyMs, seconds } from "../callMetrics";
import type { CallState } from "../callState";
import { summaryOf } from "../callOutcome";

/** What the call was, in four numbers. */
export function EndedSummary({ state }: { state: CallState }) {
  const { durationMs, turnCount, interruptionCount } = summaryOf(state);
  const meanMs = meanReplyMs(state.metrics);
  const numbers = [
    { label: "Duration", value: clock(durationMs) },
    { label: "Your turns", value: String(turnCount) },
    { label: "Mean reply time", value: meanMs === null ? "–" : seconds(meanMs) },
    { label: "You came in", value: interruptionCount === 1 ? "once" : `${interruptionCount} times` },
  ];
  return (
    <dl className="statgrid summary">
      {numbers.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
