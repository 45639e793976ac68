/** How a persona yields, drawn in time from left to right: its voice above, yours below, and where it stops for you. */

interface MannerTiming {
  /** How long it goes on quietly while it checks whether you mean it, as the length of the thin line. */
  checking: number;
  /** What follows: it stops, or it carries on because only a stop word counts. */
  then: "stops" | "carries-on";
}

const TIMINGS: Record<string, MannerTiming> = {
  eager: { checking: 11.8, then: "stops" },
  balanced: { checking: 22.5, then: "stops" },
  patient: { checking: 33.1, then: "stops" },
  "stop-words-only": { checking: 30.3, then: "carries-on" },
};

const CHECKING_FROM = 37.6;
const WIDTH = 108;

export function MannerPicture({ manner }: { manner: string }) {
  const timing = TIMINGS[manner] ?? { checking: 22.5, then: "stops" };
  const checkedAt = CHECKING_FROM + timing.checking;
  const yourWidth = timing.then === "stops" ? 79.9 : 33.3;
  return (
    <svg width={WIDTH} height="26" viewBox="-1 0 110 26" aria-hidden="true">
      <rect x="0" y="2.9" width="36.1" height="8.8" rx="2" fill="var(--agent)" />
      <rect x={CHECKING_FROM} y="5.8" width={timing.checking} height="3" rx="1.5" fill="var(--agent)" />
      {timing.then === "stops" ? (
        <path d={`M${checkedAt + 3} 1.9v10.8`} stroke="var(--text-2)" strokeWidth="1.5" />
      ) : (
        <rect
          x={checkedAt + 1.5}
          y="2.9"
          width={WIDTH - checkedAt - 1.5}
          height="8.8"
          rx="2"
          fill="var(--agent)"
        />
      )}
      <rect
        x="28.1"
        y="14.8"
        width={yourWidth}
        height="8.8"
        rx="2"
        fill="none"
        stroke="var(--you)"
        strokeWidth="1.75"
      />
    </svg>
  );
}
