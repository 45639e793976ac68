/** Every page and state but the call: both themes, 360 px, no finding of axe, and the ways between them. */

import { expect, type Page, test } from "@playwright/test";

import { failing, never, pretendMicrophone, testPage, type PageState } from "./inPages";
import {
  bargeIns,
  call,
  calls,
  haveSession,
  json,
  me,
  personas,
  refusals,
  room,
  serveApi,
  silence,
} from "./restFixtures";

const signInAs = async (page: Page, name = "priya", password = "wrong") => {
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
};

const STATES: PageState[] = [
  { name: "sign in", path: "/", sees: "Voice calls you can interrupt.", isSignedOut: true },
  {
    name: "sign in, no match",
    path: "/",
    isSignedOut: true,
    answers: {
      "POST /_allauth/browser/v1/auth/login": json(
        { status: 400, errors: [{ code: "username_password_mismatch", message: "No.", param: "password" }] },
        400,
      ),
    },
    act: (page) => signInAs(page),
    sees: "That did not match.",
  },
  {
    name: "sign in, too many tries",
    path: "/",
    isSignedOut: true,
    answers: { "POST /_allauth/browser/v1/auth/login": json({ status: 429 }, 429) },
    act: (page) => signInAs(page),
    sees: "Too many tries.",
  },
  {
    name: "signed out",
    path: "/?next=%2Fcalls&signed-out=1",
    isSignedOut: true,
    sees: "You were signed out.",
  },
  {
    name: "sign up, refused",
    path: "/?create=1",
    isSignedOut: true,
    answers: {
      "POST /_allauth/browser/v1/auth/signup": json(
        {
          status: 400,
          errors: [{ code: "password_too_common", message: "This is too common.", param: "password" }],
        },
        400,
      ),
    },
    act: (page) => signInAs(page),
    sees: "This is too common.",
  },
  { name: "dashboard", path: "/dashboard", sees: "Patient" },
  {
    name: "dashboard, loading",
    path: "/dashboard",
    answers: { "GET /api/v1/personas/": never },
    sees: "The personas are loading",
  },
  {
    name: "dashboard, not loaded",
    path: "/dashboard",
    answers: { "GET /api/v1/personas/": json(refusals.notFound, 404) },
    sees: "The personas did not load",
  },
  {
    name: "dashboard, no calls yet",
    path: "/dashboard",
    answers: { "GET /api/v1/calls/": json({ items: [], count: 0 }) },
    sees: "No calls yet. After a call you find its words here.",
  },
  {
    name: "dashboard, all lines busy",
    path: "/dashboard",
    microphoneIsAllowed: true,
    answers: { "POST /api/v1/rooms/": json(refusals.full, 503) },
    act: (page) => page.getByRole("button", { name: "Call Anselm" }).click(),
    sees: "Try again in 20 s.",
  },
  {
    name: "dashboard, recording question",
    path: "/dashboard",
    answers: { "GET /api/v1/me/": json({ ...me, preferences: { ...me.preferences, recording: null } }) },
    act: (page) => page.getByRole("button", { name: "Call Anselm" }).click(),
    sees: "Keep a recording of your calls?",
  },
  {
    name: "dashboard, account menu",
    path: "/dashboard",
    act: (page) => page.getByRole("button", { name: "Account: Priya Raman" }).click(),
    sees: "Keep recordings of my calls",
  },
  {
    name: "microphone check, asking",
    path: "/preflight?persona=technical-expert",
    sees: "May we use your microphone?",
  },
  {
    name: "microphone check, heard",
    path: "/preflight?persona=technical-expert",
    microphoneIsAllowed: true,
    act: (page) => page.getByRole("button", { name: "Check microphone" }).click(),
    sees: "You are ready",
  },
  ...(
    [
      ["NotAllowedError", "Your browser blocks the microphone"],
      ["NotFoundError", "No microphone was found"],
      ["NotReadableError", "Another program is using the microphone"],
      ["OverconstrainedError", "The chosen microphone is gone"],
      ["SecurityError", "This address may not use a microphone"],
    ] as const
  ).map(([microphoneError, sees]) => ({
    name: `microphone check, ${microphoneError}`,
    path: "/preflight?persona=technical-expert",
    microphoneError,
    act: (page: Page) => page.getByRole("button", { name: "Allow microphone" }).click(),
    sees,
  })),
  { name: "calls", path: "/calls", sees: "5 calls, 29 min of talking." },
  {
    name: "calls, empty",
    path: "/calls",
    answers: { "GET /api/v1/calls/": json({ items: [], count: 0 }) },
    sees: "No calls yet",
  },
  {
    name: "calls, loading",
    path: "/calls",
    answers: { "GET /api/v1/calls/": never },
    sees: "Your calls are loading",
  },
  {
    name: "calls, not loaded",
    path: "/calls",
    answers: { "GET /api/v1/calls/": json(refusals.notFound, 404) },
    sees: "Your calls did not load",
  },
  { name: "a call", path: `/calls/${call.id}`, sees: "Where the time went" },
  {
    name: "a call, talked over",
    path: `/calls/${call.id}`,
    answers: { [`GET /api/v1/calls/${call.id}/`]: json({ ...call, barge_ins: bargeIns }) },
    sees: "Stopped for “Wait”",
  },
  {
    name: "a call, recorded",
    path: `/calls/${call.id}`,
    answers: {
      [`GET /api/v1/calls/${call.id}/`]: json({ ...call, recording: true, sound: "ready" }),
      [`GET /api/v1/calls/${call.id}/recording/`]: (route) =>
        route.fulfill({ contentType: "audio/wav", body: silence(1) }),
    },
    sees: "You are on the left, Anselm on the right.",
  },
  {
    name: "a call, its sound deleted",
    path: `/calls/${call.id}`,
    answers: { [`GET /api/v1/calls/${call.id}/`]: json({ ...call, recording: true, sound: "deleted" }) },
    sees: "The sound was deleted; the words stay.",
  },
  {
    name: "a call, the question before it is deleted",
    path: `/calls/${call.id}`,
    act: (page) => page.getByRole("button", { name: "Delete call" }).click(),
    sees: "Delete this call?",
  },
  {
    name: "a call, loading",
    path: `/calls/${call.id}`,
    answers: { [`GET /api/v1/calls/${call.id}/`]: never },
    sees: "The call is loading",
  },
  {
    name: "a call, somebody else's",
    path: `/calls/${call.id}`,
    answers: { [`GET /api/v1/calls/${call.id}/`]: json(refusals.notFound, 404) },
    sees: "There is no such call",
  },
  {
    name: "a call, not loaded",
    path: `/calls/${call.id}`,
    answers: { [`GET /api/v1/calls/${call.id}/`]: failing },
    sees: "This call did not load",
  },
  { name: "not found", path: "/nowhere", sees: "There is nothing here" },
];

