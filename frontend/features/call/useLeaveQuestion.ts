/** What does leaving the page do while something would be broken off? The browser asks, and so does the page. */

import { useEffect, useRef } from "react";

const STAYS = "parleyStays";

/**
 * While `isAsked`, closing or reloading the page asks, in the browser's own words, and the way back calls `onBack` in
 * place of going back: a page of the same address stands before this one for that.
 */
export function useLeaveQuestion(isAsked: boolean, onBack: () => void): void {
  const ask = useRef(onBack);
  useEffect(() => {
    ask.current = onBack;
  });
  useEffect(() => {
    if (!isAsked) return;
    const stay = () => {
      const state = (window.history.state ?? {}) as Record<string, unknown>;
      if (!state[STAYS]) window.history.pushState({ ...state, [STAYS]: true }, "", window.location.href);
    };
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onPopState = () => {
      stay();
      ask.current();
    };
    stay();
    window.addEventListener("beforeunload", onUnload);
    window.addEventListener("popstate", onPopState);
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      window.removeEventListener("popstate", onPopState);
    };
  }, [isAsked]);
}
