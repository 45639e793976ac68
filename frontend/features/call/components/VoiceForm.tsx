"use client";

import { useEffect, useId, useRef } from "react";

import { shapeNamed, type PersonaShape } from "@/features/personas/shapes";

import type { FormName } from "../callViews";
import type { Levels } from "../levels";
import { ringAt, type SilenceRing } from "../silenceRing";
import { useReducedMotion } from "../useMediaQuery";
import { voiceForm, type Frame } from "../voiceForm";
import { LevelTrail } from "./levelTrail";
import { MarkPainter } from "./markPainter";

interface VoiceFormProps {
  form: FormName;
  shape: string;
  levels: Levels;
  ring: SilenceRing | null;
}

const RING_FORMS: ReadonlySet<FormName> = new Set(["silence", "standing"]);

/** The hero of the call: the state as a form, drawn with the screen's own beat. Two layers let states cross-fade. */
export function VoiceForm({ form, shape, levels, ring }: VoiceFormProps) {
  const id = useId();
  const back = useRef<SVGGElement>(null);
  const fore = useRef<SVGGElement>(null);
  const painters = useRef<MarkPainter[]>([]);
  const front = useRef(0);
  const seconds = useRef<SVGTextElement | null>(null);
  const isReduced = useReducedMotion();

  useEffect(() => {
    painters.current = [back, fore].flatMap(({ current }) => (current ? [new MarkPainter(current, id)] : []));
  }, [back, fore, id]);
  useEffect(() => {
    front.current = 1 - front.current;
    painters.current.forEach((painter, index) => painter.show(index === front.current));
  }, [form]);

  useEffect(() => {
    const painter = painters.current[front.current];
    if (!painter) return;
    const trail = new LevelTrail();
    const persona = shapeNamed(shape);
    let request = requestAnimationFrame(function draw(nowMs) {
      trail.push(nowMs, levelFor(form, levels));
      const { part, words } = ringAt(ring, performance.now(), isReduced);
      painter.paint(voiceForm(form, frameAt(nowMs, persona, trail, part, isReduced)));
      if (seconds.current) seconds.current.textContent = RING_FORMS.has(form) ? words : "";
      request = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(request);
  }, [form, shape, levels, ring, isReduced]);

  return (
    <svg className="form" viewBox="-200 -200 400 400" aria-hidden="true" data-form={form}>
      <defs>
        <clipPath id={`${id}-left`}>
          <rect x="-200" y="-200" width="208" height="400" />
        </clipPath>
        <clipPath id={`${id}-right`}>
          <rect x="8" y="-200" width="220" height="400" />
        </clipPath>
        <pattern
          id={`${id}-hatch`}
          width="7"
          height="7"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <path d="M0 0V7" stroke="var(--control)" strokeWidth="1.6" />
        </pattern>
      </defs>
      <g ref={back} className="form-layer" />
      <g ref={fore} className="form-layer" />
      <text ref={seconds} y="9" textAnchor="middle" className="form-seconds" />
    </svg>
  );
}

function frameAt(
  nowMs: number,
  shape: PersonaShape,
  trail: LevelTrail,
  progress: number,
  reduced: boolean,
): Frame {
  return {
    seconds: nowMs / 1000,
    shape,
    levelAt: (age) => trail.at(nowMs - age * 1000),
    progress,
    reduced,
  };
}

/** Your voice moves them. */
const YOUR_FORMS: ReadonlySet<FormName> = new Set(["listening", "interrupted", "ducked", "holding"]);

function levelFor(form: FormName, levels: Levels): number {
  if (form === "speaking") return levels.agent();
  return YOUR_FORMS.has(form) ? levels.user() : 0;
}
