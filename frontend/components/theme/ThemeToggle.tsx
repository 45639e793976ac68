"use client";

import { Button } from "@/components/ui/button";
import { Icon, type IconName } from "@/components/ui/icon";

import { nextThemeChoice, saveThemeChoice, type ThemeChoice } from "./theme";
import { useThemeChoice } from "./useThemeChoice";

const ICONS: Record<ThemeChoice, IconName> = { system: "screen", light: "sun", dark: "moon" };

/** Goes round: system, light, dark. `onChoose` is told where more than this device is to know. */
export function ThemeToggle({ onChoose = saveThemeChoice }: { onChoose?: (choice: ThemeChoice) => void }) {
  const choice = useThemeChoice();
  return (
    <Button
      variant="quiet"
      iconOnly
      aria-label={`Theme: ${choice}. Change`}
      onClick={() => onChoose(nextThemeChoice(choice))}
    >
      <Icon name={ICONS[choice]} />
    </Button>
  );
}
