import { useEffect, useState } from "react";

export interface Device {
  deviceId: string;
  label: string;
}

export interface Devices {
  microphones: Device[];
  speakers: Device[];
  /** Rises with each device that comes or goes. */
  changeCount: number;
}

const NONE: Devices = { microphones: [], speakers: [], changeCount: 0 };

/** The sound devices, kept up to date. Names are known once a microphone was allowed: `refreshKey` asks again. */
export function useDevices(refreshKey: unknown): Devices {
  const [devices, setDevices] = useState(NONE);
  useEffect(() => {
    const media = typeof navigator === "undefined" ? undefined : navigator.mediaDevices;
    if (!media?.enumerateDevices) return;
    let isCurrent = true;
    const read = async (changes: number) => {
      const found = await media.enumerateDevices();
      if (!isCurrent) return;
      const [microphones, speakers] = [named(found, "audioinput"), named(found, "audiooutput")];
      setDevices(({ changeCount }) => ({ microphones, speakers, changeCount: changeCount + changes }));
    };
    const onChange = () => void read(1);
    void read(0);
    media.addEventListener("devicechange", onChange);
    return () => {
      isCurrent = false;
      media.removeEventListener("devicechange", onChange);
    };
  }, [refreshKey]);
  return devices;
}

function named(found: MediaDeviceInfo[], kind: MediaDeviceKind): Device[] {
  return found
    .filter((device) => device.kind === kind && device.deviceId !== "" && device.label !== "")
    .map(({ deviceId, label }) => ({ deviceId, label }));
}
