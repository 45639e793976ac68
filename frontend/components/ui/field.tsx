"use client";

import { type ComponentProps, type ReactNode, useId } from "react";

import { classNames } from "@/lib/classNames";

import { Icon } from "./icon";

interface FieldProps extends ComponentProps<"input"> {
  label: string;
  /** Right of the label: "Required", a count, a level. */
  aside?: ReactNode;
  /** Below the input; gives way to `error`. */
  hint?: string;
  error?: string;
}

/** One line of text with its label above and its hint or error below. */
export function Field({ label, aside, hint, error, className, ...input }: FieldProps) {
  const ownId = useId();
  const id = input.id ?? ownId;
  const noteId = `${id}-note`;
  return (
    <div className={classNames("field", error && "err", className)}>
      <label className="label" htmlFor={id}>
        {label}
        {aside && <span className="t3">{aside}</span>}
      </label>
      <input
        {...input}
        id={id}
        className="input"
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? noteId : undefined}
      />
      {error ? (
        <p className="errline" id={noteId}>
          <Icon name="alert" size="sm" />
          {error}
        </p>
      ) : (
        hint && (
          <p className="hint" id={noteId}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}
