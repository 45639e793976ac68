import { describe, expect, it } from "vitest";

import { TalkHold, isTalkKey } from "./talkHold";

it("whoever lets go last closes the microphone", () => {
  const held: boolean[] = [];
  const hold = new TalkHold((isHeld) => held.push(isHeld));
  hold.press("key");
  hold.press("pointer");
  hold.press("key");
  hold.release("key");
  expect(held).toEqual([true]);
  hold.release("pointer");
  hold.release("pointer");
  expect(held).toEqual([true, false]);
});

it("letting go closes whatever holds it, also what was opened without holding", () => {
  const held: boolean[] = [];
  const hold = new TalkHold((isHeld) => held.push(isHeld));
  hold.letGo();
  hold.press("pointer");
  hold.letGo();
  hold.release("pointer");
  expect(held).toEqual([false, true, false]);
});

describe("the space bar", () => {
  const element = (html: string) => {
    const box = document.createElement("div");
    box.innerHTML = html;
    return box.firstElementChild as Element;
  };
  const key = (target: EventTarget, fields = {}) => ({
    code: "Space",
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    target,
    ...fields,
  });

  it("talks from anywhere on the page, and from its own button", () => {
    expect(isTalkKey(key(document.body), false)).toBe(true);
    expect(isTalkKey(key(element("<button data-talk>Hold to talk</button>")), false)).toBe(true);
  });
  it("presses a control that the Tab key led to, and not one that was clicked", () => {
    const button = element("<button>Transcript</button>");
    expect(isTalkKey(key(button), false)).toBe(false);
    expect(isTalkKey(key(button), true)).toBe(true);
  });
  it("writes a space in a field", () => {
    expect(isTalkKey(key(element("<input>")), true)).toBe(false);
  });
  it("with another key belongs to the browser", () => {
    expect(isTalkKey(key(document.body, { shiftKey: true }), false)).toBe(false);
    expect(isTalkKey(key(document.body, { code: "KeyT" }), false)).toBe(false);
  });
});
