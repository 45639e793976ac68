"use client";

import { Select as Radix } from "radix-ui";
import { useId } from "react";

import { Icon, type IconName } from "./icon";

interface SelectProps {
  label: string;
  icon?: IconName;
  options: readonly { value: string; label: string }[];
  value: string;
  onValueChange: (value: string) => void;
  /** Shown while there is nothing to choose from. */
  placeholder: string;
  disabled?: boolean;
}

/** One of a few, with its label above. */
export function Select({ label, icon, options, value, onValueChange, placeholder, disabled }: SelectProps) {
  const labelId = useId();
  return (
    <div className="field">
      <span className="label" id={labelId}>
        {label}
      </span>
      <Radix.Root value={value} onValueChange={onValueChange} disabled={disabled || options.length === 0}>
        <Radix.Trigger className="selectbox input" aria-labelledby={labelId}>
          {icon && <Icon name={icon} />}
          <span className="trunc">
            <Radix.Value placeholder={placeholder} />
          </span>
          <Icon name="down" />
        </Radix.Trigger>
        <Radix.Portal>
          <Radix.Content className="menu select-menu" position="popper" sideOffset={6}>
            <Radix.Viewport>
              {options.map((option) => (
                <Radix.Item key={option.value} value={option.value} className="menu-item">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                </Radix.Item>
              ))}
            </Radix.Viewport>
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </div>
  );
}
