import { describe, expect, it } from "vitest";

import { viewName } from "./callViews";
import { ringAt, ringOf } from "./silenceRing";
import { isThinking } from "./thinkingTime";
import { live, speaking } from "./testing/story";

/** A second of the silence has been counted. */
const counting = () => live().userSpeaks(true).userSpeaks(false).wait(1_000);
const ring = (story: ReturnType<typeof live>) => ringAt(ringOf(story.state), story.now, false);

describe("the button", () => {
  const pressed = () => live().tell({ type: "think_pressed" });

  it("asks for time while the user has the floor, and only then", () => {
    expect(pressed().effects).toEqual([{ type: "send", message: { type: "thinking" } }]);
    expect(speaking().tell({ type: "think_pressed" }).effects).toEqual([]);
  });

  it("pressed again ends what it asked for", () => {
    const story = pressed().thinks(30).tell({ type: "think_pressed" });
    expect(story.effects).toEqual([{ type: "send", message: { type: "thinking", seconds: 0.1 } }]);
    expect(isThinking(story.thinks(null).state)).toBe(false);
    story.tell({ type: "think_pressed" });
    expect(story.effects).toEqual([{ type: "send", message: { type: "thinking" } }]);
  });

  it("“I'm done” ends the turn all the same", () => {
    const story = pressed().thinks(30).tell({ type: "done_pressed" });
    expect(story.effects).toEqual([{ type: "send", message: { type: "end_turn" } }]);
    expect(story.phase("VALIDATING_UTTERANCE").state.thinking).toBeNull();
  });
});

describe("the ring", () => {
  it("stands where it was, and the seconds that are left run down", () => {
    const story = counting().thinks(30);
    expect(ring(story)).toEqual({ part: 0.4, words: "30 s" });
    expect(ring(story.tick(6_200))).toEqual({ part: 0.4, words: "24 s" });
    expect(viewName(story.state)).toBe("takeTime");
  });

  it("goes on from there when silence counts again", () => {
    const story = counting().thinks(30).tick(5_000).thinks(null);
    expect(viewName(story.state)).toBe("silence");
    expect(ring(story)).toEqual({ part: 0.4, words: "1.5 s" });
  });

  it("is empty where nothing had been said", () => {
    const story = live().thinks(30);
    expect(ring(story)).toEqual({ part: 0, words: "30 s" });
    expect(viewName(story.thinks(null).state)).toBe("waiting");
  });

  it("is over with speech, whichever of the two messages comes first", () => {
    expect(viewName(counting().thinks(30).userSpeaks(true).thinks(null).state)).toBe("listening");
    expect(viewName(counting().thinks(30).thinks(null).userSpeaks(true).state)).toBe("listening");
    const story = counting().thinks(30).userSpeaks(true).thinks(null).wait(900).userSpeaks(false);
    expect(ring(story).part).toBe(0);
  });

  it("stands no longer than it may, also where nobody says that it is over", () => {
    expect(viewName(live().thinks(30).tick(29_999).state)).toBe("takeTime");
    expect(viewName(live().thinks(30).tick(30_000).state)).toBe("waiting");
  });

  it("is gone with the line", () => {
    expect(counting().thinks(30).tell({ type: "packets_stopped" }).state.thinking).toBeNull();
  });

  it("more time asked for is more time, and the ring stands where it stood", () => {
    expect(ring(counting().thinks(5).tick(3_000).thinks(20))).toEqual({ part: 0.4, words: "20 s" });
  });

  it("moves in steps of half a second where nothing may glide", () => {
    const filling = { kind: "fills", sinceMs: 0, durationMs: 2_500 } as const;
    expect(ringAt(filling, 1_240, false)).toEqual({ part: 0.496, words: "1.3 s" });
    expect(ringAt(filling, 1_240, true)).toEqual({ part: 0.4, words: "1.5 s" });
    expect(ringAt(filling, 9_000, false)).toEqual({ part: 1, words: "0.0 s" });
    expect(ringAt(null, 0, false)).toEqual({ part: 0, words: "" });
  });
});
