"use client";

import { ThemeToggle } from "@/components/theme/ThemeToggle";

import { useAccountTheme, useChooseTheme } from "./useAccountTheme";

/** The theme of whoever is signed in: kept with the account. */
export function AccountThemeToggle() {
  useAccountTheme();
  return <ThemeToggle onChoose={useChooseTheme()} />;
}
