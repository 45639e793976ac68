import { waterfallOf, type WaterfallStage } from "@/features/call/callMetrics";
import type { TurnBody } from "@/lib/api/queries";
import { formatSeconds } from "@/lib/times";

const KEY: readonly [WaterfallStage, string][] = [
  ["waited", "Waited"],
  ["heard", "Heard"],
  ["thought", "Thought"],
  ["voiced", "Voiced"],
];

/** For each turn, where the time went between the last word and the first sound. */
export function TimesCard({ turns }: { turns: readonly TurnBody[] }) {
  const measured = turns.flatMap((turn) => {
    const waterfall = waterfallOf({ turn_id: turn.turn_id, type: "turn_metrics", ...turn.metrics });
    return waterfall ? [{ number: turn.number, ...waterfall }] : [];
  });
  if (measured.length === 0) return null;
  const longestMs = Math.max(...measured.map(({ totalMs }) => totalMs));
  return (
    <section className="card pad stack gap-3.5" aria-labelledby="times">
      <div>
        <h2 id="times">Where the time went</h2>
        <p className="s13 t2">From your last word to the first sound, for each turn</p>
      </div>
      <ol className="wf gap-[9px]">
        {measured.map(({ number, stages, totalMs }) => (
          <li key={number} className="row num s12 gap-2.5">
            <span className="t2 w-4 text-right">{number}</span>
            <span
              className="wfbar grow h-3"
              role="img"
              aria-label={stages.map(({ label, ms }) => `${label} ${formatSeconds(ms)}`).join(", ")}
            >
              {stages.map(({ stage, ms }) => (
                <span key={stage} className={stage} style={{ width: `${(ms / longestMs) * 100}%` }} />
              ))}
            </span>
            <span className="w-[46px] text-right">{formatSeconds(totalMs)}</span>
          </li>
        ))}
      </ol>
      <div className="wf">
        <p className="wfkey flex-wrap justify-start gap-x-3.5 gap-y-1.5">
          {KEY.map(([stage, label]) => (
            <span key={stage}>
              <span className={`sw ${stage}`} />
              {label}
            </span>
          ))}
        </p>
      </div>
    </section>
  );
}
