"use client";

import { useEffect, useRef } from "react";

import type { Levels } from "../levels";
import { LevelTrail } from "./levelTrail";

const BARS = [0, 1, 2, 3];
const LOWEST_PX = 4;
const HIGHEST_PX = 18;
const BAR_SECONDS = 0.06;

/** Your level inside the mute button: the newest bar is the last. It says nothing that the words do not. */
export function LevelBars({ levels, isOn }: { levels: Levels; isOn: boolean }) {
  const bars = useRef<(HTMLElement | null)[]>([]);
  useEffect(() => {
    const trail = new LevelTrail();
    const show = (index: number, level: number) => {
      const bar = bars.current[index];
      if (bar) bar.style.height = `${(LOWEST_PX + (HIGHEST_PX - LOWEST_PX) * level).toFixed(1)}px`;
    };
    if (!isOn) {
      BARS.forEach((index) => show(index, 0));
      return;
    }
    let request = requestAnimationFrame(function draw(nowMs) {
      trail.push(nowMs, levels.user());
      BARS.forEach((index) => show(index, trail.at(nowMs - (BARS.length - 1 - index) * BAR_SECONDS * 1000)));
      request = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(request);
  }, [levels, isOn]);
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
