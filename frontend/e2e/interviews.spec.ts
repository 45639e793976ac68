/** Interviews after the call: the list, the report, what can be done with it, and the way back into an open one. */

import { expect, type Page, test } from "@playwright/test";

import { failing, never, type PageState, testPage } from "./inPages";
import {
  correctedReport,
  haveSession,
  interviews,
  json,
  NOW,
  openReport,
  practice,
  refusals,
  report,
  serveApi,
  silence,
} from "./restFixtures";

const path = `/interviews/${report.id}`;
const address = `/api/v1/interviews/${report.id}/`;
const withInterviews = { "GET /api/v1/interviews/": json(interviews) };

const openQuestion = (number: number) => (page: Page) =>
  page.locator(`#question-${number} > summary`).click();

const STATES: PageState[] = [
  { name: "interviews", path: "/interviews", answers: withInterviews, sees: "Scores over time" },
  {
    name: "interviews, as a table",
    path: "/interviews",
    answers: withInterviews,
    act: (page) => page.getByText("As a table").click(),
    sees: "51 of 90",
  },
  { name: "interviews, empty", path: "/interviews", sees: "No interviews yet" },
  {
    name: "interviews, loading",
    path: "/interviews",
    answers: { "GET /api/v1/interviews/": never },
    sees: "Your interviews are loading",
  },
  {
    name: "interviews, not loaded",
    path: "/interviews",
    answers: { "GET /api/v1/interviews/": json(refusals.notFound, 404) },
    sees: "Your interviews did not load",
  },
  { name: "report", path, sees: "How you spoke" },
  {
    name: "report, how the points come about",
    path,
    act: (page) => page.getByText("How the points come about").click(),
    sees: "partial, then correct; or correct after a hint",
  },
  { name: "report, one of two attempts", path, act: openQuestion(6), sees: "Partial twice: 5 points." },
  { name: "report, not scored", path, act: openQuestion(9), sees: "This answer could not be scored." },
  { name: "report, skipped", path, act: openQuestion(10), sees: "Skipped: 1 point." },
  {
    name: "report, corrected",
    path,
    answers: { [`GET ${address}`]: json(correctedReport) },
    act: openQuestion(6),
    sees: "Corrected by you",
  },
  {
    name: "report, the question of what was said",
    path,
    act: async (page) => {
      await openQuestion(6)(page);
      await page.getByRole("button", { name: /That is not what I said.*question 6, first/ }).click();
    },
    sees: "What did you say?",
  },
  {
    name: "report, practised",
    path,
    answers: { [`POST ${address}questions/6/retry/`]: json(practice, 201) },
    act: async (page) => {
      await openQuestion(6)(page);
      await page.locator("#question-6").getByRole("button", { name: "Try this question again" }).click();
      await page.getByLabel("Your new answer to question 6").fill(practice.answer);
      await page.getByRole("button", { name: "Compare" }).click();
    },
    sees: "Practised: correct",
  },
  {
    name: "report, unfinished",
    path: `/interviews/${openReport.id}`,
    answers: { [`GET /api/v1/interviews/${openReport.id}/`]: json(openReport) },
    sees: "This interview is not over.",
  },
  { name: "report, loading", path, answers: { [`GET ${address}`]: never }, sees: "The report is loading" },
  {
    name: "report, somebody else's",
    path,
    answers: { [`GET ${address}`]: json(refusals.notFound, 404) },
    sees: "There is no such interview",
  },
  {
    name: "report, not loaded",
    path,
    answers: { [`GET ${address}`]: failing },
    sees: "This report did not load",
  },
  {
    name: "dashboard, an unfinished interview",
    path: "/dashboard",
    answers: { "GET /api/v1/interviews/": json({ items: interviews.items.slice(0, 1), count: 1 }) },
    sees: "Unfinished interview",
  },
];

STATES.forEach(testPage);

test.describe("with a report open", () => {
  test.beforeEach(async ({ page, context, baseURL }) => {
    await haveSession(context, baseURL ?? "");
    await page.clock.setFixedTime(NOW);
  });

  test("the keyboard alone leads to a question, its words and the files", async ({ page, context }) => {
    await serveApi(context);
    await page.goto(path);
    const question = page.locator("#question-5 > summary");
    await question.focus();
    await page.keyboard.press("Enter");
    await expect(page.getByText("Think about what has to happen")).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Play your answer at 7:41" })).toBeFocused();

    await page.getByRole("button", { name: "Export" }).focus();
    await page.keyboard.press("Enter");
    const items = page.getByRole("menuitem");
    await expect(items).toHaveText(["Markdown, to read", "JSON, everything", "WebVTT, what was said"]);
    expect(await items.evaluateAll((links) => links.map((link) => link.getAttribute("href")))).toEqual(
      ["markdown", "json", "webvtt"].map((format) => `${address}export/?format=${format}`),
    );
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "Export" })).toBeFocused();
  });

  test("a quote plays the candidate’s own clip, from its place", async ({ page, context }) => {
    const part = report.questions[5]?.attempts[0]?.parts[0];
    const wanted: string[] = [];
    await serveApi(context, {
      [`GET ${part?.audio_url}`]: (route) => {
        wanted.push(new URL(route.request().url()).pathname);
        return route.fulfill({ contentType: "audio/wav", body: silence(8) });
      },
    });
    await page.goto(path);
    await openQuestion(6)(page);
    const row = page.locator("#question-6");
    await row
      .getByRole("button", { name: /^Play your words/ })
      .nth(1)
      .click();
    await expect(row.getByRole("button", { name: /^Stop your words/ })).toBeVisible();
    expect(new Set(wanted)).toEqual(new Set([part?.audio_url]));
  });

  test("on paper everything is open, light, and without buttons", async ({ page, context }) => {
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    await serveApi(context);
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Interview report" })).toBeVisible();
    await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
    await expect(page.getByText("Skipped: 1 point.")).toBeVisible();
    await expect(page.getByText("A crash stays inside its process.").first()).toBeVisible();
    await expect(page.getByRole("button")).toHaveCount(0);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(paper).toBe("rgb(255, 255, 255)");
    const ink = await page
      .locator(".qtext")
      .first()
      .evaluate((text) => getComputedStyle(text).color);
    expect(Number(/[\d.]+/.exec(ink)?.[0])).toBeLessThan(0.4);
    if (process.env.PAGE_PICTURES) await page.pdf({ path: `${process.env.PAGE_PICTURES}/report.pdf` });
  });

  test("an interview is deleted after a question", async ({ page, context }) => {
    let deletions = 0;
    await serveApi(context, {
      [`DELETE ${address}`]: (route) => {
        deletions += 1;
        return route.fulfill({ status: 204 });
      },
    });
    await page.goto(path);
    await page.getByRole("button", { name: "Delete interview" }).click();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page).toHaveURL("/interviews");
    expect(deletions).toBe(1);
  });
});

test("the unfinished interview goes on in its own room", async ({ page, context, baseURL }) => {
  await haveSession(context, baseURL ?? "");
  await page.clock.setFixedTime(NOW);
  await serveApi(context, withInterviews);
  await page.goto("/dashboard");
  await page.getByRole("link", { name: "Go on with the interview with Mira" }).click();
  await expect(page).toHaveURL(`/call/${openReport.room_id}`);
});
