"use client";

import { useEffect, useState } from "react";

/** What the browser says before it is asked. "unknown": not read yet, or this browser does not tell. */
export type MicrophonePermission = PermissionState | "unknown";

/** Reads the permission without asking for it. */
export async function readMicrophonePermission(): Promise<MicrophonePermission> {
  return (await microphonePermissionStatus())?.state ?? "unknown";
}

/** The permission, kept up to date while the page is open. */
export function useMicrophonePermission(): MicrophonePermission {
  const [permission, setPermission] = useState<MicrophonePermission>("unknown");
  useEffect(() => {
    let status: PermissionStatus | null = null;
    let isCurrent = true;
    const onChange = () => status && setPermission(status.state);
    void microphonePermissionStatus().then((found) => {
      if (!isCurrent || !found) return;
      status = found;
      setPermission(found.state);
      found.addEventListener("change", onChange);
    });
    return () => {
      isCurrent = false;
      status?.removeEventListener("change", onChange);
    };
  }, []);
  return permission;
}

async function microphonePermissionStatus(): Promise<PermissionStatus | null> {
  try {
    return await navigator.permissions.query({ name: "microphone" });
  } catch {
    // The browser knows no such permission, or the page is not on a secure address.
    return null;
  }
}
