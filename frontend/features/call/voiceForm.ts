/**
 * How does a state look as a form? Pure: a form's name, the time and the levels in, marks out.
 *
 * Open outline: your turn. Solid: the persona speaks. Dots: between the two. A cut: you came in.
 * The field is 400 by 400 around the origin.
 */

import { outlinePath, type PersonaShape } from "@/features/personas/shapes";

import type { FormName } from "./callViews";

export type Colour = "agent" | "agent-soft" | "you" | "control" | "line-2" | "text" | "text-2" | "bg";

export interface Mark {
  d: string;
  fill?: Colour | "hatch";
  fillOpacity?: number;
  stroke?: Colour;
  strokeWidth?: number;
  strokeOpacity?: number;
  dash?: string;
  transform?: string;
  /** Only the half on this side of the cut is drawn. */
  half?: "left" | "right";
}

export interface Frame {
  /** Seconds on any clock that runs on. */
  seconds: number;
  shape: PersonaShape;
  /** The level of the voice that the form shows, 0 to 1, `age` seconds ago. */
  levelAt: (age: number) => number;
  /** How full the ring of silence is, 0 to 1. */
  progress: number;
  /** Nothing travels; a level is the weight of a line, in four steps. */
  reduced: boolean;
}

const RING_COUNT = 5;
/** Time between two contours: sound that moves out of the persona, or in from you. */
const CONTOUR_SECONDS = 0.085;
const DOT_COUNT = 28;
const DOT_TURNS_PER_SECOND = 0.42;
const CUT_X = 16;
/** Where the waves stand when nothing may move. */
const STILL_SECONDS = 0.35;
const LEVEL_STEPS = 3;

export function voiceForm(form: FormName, frame: Frame): Mark[] {
  return FORMS[form](frame.reduced ? stillFrame(frame) : frame);
}

function stillFrame(frame: Frame): Frame {
  const step = Math.round(frame.levelAt(0) * LEVEL_STEPS) / LEVEL_STEPS;
  return { ...frame, seconds: STILL_SECONDS, levelAt: () => step };
}

const FORMS: Record<FormName, (frame: Frame) => Mark[]> = {
  listening: (frame) => [...ringsIn(frame, 0), hollow(frame)],
  quiet: (frame) => [...stillRings(RING_COUNT), hollow(frame)],
  muted: (frame) => [...[104, 121, 138].map((radius) => circle(radius, "control", 1.5, 0.5)), hollow(frame)],
  silence: (frame) => [...silentRings(frame), line(arcPath(172, frame.progress), "text", 5)],
  standing: (frame) => [
    ...silentRings(frame),
    { ...line(arcPath(172, frame.progress), "text", 5), dash: "2 11" },
  ],
  thinking: (frame) => [
    { ...line(outlinePath(66, frame.shape), "agent", 2.5), fill: "agent-soft" },
    ...Array.from({ length: DOT_COUNT }, (_, dot) => dotMark(dot, frame)),
  ],
  speaking: (frame) => [...ringsOut(frame), solid(80 + moved(frame, 8), frame)],
  ducked: (frame) => [
    ...ringsIn(frame, 2),
    { ...line(outlinePath(74, frame.shape), "agent", 2), fill: "agent-soft" },
    solid(40 + moved(frame, 4), frame),
  ],
  holding: (frame) => [
    ...ringsIn(frame, 2),
    { d: outlinePath(74, frame.shape), fill: "agent" },
    { d: `${barPath(-19)}${barPath(7)}`, fill: "bg" },
  ],
  interrupted: (frame) => {
    const outline = outlinePath(82, frame.shape, { amplitude: 0.03, seconds: frame.seconds });
    return [
      ...ringsIn(frame, 2),
      { d: outline, fill: "agent", half: "left" },
      { ...line(outline, "control", 2), fill: "hatch", half: "right", transform: `translate(${CUT_X} 0)` },
      line(`M${CUT_X} -112V112`, "you", 5),
    ];
  },
  connecting: (frame) => [
    hollow(frame),
    circle(118, "line-2", 3),
    {
      ...line(arcPath(118, 0.22), "text", 3),
      transform: `rotate(${((frame.seconds * 220) % 360).toFixed(1)})`,
    },
  ],
  reconnecting: (frame) => [
    { ...hollow(frame), dash: "7 7" },
    ...[104, 121, 138].map((radius, ring) => dashedRing(radius, ring, frame.seconds)),
  ],
  lost: (frame) => [
    hollow(frame),
    line("M-106 -52A118 118 0 0 1 106 -52M-106 52A118 118 0 0 0 106 52", "control", 3),
    line("M-16 -16L16 16M16 -16L-16 16", "text-2", 3.5),
  ],
  noMicrophone: (frame) => [
    ...[104, 121, 138, 155].map((radius) => ({ ...circle(radius, "control", 1.6, 0.75), dash: "1 9" })),
    hollow(frame),
    { ...line(MICROPHONE_OFF, "text", 1.7), transform: "translate(-21 -21) scale(2.1)" },
  ],
  noSound: (frame) => [
    ...[100, 118, 136, 154].map((radius, ring) => ({
      ...line(outlinePath(radius, frame.shape), "agent", 2 - 0.3 * ring, 0.9 - 0.2 * ring),
      dash: "1 9",
    })),
    { ...line(outlinePath(66, frame.shape), "agent", 2), fill: "agent-soft" },
    { ...line(SPEAKER_OFF, "text", 1.6), transform: "translate(-23 -23) scale(2.3)" },
  ],
  ended: (frame) => [{ ...line(outlinePath(66, frame.shape), "agent", 2), fill: "agent-soft" }],
};

