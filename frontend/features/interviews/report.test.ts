import { readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import type { InterviewBody } from "@/lib/api/queries";

import { interviewExample, listExample } from "./testing/examples";
import { arc, gaugeArcs } from "./gauge";
import { exportPath } from "./paths";
import { attemptClips, markedWords, quoteClip, wasSaidAfterHint } from "./quoteMarks";
import {
  attemptResult,
  interviewSeconds,
  notScoredWords,
  scoredWords,
  shareWords,
  soundWords,
  speechCells,
  stageWords,
  standingWords,
  wayOf,
} from "./reportWords";
import { plotted, scoredOf, scoredOfTrend, trendWords } from "./trend";

const report = interviewExample("report");
const question = (number: number, of: InterviewBody = report) => {
  const found = of.questions.find((one) => one.number === number);
  if (!found) throw new Error(`no question ${number}`);
  return found;
};

describe("a question in words", () => {
  it("tells how it went", () => {
    expect(report.questions.map(wayOf)).toEqual([
      "Correct at once",
      "Correct at once",
      "Partial, then correct",
      "Correct at once",
      "Partial, then correct",
      "Partial twice",
      "Correct at once",
      "Incorrect, then correct",
      "Could not be scored",
      "Skipped",
    ]);
  });

  it("tells a hint before the first answer, “I don’t know”, and a question that was not reached", () => {
    const [first] = question(1).attempts;
    if (!first) throw new Error("no attempt");
    const hints = [{ after: 0, asked: true, point: "not-found", text: "…" }];
    expect(wayOf({ ...question(1), hints })).toBe("Correct after a hint");
    const attempts = [
      { ...first, outcome: "dont_know" as const },
      { ...first, outcome: "correct" as const },
    ];
    expect(wayOf({ ...question(1), attempts })).toBe("“I don’t know”, then correct");
    expect(wayOf({ ...question(1), outcome: "no_answer", attempts: [] })).toBe("No answer");
    const given = [
      { ...first, outcome: "partial" as const },
      { ...first, outcome: "skipped" as const },
    ];
    expect(wayOf({ ...question(1), outcome: "skipped", attempts: given })).toBe("Partial, then skipped");
    expect(wayOf(question(6, interviewExample("report.corrected")))).toBe("Correct at once");
    expect(wayOf(question(5, interviewExample("report.open")))).toBe("Not reached");
  });

  it("counts an attempt’s own key points", () => {
    expect(question(6).attempts.map((attempt) => attemptResult(attempt, 4))).toEqual([
      "1 of 4 key points, partial",
      "0 of 4 key points, partial",
    ]);
    expect(question(9).unclear.map((attempt) => attemptResult(attempt, 3))).toEqual([""]);
    expect(question(6).attempts.map((attempt) => attemptResult(attempt, 0))).toEqual(["partial", "partial"]);
  });
});

describe("the score in words", () => {
  it("says what could not be scored, and of how much the share is", () => {
    expect(notScoredWords(report.score)).toBe("One question could not be scored, so the maximum is 81");
    expect(notScoredWords({ ...report.score, not_scorable: 2, maximum: 72 })).toMatch(
      /^Two questions .* 72$/,
    );
    expect(notScoredWords({ ...report.score, not_scorable: 0 })).toBe("");
    expect(shareWords(report.score)).toBe("60 of 81, 74 %");
    expect(shareWords({ ...report.score, points: 0, maximum: 0, percent: null })).toBe("0 of 0");
    expect(scoredWords(report.score)).toBe("9 of 10 questions scored");
    expect(report.stages.map(stageWords)).toEqual(["34 of 36", "21 of 27", "5 of 18, 1 not scored"]);
  });

  it("says where an interview stands", () => {
    expect(listExample().items.map(standingWords)).toEqual([
      "At question 4 of 10",
      "",
      "",
      "Not finished",
      "",
    ]);
  });

  it("adds up the length of its calls, and says why nothing can be heard", () => {
    expect(interviewSeconds(report)).toBe(1458);
    expect(soundWords(report)).toBe("");
    expect(soundWords(interviewExample("report.open"))).toMatch(/not recorded/);
  });

  it("gives counts of how it was spoken, and no word about feelings", () => {
    expect(speechCells(report).map(({ value }) => value)).toEqual([
      "6 %",
      "139",
      "214",
      "5, “um” most",
      "7",
      "2.2 s",
    ]);
    expect(speechCells({ ...report, speech: { ...report.speech, pauses: null } })).toHaveLength(4);
    expect(speechCells({ ...report, speech: { ...report.speech, answers: 0 } })).toEqual([]);
    expect(speechCells({ ...report, calls: [] }).map(({ label }) => label)[0]).toBe("Words a minute");
  });
});

describe("quotes", () => {
  const { attempts, key_points } = question(6);
  const [first, second] = attempts;
  if (!first || !second) throw new Error("two attempts");

  it("mark the words that covered a point, and those that contradicted one", () => {
    expect(markedWords(first, key_points)).toEqual([
      { text: "Threads live in the same memory", mark: "covered" },
      { text: " of one program. ", mark: null },
      { text: "Switching between threads costs more", mark: "contradicted" },
      { text: ", I think.", mark: null },
    ]);
    expect(markedWords(second, key_points)).toEqual([{ text: second.transcript, mark: null }]);
  });

  it("were said after a hint only where a hint to the same point was given before their attempt", () => {
    const [point] = key_points;
    if (point?.quote?.attempt !== 1) throw new Error("a quote of the first attempt");
    const hint = (after: number, id: string) => ({ after, asked: false, point: id, text: "…" });
    expect(wasSaidAfterHint(point, [])).toBe(false);
    expect(wasSaidAfterHint(point, [hint(1, "memory")])).toBe(false);
    expect(wasSaidAfterHint(point, [hint(0, "crash")])).toBe(false);
    expect(wasSaidAfterHint(point, [hint(0, "memory")])).toBe(true);
    expect(wasSaidAfterHint({ ...point, quote: null }, [hint(0, "memory")])).toBe(false);
  });

  it("stand in the corrected words, and leave nothing out where they overlap or lie outside", () => {
    const corrected = question(6, interviewExample("report.corrected"));
    const pieces = corrected.attempts[0] ? markedWords(corrected.attempts[0], corrected.key_points) : [];
    expect(pieces.map(({ text }) => text).join("")).toBe(corrected.attempts[0]?.corrected_transcript);
    expect(pieces.filter(({ mark }) => mark === "covered").map(({ text }) => text)).toContain(
      "Switching between processes costs more",
    );
    const wild = key_points.map((point) => ({
      ...point,
      quote: point.quote && { ...point.quote, start: -3, end: 10_000 },
    }));
    expect(
      markedWords(first, wild)
        .map(({ text }) => text)
        .join(""),
    ).toBe(first.transcript);
  });

  it("count characters as the server does, also behind a character of two units", () => {
    const attempt = { ...first, transcript: "🙂 fast" };
    const [point] = key_points;
    if (!point?.quote) throw new Error("a quote");
    const marked = markedWords(attempt, [{ ...point, quote: { ...point.quote, start: 2, end: 6 } }]);
    expect(marked.at(-1)).toEqual({ text: "fast", mark: "covered" });
  });

  it("are played at their place in the utterance, and shown on the call’s clock", () => {
    const quote = key_points[1]?.quote;
    if (!quote || quote.at_ms === null) throw new Error("a quote");
    const clip = quoteClip(quote, attempts);
    expect(clip).toMatchObject({ url: first.parts[0]?.audio_url, fromMs: quote.at_ms - 400 });
    expect(clip?.atMs).toBe(612_000 + quote.at_ms - 500);
    expect(attemptClips(first)).toMatchObject([{ fromMs: 0, untilMs: null, atMs: 612_000 }]);
  });

  it("have nothing to play where there is no sound", () => {
    const silent = { ...first, parts: first.parts.map((part) => ({ ...part, audio_url: null })) };
    const quote = key_points[1]?.quote;
    expect(attemptClips(silent)).toEqual([]);
    expect(quote && quoteClip(quote, [silent])).toBeNull();
  });
});

describe("the gauge", () => {
  it("draws the points of ninety, and hatches what could not be scored", () => {
    expect(arc(0, 60 / 90)).toBe("M-79.67 46.00A92 92 0 0 1 59.14 -70.48");
    const { points, notScored } = gaugeArcs(report.score);
    expect(points).toBe(arc(0, 60 / 90));
    expect(notScored).toMatch(/79\.67 46\.00$/);
    expect(gaugeArcs({ points: 0, out_of: 90, maximum: 90 })).toEqual({
      scale: arc(0, 1),
      points: null,
      notScored: null,
    });
  });
});

describe("the trend", () => {
  it("is of finished interviews, oldest first", () => {
    const scores = scoredOf(listExample().items);
    expect(scores.map(({ points }) => points)).toEqual([38, 51, 60]);
    expect(trendWords(scores)).toBe("From 42 % to 74 % in 3 interviews");
    expect(scoredOfTrend(report.trend).map(({ isThis }) => isThis)).toEqual([false, false, true]);
  });

  it("is drawn higher where the share is higher", () => {
    const drawn = plotted(scoredOf(listExample().items), 100);
    expect(drawn.map(({ xPercent }) => xPercent)).toEqual([0, 50, 100]);
    expect(drawn[0]?.y).toBeGreaterThan(drawn[2]?.y ?? 0);
  });
});

describe("the files", () => {
  it("are asked for as the API’s schema names them", () => {
    const schema = JSON.parse(
      readFileSync(path.resolve(import.meta.dirname, "../../../contracts/openapi.json"), "utf8"),
    ) as { paths: Record<string, unknown> };
    expect(Object.keys(schema.paths)).toContain("/api/v1/interviews/{interview_id}/export/");
    expect(exportPath("a b", "webvtt")).toBe("/api/v1/interviews/a%20b/export/?format=webvtt");
  });
});
