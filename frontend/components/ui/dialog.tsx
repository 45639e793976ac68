"use client";

import { Dialog as Radix } from "radix-ui";
import { useRef, type ReactNode } from "react";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons; the primary one last. */
  actions?: ReactNode;
}

/** A question that stands before everything else. Esc closes it and the focus returns; on a phone it rises from below. */
export function Dialog({ open, onOpenChange, title, description, children, actions }: DialogProps) {
  // Radix knows only openers that are its own triggers.
  const opener = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-scrim" />
        <Radix.Content
          className="dialog"
          {...(description ? {} : { "aria-describedby": undefined })}
          onOpenAutoFocus={() => {
            opener.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            giveFocusBack(opener.current);
          }}
        >
          <Radix.Title asChild>
            <h2>{title}</h2>
          </Radix.Title>
          {description && (
            <Radix.Description asChild>
              <div className="t2">{description}</div>
            </Radix.Description>
          )}
          {children}
          {actions && <div className="row actions">{actions}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** To what opened the dialog; where that is gone and nothing else took it, to the first thing to do on the page. */
function giveFocusBack(opener: Element | null): void {
  const isTaken = document.activeElement !== null && document.activeElement !== document.body;
  if (!opener?.isConnected && isTaken) return;
  const target = opener?.isConnected ? opener : document.querySelector("main :is(a[href], button)");
  if (target instanceof HTMLElement) target.focus();
}
