import { describe, expect, it } from "vitest";

import { formatDate, formatDay, formatLength, formatRoughLength, formatSeconds } from "./times";

const now = new Date(2026, 10, 23, 10);

describe("times as they are read", () => {
  it.each([
    [new Date(2026, 10, 23, 1), "Today"],
    [new Date(2026, 10, 22, 23), "Yesterday"],
    [new Date(2026, 10, 20, 12), /^Friday,? 20 November$/],
    [new Date(2025, 10, 20, 12), /^Thursday,? 20 November 2025$/],
  ])("%s is %s", (at, words) => {
    expect(formatDay(at, now, "en-GB")).toMatch(words);
  });

  it.each([
    [41, "0:41"],
    [364, "6:04"],
    [3_727, "1:02:07"],
    [-1, "0:00"],
  ])("%d seconds is %s on a clock", (seconds, words) => {
    expect(formatLength(seconds)).toBe(words);
  });

  it.each([
    [41, "41 s"],
    [364, "6 min"],
    [3_780, "1 h 03 min"],
  ])("%d seconds is about %s", (seconds, words) => {
    expect(formatRoughLength(seconds)).toBe(words);
  });

  it("shows a dash where nothing was measured", () => {
    expect([formatSeconds(920), formatSeconds(0), formatSeconds(null)]).toEqual(["0.92 s", "0.00 s", "–"]);
  });
});

it("writes a date that stays right on paper", () => {
  expect(formatDate(new Date(2026, 10, 22, 17, 40), "en-GB")).toBe("22 November 2026");
});
