/** What the calls with a real server share: an account, a persona to call, and the back end's own judge of words. */

import { execFileSync } from "node:child_process";
import path from "node:path";

import { type Browser, chromium, type Page, test } from "@playwright/test";

const BACKEND = path.resolve(__dirname, "../../backend");
const PYTHON = path.join(BACKEND, ".venv/bin/python");

export const PASSWORD = "a long enough password 7";

export interface Scored {
  reference: string;
  hypothesis: string;
  wer: number;
}

/** A browser of the test's own, whose page may hear. `flags` come on top of the project's. */
export async function openBrowser(
  baseURL: string | undefined,
  flags: string[] = [],
): Promise<{ browser: Browser; page: Page }> {
  const { launchOptions } = test.info().project.use;
  const browser = await chromium.launch({
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), ...flags],
  });
  const context = await browser.newContext({
    baseURL,
    permissions: ["microphone"],
    // Drawing at 60 Hz without a graphics card would take the processor from the models.
    reducedMotion: "reduce",
    viewport: { width: 1280, height: 800 },
  });
  return { browser, page: await context.newPage() };
}

/** What one of the back end's modules prints. */
export function python(module: string, args: string[], input = ""): string {
  return execFileSync(PYTHON, ["-m", module, ...args], {
    cwd: BACKEND,
    input,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    env: { ...process.env, PARLEY_TESTING: "1", DJANGO_SETTINGS_MODULE: "config.settings", AI_MODE: "local" },
  });
}

export function score(
  items: ({ reference: string } & ({ hypothesis: string } | { wav: string }))[],
): Scored[] {
  return JSON.parse(python("tests.e2e.score", [], JSON.stringify(items))) as Scored[];
}

export async function createAccount(page: Page): Promise<string> {
  const name = `ada-${Date.now()}`;
  await page.goto("/?create=1");
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/dashboard");
  return name;
}

/** From the list of personas into a call whose recording is kept. */
export async function callPersona(page: Page, name: string): Promise<void> {
  const card = page.getByRole("listitem").filter({ hasText: name });
  await card.getByRole("button", { name: /call/i }).click();
  await page.getByRole("button", { name: "Keep recordings" }).click();
  await page.waitForURL("**/call/**");
}
