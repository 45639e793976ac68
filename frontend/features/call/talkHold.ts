/** What holds the microphone open in push-to-talk? A key, a finger, or both: whoever lets go last closes it. */

import { isWriting } from "./callKeys";

export type Holder = "key" | "pointer";

export class TalkHold {
  readonly #holders = new Set<Holder>();

  constructor(private readonly onHold: (isHeld: boolean) => void) {}

  press(holder: Holder): void {
    const wasHeld = this.#holders.size > 0;
    this.#holders.add(holder);
    if (!wasHeld) this.onHold(true);
  }

  release(holder: Holder): void {
    const wasHeld = this.#holders.delete(holder);
    if (wasHeld && this.#holders.size === 0) this.onHold(false);
  }

  isHeldBy(holder: Holder): boolean {
    return this.#holders.has(holder);
  }

  /** Nobody looks any more, or a dialog is open: also what was opened without holding is closed. */
  letGo(): void {
    this.#holders.clear();
    this.onHold(false);
  }
}

export const TALK_BUTTON = "[data-talk]";
const CONTROL = "button, a, summary, [role=button], [role=tab], [role=switch], [role=slider]";

/**
 * May the space bar be held to talk now? A control that the Tab key led to is pressed with it, and a field takes it; a
 * control that was clicked keeps the focus by accident.
 */
export function isTalkKey(
  event: Pick<KeyboardEvent, "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "target">,
  wasFocusClicked: boolean,
): boolean {
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
  if (event.code !== "Space" || hasModifier || isWriting(event.target)) return false;
  if (!(event.target instanceof Element) || event.target.closest(TALK_BUTTON)) return true;
  return wasFocusClicked || event.target.closest(CONTROL) === null;
}
