/** What does this device remember of how a person likes to call? */

import { useCallback, useState } from "react";

const KEYS = {
  shortcuts: "parley-call-shortcuts",
  pushToTalk: "parley-push-to-talk",
  volume: "parley-call-volume",
  speaker: "parley-speaker",
} as const;

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is off: the choice holds for this call.
  }
}

export interface CallPreferences {
  hasShortcuts: boolean;
  /** The microphone is open only while a key or a button is held. */
  isPushToTalk: boolean;
  /** 0 to 1. */
  volume: number;
  /** `deviceId`, or empty for the system's default. */
  speakerId: string;
  setHasShortcuts: (on: boolean) => void;
  setIsPushToTalk: (on: boolean) => void;
  setVolume: (volume: number) => void;
  setSpeakerId: (deviceId: string) => void;
}

function readVolume(): number {
  const stored = Number(read(KEYS.volume) ?? 1);
  return stored >= 0 && stored <= 1 ? stored : 1;
}

export function useCallPreferences(): CallPreferences {
  const [hasShortcuts, keepShortcuts] = useState(() => read(KEYS.shortcuts) !== "off");
  const [isPushToTalk, keepPushToTalk] = useState(() => read(KEYS.pushToTalk) === "on");
  const [volume, keepVolume] = useState(readVolume);
  const [speakerId, keepSpeakerId] = useState(() => read(KEYS.speaker) ?? "");
  const setHasShortcuts = useCallback((on: boolean) => {
    write(KEYS.shortcuts, on ? "on" : "off");
    keepShortcuts(on);
  }, []);
  const setIsPushToTalk = useCallback((on: boolean) => {
    write(KEYS.pushToTalk, on ? "on" : "off");
    keepPushToTalk(on);
  }, []);
  const setVolume = useCallback((value: number) => {
    write(KEYS.volume, String(value));
    keepVolume(value);
  }, []);
  const setSpeakerId = useCallback((deviceId: string) => {
    write(KEYS.speaker, deviceId);
    keepSpeakerId(deviceId);
  }, []);
  return {
    hasShortcuts,
    isPushToTalk,
    volume,
    speakerId,
    setHasShortcuts,
    setIsPushToTalk,
    setVolume,
    setSpeakerId,
  };
}
