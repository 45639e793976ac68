/** A call that is an interview: its states, and the ways out of it. */

import { expect, test } from "@playwright/test";

import { CallServer } from "./callServer";
import { openCall } from "./inCall";
import { beAsked, INTERVIEW_STATES } from "./interviewStates";
import { haveSession, json, report, room, serveApi } from "./restFixtures";
import { testState } from "./testState";

test.use({ permissions: ["microphone"] });

INTERVIEW_STATES.forEach(testState);

test("the question is told politely, and no points are on the screen while one speaks", async ({
  page,
  context,
  baseURL,
}) => {
  await serveApi(context);
  await haveSession(context, baseURL ?? "");
  const server = await CallServer.behind(page);
  await openCall(page);
  await beAsked(page, server);
  await expect(page.getByRole("status", { name: "Question" })).toHaveText("Question 5 of 10, moderate");
  await expect(page.getByText("34 of 36")).toHaveCount(0);
});

test("every way out of an interview asks: the button, the key, Back, and closing the page", async ({
  page,
  context,
  baseURL,
}) => {
  await serveApi(context);
  await haveSession(context, baseURL ?? "");
  const server = await CallServer.behind(page);
  await page.goto("/dashboard");
  await openCall(page);
  await beAsked(page, server);
  const dialog = page.getByRole("dialog", { name: "End the interview?" });
  const keepTalking = page.getByRole("button", { name: "Keep talking" });

  await page.getByRole("button", { name: "End call" }).click();
  await expect(dialog).toBeVisible();
  await keepTalking.click();
  await page.keyboard.press("Control+e");
  await expect(dialog).toBeVisible();
  await page.keyboard.press("Escape");
  await page.goBack();
  await expect(dialog).toBeVisible();
  await keepTalking.click();
  expect(server.heard.map(({ type }) => type)).not.toContain("end_call");

  const asked = new Promise<string>((resolve) =>
    page.once("dialog", (question) => {
      resolve(question.type());
      void question.dismiss();
    }),
  );
  await page.close({ runBeforeUnload: true });
  expect(await asked).toBe("beforeunload");

  await page.getByRole("button", { name: "End call" }).click();
  await page.getByRole("button", { name: "End for now" }).click();
  await expect(page.locator(".phase")).toHaveText("The interview is paused");
  await expect(page.getByRole("button", { name: "Go on with the interview" })).toBeVisible();
});

test("a room whose interview is over opens its report", async ({ page, context, baseURL }) => {
  await serveApi(context, {
    [`GET /api/v1/rooms/${room.id}/`]: json({
      ...room,
      interview_id: report.id,
      interview_status: "finished",
    }),
  });
  await haveSession(context, baseURL ?? "");
  await openCall(page);
  await expect(page).toHaveURL(`/interviews/${report.id}`);
  await expect(page.getByRole("heading", { name: "Interview report" })).toBeVisible();
});
