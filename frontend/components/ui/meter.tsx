import { classNames } from "@/lib/classNames";

const BAR_COUNT = 32;
const FLOOR_DBFS = -60;

interface MeterProps {
  label: string;
  /** Level now, -60 (silence) to 0 (the rails). */
  dbfs: number;
  /** The loudest of late. */
  peakDbfs?: number;
}

function barsFor(dbfs: number): number {
  return Math.round((1 - Math.max(FLOOR_DBFS, Math.min(0, dbfs)) / FLOOR_DBFS) * BAR_COUNT);
}

/** A level in 32 bars. It is silent: what the level means is said elsewhere in words. */
export function Meter({ label, dbfs, peakDbfs = FLOOR_DBFS }: MeterProps) {
  const lit = barsFor(dbfs);
  const peak = barsFor(peakDbfs);
  return (
    <div
      className="meter"
      role="meter"
      aria-label={label}
      aria-valuemin={FLOOR_DBFS}
      aria-valuemax={0}
      aria-valuenow={Math.round(Math.max(FLOOR_DBFS, Math.min(0, dbfs)))}
    >
      {Array.from({ length: BAR_COUNT }, (_, bar) => (
        <i key={bar} className={classNames(bar < lit && "on", bar > lit && bar === peak && "pk")} />
      ))}
    </div>
  );
}
