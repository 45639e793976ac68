/**
 * Which theme does the page wear? What was chosen on this device, else what the account says; "system" follows the
 * device.
 */

export const THEME_CHOICES = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

const STORAGE_KEY = "parley-theme";
const ACCOUNT_KEY = "parley-account-theme";
const CHANGE_EVENT = "parley-theme-change";

export function parseThemeChoice(stored: string | null): ThemeChoice {
  return THEME_CHOICES.find((choice) => choice === stored) ?? "system";
}

export function nextThemeChoice(choice: ThemeChoice): ThemeChoice {
  const following = THEME_CHOICES[(THEME_CHOICES.indexOf(choice) + 1) % THEME_CHOICES.length];
  return following ?? "system";
}

/** Runs in <head> before the first paint, so that a dark room never flashes white. Must stand alone: it is sent as text. */
export const THEME_SCRIPT = `(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let choice = null;
    try {
      choice = localStorage.getItem("${STORAGE_KEY}") ?? localStorage.getItem("${ACCOUNT_KEY}");
    } catch {}
    const isDark = choice === "dark" || (choice !== "light" && dark.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("${CHANGE_EVENT}", apply);
})()`;

/** The choice of this device, else of the account as last known here; "system" where storage is off. */
export function readThemeChoice(): ThemeChoice {
  try {
    return parseThemeChoice(localStorage.getItem(STORAGE_KEY) ?? localStorage.getItem(ACCOUNT_KEY));
  } catch {
    return "system";
  }
}

/** What the account says: worn where this device has no choice of its own, also at the next first paint. */
export function saveAccountTheme(theme: ThemeChoice | null): void {
  try {
    if (theme === null) localStorage.removeItem(ACCOUNT_KEY);
    else localStorage.setItem(ACCOUNT_KEY, theme);
  } catch {
    return;
  }
  dispatchEvent(new Event(CHANGE_EVENT));
}

/** Remember the choice and wear it now. Where storage is off the page stays with the system's theme. */
export function saveThemeChoice(choice: ThemeChoice): void {
  try {
    localStorage.setItem(STORAGE_KEY, choice);
  } catch {
    return;
  }
  dispatchEvent(new Event(CHANGE_EVENT));
}

/** Calls back when the choice changes, in this tab or in another one. */
export function subscribeToThemeChoice(onChange: () => void): () => void {
  addEventListener(CHANGE_EVENT, onChange);
  addEventListener("storage", onChange);
  return () => {
    removeEventListener(CHANGE_EVENT, onChange);
    removeEventListener("storage", onChange);
  };
}
