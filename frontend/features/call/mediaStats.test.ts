import { expect, it } from "vitest";

import { dbfsOf, levelOfDbfs } from "./levels";
import { networkBetween, playoutDelayMs, readStats } from "./mediaStats";

const report = (inbound: object) =>
  new Map<string, object>([
    [
      "a",
      { type: "inbound-rtp", kind: "audio", packetsReceived: 100, packetsLost: 2, jitter: 0.004, ...inbound },
    ],
    ["b", { type: "candidate-pair", nominated: false, currentRoundTripTime: 9 }],
    ["c", { type: "candidate-pair", nominated: true, currentRoundTripTime: 0.038 }],
  ]);

it("reads packets, jitter and round trip", () => {
  expect(readStats(report({}))).toMatchObject({
    packetsReceived: 100,
    packetsLost: 2,
    jitterMs: 4,
    roundTripMs: 38,
  });
});

it("says nothing of a browser that tells nothing", () => {
  expect(readStats(new Map())).toMatchObject({ packetsReceived: 0, jitterMs: null, roundTripMs: null });
});

it("loss is counted between two readings", () => {
  const [before, now] = [readStats(report({})), readStats(report({ packetsReceived: 198, packetsLost: 4 }))];
  expect(networkBetween(before, now).lossPercent).toBe(2);
  expect(networkBetween(now, now).lossPercent).toBeNull();
});

it("the playout delay is what a sample waited", () => {
  const before = readStats(report({ jitterBufferDelay: 10, jitterBufferEmittedCount: 48_000 }));
  const now = readStats(report({ jitterBufferDelay: 13.84, jitterBufferEmittedCount: 96_000 }));
  expect(playoutDelayMs(before, now, 0)).toBeCloseTo(0.08);
  expect(playoutDelayMs(now, now, 0)).toBeNull();
});

it("a level runs from silence to a raised voice", () => {
  expect(dbfsOf(new Float32Array(64))).toBe(-100);
  expect(dbfsOf(new Float32Array(64).fill(1))).toBe(0);
  expect(levelOfDbfs(-90)).toBe(0);
  expect(levelOfDbfs(-34.5)).toBeCloseTo(0.5);
  expect(levelOfDbfs(0)).toBe(1);
});
