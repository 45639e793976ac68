import { beforeEach, expect, it, vi } from "vitest";

import {
  nextThemeChoice,
  parseThemeChoice,
  readThemeChoice,
  saveAccountTheme,
  saveThemeChoice,
  THEME_SCRIPT,
} from "./theme";

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
});

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
});

it("wears the account's theme until this device has a choice of its own, from the first paint on", () => {
  saveAccountTheme("dark");
  expect(readThemeChoice()).toBe("dark");
  new Function(THEME_SCRIPT)();
  expect(document.documentElement.dataset.theme).toBe("dark");
  saveThemeChoice("light");
  expect(document.documentElement.dataset.theme).toBe("light");
  saveAccountTheme("dark");
  expect(readThemeChoice()).toBe("light");
});

it("forgets the account's theme when its owner has gone", () => {
  saveAccountTheme("dark");
  saveAccountTheme(null);
  expect(readThemeChoice()).toBe("system");
});
