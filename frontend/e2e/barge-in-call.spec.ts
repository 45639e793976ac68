/**
 * Coming in on a persona, nothing faked but the microphone: a hum ducks it and it comes back, a cough does nothing that
 * lasts, and "wait, stop" leaves silence and an answer to the new words.
 *
 * It all fits into the greeting, which is long. On a machine that is busy it may not: then a question is asked, and what is
 * left comes over the reply, whose length nobody knows; once more over the next one where it ended too soon.
 */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, type Locator, type Page, test } from "@playwright/test";

import { loudness, PlayedMicrophone, SILENCE_DBFS, silentFrom, stretches } from "./playedMicrophone";
import { callPersona, createAccount, openBrowser, python, score } from "./realCall";

const PERSONA = "Wren";
const MAX_TRANSCRIPT_WER = 0.3;
/** The server takes 12 dB off; the line and the words themselves vary. */
const MIN_DUCK_DB = 6;
const MAX_LEFT_DOWN_DB = 4;
const MAX_SILENT_AFTER_SECONDS = 1.5;
/** A persona is talked over when it has been heard for so long. */
const SPOKEN_SECONDS = 1.2;
/** The persona's first seconds are left alone: an echo canceller still learns the room. */
const FIRST_WORDS_SECONDS = 2.4;
/** After a murmur or a cough the persona is itself again by then, on a machine that is busy. */
const MAX_SETTLE_SECONDS = 10;
/** The greeting is the first. */
const MAX_REPLIES = 4;

interface Clip {
  path: string;
  words: string;
  seconds: number;
}

type ClipName = "question" | "again" | "stop" | "mm-hm" | "cough";

const LOWERED: ReadonlySet<string> = new Set(["Speaking, quietly", "Holding"]);

const clips = JSON.parse(
  python("tests.e2e.clips", [mkdtempSync(path.join(tmpdir(), "parley-clips-"))]),
) as Record<ClipName, Clip>;

interface Murmured {
  phases: string[];
  /** How far the persona was lowered, and how far it still is. */
  downDb: number;
  leftDownDb: number;
  isSettled: boolean;
  story: string[];
}

class Caller {
  readonly mine: Locator;
  readonly theirs: Locator;
  readonly cuts: Locator;
  readonly phase: Locator;

  constructor(
    page: Page,
    private readonly microphone: PlayedMicrophone,
  ) {
    const lines = page.getByRole("log", { name: "Transcript" });
    this.mine = lines.locator(".line.you:not([aria-hidden])");
    this.theirs = lines.locator(".line.them:not([aria-hidden])");
    this.cuts = lines.locator(".cutnote");
    this.phase = page.locator(".say .phase");
  }

  /** A question, until the transcript has it: what the persona says of its own accord answers nothing. */
  async ask(name: "question" | "again"): Promise<void> {
    const before = await this.mine.count();
    await expect(async () => {
      await expect(this.phase).toHaveText("Your turn", { timeout: 20_000 });
      await this.microphone.play(clips[name].path);
      await expect(this.mine).toHaveCount(before + 1, { timeout: 15_000 });
    }).toPass({ timeout: 60_000 });
    await expect(this.phase).toHaveText("Speaking", { timeout: 60_000 });
  }

  /** Over the persona's voice: a sound that should change nothing for long. `null`: the reply was too short for it. */
  async murmur(name: "mm-hm" | "cough"): Promise<Murmured | null> {
    const at = await this.microphone.play(clips[name].path);
    const end = at + clips[name].seconds;
    await this.microphone.until(end + 1);
    for (;;) {
      const [levels, said] = [await this.microphone.levels(at - 2), await this.microphone.said(at)];
      const [now, phases] = [await this.microphone.now(), said.map(({ phase }) => phase)];
      const before = loudness(levels, at - SPOKEN_SECONDS, at);
      const after = Math.max(...stretches(levels, end + 0.3, now));
      if (!phases.every((phase) => phase === "Speaking" || LOWERED.has(phase))) {
        // It may have come to its end meanwhile; it was not to be cut.
        await expect(this.cuts).toHaveCount(0);
        return null;
      }
      const downDb = before - Math.min(...stretches(levels, at, end + 1));
      const leftDownDb = before - after;
      const isSettled = !LOWERED.has(phases.at(-1) ?? "") && leftDownDb <= MAX_LEFT_DOWN_DB;
      if (isSettled || now > end + MAX_SETTLE_SECONDS) {
        const story = said.map((one) => `${(one.at - at).toFixed(2)} ${one.phase} | ${one.support}`);
        return { phases, downDb, leftDownDb, isSettled, story };
      }
      await this.microphone.until(now + 0.25);
    }
  }

