/** A page in one of its states, and what every state is held to. */

import { expect, type Page, test } from "@playwright/test";

import { axe } from "./axe";
import { haveSession, json, NOW, serveApi } from "./restFixtures";

type Answers = Parameters<typeof serveApi>[1];

export interface PageState {
  name: string;
  path: string;
  answers?: Answers;
  /** The error that the browser gives when it is asked for the microphone. */
  microphoneError?: string;
  microphoneIsAllowed?: boolean;
  /** What to do before the state is there. */
  act?: (page: Page) => Promise<void>;
  /** What shows that it is there. */
  sees: string | RegExp;
  isSignedOut?: boolean;
}

export const never = () => new Promise<void>(() => undefined);
export const failing = json({ detail: "Out of order.", code: "internal" }, 500);

export async function show(page: Page, state: PageState, baseURL: string): Promise<void> {
  const context = page.context();
  await serveApi(context, state.answers);
  if (!state.isSignedOut) await haveSession(context, baseURL);
  await page.clock.setFixedTime(NOW);
  await pretendMicrophone(page, state);
  await page.goto(state.path);
  await state.act?.(page);
  await expect(
    page.getByText(state.sees).filter({ visible: true }).or(page.getByText(state.sees)).first(),
  ).toBeAttached();
}

/** What the browser says about the microphone, before and when it is asked. */
export async function pretendMicrophone(
  page: Page,
  { microphoneError, microphoneIsAllowed }: PageState,
): Promise<void> {
  await page.addInitScript(
    ({ error, state }) => {
      navigator.permissions.query = () =>
        Promise.resolve(
          Object.assign(new EventTarget(), { state, name: "microphone", onchange: null }) as PermissionStatus,
        );
      if (error)
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("Refused", error));
    },
    { error: microphoneError, state: microphoneIsAllowed ? ("granted" as const) : ("prompt" as const) },
  );
}

export async function expectNoFinding(page: Page): Promise<void> {
  const { violations } = await (
    await axe(page)
  )
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const findings = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  expect(findings).toEqual([]);
}

/** What can be pressed and is not wholly on the screen from left to right: a bar at the bottom makes no page wider. */
const cutOff = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("main :is(a, button)")]
      .filter((one) => {
        const { left, right, width } = one.getBoundingClientRect();
        return width > 0 && (left < 0 || right > window.innerWidth);
      })
      .map((one) => one.textContent),
  );

export function testPage(state: PageState): void {
  test(`${state.name}: readable in both themes and at 360 px`, async ({ page, baseURL }) => {
    await page.emulateMedia({ colorScheme: "light" });
    await show(page, state, baseURL ?? "");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(
      state.name.includes("question") ? 0 : 1,
    );
    await expectNoFinding(page);
    await takePicture(page, `${state.name} light`);

    await page.emulateMedia({ colorScheme: "dark" });
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await expectNoFinding(page);

    await takePicture(page, `${state.name} dark`);
    await page.setViewportSize({ width: 360, height: 740 });
    await expectNoFinding(page);
    await takePicture(page, `${state.name} dark 360`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await cutOff(page)).toEqual([]);
  });
}

/** For whoever wants to look at the states: PAGE_PICTURES names a folder. */
async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.PAGE_PICTURES;
  if (!folder) return;
  await page.screenshot({ path: `${folder}/${name.replaceAll(/[^a-z0-9]+/gi, "-")}.png`, fullPage: true });
}
