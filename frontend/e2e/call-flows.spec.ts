/** A call goes its way: with and without a mouse, over a lost line, in the browser's own sound. */

import { expect, test, type Page } from "@playwright/test";

import { axe } from "./axe";
import { CallServer } from "./callServer";
import { ASKED, CAME_OVER, REPLY, beLive, beOver, openCall, pushToTalk } from "./inCall";
import { haveSession, json, refusals, room, serveApi } from "./restFixtures";

test.use({ permissions: ["microphone"] });

declare global {
  interface Window {
    volumes: [atMs: number, volume: number][];
  }
}

test.describe("where motion is welcome", () => {
  test.use({ contextOptions: { reducedMotion: "no-preference" } });

  test("the form moves with the voice, and a call goes its way", async ({ page, context, baseURL }) => {
    await serveApi(context);
    await haveSession(context, baseURL ?? "");
    const server = await CallServer.behind(page);
    await openCall(page);
    await beLive(page, server);
    server.phase("ai_speaking");
    server.say("transcript.assistant_speaking", { turn_id: "1", text: REPLY });
    await expect(page.locator(".phase")).toHaveText("Speaking");
    const drawn = () => page.locator(".form-layer[data-shown=true] path").first().getAttribute("d");
    const still = await drawn();
    await expect.poll(drawn).not.toBe(still);
    await page.getByRole("button", { name: "Stop speaking" }).click();
    await server.hears("cancel_tts");
    server.phase("wait_for_user");
    await page.getByRole("button", { name: "End call" }).click();
    await expect(page.locator(".phase")).toHaveText("The call is over");
    await expect(page.getByRole("link", { name: "See this call" })).toBeFocused();
  });
});

