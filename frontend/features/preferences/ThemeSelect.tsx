"use client";

import { useThemeChoice } from "@/components/theme/useThemeChoice";
import { parseThemeChoice } from "@/components/theme/theme";
import { Select } from "@/components/ui/select";

import { useChooseTheme } from "./useAccountTheme";

const OPTIONS = [
  { value: "system", label: "As the system has it" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** The theme by name, where there is room for words. */
export function ThemeSelect() {
  const choose = useChooseTheme();
  return (
    <Select
      label="Theme"
      icon="moon"
      options={OPTIONS}
      value={useThemeChoice()}
      onValueChange={(value) => choose(parseThemeChoice(value))}
      placeholder=""
    />
  );
}
