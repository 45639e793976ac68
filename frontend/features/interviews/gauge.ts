/** How is a score drawn on an arc? Pure geometry: 240 degrees, open below. */

export const GAUGE_RADIUS = 92;
const START_DEGREES = 150;
const SWEEP_DEGREES = 240;
/** Between the points and what could not be scored. */
const GAP_SHARE = 0.012;

/** The arc between two shares of the whole, each 0 to 1. */
export function arc(from: number, to: number): string {
  const large = (to - from) * SWEEP_DEGREES > 180 ? 1 : 0;
  return `M${pointAt(from)}A${GAUGE_RADIUS} ${GAUGE_RADIUS} 0 ${large} 1 ${pointAt(to)}`;
}

function pointAt(share: number): string {
  const radians = ((START_DEGREES + SWEEP_DEGREES * share) * Math.PI) / 180;
  return `${(GAUGE_RADIUS * Math.cos(radians)).toFixed(2)} ${(GAUGE_RADIUS * Math.sin(radians)).toFixed(2)}`;
}

export interface GaugeArcs {
  scale: string;
  /** `null`: no point yet. */
  points: string | null;
  /** What could not be scored, at the end; `null`: nothing. */
  notScored: string | null;
}

interface Score {
  points: number;
  out_of: number;
  maximum: number;
}

export function gaugeArcs({ points, out_of, maximum }: Score): GaugeArcs {
  const scored = out_of === 0 ? 1 : Math.min(1, maximum / out_of);
  const reached = out_of === 0 ? 0 : Math.min(scored, points / out_of);
  const hasHatch = scored < 1;
  return {
    scale: arc(0, hasHatch ? Math.max(0, scored - GAP_SHARE) : 1),
    points: reached > 0 ? arc(0, reached) : null,
    notScored: hasHatch ? arc(scored + GAP_SHARE, 1) : null,
  };
}
