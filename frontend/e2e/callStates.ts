/** What a call can look like: each state, and how the page comes there. */

import { expect, type Page } from "@playwright/test";

import { example, type CallServer } from "./callServer";
import { ASKED, REPLY, beInTalk, beLive, cutIn, holdableClock, start, type State } from "./inCall";
import { call, json, room } from "./restFixtures";

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

export const CALL_STATES: State[] = [
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
