import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

/** In the call the turn's own button, else the first way on. */
const FIRST_BUTTON = ".turn button, .ways > :is(a, button)";

/**
 * The buttons below the form are others before, in and after the call. Whoever stood on one that is gone stands on the
 * first of the new ones, and so does everybody once the call is over; a focus elsewhere on the page stays.
 */
export function useDockFocus(buttons: string, isOver: boolean): RefObject<HTMLDivElement | null> {
  const dock = useRef<HTMLDivElement>(null);
  const shown = useRef(buttons);
  const wasInside = useRef(false);
  useEffect(() => {
    const onFocus = ({ target }: FocusEvent) => {
      wasInside.current = target instanceof Node && dock.current?.contains(target) === true;
    };
    document.addEventListener("focusin", onFocus);
    return () => document.removeEventListener("focusin", onFocus);
  }, []);
  useLayoutEffect(() => {
    if (shown.current === buttons) return;
    shown.current = buttons;
    const isLost = document.activeElement === null || document.activeElement === document.body;
    if (isLost && (isOver || wasInside.current)) {
      dock.current?.querySelector<HTMLElement>(FIRST_BUTTON)?.focus();
    }
  }, [buttons, isOver]);
  return dock;
}
