/** What does a printed report show? Everything that is folded, for as long as it is being printed. */

import { useEffect } from "react";

export function usePrintOpen(): void {
  useEffect(() => {
    let opened: HTMLDetailsElement[] = [];
    const open = () => {
      opened = [...document.querySelectorAll<HTMLDetailsElement>(".report details:not([open])")];
      opened.forEach((details) => (details.open = true));
    };
    const fold = () => {
      opened.forEach((details) => (details.open = false));
      opened = [];
    };
    window.addEventListener("beforeprint", open);
    window.addEventListener("afterprint", fold);
    return () => {
      window.removeEventListener("beforeprint", open);
      window.removeEventListener("afterprint", fold);
    };
  }, []);
}
