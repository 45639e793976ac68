"use client";

import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";

import { Icon, type IconName } from "./icon";

/** A short list of things to do that opens below its button, in the same landmark. */
export function Menu({
  trigger,
  label,
  children,
}: {
  trigger: ReactNode;
  label: string;
  children: ReactNode;
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Content className="menu" align="end" sideOffset={8} aria-label={label}>
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}

/** Words on top of a menu that are no choice: whose account this is. */
export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="menu-label">{children}</Radix.Label>;
}

export function MenuItem({
  icon,
  onSelect,
  children,
}: {
  icon: IconName;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Radix.Item className="menu-item" onSelect={onSelect}>
      <Icon name={icon} />
      {children}
    </Radix.Item>
  );
}

/** A file: the menu closes, and the browser fetches it. */
export function MenuDownload({
  icon,
  href,
  children,
}: {
  icon: IconName;
  href: string;
  children: ReactNode;
}) {
  return (
    <Radix.Item className="menu-item" asChild>
      <a href={href} download>
        <Icon name={icon} />
        {children}
      </a>
    </Radix.Item>
  );
}

interface MenuCheckboxProps {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  children: ReactNode;
}

/** A choice that is on or off; the menu stays open, so that the change is seen. */
export function MenuCheckbox({ checked, onCheckedChange, children }: MenuCheckboxProps) {
  return (
    <Radix.CheckboxItem
      className="menu-item"
      checked={checked}
      onCheckedChange={onCheckedChange}
      onSelect={(event) => event.preventDefault()}
    >
      <span className="menu-box">{checked && <Icon name="check" size="sm" />}</span>
      {children}
    </Radix.CheckboxItem>
  );
}

interface MenuChoiceProps {
  label: string;
  options: readonly { value: string; label: string }[];
  value: string;
  onValueChange: (value: string) => void;
}

/** One of a few under a heading; the menu stays open, so that the change is seen. */
export function MenuChoice({ label, options, value, onValueChange }: MenuChoiceProps) {
  return (
    <>
      <Radix.Label className="menu-label">{label}</Radix.Label>
      <Radix.RadioGroup aria-label={label} value={value} onValueChange={onValueChange}>
        {options.map((option) => (
          <Radix.RadioItem
            key={option.value}
            className="menu-item"
            value={option.value}
            onSelect={(event) => event.preventDefault()}
          >
            <span className="menu-box">{option.value === value && <Icon name="check" size="sm" />}</span>
            {option.label}
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </>
  );
}
