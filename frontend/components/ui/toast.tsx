"use client";

import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react";
import { Toast as Radix } from "radix-ui";

import { Button } from "./button";
import { Icon, type IconName } from "./icon";

const TOAST_MS = 6_000;

export interface ToastMessage {
  text: string;
  icon?: IconName;
  action?: { label: string; onClick: () => void };
}

type Show = (message: ToastMessage) => void;

const ToastContext = createContext<Show | null>(null);

/** Shows a short message for 6 s; it stays while the pointer or the focus is on it. */
export function useToast(): Show {
  const show = use(ToastContext);
  if (!show) throw new Error("useToast needs a ToastProvider above it");
  return show;
}

/** Holds the messages that are on show, the newest last. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [messages, setMessages] = useState<readonly (ToastMessage & { id: number })[]>([]);
  const show = useCallback<Show>((message) => {
    setMessages((shown) => [...shown, { ...message, id: (shown.at(-1)?.id ?? 0) + 1 }]);
  }, []);
  const value = useMemo(() => show, [show]);
  return (
    <ToastContext value={value}>
      <Radix.Provider duration={TOAST_MS} label="Message">
        {children}
        {messages.map(({ id, text, icon, action }) => (
          <Radix.Root
            key={id}
            type="background"
            className="toast"
            onOpenChange={(open) => !open && setMessages((shown) => shown.filter((one) => one.id !== id))}
          >
            {icon && <Icon name={icon} />}
            <Radix.Description className="grow">{text}</Radix.Description>
            {action && (
              <Radix.Action altText={action.label} asChild>
                <Button variant="quiet" size="sm" onClick={action.onClick}>
                  {action.label}
                </Button>
              </Radix.Action>
            )}
          </Radix.Root>
        ))}
        <Radix.Viewport className="toasts" />
      </Radix.Provider>
    </ToastContext>
  );
}
