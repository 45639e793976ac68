/** What axe is asked with: when colours have come to rest, and without opening a page of its own. */

import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/**
 * In the middle of a change of theme colours have a contrast that nobody has chosen; with little motion an inherited one
 * goes down the tree, an element a frame. There are no foreign frames, so the legacy mode sees the same in half of the time.
 */
export async function axe(page: Page): Promise<AxeBuilder> {
  await page.evaluate(async () => {
    // Inside folded details nothing moves on: a change there would be waited for until the test is over.
    const isSeen = ({ effect }: CSSTransition) =>
      effect instanceof KeyframeEffect && effect.target?.checkVisibility() === true;
    const changes = () =>
      document.getAnimations().filter((one) => one instanceof CSSTransition && isSeen(one));
    for (let running = changes(); running.length > 0; running = changes())
      await Promise.allSettled(running.map((one) => one.finished));
  });
  return new AxeBuilder({ page }).setLegacyMode();
}
