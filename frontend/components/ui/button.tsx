import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";

import { classNames } from "@/lib/classNames";

const VARIANT_CLASS = {
  primary: "p",
  secondary: "s",
  quiet: "g",
  danger: "d",
  "danger-quiet": "dg",
} as const;

interface Look {
  /** One primary button a view. */
  variant?: keyof typeof VARIANT_CLASS;
  size?: "sm" | "lg";
  /** Square, for an icon alone; give it an `aria-label`. */
  iconOnly?: boolean;
}

function buttonClass({ variant = "secondary", size, iconOnly }: Look, className?: string): string {
  return classNames("btn", VARIANT_CLASS[variant], iconOnly && "ic", size, className);
}

type ButtonProps = Look &
  Omit<ComponentProps<"button">, "children"> & { children?: ReactNode; busy?: string };

/** A button. `busy` is what it is doing ("Signing in"): the button says so and does nothing more until it is gone. */
export function Button({
  variant,
  size,
  iconOnly,
  busy,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonClass({ variant, size, iconOnly }, className)}
      aria-busy={busy ? true : undefined}
      aria-disabled={busy ? true : rest["aria-disabled"]}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? (
        <>
          <span className="spin" aria-hidden="true" />
          {busy}
        </>
      ) : (
        children
      )}
    </button>
  );
}

/** A link that looks like a button: it leads somewhere and does nothing else. */
export function ButtonLink({
  variant,
  size,
  iconOnly,
  className,
  ...rest
}: Look & ComponentProps<typeof Link>) {
  return <Link {...rest} className={buttonClass({ variant, size, iconOnly }, className)} />;
}
