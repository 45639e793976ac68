import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds now. On the server, and until the page is there: it does not. */
export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

export const useReducedMotion = () => useMediaQuery("(prefers-reduced-motion: reduce)");
/** Room for the panel beside the stage; below this it is a sheet over it. */
export const useHasSideRoom = () => useMediaQuery("(min-width: 1024px)");
