"use client";

import { useId } from "react";

import { Icon } from "@/components/ui/icon";

export const MOST_CHARACTERS = 6_000;

interface AnswerFieldProps {
  label: string;
  hint: string;
  error?: string;
  value: string;
  onChange: (words: string) => void;
}

/** Several lines of an answer, with what is asked for above and what is wrong below. */
export function AnswerField({ label, hint, error, value, onChange }: AnswerFieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className={error ? "field err" : "field"}>
      <label className="label" htmlFor={id}>
        {label}
      </label>
      <textarea
        id={id}
        className="input answer"
        rows={5}
        maxLength={MOST_CHARACTERS}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        aria-describedby={noteId}
        aria-invalid={error ? true : undefined}
      />
      {error ? (
        <p className="errline" id={noteId} role="alert">
          <Icon name="alert" size="sm" />
          {error}
        </p>
      ) : (
        <p className="hint" id={noteId}>
          {hint}
        </p>
      )}
    </div>
  );
}
