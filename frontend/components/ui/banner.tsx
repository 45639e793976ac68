import type { ReactNode } from "react";

import { classNames } from "@/lib/classNames";

import { Icon, type IconName } from "./icon";

const TONES = {
  info: { icon: "information", className: undefined, role: "status" },
  good: { icon: "check", className: "good", role: "status" },
  warn: { icon: "alert", className: "warn", role: "status" },
  bad: { icon: "alert", className: "bad", role: "alert" },
} as const satisfies Record<string, { icon: IconName; className?: string; role: "status" | "alert" }>;

interface BannerProps {
  tone?: keyof typeof TONES;
  title: string;
  children?: ReactNode;
  /** A button or link at the end. */
  action?: ReactNode;
  className?: string;
}

/** Something the reader should know now, above what it is about. A bad one interrupts, the others wait. */
export function Banner({ tone = "info", title, children, action, className }: BannerProps) {
  const look = TONES[tone];
  return (
    <div className={classNames("banner", look.className, className)} role={look.role}>
      <Icon name={look.icon} />
      <div className="grow">
        <b>{title}</b>
        {children}
      </div>
      {action}
    </div>
  );
}
