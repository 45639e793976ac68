"use client";

import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";

/** After a click on a link the focus is on the new page's heading, so that a reader begins there; not on the first load. */
export function FocusOnNavigation() {
  const pathname = usePathname();
  const lastPathname = useRef(pathname);
  useEffect(() => {
    if (lastPathname.current === pathname) return;
    lastPathname.current = pathname;
    const heading = document.querySelector<HTMLElement>("main h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus();
  }, [pathname]);
  return null;
}
