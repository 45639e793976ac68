import { describe, expect, it } from "vitest";

import { mediaSettingsMessage } from "./signaling";
import { serverExample } from "./testing/contracts";
import { HONEST_SETTINGS } from "./testing/fakeWires";
import { connecting, live, preflight, pushToTalk, Story } from "./testing/story";

const told = (muted: boolean, isPushToTalk = true) => ({
  type: "send",
  message: mediaSettingsMessage(HONEST_SETTINGS, { muted, pushToTalk: isPushToTalk }),
});
const opened = {
  type: "microphone_opened",
  label: "m",
  settings: HONEST_SETTINGS,
  deviceId: null,
} as const;

describe("push to talk", () => {
  it("closes the microphone when it is chosen, and opens it when it is no longer", () => {
    const story = pushToTalk();
    expect(story.effects).toEqual([{ type: "set_muted", muted: true }, told(true)]);
    story.tell({ type: "push_to_talk_chosen", on: false });
    expect(story.effects).toEqual([{ type: "set_muted", muted: false }, told(false, false)]);
  });

  it("opens it while something is held; the server sees both", () => {
    const story = pushToTalk().tell({ type: "talk_pressed" });
    expect(story.effects).toEqual([{ type: "set_muted", muted: false }, told(false)]);
    expect(story.tell({ type: "talk_pressed" }).effects).toEqual([]);
    story.tell({ type: "talk_released" });
    expect(story.effects).toEqual([{ type: "set_muted", muted: true }, told(true)]);
    expect(story.tell({ type: "talk_released" }).effects).toEqual([]);
  });

  it("is held over the persona's voice as well", () => {
    expect(pushToTalk().phase("AI_SPEAKING").tell({ type: "talk_pressed" }).effects).toContainEqual(
      told(false),
    );
  });

  it("the microphone's own button does without the holding", () => {
    const story = pushToTalk().tell({ type: "mute_pressed" });
    expect(story.effects).toContainEqual(told(false));
    expect(story.tell({ type: "mute_pressed" }).effects).toContainEqual(told(true));
  });

  it("a call begins with the microphone closed, before it has even opened", () => {
    const story = new Story().tell({ type: "push_to_talk_chosen", on: true });
    story.tell({ type: "start_pressed", speaking: true, deviceId: null });
    expect(story.effects).toEqual([
      { type: "set_muted", muted: true },
      { type: "open_microphone", deviceId: null },
    ]);
    expect(story.tell(opened).state.muted).toBe(true);
    story.tell({ type: "left" }).tell({ type: "start_pressed", speaking: true, deviceId: null });
    expect(story.state).toMatchObject({ pushToTalk: true, muted: true });
  });

  it("chosen while the browser still asks for the microphone, it is closed as well", () => {
    const story = preflight().tell({ type: "push_to_talk_chosen", on: true });
    expect(story.effects).toEqual([{ type: "set_muted", muted: true }]);
  });

  it("a microphone that comes into the call later is closed, one that replaces another stays as it was", () => {
    const typed = pushToTalk().tell({ type: "microphone_lost" }).tell({ type: "talk_released" }).tell(opened);
    expect(typed.state.muted).toBe(true);
    const held = pushToTalk().tell({ type: "talk_pressed" }).tell(opened);
    expect(held.state.muted).toBe(false);
    const lost = pushToTalk().tell({ type: "talk_pressed" }).tell({ type: "microphone_lost" }).tell(opened);
    expect(lost.effects).toEqual([{ type: "set_muted", muted: true }, told(true)]);
  });

  it("nothing is held before the line stands, and what is held can be let go without one", () => {
    const early = connecting().tell({ type: "push_to_talk_chosen", on: true }).tell({ type: "talk_pressed" });
    expect([early.effects, early.state.muted]).toEqual([[], true]);
    const away = pushToTalk().tell({ type: "talk_pressed" }).tell({ type: "packets_stopped" });
    expect(away.tell({ type: "talk_released" }).state.muted).toBe(true);
  });

  it("letting go after the call closes nothing that the next call would find closed", () => {
    const story = pushToTalk().tell({ type: "talk_pressed" }).hear(serverExample<"call_ended">("call_ended"));
    expect(story.tell({ type: "talk_released" }).effects).toEqual([]);
    story.tell({ type: "push_to_talk_chosen", on: false });
    story.tell({ type: "start_pressed", speaking: true, deviceId: null });
    expect([story.effects, story.state.muted]).toEqual([
      [{ type: "open_microphone", deviceId: null }],
      false,
    ]);
  });

  it("where it is not chosen, holding means nothing", () => {
    expect(live().tell({ type: "talk_pressed" }).effects).toEqual([]);
    expect(live().tell({ type: "talk_released" }).state.muted).toBe(false);
  });
});
