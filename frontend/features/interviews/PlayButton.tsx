import { Icon } from "@/components/ui/icon";
import { formatLength } from "@/lib/times";

import type { Clip } from "./quoteMarks";
import type { ClipPlayer } from "./useClip";

/** Plays the candidate's own words, or stops them. What is to be heard is in its name. */
export function PlayButton({ clip, what, player }: { clip: Clip; what: string; player: ClipPlayer }) {
  const isOn = player.playing === clip.key;
  const at = clip.atMs === null ? null : formatLength(clip.atMs / 1000);
  const name = at === null ? what : `${what} at ${at}`;
  return (
    <span className="play-with-word">
      {player.failed === clip.key && (
        <span className="errline" role="alert">
          The sound did not load.
        </span>
      )}
      <button
        type="button"
        className="play hit"
        aria-label={`${isOn ? "Stop" : "Play"} ${name}`}
        onClick={() => player.toggle(clip)}
      >
        <Icon name={isOn ? "stop" : "play"} />
        <span className="num">{at ?? "Play"}</span>
      </button>
    </span>
  );
}
