/**
 * Coming in on a persona, nothing faked but the microphone: a hum ducks it and it comes back, a cough does nothing that
 * lasts, and "wait, stop" leaves silence and an answer to the new words.
 *
 * Nobody knows how long a reply will be. What comes over it is played when the page says that the persona speaks, and
 * once more over the next reply where this one ended too soon.
 */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { chromium, expect, type Locator, type Page, test } from "@playwright/test";

import {
  loudness,
  lowestLoudness,
  PlayedMicrophone,
  SILENCE_DBFS,
  silentFrom,
  type Said,
} from "./playedMicrophone";
import { callPersona, createAccount, python, score } from "./realCall";

const MAX_TRANSCRIPT_WER = 0.2;
/** The server takes 12 dB off; the line and the words themselves vary. */
const MIN_DUCK_DB = 6;
const MAX_LEFT_DOWN_DB = 4;
const MAX_SILENT_AFTER_SECONDS = 1.5;
/** A persona is talked over when it has spoken for so long. */
const SPOKEN_SECONDS = 1.2;
/** After a murmur or a cough: its decision, and the persona at its full level. */
const SETTLED_SECONDS = 2.6;
const MAX_REPLIES = 4;
const PERSONA = "Wren";

interface Clip {
  path: string;
  words: string;
  seconds: number;
}

type ClipName = "question" | "again" | "stop" | "mm-hm" | "cough";

const SPEAKS: ReadonlySet<string> = new Set(["Speaking", "Speaking, quietly", "Holding"]);
const LOWERED: ReadonlySet<string> = new Set(["Speaking, quietly", "Holding"]);

const clips = JSON.parse(
  python("tests.e2e.clips", [mkdtempSync(path.join(tmpdir(), "parley-clips-"))]),
) as Record<ClipName, Clip>;

class Caller {
  readonly mine: Locator;
  readonly theirs: Locator;
  readonly murmurs: Locator;
  readonly phase: Locator;

  constructor(
    page: Page,
    private readonly microphone: PlayedMicrophone,
  ) {
    const lines = page.getByRole("log", { name: "Transcript" });
    this.mine = lines.locator(".line.you:not([aria-hidden])");
    this.theirs = lines.locator(".line.them:not([aria-hidden])");
    this.murmurs = lines.locator(".aside");
    this.phase = page.locator(".say .phase");
  }

  async ask(name: "question" | "again"): Promise<void> {
    await expect(this.phase).toHaveText("Your turn", { timeout: 60_000 });
    await this.microphone.play(clips[name].path);
    await expect(this.phase).toHaveText("Speaking", { timeout: 60_000 });
  }

  /** Over the persona's voice: a sound that should change nothing for long. `null`: the reply was too short for it. */
  async murmur(
    name: "mm-hm" | "cough",
  ): Promise<{ said: Said[]; downDb: number; leftDownDb: number } | null> {
    const at = await this.microphone.play(clips[name].path);
    const end = at + clips[name].seconds;
    await this.microphone.until(end + SETTLED_SECONDS);
    const said = (await this.microphone.said()).filter((one) => one.at >= at);
    if (said.some(({ phase }) => phase === "Your turn")) return null;
    const levels = await this.microphone.levels();
    const before = loudness(levels, at - SPOKEN_SECONDS, at);
    return {
      said,
      downDb: before - lowestLoudness(levels, at, end + 1),
      leftDownDb: before - loudness(levels, end + SETTLED_SECONDS - 1.2, end + SETTLED_SECONDS),
    };
  }

