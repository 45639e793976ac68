import { describe, expect, it } from "vitest";

import { clock, lastAnswered, meanReplyMs, qualityOf, replyTimes, seconds, waterfallOf } from "./callMetrics";
import type { TurnMetrics } from "./signaling";
import { serverExample } from "./testing/contracts";

const turn = (reply_latency_ms: number | null): TurnMetrics => ({
  type: "turn_metrics",
  turn_id: "t",
  reply_latency_ms,
});

describe("the waterfall", () => {
  it("has four stages after speech", () => {
    const waterfall = waterfallOf(serverExample<"turn_metrics">("turn_metrics"));
    expect(waterfall?.stages.map(({ label, ms }) => [label, ms])).toEqual([
      ["Waited", 2500],
      ["Heard", 420],
      ["Thought", 610],
      ["Voiced", 64],
    ]);
    expect(waterfall?.totalMs).toBe(3640);
  });
  it("has two after typing, and adds them up", () => {
    const waterfall = waterfallOf(serverExample<"turn_metrics">("turn_metrics.typed"));
    expect(waterfall?.stages.map(({ stage }) => stage)).toEqual(["thought", "voiced"]);
    expect(waterfall?.totalMs).toBe(651);
  });
  it("is nothing without a time", () => {
    expect(waterfallOf(undefined)).toBeNull();
    expect(waterfallOf(turn(null))).toBeNull();
  });
  it("is that of the last reply, also after a turn in which no words were made out", () => {
    const answered = serverExample<"turn_metrics">("turn_metrics");
    const unclear = serverExample<"turn_metrics">("turn_metrics.no_words");
    expect(waterfallOf(unclear)).toBeNull();
    expect(lastAnswered([answered, unclear])).toBe(answered);
    expect(lastAnswered([unclear])).toBeUndefined();
  });
});

describe("reply times", () => {
  it("are those of the last twelve", () => {
    const times = replyTimes(Array.from({ length: 20 }, (_, index) => turn(index * 100)));
    expect(times?.latenciesMs).toHaveLength(12);
    expect(times).toMatchObject({ medianMs: 1350, slowestMs: 1900 });
  });
  it("have a mean over the whole call", () => {
    expect(meanReplyMs([turn(1000), turn(null), turn(2000)])).toBe(1500);
    expect(meanReplyMs([])).toBeNull();
    expect(replyTimes([turn(null)])).toBeNull();
  });
});

it("the worst of round trip, jitter and loss names the line", () => {
  const good = { roundTripMs: 38, jitterMs: 4, lossPercent: 0.1 };
  expect(qualityOf(good)).toEqual({ bars: 3, word: "Good" });
  expect(qualityOf({ ...good, jitterMs: 40 })).toEqual({ bars: 2, word: "Fair" });
  expect(qualityOf({ ...good, lossPercent: 9 })).toEqual({ bars: 1, word: "Poor" });
  expect(qualityOf({ roundTripMs: null, jitterMs: null, lossPercent: null }).word).toBe("Good");
});

it("times are written as a person reads them", () => {
  expect(clock(47_900)).toBe("0:47");
  expect(clock(3_723_000)).toBe("1:02:03");
  expect(clock(-5)).toBe("0:00");
  expect(seconds(3420)).toBe("3.42 s");
});