STATES.forEach(testPage);

test("who is not signed in is sent to sign in, and comes back to where they were going", async ({
  page,
  baseURL,
}) => {
  const context = page.context();
  await serveApi(context, {
    "POST /_allauth/browser/v1/auth/login": async (route) => {
      expect(route.request().headers()["x-csrftoken"]).toBe("token-of-the-test");
      expect(route.request().postDataJSON()).toEqual({ username: "priya", password: "correct-horse" });
      await haveSession(context, baseURL ?? "");
      await route.fulfill({ json: { status: 200, meta: { is_authenticated: true } } });
    },
  });
  await page.goto("/calls");
  await expect(page).toHaveURL("/?next=%2Fcalls");
  await signInAs(page, "priya", "correct-horse");
  await expect(page).toHaveURL("/calls");
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
});

test("a way back that leaves the site leads to the dashboard instead", async ({ page, baseURL }) => {
  const context = page.context();
  await haveSession(context, baseURL ?? "");
  await serveApi(context, { "GET /_allauth/browser/v1/auth/session": json({ status: 200 }) });
  await page.goto("/?next=//elsewhere.example/calls");
  await expect(page).toHaveURL("/dashboard");
});

test("a session that is over leads to sign in, with a word about it", async ({ page, baseURL }) => {
  const context = page.context();
  await haveSession(context, baseURL ?? "");
  await serveApi(context, {
    "GET /api/v1/me/": json(refusals.notSignedIn, 401),
    "GET /api/v1/personas/": json(refusals.notSignedIn, 401),
    "GET /api/v1/calls/": json(refusals.notSignedIn, 401),
  });
  await page.goto("/dashboard");
  await expect(page.getByText("You were signed out.")).toBeVisible();
  await expect(page).toHaveURL("/?next=%2Fdashboard&signed-out=1");
});

test("one click makes a room with the persona and goes there", async ({ page, baseURL }) => {
  const context = page.context();
  await haveSession(context, baseURL ?? "");
  await serveApi(context, {
    "POST /api/v1/rooms/": async (route) => {
      expect(route.request().headers()["x-csrftoken"]).toBe("token-of-the-test");
      expect(route.request().postDataJSON()).toEqual({ persona: personas[1]?.slug });
      await route.fulfill({ status: 201, json: room });
    },
  });
  await pretendMicrophone(page, { name: "", path: "", sees: "", microphoneIsAllowed: true });
  await page.goto("/dashboard");
  await page.getByRole("button", { name: "Call Anselm" }).click();
  await expect(page).toHaveURL(`/call/${room.id}`);
});

