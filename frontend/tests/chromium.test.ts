import { expect, it } from "vitest";

import { chromiumPath } from "../e2e/chromium";

it("starts the Chromium that is named, else the first that is there", () => {
  expect(chromiumPath("/opt/chromium", () => false)).toBe("/opt/chromium");
  expect(chromiumPath("", (path) => path !== "/usr/bin/chromium")).toBe("/usr/bin/chromium-browser");
  expect(chromiumPath("", (path) => path.startsWith("/Applications"))).toBe(
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  );
});

it("says what to do where there is none", () => {
  expect(() => chromiumPath("", () => false)).toThrow(/set CHROMIUM_PATH/);
});
