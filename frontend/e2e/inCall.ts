/** The ways into a call and its moments, which the browser tests share. */

import { expect, type Page } from "@playwright/test";

import type { CallServer } from "./callServer";
import { room, type serveApi } from "./restFixtures";

export const ASKED = "Forty is a lot. Did it get slow in one night, or bit by bit over the weeks?";
export const REPLY =
  "Good. Then measure it before changing anything. Run the export once on a copy with the trigger switched off, and tell me both times.";
const CUT =
  "Then I would look at the audit table first. A trigger that writes one row for every change would explain it, and you can check that with the statement statistics, or you could";

export const openCall = (page: Page) => page.goto(`/call/${room.id}`);

export interface State {
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

export const start = (page: Page) => page.getByRole("button", { name: "Start the call" }).click();

export async function beLive(page: Page, server: CallServer): Promise<void> {
  await start(page);
  await server.hears("offer");
  await expect(page.locator(".phase")).toHaveText("Your turn");
}

/** A conversation with a cut in it, as in the design's pictures. */
export async function beInTalk(page: Page, server: CallServer): Promise<void> {
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
export function cutIn(server: CallServer): void {
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
export const holdableClock = (page: Page) =>
  page.addInitScript(() => {
    window.holdClock = () => {
      const now = performance.now();
      performance.now = () => now;
    };
  });

export const CAME_OVER = "4";

/** The persona answers, and something is heard over it. */
export async function beOver(page: Page, server: CallServer, ...decisions: string[]): Promise<void> {
  await beInTalk(page, server);
  server.say("transcript.user", {
    turn_id: "4",
    text: "Wait, it does have a trigger. One for each row, yes.",
  });
  server.phase("ai_speaking");
  server.say("transcript.assistant_speaking", { turn_id: CAME_OVER, text: REPLY, at_ms: server.atMs });
  await expect(page.locator(".phase")).toHaveText("Speaking");
  for (const decision of decisions) server.bid(decision, { turn_id: CAME_OVER });
}

export const pushToTalk = (page: Page) =>
  page.addInitScript(() => localStorage.setItem("parley-push-to-talk", "on"));