test("a call is deleted by keyboard, after a question; kept, the focus is where it was", async ({
  page,
  baseURL,
}) => {
  const context = page.context();
  await haveSession(context, baseURL ?? "");
  let deletions = 0;
  await serveApi(context, {
    [`DELETE /api/v1/calls/${call.id}/`]: async (route) => {
      expect(route.request().headers()["x-csrftoken"]).toBe("token-of-the-test");
      deletions += 1;
      await route.fulfill({ status: 204 });
    },
  });
  await page.goto(`/calls/${call.id}`);
  const opener = page.getByRole("button", { name: "Delete call" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Delete this call?" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(opener).toBeFocused();
  expect(deletions).toBe(0);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Delete", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/calls");
  await expect(page.getByText("The call was deleted.").first()).toBeAttached();
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  expect(deletions).toBe(1);
});

test("whoever was never asked is asked about recordings before the first call, and the answer is kept", async ({
  page,
  baseURL,
}) => {
  const context = page.context();
  await haveSession(context, baseURL ?? "");
  await serveApi(context, {
    "GET /api/v1/me/": json({ ...me, preferences: { ...me.preferences, recording: null } }),
    "PATCH /api/v1/me/preferences/": async (route) => {
      expect(route.request().postDataJSON()).toEqual({ recording: true });
      await route.fulfill({ json: { ...me, preferences: { ...me.preferences, recording: true } } });
    },
  });
  await pretendMicrophone(page, { name: "", path: "", sees: "", microphoneIsAllowed: true });
  await page.goto("/dashboard");
  await page.getByRole("button", { name: "Call Anselm" }).click();
  await page.getByRole("button", { name: "Keep recordings" }).click();
  await expect(page).toHaveURL(`/call/${room.id}`);
});

test("where the microphone was never allowed the reason comes first; whoever has none can write", async ({
  page,
  baseURL,
}) => {
  const context = page.context();
  await haveSession(context, baseURL ?? "");
  await serveApi(context);
  await pretendMicrophone(page, { name: "", path: "", sees: "", microphoneError: "NotFoundError" });
  await page.goto("/dashboard");
  await page.getByRole("button", { name: "Call Anselm" }).click();
  await expect(page).toHaveURL("/preflight?persona=technical-expert");
  await page.getByRole("button", { name: "Allow microphone" }).click();
  await expect(page.getByRole("alert").getByText("No microphone was found")).toBeVisible();
  await page.getByRole("button", { name: "Type instead of speaking" }).click();
  await expect(page).toHaveURL(`/call/${room.id}?input=text`);
});

test("a failed load is asked again with one button", async ({ page, baseURL }) => {
  const context = page.context();
  await haveSession(context, baseURL ?? "");
  let isWorking = false;
  await serveApi(context, {
    "GET /api/v1/calls/": (route) =>
      route.fulfill(
        isWorking
          ? { json: { items: calls, count: calls.length } }
          : { status: 404, json: refusals.notFound },
      ),
  });
  await page.goto("/calls");
  await expect(page.getByText("Your calls did not load")).toBeVisible();
  isWorking = true;
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("link", { name: /Sol/ })).toBeVisible();
});

test("the keyboard alone leads past the bars to a call's words", async ({ page, baseURL }) => {
  const context = page.context();
  await haveSession(context, baseURL ?? "");
  await serveApi(context);
  await page.goto("/calls");
  await expect(page.getByRole("link", { name: /Sol/ })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: /Anselm/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/calls/${call.id}`);
  await expect(page.getByText("not heard:")).toBeAttached();
});

test("the theme follows the system until a person chooses, and is remembered", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await serveApi(page.context());
  await page.goto("/");
  const html = page.locator("html");
  await expect(html).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Theme: system. Change" }).click();
  await expect(html).toHaveAttribute("data-theme", "light");
  await page.reload();
  await expect(html).toHaveAttribute("data-theme", "light");
  await expect(page.getByRole("button", { name: "Theme: light. Change" })).toBeVisible();
});

test("the account's theme is worn on a new device, and a choice is kept with the account", async ({
  page,
  baseURL,
}) => {
  const context = page.context();
  await page.emulateMedia({ colorScheme: "light" });
  await haveSession(context, baseURL ?? "");
  const changes: unknown[] = [];
  await serveApi(context, {
    "GET /api/v1/me/": json({ ...me, preferences: { ...me.preferences, theme: "dark" } }),
    "PATCH /api/v1/me/preferences/": async (route) => {
      changes.push(route.request().postDataJSON());
      await route.fulfill({ json: me });
    },
  });
  await page.goto("/dashboard");
  const html = page.locator("html");
  await expect(html).toHaveAttribute("data-theme", "dark");
  await page.getByRole("button", { name: "Theme: dark. Change" }).click();
  await expect(html).toHaveAttribute("data-theme", "light");
  await expect.poll(() => changes).toEqual([{ theme: "system" }]);
});

test("pages allow the microphone to themselves alone and say who may frame them", async ({ request }) => {
  const headers = (await request.get("/")).headers();
  expect(headers["permissions-policy"]).toContain("microphone=(self)");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["x-powered-by"]).toBeUndefined();
});
