/** One state of a call on the screen: both themes, three widths, no finding of axe, nothing beyond the edges. */

import { expect, test, type Page } from "@playwright/test";

import { axe } from "./axe";
import { CallServer } from "./callServer";
import { openCall, type State } from "./inCall";
import { haveSession, serveApi } from "./restFixtures";

const WIDTHS = [1280, 768, 360];

export function testState({ name, sees, before, act, answers, width }: State): void {
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
      const { violations } = await (await axe(page)).analyze();
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
