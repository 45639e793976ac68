"use client";

import { useRef, useState, type FormEvent } from "react";

import { Button } from "@/components/ui/button";

const LONGEST_TEXT = 2_000;

interface TypeFieldProps {
  canSend: boolean;
  onSend: (text: string) => void;
  onClose: () => void;
}

/** Write instead of speaking: over the dock, Enter sends, Esc closes. */
export function TypeField({ canSend, onSend, onClose }: TypeFieldProps) {
  const [text, setText] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!canSend || text.trim() === "") return;
    onSend(text);
    setText("");
    input.current?.focus();
  };
  return (
    <form className="typefield" onSubmit={send}>
      <input
        ref={input}
        className="input"
        aria-label="Write instead of speaking"
        placeholder="Write instead of speaking"
        autoComplete="off"
        enterKeyHint="send"
        maxLength={LONGEST_TEXT}
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          onClose();
        }}
      />
      <Button type="submit" variant="secondary" aria-disabled={!canSend || text.trim() === ""}>
        Send
      </Button>
    </form>
  );
}
