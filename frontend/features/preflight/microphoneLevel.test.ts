import { expect, it } from "vitest";

import { levelDbfs } from "./microphoneLevel";

it("measures a full-scale sine at -3 dBFS", () => {
  const sine = Float32Array.from({ length: 4_800 }, (_, sample) => Math.sin((2 * Math.PI * sample) / 48));
  expect(levelDbfs(sine)).toBeCloseTo(-3.01, 1);
});

it("measures silence, and no samples at all, as -96 dBFS", () => {
  expect(levelDbfs(new Float32Array(64))).toBe(-96);
  expect(levelDbfs(new Float32Array(0))).toBe(-96);
});
