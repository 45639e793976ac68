import { describe, expect, it } from "vitest";

import { INTERRUPTED_MS, type CallEffect } from "./callState";
import { serverExample } from "./testing/contracts";
import { type Story, live, speaking } from "./testing/story";

const ducks = (story: Story) =>
  story.asked.flatMap((effect: CallEffect) => (effect.type === "duck" ? [effect.on] : []));
const suspected = () => speaking().bid("suspected");

describe("while a bid for the floor is open, the page plays more quietly", () => {
  it("from the suspicion on, and a hold changes nothing about it", () => {
    expect(ducks(suspected())).toEqual([true]);
    expect(ducks(suspected().bid("held"))).toEqual([true]);
  });

  it.each<[string, (story: Story) => Story]>([
    ["it is rejected", (story) => story.bid("rejected")],
    ["it was a click", (story) => story.hear(serverExample<"barge_in">("barge_in.rejected_click"))],
    ["it is accepted", (story) => story.bid("accepted")],
    ["the persona's turn ends by itself", (story) => story.phase("WAIT_FOR_USER")],
    ["the stop button was quicker", (story) => story.tell({ type: "stop_pressed" }).phase("WAIT_FOR_USER")],
    ["the socket is lost", (story) => story.tell({ type: "socket_closed", code: 1006 })],
    ["the sound is lost", (story) => story.tell({ type: "packets_stopped" })],
    ["the call ends", (story) => story.hear(serverExample<"call_ended">("call_ended"))],
    ["the page goes away", (story) => story.tell({ type: "left" })],
  ])("no longer, once %s", (_what, ends) => {
    const story = ends(suspected());
    expect(ducks(story)).toEqual([true, false]);
    expect(story.state.bid).toBeNull();
    expect(ducks(story.tick(10_000))).toEqual([true, false]);
  });

  it("anew for each bid", () => {
    expect(ducks(suspected().bid("suspected", { candidate_id: "next" }))).toEqual([true, true]);
    const again = suspected().bid("rejected").bid("suspected", { candidate_id: "next" });
    expect(ducks(again)).toEqual([true, false, true]);
  });
});

describe("late is normal", () => {
  it("a suspicion after the reply, or without a line, opens no bid", () => {
    expect(live().bid("suspected").state.bid).toBeNull();
    const away = speaking().tell({ type: "packets_stopped" }).bid("suspected");
    expect(away.state.bid).toBeNull();
    expect(ducks(away)).toEqual([]);
  });

  it("a decision about a former bid leaves the present one open", () => {
    const story = suspected().bid("rejected", { candidate_id: "former" });
    expect(story.state.bid?.decision).toBe("suspected");
    expect(story.state.murmurs).toHaveLength(1);
  });

  it("a decision that comes twice is one mark", () => {
    expect(suspected().bid("rejected").bid("rejected").state.murmurs).toHaveLength(1);
  });
});

describe("what is left behind", () => {
  it("a word over a reply is kept with the reply", () => {
    expect(suspected().bid("rejected").state.murmurs).toEqual([
      {
        candidateId: "8f0c3f0e-5d53-4d1c-9f6e-6c1f1a4b2d10",
        turnId: "3d0b7f3a-1a55-4a0e-8a53-0d3f1c2b9e77",
        kind: "backchannel",
      },
    ]);
    const few = suspected().bid("rejected", { reason: "few_words", turn_id: undefined });
    expect(few.state.murmurs).toMatchObject([{ turnId: few.state.lines.at(-1)?.turnId, kind: "short" }]);
  });

  it("whole sentences to a persona that heeds only stop words are kept as what they are", () => {
    const story = suspected().bid("rejected", { reason: "stop_words_only" });
    expect(story.state.murmurs).toMatchObject([{ kind: "unheeded" }]);
  });

  it.each(["click", "noise", "echo", "somebody_else", "unsure", "doubtful", "too_short", "toString"])(
    "%s: nothing",
    (reason) => {
      const { state } = suspected().bid("rejected", { reason });
      expect([state.murmurs, state.carriedOn]).toEqual([[], null]);
    },
  );

  it("the marks outlive a lost line, and no other call has them", () => {
    const story = suspected().bid("rejected").tell({ type: "socket_closed", code: 1006 });
    story.hear(serverExample<"ready">("ready.resumed"));
    expect(story.state.murmurs).toHaveLength(1);
    story.hear(serverExample<"ready">("ready", { call_id: "another" }));
    expect(story.state.murmurs).toEqual([]);
  });

  it("an accepted bid is “Go ahead” at once", () => {
    const story = suspected().bid("accepted");
    expect(story.state.interruptedUntil).toBe(story.now + INTERRUPTED_MS);
    expect(story.state.murmurs).toEqual([]);
  });

  it("who answers over the last word of a reply has stopped nobody", () => {
    const { state } = suspected().bid("accepted", { reason: "agent_finished" });
    expect(state.interruptedUntil).toBe(speaking().state.interruptedUntil);
    expect(state.bid).toBeNull();
  });
});

it("the pace of a persona is learned without the time for which it was held", () => {
  const story = speaking().wait(2_000).bid("suspected").bid("held").wait(3_000).bid("rejected").wait(3_000);
  story.hear(serverExample<"transcript">("transcript.assistant"));
  expect(story.state.charactersPerSecond).toBeCloseTo(75 / 5);
});