const MICROPHONE_OFF =
  "M7 4.5a3 3 0 0 1 6 0V9M7 8v1.5a3 3 0 0 0 4.6 2.5M4.5 9.5a5.5 5.5 0 0 0 9 4.2M15.5 9.5c0 .8-.2 1.6-.5 2.3M10 15v2.5M3 3l14 14";
const SPEAKER_OFF = "M3.5 8v4h2.7l3.8 3V5L6.2 8zM13.2 8l4 4M17.2 8l-4 4";

function line(d: string, stroke: Colour, strokeWidth: number, strokeOpacity = 1): Mark {
  return { d, stroke, strokeWidth, strokeOpacity };
}

function hollow({ shape }: Frame): Mark {
  return line(outlinePath(66, shape), "control", 2);
}

function solid(radius: number, frame: Frame): Mark {
  const amplitude = 0.02 + moved(frame, 0.035);
  return { d: outlinePath(radius, frame.shape, { amplitude, seconds: frame.seconds }), fill: "agent" };
}

/** One of two bars that say "paused", from `x` on. */
function barPath(x: number): string {
  return `M${x} -20a4 4 0 0 1 4 -4h4a4 4 0 0 1 4 4v40a4 4 0 0 1 -4 4h-4a4 4 0 0 1 -4 -4Z`;
}

function circlePath(radius: number): string {
  return `M0 ${-radius}A${radius} ${radius} 0 1 1 -0.01 ${-radius}Z`;
}

function circle(radius: number, stroke: Colour, width: number, opacity = 1): Mark {
  return line(circlePath(radius), stroke, width, opacity);
}

/** A part of a circle, clockwise from the top. */
export function arcPath(radius: number, part: number): string {
  if (part >= 0.999) return circlePath(radius);
  const angle = Math.max(0, part) * 2 * Math.PI - Math.PI / 2;
  const end = `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  return `M0 ${-radius}A${radius} ${radius} 0 ${part > 0.5 ? 1 : 0} 1 ${end}`;
}

function stillRings(count: number): Mark[] {
  return Array.from({ length: count }, (_, ring) =>
    line(outlinePath(104 + 17 * ring, null), "you", 1.3 + 0.4 * ring, 0.16 + 0.13 * ring),
  );
}

/** You are silent, and the ring around you is counted on. */
function silentRings(frame: Frame): Mark[] {
  return [
    ...[104, 121, 138].map((radius, ring) => line(outlinePath(radius, null), "you", 1.4, 0.26 + 0.12 * ring)),
    hollow(frame),
    circle(172, "line-2", 5),
  ];
}

/** How far the level moves something now; nothing where motion is reduced. */
function moved(frame: Frame, most: number, age = 0): number {
  return frame.reduced ? 0 : most * frame.levelAt(age);
}

/** Where motion is reduced, the level is the weight of the lines instead. */
function weight(frame: Frame, width: number): number {
  return frame.reduced ? width * (0.6 + 0.8 * frame.levelAt(0)) : width;
}

/** Your voice moves in: the outermost ring is the newest and the strongest. */
function ringsIn(frame: Frame, from: number): Mark[] {
  return rings(from, (ring) => {
    const share = ring / (RING_COUNT - 1);
    const age = (RING_COUNT - 1 - ring) * CONTOUR_SECONDS;
    const amplitude = 0.012 + moved(frame, 0.075, age) * (0.35 + 0.65 * share);
    const d = outlinePath(104 + ring * 17 + moved(frame, 5, age), null, {
      amplitude,
      seconds: frame.seconds - age,
    });
    return line(d, "you", weight(frame, 1.3 + 1.9 * share), 0.2 + 0.8 * share ** 1.3);
  });
}

/** The persona's voice moves out: the innermost contour is the newest and the strongest. */
function ringsOut(frame: Frame): Mark[] {
  return rings(0, (ring) => {
    const age = ring * CONTOUR_SECONDS;
    const amplitude = 0.01 + moved(frame, 0.075, age) * (1 - 0.1 * ring);
    const d = outlinePath(100 + ring * 18 + moved(frame, 5, age), frame.shape, {
      amplitude,
      seconds: frame.seconds - age,
    });
    const opacity = 0.92 * (1 - ring / RING_COUNT) ** 1.25 + 0.07;
    return line(d, "agent", weight(frame, 3 - 0.42 * ring), opacity);
  });
}

function rings(from: number, draw: (ring: number) => Mark): Mark[] {
  return Array.from({ length: RING_COUNT - from }, (_, index) => draw(index + from));
}

function dotMark(dot: number, { seconds }: Frame): Mark {
  const angle = (dot / DOT_COUNT) * 2 * Math.PI - Math.PI / 2;
  const phase = (((dot / DOT_COUNT - seconds * DOT_TURNS_PER_SECOND) % 1) + 1) % 1;
  const radius = 1.8 + 5.2 * phase ** 2.2;
  const [x, y] = [118 * Math.cos(angle), 118 * Math.sin(angle)];
  const r = radius.toFixed(2);
  const d = `M${(x - radius).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${(2 * radius).toFixed(2)} 0a${r} ${r} 0 1 0 ${(-2 * radius).toFixed(2)} 0Z`;
  return { d, fill: "agent", fillOpacity: 0.3 + 0.7 * phase };
}

function dashedRing(radius: number, ring: number, seconds: number): Mark {
  const turn = (((ring % 2 ? -1 : 1) * seconds * 26 + ring * 23) % 360).toFixed(1);
  return {
    ...circle(radius, "control", 2, 0.9 - 0.25 * ring),
    dash: `${10 + ring * 3} ${12 + ring * 5}`,
    transform: `rotate(${turn})`,
  };
}
