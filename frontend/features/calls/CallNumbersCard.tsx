import type { CallBody } from "@/lib/api/queries";
import { formatLength, formatSeconds } from "@/lib/times";

import { callNumbers } from "./callNumbers";
import { times } from "./callWords";

export function CallNumbersCard({ call }: { call: CallBody }) {
  const { cameInCount, medianReplyMs } = callNumbers(call);
  const cells = [
    { label: "Turns", value: String(call.turn_count) },
    { label: "Length", value: formatLength(call.duration_seconds) },
    { label: "You came in", value: cameInCount ? times(cameInCount) : "never" },
    { label: "Reply, median", value: formatSeconds(medianReplyMs) },
  ];
  return (
    <section className="card pad stack" aria-labelledby="this-call">
      <h2 id="this-call">This call</h2>
      <dl className="statgrid">
        {cells.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** How the microphone did; nothing where nothing was measured. */
export function SoundCard({ call }: { call: CallBody }) {
  const { snrDb, clippingPercent } = callNumbers(call);
  if (snrDb === null && clippingPercent === null) return null;
  return (
    <section className="card pad stack gap-2" aria-labelledby="sound">
      <h2 id="sound">Sound</h2>
      <dl className="s13 grid grid-cols-[1fr_auto] gap-x-3 gap-y-1.5">
        {snrDb !== null && (
          <>
            <dt className="t2">Above the room’s noise</dt>
            <dd className="num">{Math.round(snrDb)} dB</dd>
          </>
        )}
        {clippingPercent !== null && (
          <>
            <dt className="t2">Clipped at most</dt>
            <dd className="num">{clippingPercent.toFixed(1)} %</dd>
          </>
        )}
      </dl>
    </section>
  );
}
