import type { ReactNode } from "react";

import { classNames } from "@/lib/classNames";

import { Icon, type IconName } from "./icon";

interface BadgeProps {
  tone?: "good" | "warn" | "bad" | "them" | "you" | "out";
  icon?: IconName;
  children: ReactNode;
}

/** A state in one word; the icon says it to whoever cannot see the colour. */
export function Badge({ tone, icon, children }: BadgeProps) {
  return (
    <span className={classNames("badge", tone)}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
