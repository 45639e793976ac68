"use client";

import { useSyncExternalStore } from "react";

import { Button } from "@/components/ui/button";
import { Icon, type IconName } from "@/components/ui/icon";

import {
  nextThemeChoice,
  readThemeChoice,
  saveThemeChoice,
  subscribeToThemeChoice,
  type ThemeChoice,
} from "./theme";

const ICONS: Record<ThemeChoice, IconName> = { system: "screen", light: "sun", dark: "moon" };

/** Goes round: system, light, dark. */
export function ThemeToggle() {
  const choice = useSyncExternalStore(subscribeToThemeChoice, readThemeChoice, (): ThemeChoice => "system");
  return (
    <Button
      variant="quiet"
      iconOnly
      aria-label={`Theme: ${choice}. Change`}
      onClick={() => saveThemeChoice(nextThemeChoice(choice))}
    >
      <Icon name={ICONS[choice]} />
    </Button>
  );
}
