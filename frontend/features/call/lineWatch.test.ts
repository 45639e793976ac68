import { expect, it } from "vitest";

import { LineWatch } from "./lineWatch";
import type { MediaReading } from "./mediaStats";

const READ_MS = 250;
const SAMPLES = 12_000;

/** A line whose sound waits as long as the test says, read four times a second. */
function watched() {
  const told: number[] = [];
  const toldAt: number[] = [];
  let now = 0;
  let networks = 0;
  const watch = new LineWatch(0, {
    packetsStopped: () => undefined,
    networkMeasured: () => (networks += 1),
    playoutMeasured: (delayMs) => {
      told.push(Math.round(delayMs));
      toldAt.push(now);
    },
  });
  const reading: MediaReading = {
    packetsReceived: 0,
    packetsLost: 0,
    jitterMs: null,
    roundTripMs: null,
    jitterBufferDelaySeconds: 0,
    jitterBufferEmittedCount: 0,
    outputDelaySeconds: 0,
    outputSamplesCount: 0,
  };
  const waits = (forMs: number, bufferMs: number, { outputMs = 0, latencyMs = 0, emits = true } = {}) => {
    for (const end = now + forMs; now < end;) {
      now += READ_MS;
      reading.packetsReceived += 12;
      if (emits) {
        reading.jitterBufferEmittedCount += SAMPLES;
        reading.jitterBufferDelaySeconds += (SAMPLES * bufferMs) / 1000;
      }
      if (outputMs) {
        reading.outputSamplesCount += SAMPLES;
        reading.outputDelaySeconds += (SAMPLES * outputMs) / 1000;
      }
      watch.take({ ...reading }, now, latencyMs);
    }
  };
  return { told, toldAt, waits, networkCount: () => networks };
}

it("the playout delay is told as soon as there is one, and then only when it has changed by more than 20 ms", () => {
  const { told, toldAt, waits, networkCount } = watched();
  waits(500, 60);
  expect([told, toldAt]).toEqual([[60], [500]]);
  waits(10_000, 79);
  expect(told).toEqual([60]);
  waits(2_000, 130);
  expect(told.at(-1)).toBe(130);
  expect(networkCount()).toBe(6);
});

it("it is told at most once in two seconds, however it jumps", () => {
  const { toldAt, waits } = watched();
  for (let jump = 0; jump < 40; jump += 1) waits(250, jump % 16 < 8 ? 40 : 200);
  const gaps = toldAt.slice(1).map((at, index) => at - (toldAt[index] ?? 0));
  expect(gaps.length).toBeGreaterThan(2);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
});

it("it holds the way from the browser to the ear: as measured, else as the browser says", () => {
  const measured = watched();
  measured.waits(500, 60, { outputMs: 35, latencyMs: 999 });
  expect(measured.told).toEqual([95]);
  const said = watched();
  said.waits(500, 60, { latencyMs: 24 });
  expect(said.told).toEqual([84]);
});

it("nothing is told while nothing is played, and the line is measured all the same", () => {
  const { told, waits, networkCount } = watched();
  waits(4_250, 60, { emits: false });
  expect([told, networkCount()]).toEqual([[], 2]);
  waits(250, 60);
  expect(told).toEqual([60]);
});
