"use client";

import { useEffect, useRef } from "react";

import type { Levels } from "../levels";
import { useReducedMotion } from "../useMediaQuery";
import { LevelTrail } from "./levelTrail";

const BARS = [0, 1, 2, 3];
const LOWEST_PX = 4;
const HIGHEST_PX = 18;
const BAR_SECONDS = 0.06;

/** Where nothing may move, the bars stand as stairs, and so many of them are lit. */
const STAIRS = [0.2, 0.45, 0.7, 1];
const UNLIT = "0.3";

/** Your level inside the mute button: the newest bar is the last. It says nothing that the words do not. */
export function LevelBars({ levels, isOn }: { levels: Levels; isOn: boolean }) {
  const isReduced = useReducedMotion();
  const bars = useRef<(HTMLElement | null)[]>([]);
  useEffect(() => {
    const trail = new LevelTrail();
    const show = (index: number, level: number, isLit = true) => {
      const bar = bars.current[index];
      if (!bar) return;
      bar.style.height = `${(LOWEST_PX + (HIGHEST_PX - LOWEST_PX) * level).toFixed(1)}px`;
      bar.style.opacity = isLit ? "" : UNLIT;
    };
    if (!isOn) {
      BARS.forEach((index) => show(index, 0));
      return;
    }
    let request = requestAnimationFrame(function draw(nowMs) {
      const level = levels.user();
      trail.push(nowMs, level);
      const lit = Math.round(level * BARS.length);
      BARS.forEach((index) => {
        const ageMs = (BARS.length - 1 - index) * BAR_SECONDS * 1000;
        if (isReduced) show(index, STAIRS[index] ?? 1, index < lit);
        else show(index, trail.at(nowMs - ageMs));
      });
      request = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(request);
  }, [levels, isOn, isReduced]);
  return (
    <span className="lv" aria-hidden="true">
      {BARS.map((index) => (
        <i
          key={index}
          ref={(bar) => {
            bars.current[index] = bar;
          }}
          style={{ height: LOWEST_PX }}
        />
      ))}
    </span>
  );
}
