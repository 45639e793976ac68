import { expect, it } from "vitest";

import { nextThemeChoice, parseThemeChoice, readThemeChoice, saveThemeChoice } from "./theme";

it("goes round and comes back to the system's theme", () => {
  expect(nextThemeChoice("system")).toBe("light");
  expect(nextThemeChoice("light")).toBe("dark");
  expect(nextThemeChoice("dark")).toBe("system");
});

it("takes anything unknown in storage as the system's theme", () => {
  expect([null, "dark", "sepia"].map(parseThemeChoice)).toEqual(["system", "dark", "system"]);
});

it("remembers the choice on this device", () => {
  saveThemeChoice("dark");
  expect(readThemeChoice()).toBe("dark");
  saveThemeChoice("system");
});
