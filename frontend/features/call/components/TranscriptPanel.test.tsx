import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";

import type { Line } from "../callState";
import { TranscriptPanel } from "./TranscriptPanel";

const line = (number: number): Line => ({
  id: `user:${number}`,
  role: "user",
  text: `Line ${number}.`,
  turnId: String(number),
  atMs: number * 1_000,
  final: true,
  heardUpto: null,
  interrupted: false,
});

let jumps: number;

beforeEach(() => {
  jumps = 0;
  Element.prototype.scrollTo = function (this: Element) {
    jumps += 1;
    this.scrollTop = this.scrollHeight;
  };
});

const panel = (count: number) => (
  <TranscriptPanel
    lines={Array.from({ length: count }, (_, index) => line(index))}
    murmurs={[]}
    personaName="Anselm"
    language="en"
    isUsersTurn={false}
    spokenUpto={null}
  />
);

/** 1000 px of words in a box of 200 px. */
function scrollTo(log: HTMLElement, top: number) {
  Object.defineProperty(log, "scrollHeight", { configurable: true, value: 1_000 });
  Object.defineProperty(log, "clientHeight", { configurable: true, value: 200 });
  log.scrollTop = top;
  fireEvent.scroll(log);
}

it("follows what is said as long as the reader is at the end, and leaves them in peace elsewhere", async () => {
  const { rerender } = render(panel(1));
  const log = screen.getByRole("log");
  expect(jumps).toBe(1);
  rerender(panel(2));
  expect(jumps).toBe(2);

  scrollTo(log, 300);
  rerender(panel(3));
  expect([jumps, log.scrollTop]).toEqual([2, 300]);

  await userEvent.click(screen.getByRole("button", { name: "Jump to latest" }));
  expect(log.scrollTop).toBe(1_000);
  scrollTo(log, 800);
  expect(screen.queryByRole("button", { name: "Jump to latest" })).toBeNull();
  expect(log).toHaveFocus();
});
