import { describe, expect, it } from "vitest";

import { readCsrfCookie } from "./csrf";
import { ApiError, parseRetryAfter, unwrap } from "./errors";

function answered(
  status: number,
  { data, error, headers }: { data?: unknown; error?: unknown; headers?: HeadersInit },
) {
  return Promise.resolve({ data, error, response: new Response(null, { status, headers }) });
}

describe("an answer of the API", () => {
  it("is its body when it is good", async () => {
    await expect(unwrap(answered(200, { data: { status: "ok" } }))).resolves.toEqual({ status: "ok" });
  });

  it("is an error with the server's words, code and patience", async () => {
    const body = { detail: "All lines are busy.", code: "at_capacity" };
    const failure = await unwrap(answered(503, { error: body, headers: { "Retry-After": "20" } })).catch(
      (e: unknown) => e,
    );
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({
      status: 503,
      message: body.detail,
      code: body.code,
      retryAfterSeconds: 20,
      isFull: true,
    });
  });

  it("is an error of status 0 when there was none", async () => {
    const silent: Promise<never> = Promise.reject(new TypeError("Failed to fetch"));
    await expect(unwrap(silent)).rejects.toMatchObject({ status: 0, message: "The server did not answer." });
  });

  it("survives a body that is no error of ours", async () => {
    await expect(unwrap(answered(502, { error: "<html>" }))).rejects.toMatchObject({
      status: 502,
      code: undefined,
    });
  });
});

it.each([
  ["20", 20],
  ["0", 0],
  [null, null],
  ["-1", null],
  ["Wed, 21 Oct 2026 07:28:00 GMT", null],
])("reads Retry-After %j as %j seconds", (header, seconds) => {
  expect(parseRetryAfter(header)).toBe(seconds);
});

it("finds the token among other cookies, and none where there is none", () => {
  expect(readCsrfCookie("a=1; csrftoken=abc%3D; b=2")).toBe("abc=");
  expect(readCsrfCookie("xcsrftoken=abc")).toBeNull();
  expect(readCsrfCookie("")).toBeNull();
});