test("a call is completed without a mouse, by writing", async ({ page, context, baseURL }) => {
  await serveApi(context);
  await haveSession(context, baseURL ?? "");
  const server = await CallServer.behind(page);
  await page.goto("/dashboard");
  await tabTo(
    page,
    page.getByRole("listitem").filter({ hasText: "Anselm" }).getByRole("button", { name: /Call/ }),
  );
  await page.keyboard.press("Enter");
  await expect(page.locator(".phase")).toHaveText("Your turn");

  await tabTo(page, page.getByRole("button", { name: "Type instead" }));
  await page.keyboard.press("Enter");
  await page.keyboard.type("Our nightly export got slow.");
  await page.keyboard.press("Enter");
  expect(await server.hears("user_text")).toEqual({
    type: "user_text",
    text: "Our nightly export got slow.",
  });
  server.phase("processing_user");
  server.say("transcript.user", { text: "Our nightly export got slow." });
  await expect(page.locator(".phase")).toHaveText("Thinking");
  await server.ask(ASKED);
  await expect(page.getByRole("log", { name: "Transcript" })).toContainText("Our nightly export got slow.");
  await expect(page.getByRole("log", { name: "Transcript" })).toContainText(ASKED);

  await page.keyboard.press("Control+e");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+e");
  await expect(page.getByRole("button", { name: "Keep talking" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.locator(".phase")).toHaveText("The call is over");
  await tabTo(page, page.getByRole("link", { name: "Back to Talk" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/dashboard$/);
});

async function tabTo(page: Page, target: ReturnType<Page["getByRole"]>): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("The Tab key never came there");
}

test("a call that is come back to with Forward opens no microphone by itself", async ({
  page,
  context,
  baseURL,
}) => {
  await serveApi(context);
  await haveSession(context, baseURL ?? "");
  const server = await CallServer.behind(page);
  await page.goto("/dashboard");
  await page
    .getByRole("listitem")
    .filter({ hasText: "Anselm" })
    .getByRole("button", { name: /Call/ })
    .click();
  await expect(page.locator(".phase")).toHaveText("Your turn");
  await page.goBack();
  await expect(page).toHaveURL(/\/dashboard$/);
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => {
      throw new Error("asked for the microphone");
    };
  });
  await page.goForward();
  await expect(page.locator(".phase")).toHaveText("Ready when you are");
  expect(server.sockets).toHaveLength(1);
});

test("the line is lost and comes back, with the same call", async ({ page, context, baseURL }) => {
  await serveApi(context);
  await haveSession(context, baseURL ?? "");
  const server = await CallServer.behind(page);
  await openCall(page);
  await beLive(page, server);
  server.onOpen = () => server.say("ready.resumed");
  await server.drop(1006);
  await expect(page.locator(".phase")).toHaveText("Your turn");
  expect(server.sockets).toHaveLength(2);
  expect(server.heard.filter(({ type }) => type === "offer").at(-1)).toMatchObject({ restart: true });
  await expect(page.getByRole("log", { name: "Transcript" })).toContainText(
    "You came in here; not heard: Did it get slow",
  );
});

test("the sound stops and comes back, on the same socket", async ({ page, context, baseURL }) => {
  await serveApi(context);
  await haveSession(context, baseURL ?? "");
  const server = await CallServer.behind(page);
  await openCall(page);
  await beLive(page, server);
  await page.evaluate(() => window.secondPeer.silence());
  await expect.poll(() => server.heard.filter(({ type }) => type === "offer").length).toBe(2);
  await expect(page.locator(".phase")).toHaveText("Your turn");
  expect(server.sockets).toHaveLength(1);
});

test("the browser tells what it did with the microphone and how long sound waits", async ({
  page,
  context,
  baseURL,
}) => {
  await serveApi(context);
  await haveSession(context, baseURL ?? "");
  const server = await CallServer.behind(page);
  await openCall(page);
  await beLive(page, server);
  expect(await server.hears("media_settings")).toMatchObject({
    noise_suppression: false,
    auto_gain_control: false,
  });
  await expect
    .poll(() =>
      server.heard.filter(({ type }) => type === "playback").map(({ playout_delay_ms: ms }) => typeof ms),
    )
    .toContain("number");
  await expect(page.getByText("Good connection")).toBeVisible();
});

test("the persona's sound is lowered as soon as something is heard over it, and comes back by itself", async ({
  page,
  context,
  baseURL,
}) => {
  await page.addInitScript(() => localStorage.setItem("parley-call-volume", "0.8"));
  await serveApi(context);
  await haveSession(context, baseURL ?? "");
  const server = await CallServer.behind(page);
  await openCall(page);
  await beOver(page, server);
  // Every volume that the element gets, and when.
  await page.evaluate(() => {
    window.volumes = [];
    const { set, get } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "volume") ?? {};
    Object.defineProperty(HTMLMediaElement.prototype, "volume", {
      get,
      set(this: HTMLMediaElement, volume: number) {
        window.volumes.push([performance.now(), volume]);
        set?.call(this, volume);
      },
    });
  });
  server.bid("suspected", { turn_id: CAME_OVER });
  const last = () => page.evaluate(() => window.volumes.at(-1)?.[1]);
  await expect.poll(last).toBe(0.8);
  const volumes = await page.evaluate(() => window.volumes);
  expect(Math.min(...volumes.map(([, volume]) => volume))).toBeCloseTo(0.2, 2);
  await expect(page.locator(".phase")).toHaveText("Speaking, quietly");
});

test("push to talk opens the microphone while the space bar is down, and lets go with the focus", async ({
  page,
  context,
  baseURL,
}) => {
  await pushToTalk(page);
  await serveApi(context);
  await haveSession(context, baseURL ?? "");
  const server = await CallServer.behind(page);
  await openCall(page);
  await beLive(page, server);
  const told = () =>
    server.heard
      .filter(({ type }) => type === "media_settings")
      .map(({ muted, push_to_talk: isOn }) => [muted, isOn]);
  expect(told()).toEqual([[true, true]]);
  await page.keyboard.down("Space");
  await expect.poll(() => told().at(-1)).toEqual([false, true]);
  await page.keyboard.up("Space");
  await expect.poll(() => told().at(-1)).toEqual([true, true]);
  await page.keyboard.down("Space");
  await page.evaluate(() => window.dispatchEvent(new Event("blur")));
  await expect.poll(told).toEqual([
    [true, true],
    [false, true],
    [true, true],
    [false, true],
    [true, true],
  ]);
});

test("a room of somebody else is no call", async ({ page, context, baseURL }) => {
  await serveApi(context, { [`GET /api/v1/rooms/${room.id}/`]: json(refusals.notFound, 404) });
  await haveSession(context, baseURL ?? "");
  await page.goto(`/call/${room.id}`);
  await expect(page.getByRole("alert").filter({ hasText: "This call does not exist" })).toBeVisible();
  expect((await (await axe(page)).analyze()).violations).toEqual([]);
});
