/** What axe is asked with: when colours have come to rest, and without opening a page of its own. */

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/**
 * In the middle of a change of theme colours have a contrast that nobody has chosen; with little motion an inherited one
 * goes down the tree, an element a frame. So each is put to its end, until a frame passes in which none has begun: one
 * that is waited for may never come there, in what is not drawn. There are no foreign frames, so the legacy mode sees the
 * same in half of the time.
 */
export async function axe(page: Page): Promise<AxeBuilder> {
  await page.evaluate(async () => {
    const changes = () => document.getAnimations().filter((one) => one instanceof CSSTransition);
    for (let running = changes(); running.length > 0; running = changes()) {
      for (const one of running) one.finish();
      await new Promise(requestAnimationFrame);
    }
  });
  return new AxeBuilder({ page }).setLegacyMode();
}
