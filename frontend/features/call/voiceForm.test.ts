import { describe, expect, it } from "vitest";

import { SHAPES } from "@/features/personas/shapes";

import type { FormName } from "./callViews";
import { arcPath, voiceForm, type Frame } from "./voiceForm";

const FORMS: FormName[] = [
  "connecting",
  "quiet",
  "muted",
  "listening",
  "silence",
  "standing",
  "thinking",
  "speaking",
  "ducked",
  "holding",
  "interrupted",
  "noMicrophone",
  "noSound",
  "reconnecting",
  "lost",
  "ended",
];

const frame = (fields: Partial<Frame> = {}): Frame => ({
  seconds: 1,
  shape: SHAPES.anselm,
  levelAt: () => 0.5,
  progress: 0.44,
  reduced: false,
  ...fields,
});

const fills = (form: FormName) => voiceForm(form, frame()).map(({ fill }) => fill);

describe("shape says whose turn it is", () => {
  it("open while it is yours", () => {
    expect(fills("listening").every((fill) => fill === undefined)).toBe(true);
    expect(fills("quiet").every((fill) => fill === undefined)).toBe(true);
  });
  it("solid while the persona speaks", () => {
    expect(fills("speaking").at(-1)).toBe("agent");
  });
  it("28 dots between the two", () => {
    expect(fills("thinking").filter((fill) => fill === "agent")).toHaveLength(28);
  });
  it("half solid, half hatched where you came in", () => {
    const halves = voiceForm("interrupted", frame()).filter(({ half }) => half);
    expect(halves.map(({ half, fill }) => [half, fill])).toEqual([
      ["left", "agent"],
      ["right", "hatch"],
    ]);
  });
  it("another persona has another form", () => {
    const core = (shape: Frame["shape"]) => voiceForm("ended", frame({ shape }))[0]?.d;
    expect(core(SHAPES.anselm)).not.toBe(core(SHAPES.mira));
  });
});

describe("motion", () => {
  it("an outer contour of the persona shows what the inner one showed before", () => {
    const ages: number[] = [];
    voiceForm("speaking", frame({ levelAt: (age) => (ages.push(age), 0.5) }));
    expect(Math.max(...ages)).toBeCloseTo(4 * 0.085);
  });
  it.each(FORMS)("%s stands still where motion is reduced", (form) => {
    const at = (seconds: number) => voiceForm(form, frame({ seconds, reduced: true }));
    expect(at(1)).toEqual(at(7.3));
  });
  it("a level is the weight of a line then, in four steps", () => {
    const widths = [0, 0.1, 0.3, 0.4, 0.6, 0.7, 0.9, 1].map(
      (level) => voiceForm("listening", frame({ reduced: true, levelAt: () => level }))[4]?.strokeWidth,
    );
    expect(new Set(widths).size).toBe(4);
  });
});

it("the ring of silence is a circle when it is full", () => {
  expect(arcPath(172, 0.44)).toMatch(/^M0 -172A172 172 0 0 1 /);
  expect(arcPath(172, 0.6)).toMatch(/A172 172 0 1 1 /);
  expect(arcPath(172, 1)).toMatch(/Z$/);
});

it("no mark holds a number that is none", () => {
  for (const form of FORMS) expect(JSON.stringify(voiceForm(form, frame()))).not.toMatch(/NaN|null|Infinity/);
});
