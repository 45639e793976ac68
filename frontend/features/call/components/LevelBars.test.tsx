import { render } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { LevelBars } from "./LevelBars";

let frame: FrameRequestCallback;
let isReduced: boolean;

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => {
    frame = callback;
    return 1;
  });
  vi.stubGlobal("matchMedia", () => ({
    matches: isReduced,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
});

function heights(container: HTMLElement): string[] {
  return [...container.querySelectorAll("i")].map((bar) => bar.style.height);
}

it("the bars follow the voice", () => {
  isReduced = false;
  let level = 0;
  const { container } = render(<LevelBars levels={{ user: () => level, agent: () => 0 }} isOn />);
  frame(0);
  const quiet = heights(container);
  level = 1;
  frame(500);
  expect(heights(container)).not.toEqual(quiet);
});

it("where motion is reduced they stand, and light up", () => {
  isReduced = true;
  let level = 0;
  const { container } = render(<LevelBars levels={{ user: () => level, agent: () => 0 }} isOn />);
  const lit = () => [...container.querySelectorAll("i")].filter((bar) => bar.style.opacity === "").length;
  frame(0);
  const quiet = heights(container);
  expect(lit()).toBe(0);
  level = 0.5;
  frame(500);
  expect(heights(container)).toEqual(quiet);
  expect(lit()).toBe(2);
});
