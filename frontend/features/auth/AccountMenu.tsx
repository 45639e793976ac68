"use client";

import { useQuery } from "@tanstack/react-query";

import { saveAccountTheme } from "@/components/theme/theme";
import { Menu, MenuCheckbox, MenuChoice, MenuItem, MenuLabel } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import { timeOf, timeOptions, timeValue } from "@/features/preferences/moreTime";
import { useSavePreferences } from "@/features/preferences/usePreferences";
import { meQuery, type PreferencesChange } from "@/lib/api/queries";

import { signOut } from "./allauth";
import { initials } from "./initials";

/** Whose account this is, what it prefers in every call, and the way out. */
export function AccountMenu() {
  const me = useQuery(meQuery).data;
  const savePreferences = useSavePreferences();
  const showToast = useToast();
  const name = me?.user.display_name ?? "";

  const leave = async () => {
    // A whole new page: nothing that was known here stays in memory.
    if (await signOut()) {
      saveAccountTheme(null);
      window.location.assign("/");
    } else showToast({ icon: "alert", text: "You are still signed in. The server did not answer." });
  };

  const prefer = (change: PreferencesChange) =>
    savePreferences.mutate(change, {
      onError: () => showToast({ icon: "alert", text: "That was not saved. Try again." }),
    });

  return (
    <Menu
      label="Account"
      trigger={
        <button type="button" className="ava hit" aria-label={name ? `Account: ${name}` : "Account"}>
          {initials(name)}
        </button>
      }
    >
      {me && <MenuLabel>{name}</MenuLabel>}
      {me && (
        <>
          <MenuCheckbox
            checked={me.preferences.recording === true}
            onCheckedChange={(recording) => prefer({ recording })}
          >
            Keep recordings of my calls
          </MenuCheckbox>
          <MenuChoice
            label="A pause ends my turn"
            options={timeOptions(me.preferences.silence_duration_ms)}
            value={timeValue(me.preferences.silence_duration_ms)}
            onValueChange={(value) => prefer({ silence_duration_ms: timeOf(value) })}
          />
        </>
      )}
      <MenuItem icon="signOut" onSelect={() => void leave()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
