"use client";

import { useSyncExternalStore } from "react";

import { readThemeChoice, subscribeToThemeChoice, type ThemeChoice } from "./theme";

/** The theme that is worn now, by name; "system" on the server. */
export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribeToThemeChoice, readThemeChoice, (): ThemeChoice => "system");
}
