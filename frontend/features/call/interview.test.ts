import { describe, expect, it } from "vitest";

import { viewOf } from "./callViews";
import { captionOf } from "./captions";
import {
  detailWords,
  isInterviewing,
  marksOf,
  questionWords,
  reportPathIn,
  spokenProgress,
} from "./interview";
import { serverExample } from "./testing/contracts";
import { live, speaking, type Story } from "./testing/story";

const QUESTION = "Question five: What does a database index speed up, and what does it cost?";
const HINT = "That is the first half. Think about what has to happen when a row is written.";

const tell = (story: Story, fields: Record<string, unknown>) =>
  story.hear(
    serverExample<"interview">("interview", { index: 5, stage: "moderate", hint_given: false, ...fields }),
  );
const say = (story: Story, turn_id: string, text: string) =>
  story.hear(serverExample<"transcript">("transcript.assistant", { turn_id, text, heard_upto: text.length }));

/** The fifth question was asked, and its first answer is awaited. */
function asked(): Story {
  const story = say(tell(live(), { status: "asking" }), "q5", QUESTION);
  return tell(story, { status: "await_1" });
}

/** Its second one, after a hint. */
function hinted(): Story {
  const story = say(tell(asked(), { status: "hinting", hint_given: true }), "h5", HINT);
  return tell(story, { status: "await_2", hint_given: true });
}

const progressOf = (story: Story) => {
  const { interview } = story.state;
  if (!interview) throw new Error("no interview");
  return interview;
};

describe("the question", () => {
  it("is told with its number, stage and hint, to the eye and to the ear", () => {
    const progress = progressOf(hinted());
    expect(questionWords(progress)).toBe("Question 5 of 10");
    expect(detailWords(progress)).toEqual(["Moderate", "hint given"]);
    expect(spokenProgress(progress)).toBe("Question 5 of 10, moderate, hint given");
  });

  it("has a mark for each of the ten, in groups of four, three and three", () => {
    const marks = marksOf(progressOf(asked()));
    expect(marks.map(({ look }) => look[0]).join("")).toBe("ddddnooooo");
    expect(marks.flatMap(({ beginsStage }, at) => (beginsStage ? [at + 1] : []))).toEqual([5, 8]);
  });

  it("makes no groups of another number of questions", () => {
    const marks = marksOf({ ...progressOf(asked()), total: 6 });
    expect(marks).toHaveLength(6);
    expect(marks.some(({ beginsStage }) => beginsStage)).toBe(false);
  });

  it("stands below the form with its hint until it is answered, whatever else was said", () => {
    const story = say(hinted(), "n5", "Take your time.");
    expect(captionOf(story.state)).toMatchObject({
      lead: null,
      isQuiet: false,
      heard: QUESTION,
      hint: "Think about what has to happen when a row is written.",
    });
    expect(viewOf(story.state).support).toBe("Second attempt. Say only what was missing.");
  });

  it("gives way to the last words where the page has not heard it asked", () => {
    const story = tell(say(live(), "x", "Let us go on."), { status: "asking" });
    expect(captionOf(story.state)).toMatchObject({ heard: "Let us go on." });
  });

  it("does not take the place of what is being said", () => {
    const story = tell(speaking(), { status: "await_2", hint_given: true });
    expect(viewOf(story.state).support).not.toContain("Second attempt");
  });
});

describe("a question of before", () => {
  it("that ends late does not take the page back to it", () => {
    const progress = progressOf(tell(asked(), { index: 4, status: "done", score: 9, stage: "basic" }));
    expect(progress).toMatchObject({ index: 5, status: "await_1" });
  });
});

describe("the end", () => {
  it("is in the middle until the last question is done", () => {
    expect(isInterviewing(asked().state)).toBe(true);
    const last = { index: 10, stage: "advanced" };
    expect(isInterviewing(tell(live(), { ...last, status: "eval_2" }).state)).toBe(true);
    expect(isInterviewing(tell(live(), { ...last, status: "done", score: 1 }).state)).toBe(false);
    expect(isInterviewing(live().state)).toBe(false);
  });

  it.each([
    ["interview_finished", "The interview is over", "Your report is ready."],
    [
      "interview_paused",
      "The interview is paused",
      "It goes on where it stopped, if you come back within a day.",
    ],
    [
      "user_ended",
      "The interview is paused",
      "You ended it. It goes on where it stopped, if you come back within a day.",
    ],
  ])("by %s is told as it is", (reason, phase, support) => {
    const story = asked().hear(serverExample<"call_ended">("call_ended", { reason }));
    expect(viewOf(story.state)).toMatchObject({ name: "ended", phase, support });
  });

  it.each([
    ["interview_over", 4404, "This interview is over", "Its report is ready."],
    ["interview_unavailable", 4500, "This interview cannot be held", "no topic 'rust'"],
  ])("before it began, by %s, has words of its own", (code, close, phase, support) => {
    const story = live()
      .hear(serverExample<"error">(`error.${code}`))
      .tell({ type: "socket_closed", code: close });
    expect(viewOf(story.state).phase).toBe(phase);
    expect(viewOf(story.state).support).toContain(support);
  });

  it("leads to the report that the server names", () => {
    const { message } = serverExample<"error">("error.interview_over");
    expect(reportPathIn(message)).toBe("/interviews/5f3c2b1a-7d84-4a6e-9b10-3f2a8c6d7e90");
    expect(reportPathIn("It is at /interviews/../../admin.")).toBeNull();
  });
});
