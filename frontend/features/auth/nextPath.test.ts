import { describe, expect, it } from "vitest";

import { safeNextPath, signInPath } from "./nextPath";

describe("the way back after signing in", () => {
  it.each([
    ["/calls", "/calls"],
    ["/calls/42?tab=stats#line", "/calls/42?tab=stats#line"],
    ["/call/2f6c1c1a", "/call/2f6c1c1a"],
  ])("keeps %s, a path of this site", (next, path) => {
    expect(safeNextPath(next)).toBe(path);
  });

  it.each([
    [null],
    [undefined],
    [""],
    ["/"],
    ["calls"],
    ["//elsewhere.example"],
    ["/\\elsewhere.example"],
    ["/\t/elsewhere.example"],
    ["https://elsewhere.example/calls"],
    ["javascript:alert(1)"],
    ["/.//elsewhere.example"],
    ["http://["],
  ])("leads from %j to the dashboard", (next) => {
    expect(safeNextPath(next)).toBe("/dashboard");
  });

  it("names the page that asked, and says when the session was over", () => {
    expect(signInPath("/calls?a=1")).toBe("/?next=%2Fcalls%3Fa%3D1");
    expect(signInPath("/calls", { signedOut: true })).toBe("/?next=%2Fcalls&signed-out=1");
  });
});
