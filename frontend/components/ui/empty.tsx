import type { ReactNode } from "react";

interface EmptyProps {
  /** A drawing without words of its own. */
  picture?: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** A list of one page has an `h2` here; a page that is all empty has its `h1`. */
  level?: 1 | 2;
}

/** What stands where something would be: a picture, a title, a sentence, a way on. */
export function Empty({ picture, title, children, action, level = 2 }: EmptyProps) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div className="empty">
      {picture}
      <Heading>{title}</Heading>
      {children}
      {action}
    </div>
  );
}
