import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import type { CallBody } from "@/lib/api/queries";

import { bargeInMarks, type DecidedBid } from "./bargeIns";
import { CallTranscript } from "./CallTranscript";

const bargeIn = (fields: Partial<DecidedBid>, ...words: string[]): DecidedBid => ({
  candidate_id: `${fields.reason} ${fields.onset_at_ms ?? 0}`,
  turn_id: "2",
  onset_at_ms: 0,
  decision: "rejected",
  reason: "backchannel",
  ...fields,
  probes: words.map((one) => ({ words: one })),
});

const marks = (...bids: DecidedBid[]) => bargeInMarks(bids, "2").map(({ says }) => says);

it("says what the persona went on after, and what it stopped for, in the order in which they came", () => {
  const stop = bargeIn(
    { decision: "accepted", reason: "stop_word", onset_at_ms: 9_000 },
    "Okay",
    "Okay, wait.",
  );
  expect(marks(stop, bargeIn({ onset_at_ms: 4_000 }, "Mm-hm."))).toEqual([
    "Went on after “Mm-hm”",
    "Stopped for “Okay, wait”",
  ]);
});

it("stopped nothing where the reply was heard to its end", () => {
  const answer = bargeIn({ decision: "accepted", reason: "agent_finished" }, "Yes.");
  expect(marks(answer, bargeIn({ decision: "accepted", reason: "agent_finished", onset_at_ms: 5 }))).toEqual([
    "You began “Yes” as it ended",
    "You began as it ended",
  ]);
});

it("has words also where no recogniser had any", () => {
  const silent = bargeIn({ decision: "accepted", reason: "voiced" }, "");
  expect(marks(bargeIn({ reason: "few_words" }), silent)).toEqual([
    "Went on after something short",
    "Stopped for you",
  ]);
});

it("leaves out what was no talk, and what came over another reply", () => {
  const noises = ["click", "noise", "echo", "somebody_else"].map((reason) =>
    bargeIn({ reason }, "Thank you."),
  );
  expect(marks(...noises, bargeIn({ turn_id: "3" }, "Mm-hm."), bargeIn({ turn_id: null }, "Mm-hm."))).toEqual(
    [],
  );
});

it("cuts long words, which stand in the next turn as a whole", () => {
  const [mark] = marks(bargeIn({ decision: "accepted", reason: "content_words" }, "word ".repeat(30)));
  expect(mark).toMatch(/^Stopped for “word .{40,60}…”$/);
});

const callWith = (...barge_ins: DecidedBid[]) =>
  ({
    persona_name: "Juno",
    barge_ins,
    turns: [
      {
        turn_id: "2",
        number: 1,
        started_at_ms: 0,
        transcript: "Hello",
        reply: "Hello to you",
        heard_upto: 5,
        interrupted: true,
        metrics: {},
      },
    ],
  }) as unknown as CallBody;

it("stands beside the reply over which it came", () => {
  render(<CallTranscript call={callWith(bargeIn({}, "Mm-hm."))} />);
  const list = screen.getByRole("list", { name: "Said while Juno spoke" });
  expect(within(list).getByRole("listitem")).toHaveTextContent("Went on after “Mm-hm”");
  expect(list.closest(".line")).toHaveTextContent("Juno");
});

it("nothing stands there where nobody came in", () => {
  render(<CallTranscript call={callWith()} />);
  expect(screen.queryByRole("list", { name: /Said while/ })).toBeNull();
});
