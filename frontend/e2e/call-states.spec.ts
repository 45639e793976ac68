/** The call: every state in both themes and at three widths without a finding of axe, and a call without a mouse. */

import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";

import { CallServer, example } from "./callServer";
import { call, haveSession, json, refusals, room, serveApi } from "./restFixtures";

test.use({ permissions: ["microphone"] });

const ASKED = "Forty is a lot. Did it get slow in one night, or bit by bit over the weeks?";
const REPLY =
  "Good. Then measure it before changing anything. Run the export once on a copy with the trigger switched off, and tell me both times.";
const CUT =
  "Then I would look at the audit table first. A trigger that writes one row for every change would explain it, and you can check that with the statement statistics, or you could";

const openCall = (page: Page) => page.goto(`/call/${room.id}`);

interface State {
  name: string;
  /** What the phase line says once the state is there. */
  sees: string;
  /** Leads from the opened page to the state. */
  act: (page: Page, server: CallServer) => Promise<void>;
  /** What the browser is made to do before the page is opened. */
  before?: (page: Page) => Promise<unknown>;
  /** What the API answers otherwise. */
  answers?: Parameters<typeof serveApi>[1];
  /** A state of one width alone: a sheet closes where the screen is turned. */
  width?: number;
}

const start = (page: Page) => page.getByRole("button", { name: "Start the call" }).click();

async function beLive(page: Page, server: CallServer): Promise<void> {
  await start(page);
  await server.hears("offer");
  await expect(page.locator(".phase")).toHaveText("Your turn");
}

/** A conversation with a cut in it, as in the design's pictures. */
async function beInTalk(page: Page, server: CallServer): Promise<void> {
  await beLive(page, server);
  await server.ask("Hi Priya. What are we looking at today?");
  server.say("transcript.user", { turn_id: "1", at_ms: 6_000 });
  await server.ask(ASKED);
  server.say("transcript.user", {
    turn_id: "2",
    text: "One night. Tuesday, right after we added the audit table.",
  });
  cutIn(server);
  server.say("turn_metrics", {
    end_of_turn_ms: 2500,
    stt_ms: 310,
    llm_first_token_ms: 420,
    tts_first_audio_ms: 190,
    voice_to_voice_ms: 3420,
    reply_latency_ms: 920,
  });
}

/** The persona is stopped in the middle of its answer. */
function cutIn(server: CallServer): void {
  server.phase("ai_speaking");
  server.say("transcript.interrupted", { turn_id: "3", text: CUT, heard_upto: CUT.indexOf(" and you can") });
  server.phase("wait_for_user");
}

declare global {
  interface Window {
    holdClock: () => void;
    pullMicrophoneOut: () => void;
  }
}

/** Makes the page's own clock stand when asked, so that a passing moment can be looked at. */
const holdableClock = (page: Page) =>
  page.addInitScript(() => {
    window.holdClock = () => {
      const now = performance.now();
      performance.now = () => now;
    };
  });

const refuseMicrophone = (name: string) => (page: Page) =>
  page.addInitScript((errorName) => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("refused", errorName));
  }, name);

/** Keeps the microphone's track at hand, so that it can be pulled out. */
const holdMicrophone = (page: Page) =>
  page.addInitScript(() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      window.pullMicrophoneOut = () =>
        stream.getTracks().forEach((track) => track.dispatchEvent(new Event("ended")));
      return stream;
    };
  });

const sheet = (tab: "Transcript" | "Stats", width: number): State => ({
  name: `${tab} as a sheet at ${width} px`,
  sees: "Your turn",
  width,
  act: async (page, server) => {
    await beInTalk(page, server);
    await page.getByRole("button", { name: "Transcript" }).click();
    await page.getByRole("tab", { name: tab }).click();
    await expect(page.getByText(tab === "Stats" ? "Round trip" : "Our nightly export").first()).toBeVisible();
    await expect(page.locator(".phase")).toHaveText("Your turn");
  },
});

