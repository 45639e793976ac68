import { useEffect } from "react";

/** The screen stays on while a call runs: a person who only talks touches nothing. */
export function useWakeLock(isWanted: boolean): void {
  useEffect(() => {
    if (!isWanted || !("wakeLock" in navigator)) return;
    let lock: WakeLockSentinel | null = null;
    let isCurrent = true;
    const ask = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const granted = await navigator.wakeLock.request("screen");
        if (isCurrent) lock = granted;
        else void granted.release();
      } catch {
        // A low battery refuses it: the screen goes dark as the system wishes, and the call goes on.
      }
    };
    // The browser takes the lock away with the page out of sight.
    const onVisible = () => void ask();
    void ask();
    document.addEventListener("visibilitychange", onVisible);
    return () => {
      isCurrent = false;
      document.removeEventListener("visibilitychange", onVisible);
      void lock?.release();
    };
  }, [isWanted]);
}
