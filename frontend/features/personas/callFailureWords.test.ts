import { describe, expect, it } from "vitest";

import { ApiError } from "@/lib/api/errors";

import { callFailureWords, callPath } from "./useStartCall";

describe("a call that did not start", () => {
  it("says when to try again where all lines are busy", () => {
    expect(callFailureWords(new ApiError(503, {}, 7.2)).line).toBe("Try again in 8 s.");
    expect(callFailureWords(new ApiError(503)).line).toBe("Try again in 20 s.");
  });

  it("gives the server's own reason where it has one", () => {
    const words = callFailureWords(new ApiError(429, { detail: "You are in two calls already." }));
    expect(words.line).toBe("You are in two calls already.");
  });

  it("says that the server is silent", () => {
    expect(callFailureWords(new ApiError(0)).title).toBe("The server did not answer.");
  });
});

it("a call by writing says so in its address", () => {
  expect(callPath("42")).toBe("/call/42");
  expect(callPath("42", "text")).toBe("/call/42?input=text");
});
