import { outlinePath, type PersonaShape, shapeNamed } from "./shapes";

const RING_COUNT = 5;
const CORE_RADIUS = 66;

type StillState = "quiet" | "listening" | "speaking" | "lost" | "no-microphone";

/** The voice form standing still, for a page that is not a call: empty lists, errors, the microphone check. */
export function StillForm({ state, shape, size }: { state: StillState; shape: string; size: number }) {
  return (
    <svg className="pic" width={size} height={size} viewBox="-200 -200 400 400" aria-hidden="true">
      <StillFormMarks state={state} shape={shapeNamed(shape)} />
    </svg>
  );
}

/** The marks alone, in a 400 by 400 field around the origin: for a drawing that holds more than one. */
export function StillFormMarks({ state, shape }: { state: StillState; shape: PersonaShape }) {
  switch (state) {
    case "quiet":
      return (
        <>
          {[104, 121, 138, 155, 172].map((radius, ring) => (
            <Line
              key={radius}
              d={outlinePath(radius, null)}
              width={1.3 + 0.4 * ring}
              opacity={0.16 + 0.13 * ring}
            />
          ))}
          <HollowCore shape={shape} />
        </>
      );
    case "listening":
      return (
        <>
          {rings(listeningRing).map((ring) => (
            <Line key={ring.width} {...ring} />
          ))}
          <HollowCore shape={shape} />
        </>
      );
    case "speaking":
      return (
        <>
          {rings((ring) => speakingRing(ring, shape)).map((ring) => (
            <Line key={ring.width} {...ring} colour="agent" />
          ))}
          <path d={outlinePath(84, shape, { amplitude: 0.03, seconds: 0.4 })} fill="var(--agent)" />
        </>
      );
    case "lost":
      return (
        <>
          <HollowCore shape={shape} />
          <path d="M-106 -52A118 118 0 0 1 106 -52M-106 52A118 118 0 0 0 106 52" {...stroke("control", 3)} />
          <path d="M-16 -16L16 16M16 -16L-16 16" {...stroke("text-2", 3.5)} />
        </>
      );
    case "no-microphone":
      return (
        <>
          {[104, 121, 138, 155].map((radius) => (
            <circle
              key={radius}
              r={radius}
              {...stroke("control", 1.6)}
              strokeOpacity={0.75}
              strokeDasharray="1 9"
            />
          ))}
          <HollowCore shape={shape} />
          <g transform="translate(-21 -21) scale(2.1)" {...stroke("text", 1.7)}>
            <path d="M7 4.5a3 3 0 0 1 6 0V9M7 8v1.5a3 3 0 0 0 4.6 2.5M4.5 9.5a5.5 5.5 0 0 0 9 4.2M15.5 9.5c0 .8-.2 1.6-.5 2.3M10 15v2.5M3 3l14 14" />
          </g>
        </>
      );
  }
}

interface Ring {
  d: string;
  width: number;
  opacity: number;
}

function rings(draw: (ring: number) => Ring): Ring[] {
  return Array.from({ length: RING_COUNT }, (_, ring) => draw(ring));
}

/** Your voice moves in: the outermost ring is the strongest. */
function listeningRing(ring: number): Ring {
  const share = ring / (RING_COUNT - 1);
  return {
    d: outlinePath(107 + ring * 17, null, {
      amplitude: 0.012 + 0.045 * (0.35 + 0.65 * share),
      seconds: 0.4 + ring * 0.085,
    }),
    width: 1.3 + 1.9 * share,
    opacity: 0.2 + 0.8 * share ** 1.3,
  };
}

/** The persona's voice moves out: the innermost contour is the strongest. */
function speakingRing(ring: number, shape: PersonaShape): Ring {
  return {
    d: outlinePath(103 + ring * 18, shape, {
      amplitude: 0.01 + 0.045 * (1 - 0.1 * ring),
      seconds: 0.4 - ring * 0.085,
    }),
    width: 3 - 0.42 * ring,
    opacity: 0.92 * (1 - ring / RING_COUNT) ** 1.25 + 0.07,
  };
}

function Line({ d, width, opacity, colour = "you" }: Ring & { colour?: "you" | "agent" }) {
  return <path d={d} {...stroke(colour, width)} strokeOpacity={opacity} />;
}

function HollowCore({ shape }: { shape: PersonaShape }) {
  return <path d={outlinePath(CORE_RADIUS, shape)} {...stroke("control", 2)} />;
}

function stroke(colour: string, width: number) {
  return {
    fill: "none",
    stroke: `var(--${colour})`,
    strokeWidth: width,
    strokeLinejoin: "round",
    strokeLinecap: "round",
  } as const;
}
