import { describe, expect, it } from "vitest";

import { CAPTION_CHARACTERS, captionInTheAir, lastWords, sentencesOf, splitHeard } from "./heardText";
import { serverExample } from "./testing/contracts";

describe("what was heard", () => {
  it("is all of it where nothing else is known", () => {
    expect(splitHeard("Good morning.", null)).toEqual({ heard: "Good morning.", unheard: "" });
  });
  it("is cut where the sound stopped", () => {
    const { text, heard_upto } = serverExample<"transcript">("transcript.interrupted");
    expect(splitHeard(text, heard_upto).heard).toBe("Forty is a lot.");
  });
  it("counts characters as the server does, also beyond the basic plane", () => {
    expect(splitHeard("👋🏽 hello", 2)).toEqual({ heard: "👋🏽", unheard: " hello" });
  });
});

describe("the sentence in the air", () => {
  const long = "First sentence here. ".repeat(12);
  it("is a block of whole sentences around the position", () => {
    const caption = captionInTheAir(long, 200);
    expect((caption.heard + caption.unheard).length).toBeLessThanOrEqual(CAPTION_CHARACTERS);
    expect(caption.heard + caption.unheard).toMatch(/^First sentence here\. /);
    expect(caption.unheard).not.toBe("");
  });
  it("keeps every word in exactly one block", () => {
    const blocks = new Set(
      Array.from({ length: long.length }, (_, at) => captionInTheAir(long, at)).map(
        (c) => c.heard + c.unheard,
      ),
    );
    expect([...blocks].join("").length % "First sentence here. ".length).toBe(0);
  });
  it("stands at the end when all was heard", () => {
    expect(captionInTheAir("One. Two.", 99)).toEqual({ heard: "One. Two.", unheard: "" });
  });
  it("shows the last block where no position is known", () => {
    expect(captionInTheAir("One. Two.", null).heard).toBe("One. Two.");
    expect(captionInTheAir("", null)).toEqual({ heard: "", unheard: "" });
  });
});

describe("what was asked last", () => {
  it("is the last question that was heard", () => {
    expect(lastWords("Forty is a lot. Did it get slow?", null)).toEqual({
      manner: "asked",
      words: "Did it get slow?",
    });
  });
  it("is a statement where there was no question", () => {
    expect(lastWords("Did it? Yes.", null)).toEqual({ manner: "said", words: "Yes." });
  });
  it("does not show what was never heard", () => {
    expect(lastWords("Forty is a lot. Did it get slow?", 15)?.words).toBe("Forty is a lot.");
    expect(lastWords("Forty is a lot.", 0)).toBeNull();
  });
});

it("sentences joined again are the text", () => {
  const text = "One. Two? “Three!”  Four";
  expect(sentencesOf(text).join("")).toBe(text);
});
