"use client";

import { type CSSProperties, type ReactNode, useEffect, useState } from "react";

/** Loading that is over sooner than this is not worth showing. */
const PATIENCE_MS = 200;

/** One grey block of the size of what is to come. */
export function Skeleton({
  width,
  height,
  round = false,
}: {
  width?: CSSProperties["width"];
  height?: CSSProperties["height"];
  round?: boolean;
}) {
  return <span className="skel block" style={{ width, height, borderRadius: round ? "50%" : undefined }} />;
}

/** The place of something that loads: it says so once, and shows its blocks only after 200 ms. */
export function Loading({ label, children }: { label: string; children: ReactNode }) {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div aria-busy="true" style={{ visibility: isShown ? "visible" : "hidden" }}>
      <span className="vh" role="status">
        {label}
      </span>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}
