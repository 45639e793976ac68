import { describe, expect, it } from "vitest";

import type { CallSummary, TurnBody } from "@/lib/api/queries";

import { callNumbers } from "./callNumbers";
import { byDay, counted, isOpen, times, wasCutOff } from "./callWords";

function callAt(started_at: string): CallSummary {
  return {
    id: started_at,
    room_id: "room",
    persona: "technical-expert",
    persona_name: "Anselm",
    persona_version: 1,
    status: "ended",
    end_reason: "",
    started_at,
    ended_at: started_at,
    duration_seconds: 60,
    turn_count: 1,
    recording: false,
  };
}

function turnWith(metrics: Partial<TurnBody["metrics"]>, interrupted = false, heardUpto = 5): TurnBody {
  return {
    turn_id: "turn",
    utterance_id: null,
    number: 1,
    started_at_ms: 0,
    ended_at_ms: null,
    transcript: "",
    reply: "",
    heard_upto: heardUpto,
    interrupted,
    metrics: metrics as TurnBody["metrics"],
  };
}

describe("calls in words", () => {
  it("counts as people do", () => {
    expect([1, 2, 5].map(times)).toEqual(["once", "twice", "5 times"]);
    expect([counted(1, "call"), counted(3, "call")]).toEqual(["1 call", "3 calls"]);
  });

  it("gathers them by day and keeps their order", () => {
    const days = byDay(["2026-11-23T12:00:00", "2026-11-23T08:00:00", "2026-11-20T12:00:00"].map(callAt));
    expect(days.map(({ calls }) => calls.length)).toEqual([2, 1]);
  });

  it("tells an open call from one that broke off", () => {
    expect([isOpen({ status: "lost" }), wasCutOff({ status: "lost" })]).toEqual([true, false]);
    expect([isOpen({ status: "abandoned" }), wasCutOff({ status: "abandoned" })]).toEqual([false, true]);
  });
});

describe("a call in numbers", () => {
  it("takes the middle reply, not the mean", () => {
    const turns = [900, 800, 9_000, 1_000].map((ms) => turnWith({ reply_latency_ms: ms }));
    expect(callNumbers({ turns }).medianReplyMs).toBe(950);
  });

  it("counts where the caller came in, and the worst clipping", () => {
    const turns = [
      turnWith({ clipping_percent: 0.2, snr_db: 20 }, true),
      turnWith({ clipping_percent: 1.5, snr_db: 30 }),
      turnWith({}, true, 0), // The caller went on before a word of the reply had left.
    ];
    expect(callNumbers({ turns })).toEqual({
      cameInCount: 1,
      medianReplyMs: null,
      snrDb: 25,
      clippingPercent: 1.5,
    });
  });

  it("claims nothing where nothing was measured", () => {
    expect(callNumbers({ turns: [turnWith({})] })).toEqual({
      cameInCount: 0,
      medianReplyMs: null,
      snrDb: null,
      clippingPercent: null,
    });
  });
});