  /** "Wait, stop" and a new question. `null`: the reply had ended before the first word was out. */
  async stop(): Promise<{ silentAfter: number } | null> {
    const at = await this.microphone.play(clips.stop.path);
    await this.microphone.until(at + MAX_SILENT_AFTER_SECONDS + 1.5);
    const said = (await this.microphone.said()).filter((one) => one.at >= at);
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
  const browser = await chromium.launch(test.info().project.use.launchOptions);
  const context = await browser.newContext({
    baseURL,
    permissions: ["microphone"],
    // Drawing at 60 Hz without a graphics card would take the processor from the models.
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 800 },
  });
  const page = await context.newPage();
  const microphone = await PlayedMicrophone.plugInto(page);
  const caller = new Caller(page, microphone);

  await createAccount(page);
  await callPersona(page, PERSONA);
  await expect(caller.phase).toHaveText("Speaking", { timeout: 60_000 });
  await microphone.listen();

  const acts = ["mm-hm", "cough", "stop"];
  for (let replies = 0; acts.length > 0 && replies < MAX_REPLIES; replies += 1) {
    await caller.ask(replies === 0 ? "question" : "again");
    while (acts.length > 0 && (await microphone.isSpeakingFor(SPOKEN_SECONDS))) {
      if (acts[0] === "stop") {
        const stopped = await caller.stop();
        if (stopped === null) break;
        console.log(stopped);
        expect(stopped.silentAfter).toBeLessThanOrEqual(MAX_SILENT_AFTER_SECONDS);
        acts.shift();
        break;
      }
      const name = acts[0] as "mm-hm" | "cough";
      const marks = await caller.murmurs.count();
      const heard = await caller.murmur(name);
      if (heard === null) break;
      console.log(name, heard);
      const phases = heard.said.map(({ phase }) => phase);
      expect(phases.filter((phase) => !SPEAKS.has(phase))).toEqual([]);
      expect(heard.leftDownDb).toBeLessThanOrEqual(MAX_LEFT_DOWN_DB);
      if (name === "mm-hm") {
        expect(phases.some((phase) => LOWERED.has(phase))).toBe(true);
        expect(heard.downDb).toBeGreaterThanOrEqual(MIN_DUCK_DB);
      } else {
        expect(await caller.murmurs.count()).toBe(marks);
      }
      acts.shift();
    }
  }
  expect(acts).toEqual([]);

  // The reply is marked where it was cut, and the new words are heard and answered.
  await expect(caller.theirs.last().locator(".cutnote")).toBeVisible();
  const [mine, theirs] = [await caller.mine.count(), await caller.theirs.count()];
  await expect(caller.mine).toHaveCount(mine + 1, { timeout: 60_000 });
  const transcript = await caller.mine.last().locator(".tx").innerText();
  const [words] = score([{ reference: clips.stop.words, hypothesis: transcript }]);
  console.log(words);
  expect(words?.wer).toBeLessThanOrEqual(MAX_TRANSCRIPT_WER);
  await expect(caller.phase).toHaveText("Speaking", { timeout: 60_000 });
  const answerAt = await microphone.now();
  await expect(caller.theirs).toHaveCount(theirs + 1, { timeout: 60_000 });
  expect(loudness(await microphone.levels(), answerAt, await microphone.now())).toBeGreaterThan(SILENCE_DBFS);

  await page.getByRole("button", { name: /^End/ }).click();
  await expect(page.getByRole("link", { name: "Back to Talk" })).toBeVisible();
  const bids = await bidsOf(page);
  console.log(bids);
  const accepted = bids.filter(({ decision }) => decision === "accepted");
  expect(accepted.map(({ reason }) => reason)).toEqual(["stop_word"]);
  await browser.close();
});

interface Bid {
  decision: string;
  reason: string;
  voiced_ms: number;
  probes: { words: string; reason: string }[];
}

/** What the server kept of who wanted the floor in the last call. */
async function bidsOf(page: Page): Promise<Bid[]> {
  const calls = (await (await page.request.get("/api/v1/calls/")).json()) as { items: { id: string }[] };
  const call = await page.request.get(`/api/v1/calls/${calls.items[0]?.id}/`);
  return ((await call.json()) as { barge_ins: Bid[] }).barge_ins;
}