  /** "Wait, stop" and a new question. `null`: the reply had ended before the first word was out. */
  async stop(): Promise<{ silentAfter: number } | null> {
    const at = await this.microphone.play(clips.stop.path);
    await this.microphone.until(at + MAX_SILENT_AFTER_SECONDS + 1.5);
    const said = await this.microphone.said(at);
    if (said[0]?.phase === "Your turn") return null;
    const silent = silentFrom(await this.microphone.levels(), at);
    console.log("stop", said.map(({ at: when, phase }) => `${(when - at).toFixed(2)} ${phase}`).join(", "));
    return { silentAfter: silent === null ? Infinity : silent - at };
  }
}

test("a hum ducks the persona, a cough does nothing that lasts, and “wait, stop” is obeyed and answered", async ({
  baseURL,
}) => {
  test.setTimeout(240_000);
  const { browser, page } = await openBrowser(baseURL);
  const microphone = await PlayedMicrophone.plugInto(page);
  const caller = new Caller(page, microphone);

  await createAccount(page);
  await callPersona(page, PERSONA);
  await expect(caller.phase).toHaveText("Speaking", { timeout: 60_000 });
  await microphone.listen();

  let mine = 0;
  const acts = ["mm-hm", "cough", "stop"];
  for (let replies = 0; acts.length > 0 && replies < MAX_REPLIES; replies += 1) {
    const isGreeting = replies === 0;
    if (!isGreeting) await caller.ask(replies === 1 ? "question" : "again");
    if (isGreeting) await microphone.hearsSpeech(FIRST_WORDS_SECONDS);
    while (acts.length > 0 && (await microphone.hearsSpeech(SPOKEN_SECONDS))) {
      const [act] = acts;
      mine = await caller.mine.count();
      if (act === "stop") {
        const stopped = await caller.stop();
        if (stopped === null) break;
        console.log(act, stopped);
        expect(stopped.silentAfter).toBeLessThanOrEqual(MAX_SILENT_AFTER_SECONDS);
      } else {
        const heard = await caller.murmur(act === "mm-hm" ? "mm-hm" : "cough");
        if (heard === null) break;
        console.log(act, heard);
        expect(heard.isSettled, heard.story.join("; ")).toBe(true);
        if (act === "mm-hm") {
          expect(heard.phases.some((phase) => LOWERED.has(phase))).toBe(true);
          // Held, it is silent: there is no level to measure.
          if (!heard.phases.includes("Holding")) expect(heard.downDb).toBeGreaterThanOrEqual(MIN_DUCK_DB);
        }
      }
      acts.shift();
      if (act === "stop") break;
    }
    if (acts.length > 0) await expect(caller.cuts).toHaveCount(0);
  }
  expect(acts, "every act found a reply that was long enough").toEqual([]);

  // The reply is marked where it was cut, and the new words are heard and answered.
  await expect(caller.theirs.last().locator(".cutnote")).toBeVisible();
  await expect(caller.cuts).toHaveCount(1);
  const theirs = await caller.theirs.count();
  await expect(caller.mine).toHaveCount(mine + 1, { timeout: 60_000 });
  await expect(caller.phase).toHaveText("Speaking", { timeout: 60_000 });
  const answerAt = await microphone.now();
  await expect(caller.theirs).toHaveCount(theirs + 1, { timeout: 60_000 });
  expect(loudness(await microphone.levels(), answerAt, await microphone.now())).toBeGreaterThan(SILENCE_DBFS);

  const [stopped] = score([
    { reference: clips.stop.words, hypothesis: await caller.mine.nth(mine).locator(".tx").innerText() },
  ]);
  console.log(stopped);
  expect(stopped?.wer).toBeLessThanOrEqual(MAX_TRANSCRIPT_WER);

  await page.getByRole("button", { name: /^End/ }).click();
  await expect(page.getByRole("link", { name: "Back to Talk" })).toBeVisible();
  const bids = await bidsOf(page);
  console.log(JSON.stringify(bids));
  // A murmur over the last words of a reply that ended by itself takes no floor, whatever it is called.
  const taken = bids.filter(({ decision, reason }) => decision === "accepted" && reason !== "agent_finished");
  expect(taken).toHaveLength(1);
  await browser.close();
});

interface Bid {
  decision: string;
  reason: string;
}

/** What the server kept of who wanted the floor in the last call. */
async function bidsOf(page: Page): Promise<Bid[]> {
  const calls = (await (await page.request.get("/api/v1/calls/")).json()) as { items: { id: string }[] };
  const call = await page.request.get(`/api/v1/calls/${calls.items[0]?.id}/`);
  return ((await call.json()) as { barge_ins: Bid[] }).barge_ins;
}
