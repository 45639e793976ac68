import { beforeEach, describe, expect, it, vi } from "vitest";

import { isSignedIn, signIn, signOut, signUp } from "./allauth";

const credentials = { username: "priya", password: "correct-horse" };

function answer(status: number, body: unknown = {}) {
  const fetched = vi.fn<typeof fetch>().mockResolvedValue(Response.json(body, { status }));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

beforeEach(() => {
  document.cookie = "csrftoken=token-from-the-cookie";
});

describe("signing in", () => {
  it("sends name, password and the token of the cookie", async () => {
    const fetched = answer(200);
    expect(await signIn(credentials)).toEqual({ kind: "signed-in" });
    const [path, request] = fetched.mock.calls[0] ?? [];
    expect(path).toBe("/_allauth/browser/v1/auth/login");
    expect(JSON.parse(String(request?.body))).toEqual(credentials);
    expect(new Headers(request?.headers).get("X-CSRFToken")).toBe("token-from-the-cookie");
  });

  it("says only that it did not match, whichever of the two was wrong", async () => {
    answer(400, { errors: [{ code: "username_password_mismatch", message: "…", param: "password" }] });
    expect(await signIn(credentials)).toEqual({ kind: "no-match" });
  });

  it.each([
    ["by its status", 429, {}],
    ["by its code", 400, { errors: [{ code: "too_many_login_attempts", message: "…" }] }],
  ])("knows too many tries %s", async (_, status, body) => {
    answer(status, body);
    expect(await signIn(credentials)).toEqual({ kind: "too-many-tries" });
  });

  it("takes a browser that is signed in already as signed in", async () => {
    answer(409);
    expect(await signIn(credentials)).toEqual({ kind: "signed-in" });
  });

  it("does not call a refused request a wrong password", async () => {
    answer(403);
    expect((await signIn(credentials)).kind).toBe("refused");
  });

  it("tells a server in trouble from one that refuses", async () => {
    answer(502);
    expect(await signIn(credentials)).toEqual({ kind: "no-answer" });
    vi.stubGlobal("fetch", vi.fn<typeof fetch>().mockRejectedValue(new TypeError("offline")));
    expect(await signIn(credentials)).toEqual({ kind: "no-answer" });
  });
});

describe("signing up", () => {
  it("gives each field the server's own sentences", async () => {
    answer(400, {
      errors: [
        { code: "a", message: "Too short.", param: "password" },
        { code: "b", message: "Too common.", param: "password" },
        { code: "c", message: "Taken.", param: "username" },
      ],
    });
    expect(await signUp(credentials)).toEqual({
      kind: "refused",
      message: null,
      fields: { username: "Taken.", password: "Too short. Too common." },
    });
  });
});

describe("the session", () => {
  it("is over when the server says that nobody is signed in any more", async () => {
    answer(401);
    expect(await signOut()).toBe(true);
  });

  it("is not over when the server is in trouble", async () => {
    answer(500);
    expect(await signOut()).toBe(false);
  });

  it("is there when the server says so, and not when it is silent", async () => {
    answer(200);
    expect(await isSignedIn()).toBe(true);
    vi.stubGlobal("fetch", vi.fn<typeof fetch>().mockRejectedValue(new TypeError("offline")));
    expect(await isSignedIn()).toBe(false);
  });
});
