/** How is a piece of an answer played? One sound for the whole report: another one takes its place. */

import { useCallback, useEffect, useRef, useState } from "react";

import type { Clip } from "./quoteMarks";

export interface ClipPlayer {
  /** The clip that plays, or is on its way. */
  playing: string | null;
  /** The clip that did not load. */
  failed: string | null;
  toggle: (clip: Clip) => void;
}

export function useClip(): ClipPlayer {
  const audio = useRef<HTMLAudioElement | null>(null);
  const [playing, setPlaying] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);

  const stop = useCallback(() => {
    audio.current?.pause();
    audio.current = null;
    setPlaying(null);
  }, []);
  useEffect(() => stop, [stop]);

  const toggle = useCallback(
    (clip: Clip) => {
      const isOn = playing === clip.key;
      stop();
      setFailed(null);
      if (isOn) return;
      const sound = new Audio(clip.url);
      audio.current = sound;
      setPlaying(clip.key);
      const over = () => audio.current === sound && stop();
      const broken = () => {
        if (audio.current !== sound) return;
        stop();
        setFailed(clip.key);
      };
      sound.addEventListener("loadedmetadata", () => {
        sound.currentTime = clip.fromMs / 1000;
      });
      sound.addEventListener("timeupdate", () => {
        if (clip.untilMs !== null && sound.currentTime * 1000 >= clip.untilMs) over();
      });
      sound.addEventListener("ended", over);
      sound.addEventListener("error", broken);
      sound.play().catch(broken);
    },
    [playing, stop],
  );
  return { playing, failed, toggle };
}
