/** What does a persona look like? A round form with lobes of its own; the voice form moves it, a card shows it still. */

export interface PersonaShape {
  /** How many lobes go round the form. */
  lobes: number;
  /** How far a lobe stands out, as a share of the radius. */
  depth: number;
  /** Where the first lobe points, in radians. */
  turn: number;
}

export const SHAPES = {
  juno: { lobes: 2, depth: 0.14, turn: 0.6 },
  anselm: { lobes: 6, depth: 0.042, turn: 0.52 },
  mira: { lobes: 4, depth: 0.065, turn: 0.785 },
  sol: { lobes: 3, depth: 0.11, turn: -0.52 },
  orla: { lobes: 5, depth: 0.085, turn: -0.314 },
} as const satisfies Record<string, PersonaShape>;

export type ShapeName = keyof typeof SHAPES;

/** A persona made elsewhere may name a shape that this page does not draw: it gets the calmest one. */
const FALLBACK: ShapeName = "anselm";

export function shapeNamed(name: string | undefined): PersonaShape {
  return name !== undefined && name in SHAPES ? SHAPES[name as ShapeName] : SHAPES[FALLBACK];
}

/** The four waves that a voice draws on an outline: crests around it, radians a second, phase, share. */
const VOICE_WAVES = [
  { crests: 3, speed: 1.9, phase: 0, share: 0.52 },
  { crests: 5, speed: -2.6, phase: 1, share: 0.3 },
  { crests: 8, speed: 3.4, phase: 2, share: 0.24 },
  { crests: 13, speed: -4.1, phase: 0, share: 0.14 },
] as const;

const POINT_COUNT = 80;

interface OutlineMotion {
  /** How much of the radius the voice moves; 0 is still. */
  amplitude?: number;
  /** Where in time the waves stand. */
  seconds?: number;
}

/**
 * The closed outline of a form around the origin, as SVG path data. `null` is a plain ring: the caller's.
 *
 * Quadratic curves through the middles of neighbouring points, so that the line has no corners.
 */
export function outlinePath(
  radius: number,
  shape: PersonaShape | null,
  { amplitude = 0, seconds = 0 }: OutlineMotion = {},
): string {
  const points = Array.from({ length: POINT_COUNT }, (_, index): [number, number] => {
    const angle = (index / POINT_COUNT) * Math.PI * 2;
    const distance = radius * lobeAt(angle, shape) * (1 + amplitude * waveAt(angle, seconds));
    return [distance * Math.cos(angle), distance * Math.sin(angle)];
  });
  return curveThrough(points);
}

function lobeAt(angle: number, shape: PersonaShape | null): number {
  return shape ? 1 + shape.depth * Math.cos(shape.lobes * (angle - shape.turn)) : 1;
}

function waveAt(angle: number, seconds: number): number {
  return VOICE_WAVES.reduce(
    (sum, { crests, speed, phase, share }) =>
      sum + share * Math.sin(crests * angle + speed * seconds + phase),
    0,
  );
}

function curveThrough(points: readonly [number, number][]): string {
  const middles = points.map((point, index) => {
    const [x, y] = points[(index + 1) % points.length] ?? point;
    return `${((point[0] + x) / 2).toFixed(1)} ${((point[1] + y) / 2).toFixed(1)}`;
  });
  const curves = points.map(([x, y], index) => `Q${x.toFixed(1)} ${y.toFixed(1)} ${middles[index] ?? ""}`);
  return `M${middles.at(-1) ?? ""}${curves.join("")}Z`;
}
