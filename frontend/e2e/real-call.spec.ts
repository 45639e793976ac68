/**
 * A stranger's first call, nothing faked but the microphone: real pages, real server, real recogniser, language model
 * and voice. What was said, what was written and what was heard are compared by their words.
 */

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, type Page, test } from "@playwright/test";

import { callPersona, createAccount, openBrowser, PASSWORD, python, score } from "./realCall";

const RATE_HZ = 48_000;

/** At most this share of the words of a spoken turn may be wrong. */
const MAX_TRANSCRIPT_WER = 0.15;
/** At most this share of a reply's caption may be missing from its sound, as the recogniser hears it. */
const MAX_REPLY_WER = 0.2;

const folder = mkdtempSync(path.join(tmpdir(), "parley-microphone-"));
const microphone = path.join(folder, "microphone.wav");

/** Keep everything that the page's audio element plays, as samples in the page. */
async function startListening(page: Page): Promise<void> {
  await page.evaluate((rate) => {
    const element = document.querySelector("audio");
    if (!(element?.srcObject instanceof MediaStream)) throw new Error("the page plays no stream");
    const context = new AudioContext({ sampleRate: rate });
    const tap = context.createScriptProcessor(4096, 1, 1);
    const kept: number[] = [];
    tap.onaudioprocess = ({ inputBuffer }) => {
      for (const sample of inputBuffer.getChannelData(0)) kept.push(Math.round(sample * 32767));
    };
    context.createMediaStreamSource(element.srcObject).connect(tap);
    tap.connect(context.destination);
    Object.assign(window, { heardSamples: kept });
  }, RATE_HZ);
}

const heardCount = (page: Page) =>
  page.evaluate(() => (window as unknown as { heardSamples: number[] }).heardSamples.length);

async function heardBetween(page: Page, from: number, to: number): Promise<Int16Array> {
  const samples = await page.evaluate(
    ([first, last]) => (window as unknown as { heardSamples: number[] }).heardSamples.slice(first, last),
    [from, to] as const,
  );
  return Int16Array.from(samples);
}

function writeWav(file: string, samples: Int16Array): void {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE_HZ, 24);
  header.writeUInt32LE(RATE_HZ * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(samples.byteLength, 40);
  writeFileSync(file, Buffer.concat([header, Buffer.from(samples.buffer)]));
}

/** Out, and in again by the door that everybody uses after the first time. */
async function signOutAndIn(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Account: ${name}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL("/");
  await page.goto("/calls");
  await page.waitForURL("/?next=%2Fcalls");
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill("not this one");
  await page.keyboard.press("Enter");
  await expect(page.getByText("That did not match.")).toBeVisible();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL("/calls");
  await page.goto("/dashboard");
}

test("a stranger signs up, signs in, talks with a persona twice, and reads what was said", async ({
  baseURL,
}) => {
  test.setTimeout(240_000);
  const spoken = JSON.parse(python("tests.e2e.microphone", [microphone])) as string[];
  const { browser, page } = await openBrowser(baseURL, [
    `--use-file-for-fake-audio-capture=${microphone}%noloop`,
  ]);
  const phase = page.getByRole("status").first();
  const lines = page.getByRole("log", { name: "Transcript" });
  const mine = lines.locator(".line.you:not([aria-hidden])");
  const theirs = lines.locator(".line.them:not([aria-hidden])");

  await signOutAndIn(page, await createAccount(page));
  await callPersona(page, "Juno");
  await expect(phase).toHaveText("Speaking");
  await startListening(page);
  await expect(phase).toHaveText("Your turn");

  await expect(mine).toHaveCount(1, { timeout: 60_000 });
  const from = await heardCount(page);
  await expect(phase).toHaveText("Speaking", { timeout: 30_000 });
  if (process.env.SCREENSHOT) {
    await expect(lines.locator(".line.them")).toHaveCount(2, { timeout: 10_000 });
    await page.screenshot({ path: process.env.SCREENSHOT });
  }
  await expect(theirs).toHaveCount(2, { timeout: 60_000 });
  await page.waitForTimeout(700);
  const reply = await heardBetween(page, from, await heardCount(page));
  const replyFile = path.join(folder, "reply.wav");
  writeWav(replyFile, reply);

  await expect(mine).toHaveCount(2, { timeout: 90_000 });
  await expect(theirs).toHaveCount(3, { timeout: 60_000 });

  const transcripts = await mine.locator(".tx").allInnerTexts();
  const caption = await theirs.nth(1).locator(".tx").innerText();
  const [first, second, heard] = score([
    { reference: spoken[0] ?? "", hypothesis: transcripts[0] ?? "" },
    { reference: spoken[1] ?? "", hypothesis: transcripts[1] ?? "" },
    { reference: caption, wav: replyFile },
  ]);
  const rates = [first, second, heard].map((scored) => `${((scored?.wer ?? NaN) * 100).toFixed(1)} %`);
  console.log(
    `attempt ${test.info().retry + 1}: word error rates of both turns and the reply: ${rates.join(", ")}`,
  );
  console.log({ first, second, heard });
  expect(first?.wer).toBeLessThanOrEqual(MAX_TRANSCRIPT_WER);
  expect(second?.wer).toBeLessThanOrEqual(MAX_TRANSCRIPT_WER);
  expect(heard?.wer).toBeLessThanOrEqual(MAX_REPLY_WER);

  await page.getByRole("button", { name: /^End/ }).click();
  await expect(page.getByRole("link", { name: "Back to Talk" })).toBeVisible();
  await page.goto("/calls");
  await expect(page.getByRole("main")).toContainText("Juno");
  await browser.close();
});
