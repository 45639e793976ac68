"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";

import { saveAccountTheme, saveThemeChoice, type ThemeChoice } from "@/components/theme/theme";
import { meQuery } from "@/lib/api/queries";

import { useSavePreferences } from "./usePreferences";

/** The page wears what the account says, where this device has no choice of its own. */
export function useAccountTheme(): void {
  const theme = useQuery(meQuery).data?.preferences.theme;
  useEffect(() => {
    if (theme) saveAccountTheme(theme);
  }, [theme]);
}

/** Choose a theme: for this device at once, and for the account, so that the next device wears it too. */
export function useChooseTheme(): (choice: ThemeChoice) => void {
  const { mutate } = useSavePreferences();
  return useCallback(
    (choice) => {
      saveThemeChoice(choice);
      mutate({ theme: choice });
    },
    [mutate],
  );
}
