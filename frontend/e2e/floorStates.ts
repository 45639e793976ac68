/** Whose turn is it, while both want it or nobody talks: each state, and how the page comes there. */

import { expect } from "@playwright/test";

import { ASKED, CAME_OVER, REPLY, beLive, beOver, holdableClock, pushToTalk, type State } from "./inCall";

export const FLOOR_STATES: State[] = [
  {
    name: "suspected",
    sees: "Speaking, quietly",
    act: (page, server) => beOver(page, server, "suspected"),
  },
  {
    name: "held",
    sees: "Holding",
    act: (page, server) => beOver(page, server, "suspected", "held"),
  },
  {
    name: "rejected",
    sees: "Speaking",
    before: holdableClock,
    act: async (page, server) => {
      await beOver(page, server);
      await page.evaluate(() => window.holdClock());
      for (const decision of ["suspected", "held", "rejected"]) server.bid(decision, { turn_id: CAME_OVER });
      await expect(page.getByText("Heard “mm-hm” and carried on.")).toBeVisible();
    },
  },
  {
    name: "rejected click",
    sees: "Speaking",
    act: async (page, server) => {
      await beOver(page, server, "suspected");
      await expect(page.locator(".phase")).toHaveText("Speaking, quietly");
      server.bid("rejected_click", { turn_id: CAME_OVER });
      await expect(page.getByText("Come in whenever you like.")).toBeVisible();
      await expect(page.getByRole("log", { name: "Transcript" })).not.toContainText("something short");
    },
  },
  {
    name: "marked in the transcript",
    sees: "Your turn",
    act: async (page, server) => {
      await beOver(page, server, "suspected", "rejected");
      server.say("transcript.assistant", {
        turn_id: CAME_OVER,
        text: REPLY,
        heard_upto: REPLY.length,
        at_ms: server.atMs,
      });
      server.phase("wait_for_user");
      await expect(page.getByRole("log", { name: "Transcript" })).toContainText(
        "You said something short; Anselm went on.",
      );
    },
  },
  {
    name: "accepted",
    sees: "Go ahead",
    before: holdableClock,
    act: async (page, server) => {
      await beOver(page, server, "suspected", "held");
      await page.evaluate(() => window.holdClock());
      server.bid("accepted", { turn_id: CAME_OVER });
      server.say("transcript.interrupted", {
        turn_id: CAME_OVER,
        text: REPLY,
        heard_upto: REPLY.indexOf(" and tell me"),
        at_ms: server.atMs,
      });
      server.phase("wait_for_user");
      server.user(true);
    },
  },
  {
    name: "time to think",
    sees: "Take your time",
    before: holdableClock,
    act: async (page, server) => {
      server.onOpen = () => server.say("ready", { silence_duration_ms: 60_000 });
      await beLive(page, server);
      await server.ask(ASKED);
      server.user(true);
      server.user(false, 26_000);
      await expect(page.locator(".phase")).toHaveText("Finished?");
      await page.getByRole("button", { name: "Let me think" }).click();
      expect(await server.hears("thinking")).toEqual({ type: "thinking" });
      await page.evaluate(() => window.holdClock());
      server.thinks(24_000);
      await expect(page.getByRole("button", { name: "Let me think", pressed: true })).toBeVisible();
    },
  },
  {
    name: "push to talk",
    sees: "Your turn",
    before: pushToTalk,
    act: async (page, server) => {
      await beLive(page, server);
      await server.ask(ASKED);
      await expect(page.getByText("Hold to talk. Anselm answers when you let go.")).toBeVisible();
    },
  },
  {
    name: "push to talk, held",
    sees: "Listening",
    before: pushToTalk,
    act: async (page, server) => {
      await beLive(page, server);
      await server.ask(ASKED);
      await page.keyboard.down("Space");
      await expect(page.getByRole("button", { name: "Hold to talk", pressed: true })).toBeVisible();
    },
  },
  {
    name: "push to talk over the persona",
    sees: "Speaking",
    before: pushToTalk,
    act: async (page, server) => {
      await beOver(page, server);
      await expect(page.getByText("Hold to come in.")).toBeVisible();
    },
  },
];
