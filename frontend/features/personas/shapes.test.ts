import { describe, expect, it } from "vitest";

import { outlinePath, shapeNamed, SHAPES } from "./shapes";

function pointsOf(path: string): [number, number][] {
  return [...path.matchAll(/Q(-?[\d.]+) (-?[\d.]+)/g)].map((match) => [Number(match[1]), Number(match[2])]);
}

describe("a persona's outline", () => {
  it("is closed and has eighty curves", () => {
    const path = outlinePath(88, SHAPES.juno);
    expect(path).toMatch(/^M.*Z$/);
    expect(pointsOf(path)).toHaveLength(80);
  });

  it("stands out as far as its lobes are deep", () => {
    const radii = pointsOf(outlinePath(100, SHAPES.sol)).map(([x, y]) => Math.hypot(x, y));
    expect(Math.max(...radii)).toBeCloseTo(111, 0);
    expect(Math.min(...radii)).toBeCloseTo(89, 0);
  });

  it("is a ring where it is nobody's", () => {
    for (const [x, y] of pointsOf(outlinePath(50, null))) expect(Math.hypot(x, y)).toBeCloseTo(50, 0);
  });

  it("moves with the voice and with time", () => {
    const still = outlinePath(80, SHAPES.mira);
    const loud = outlinePath(80, SHAPES.mira, { amplitude: 0.1, seconds: 1 });
    expect(loud).not.toBe(still);
    expect(outlinePath(80, SHAPES.mira, { amplitude: 0.1, seconds: 2 })).not.toBe(loud);
  });

  it("is different for each persona", () => {
    const paths = Object.values(SHAPES).map((shape) => outlinePath(88, shape));
    expect(new Set(paths).size).toBe(paths.length);
  });

  it("falls back to the calmest shape for a name that this page does not draw", () => {
    expect(shapeNamed("dodecahedron")).toBe(SHAPES.anselm);
    expect(shapeNamed(undefined)).toBe(SHAPES.anselm);
  });
});