const STATES: State[] = [
  { name: "idle", sees: "Ready when you are", act: async () => undefined },
  {
    name: "kept",
    sees: "Your call is kept",
    answers: { [`GET /api/v1/rooms/${room.id}/`]: json({ ...room, open_call_id: call.id }) },
    act: async () => undefined,
  },
  {
    name: "no connection",
    sees: "No connection",
    before: (page) => page.clock.install({ time: new Date() }),
    act: async (page, server) => {
      server.onOpen = () => undefined;
      await start(page);
      await expect(page.locator(".phase")).toHaveText("Connecting");
      await page.clock.runFor(21_000);
    },
  },
  {
    name: "one offer too many",
    sees: "Connecting",
    act: async (page, server) => {
      server.answers = false;
      await start(page);
      await server.hears("offer");
      server.say("error.bad_shape", {
        code: "too_many_offers",
        message: "Too many offers. Wait a moment.",
        retry_after: 600,
      });
      await expect(page.getByText("Too many offers. Wait a moment. The next try is in")).toBeVisible();
    },
  },
  {
    name: "microphone lost in the call",
    sees: "Your turn",
    before: holdMicrophone,
    act: async (page, server) => {
      await beLive(page, server);
      await page.evaluate(() => window.pullMicrophoneOut());
      await expect(page.getByText("No microphone was found")).toBeVisible();
      await expect(page.getByText("Anselm is waiting for you to write.")).toBeVisible();
    },
  },
  ...["not_understood", "about_to_end", "restarting"].map((code): State => ({
    name: `notice ${code}`,
    sees: "Your turn",
    act: async (page, server) => {
      await beLive(page, server);
      server.say(`notice.${code}`);
      await expect(page.getByText(String(example(`notice.${code}`).message))).toBeVisible();
    },
  })),
  ...[
    ["loud_room", "It is loud around you."],
    ["clipping", "You are too loud for the microphone."],
    ["not_understood_loud_room", "I could not make out any words."],
  ].map(([code, title]): State => ({
    name: `notice ${code}`,
    sees: "Your turn",
    act: async (page, server) => {
      await beLive(page, server);
      server.say(`notice.${code}`);
      await expect(page.getByText(String(title), { exact: true })).toBeVisible();
    },
  })),
  sheet("Transcript", 768),
  sheet("Transcript", 360),
  sheet("Stats", 360),
  ...(
    ["NotAllowedError", "NotFoundError", "NotReadableError", "OverconstrainedError", "SecurityError"] as const
  ).map((name) => ({
    name: `microphone ${name}`,
    sees: "No microphone yet",
    before: refuseMicrophone(name),
    act: start,
  })),
  {
    name: "preflight",
    sees: "May we use your microphone?",
    before: (page) =>
      page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () => new Promise(() => undefined);
      }),
    act: start,
  },
  {
    name: "connecting",
    sees: "Connecting",
    act: async (page, server) => {
      server.answers = false;
      await start(page);
      await server.hears("offer");
    },
  },
  {
    name: "waiting",
    sees: "Your turn",
    act: async (page, server) => {
      await beLive(page, server);
      await server.ask(ASKED);
    },
  },
  {
    name: "listening",
    sees: "Listening",
    act: async (page, server) => {
      await beLive(page, server);
      await server.ask(ASKED);
      server.user(true);
    },
  },
  {
    name: "silence",
    sees: "Finished?",
    act: async (page, server) => {
      server.onOpen = () => server.say("ready", { silence_duration_ms: 60_000 });
      await beLive(page, server);
      await server.ask(ASKED);
      server.user(true);
      server.user(false, 26_000);
    },
  },
  {
    name: "thinking",
    sees: "Thinking",
    act: async (page, server) => {
      await beInTalk(page, server);
      server.phase("processing_user");
      server.say("transcript.user", {
        turn_id: "4",
        text: "Wait, it does have a trigger. One for each row, yes.",
      });
    },
  },
  {
    name: "speaking",
    sees: "Speaking",
    act: async (page, server) => {
      await beInTalk(page, server);
      server.say("transcript.user", {
        turn_id: "4",
        text: "Wait, it does have a trigger. One for each row, yes.",
      });
      server.phase("ai_speaking");
      server.say("transcript.assistant_speaking", { turn_id: "4", text: REPLY, at_ms: server.atMs });
    },
  },
  {
    name: "interrupted",
    sees: "Go ahead",
    before: holdableClock,
    act: async (page, server) => {
      await beLive(page, server);
      await page.evaluate(() => window.holdClock());
      cutIn(server);
    },
  },
  {
    name: "no sound from the microphone",
    sees: "No sound from you",
    act: async (page, server) => {
      await beLive(page, server);
      server.say("notice.no_microphone_sound");
    },
  },
  {
    name: "sound blocked",
    sees: "Sound is off",
    before: (page) =>
      page.addInitScript(() => {
        HTMLMediaElement.prototype.play = () => Promise.reject(new DOMException("", "NotAllowedError"));
      }),
    act: async (page, server) => {
      await start(page);
      await server.hears("playback");
    },
  },
  {
    name: "provider trouble",
    sees: "Your turn",
    act: async (page, server) => {
      await beLive(page, server);
      server.say("notice.reply_failed");
      await expect(page.getByText("Please say that again.").first()).toBeVisible();
    },
  },
  {
    name: "muted",
    sees: "Your turn",
    act: async (page, server) => {
      await beLive(page, server);
      await page.keyboard.press("m");
      await expect(page.getByText("Your microphone is off")).toBeVisible();
    },
  },
  {
    name: "typing, with stand-ins",
    sees: "Your turn",
    act: async (page, server) => {
      server.onOpen = () => server.say("ready.stand_ins");
      await beLive(page, server);
      await page.getByRole("button", { name: "Type instead" }).click();
      await expect(page.getByRole("textbox")).toBeFocused();
    },
  },
  {
    name: "reconnecting",
    sees: "Reconnecting",
    act: async (page, server) => {
      await beInTalk(page, server);
      server.onOpen = () => undefined;
      await server.drop(1012);
    },
  },
  {
    name: "connection lost",
    sees: "The connection was lost",
    before: (page) => page.clock.install({ time: new Date() }),
    act: async (page, server) => {
      await beInTalk(page, server);
      server.onOpen = () => undefined;
      await server.drop(1006);
      await expect(page.locator(".phase")).toHaveText("Reconnecting");
      await page.clock.runFor(61_000);
    },
  },
  ...[
    { code: 4401, sees: "You were signed out" },
    { code: 4404, sees: "This call does not exist" },
    { code: 4409, sees: "The call goes on elsewhere" },
    { code: 4500, sees: "Something failed on the server" },
  ].map(({ code, sees }) => ({
    name: `closed with ${code}`,
    sees,
    act: async (page: Page, server: CallServer) => {
      server.onOpen = () => void server.drop(code);
      await start(page);
    },
  })),
  {
    name: "all lines busy",
    sees: "All lines are busy",
    act: async (page, server) => {
      server.onOpen = () => {
        server.say("error.at_capacity");
        void server.drop(4429);
      };
      await start(page);
    },
  },
  {
    name: "ended",
    sees: "The call is over",
    act: async (page, server) => {
      await beInTalk(page, server);
      await page.getByRole("button", { name: "End call" }).click();
    },
  },
  {
    name: "stats",
    sees: "Your turn",
    act: async (page, server) => {
      await beInTalk(page, server);
      for (const reply_latency_ms of [900, 1710, 780]) server.say("turn_metrics", { reply_latency_ms });
      await page.getByRole("tab", { name: "Stats" }).click();
      await expect(page.getByText("Round trip")).toBeVisible();
      await expect(page.locator(".phase")).toHaveText("Your turn");
    },
  },
  {
    name: "devices",
    sees: "Your turn",
    act: async (page, server) => {
      await beLive(page, server);
      await page.getByRole("button", { name: "More" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
  {
    name: "end, asked",
    sees: "Your turn",
    act: async (page, server) => {
      await beLive(page, server);
      await page.keyboard.press("Control+e");
      await expect(page.getByRole("dialog", { name: "End the call?" })).toBeVisible();
    },
  },
  {
    name: "keys",
    sees: "Your turn",
    act: async (page, server) => {
      await beLive(page, server);
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
    },
  },
];

const WIDTHS = [1280, 768, 360];

for (const { name, sees, before, act, answers, width } of STATES) {
  test(`${name}: both themes, three widths, axe finds nothing`, async ({ page, context, baseURL }) => {
    if (width) await page.setViewportSize({ width, height: 800 });
    await serveApi(context, answers);
    await haveSession(context, baseURL ?? "");
    const server = await CallServer.behind(page);
    await before?.(page);
    await openCall(page);
    await act(page, server);
    await expect(page.locator(".phase")).toHaveText(sees);
    if (!width) await staysOnTheScreen(page, name);
    for (const theme of ["light", "dark"]) {
      await page.evaluate((chosen) => (document.documentElement.dataset.theme = chosen), theme);
      await takePictures(page, `${name} ${theme}`, width ? [width] : WIDTHS);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual(
        [],
      );
    }
  });
}

/** Nothing is wider than the screen, and on a small phone no button is below its edge. */
async function staysOnTheScreen(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${name} at ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 360, height: 640 });
  const below = () =>
    page.evaluate(() =>
      [...document.querySelectorAll(".dock :is(a, button)")]
        .filter((button) => button.getBoundingClientRect().bottom > window.innerHeight)
        .map((button) => button.textContent),
    );
  await expect.poll(below, { message: `${name} at 360 × 640 px` }).toEqual([]);
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** For whoever wants to look at the states: CALL_PICTURES names a folder. */
async function takePictures(page: Page, name: string, widths: readonly number[]): Promise<void> {
  const folder = process.env.CALL_PICTURES;
  if (!folder) return;
  const before = page.viewportSize();
  for (const width of widths) {
    await page.setViewportSize({ width, height: width === 768 ? 1024 : 800 });
    await page.screenshot({ path: `${folder}/${`${name} ${width}`.replaceAll(/[^a-z0-9]+/gi, "-")}.png` });
  }
  if (before) await page.setViewportSize(before);
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

test("a room of somebody else is no call", async ({ page, context, baseURL }) => {
  await serveApi(context, { [`GET /api/v1/rooms/${room.id}/`]: json(refusals.notFound, 404) });
  await haveSession(context, baseURL ?? "");
  await page.goto(`/call/${room.id}`);
  await expect(page.getByRole("alert").filter({ hasText: "This call does not exist" })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});
