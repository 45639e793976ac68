import { useCallback, useEffect, useRef, type RefCallback } from "react";

import type { CallPreferences } from "./callPreferences";

/** The element that plays the persona, at the chosen volume and on the chosen speaker. */
export function useCallSound(
  attach: RefCallback<HTMLAudioElement>,
  chooseVolume: (volume: number) => void,
  { volume, speakerId }: CallPreferences,
): RefCallback<HTMLAudioElement> {
  const audio = useRef<HTMLAudioElement | null>(null);
  const ref = useCallback<RefCallback<HTMLAudioElement>>(
    (element) => {
      audio.current = element;
      attach(element);
    },
    [attach],
  );
  useEffect(() => {
    chooseVolume(volume);
  }, [chooseVolume, volume]);
  useEffect(() => {
    if (!audio.current || !canChooseSpeaker()) return;
    audio.current.setSinkId(speakerId).catch(() => {
      // The speaker of last time is gone: the system's default plays on.
    });
  }, [speakerId]);
  return ref;
}

/** Safari plays where the system says. */
export function canChooseSpeaker(): boolean {
  return typeof HTMLMediaElement !== "undefined" && "setSinkId" in HTMLMediaElement.prototype;
}
