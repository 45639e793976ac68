"use client";

import { useQuery } from "@tanstack/react-query";

import { Menu, MenuCheckbox, MenuItem, MenuLabel } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";
import { useSavePreferences } from "@/features/preferences/usePreferences";
import { meQuery } from "@/lib/api/queries";

import { signOut } from "./allauth";
import { initials } from "./initials";

/** Whose account this is, whether calls are recorded, and the way out. */
export function AccountMenu() {
  const me = useQuery(meQuery).data;
  const savePreferences = useSavePreferences();
  const showToast = useToast();
  const name = me?.user.display_name ?? "";

  const leave = async () => {
    // A whole new page: nothing that was known here stays in memory.
    if (await signOut()) window.location.assign("/");
    else showToast({ icon: "alert", text: "You are still signed in. The server did not answer." });
  };

  const setRecording = (recording: boolean) =>
    savePreferences.mutate(
      { recording },
      { onError: () => showToast({ icon: "alert", text: "That was not saved. Try again." }) },
    );

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
        <MenuCheckbox checked={me.preferences.recording === true} onCheckedChange={setRecording}>
          Keep recordings of my calls
        </MenuCheckbox>
      )}
      <MenuItem icon="signOut" onSelect={() => void leave()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
