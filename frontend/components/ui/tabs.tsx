"use client";

import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";

import { classNames } from "@/lib/classNames";

interface Tab {
  value: string;
  label: ReactNode;
  content: ReactNode;
}

interface TabsProps {
  label: string;
  tabs: readonly Tab[];
  value: string;
  onValueChange: (value: string) => void;
  className?: string;
  contentClassName?: string;
  /** Right of the tabs, in the same row. */
  aside?: ReactNode;
}

/** Views of one thing, one at a time; arrow keys move between their names. */
export function Tabs({ label, tabs, value, onValueChange, className, contentClassName, aside }: TabsProps) {
  return (
    <Radix.Root value={value} onValueChange={onValueChange} className={className}>
      <div className="tabs">
        <Radix.List aria-label={label} className="tablist">
          {tabs.map((tab) => (
            <Radix.Trigger key={tab.value} value={tab.value}>
              {tab.label}
            </Radix.Trigger>
          ))}
        </Radix.List>
        {aside}
      </div>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className={classNames("tabpane", contentClassName)}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
