import { describe, expect, it } from "vitest";

import { keyAction } from "./callKeys";

const press = (key: string, fields: Partial<KeyboardEvent> = {}) =>
  keyAction({ key, ctrlKey: false, metaKey: false, altKey: false, target: document.body, ...fields });

function field(markup: string): Element {
  document.body.innerHTML = markup;
  return document.body.firstElementChild as Element;
}

describe("a key in a call", () => {
  it("does what the help says, in either case", () => {
    expect(["m", "D", "s", "C", "Escape", "?", "x"].map((key) => press(key))).toEqual([
      "mute",
      "done",
      "stop",
      "transcript",
      "closePanel",
      "help",
      null,
    ]);
  });

  it("ends the call with Ctrl or ⌘, and with no other modifier", () => {
    expect([press("e", { ctrlKey: true }), press("e", { metaKey: true })]).toEqual(["end", "end"]);
    expect([press("e"), press("e", { ctrlKey: true, altKey: true }), press("m", { ctrlKey: true })]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it.each(["<input>", "<textarea></textarea>", "<select></select>", '<div role="combobox"></div>'])(
    "belongs to the person in %s",
    (markup) => {
      const target = field(markup);
      const typed = [press("m", { target }), press("e", { ctrlKey: true, target }), press("?", { target })];
      expect(typed).toEqual([null, null, null]);
    },
  );
});
