/** Which key does what during a call? One table for the keyboard, the tooltips and the help. */

import { useEffect, useRef } from "react";

export type KeyAction = "mute" | "done" | "think" | "stop" | "transcript" | "closePanel" | "end" | "help";

export const CALL_KEYS: readonly { action: KeyAction | "talk"; keys: string; does: string }[] = [
  { action: "mute", keys: "M", does: "Microphone off or on" },
  { action: "done", keys: "D", does: "I’m done: end your turn now" },
  { action: "think", keys: "T", does: "Let me think: silence does not count for a while" },
  { action: "talk", keys: "Space", does: "Hold to talk, where push to talk is on" },
  { action: "stop", keys: "S", does: "Stop the persona" },
  { action: "transcript", keys: "C", does: "Open or close the transcript" },
  { action: "closePanel", keys: "Esc", does: "Close the open panel" },
  { action: "end", keys: "Ctrl or ⌘ E", does: "End the call, after a question" },
  { action: "help", keys: "?", does: "Show these keys" },
];

const SINGLE_KEYS: Record<string, KeyAction> = {
  m: "mute",
  d: "done",
  t: "think",
  s: "stop",
  c: "transcript",
  escape: "closePanel",
  "?": "help",
};

/** The action of a key press, or `null`: where the person writes every key is theirs, with or without a modifier. */
export function keyAction(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "target">,
): KeyAction | null {
  if (event.altKey || isWriting(event.target)) return null;
  const key = event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) return key === "e" ? "end" : null;
  return SINGLE_KEYS[key] ?? null;
}

export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select, [role=combobox]");
}

export function useCallKeys(isOn: boolean, actions: Partial<Record<KeyAction, () => void>>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  }, [actions]);
  useEffect(() => {
    if (!isOn) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return;
      const action = keyAction(event);
      const run = action && latest.current[action];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [isOn]);
}
