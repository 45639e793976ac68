import type { ReactNode } from "react";

/** The first stop of the Tab key: past the bars, to what the page is about. */
export function SkipLink({
  target = "main",
  children = "Skip to content",
}: {
  target?: string;
  children?: ReactNode;
}) {
  return (
    <a className="skip" href={`#${target}`}>
      {children}
    </a>
  );
}
