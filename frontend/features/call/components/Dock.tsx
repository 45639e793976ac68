"use client";

import type { Ref } from "react";

import { Button } from "@/components/ui/button";
import { Icon, type IconName } from "@/components/ui/icon";

import type { Levels } from "../levels";
import { LevelBars } from "./LevelBars";
import { TurnButtons, type TurnButtonsProps } from "./TurnButtons";

export interface MicrophoneButton {
  hasMicrophone: boolean;
  isMuted: boolean;
  /** It is open while something is held: this button does without the holding. */
  isPushToTalk: boolean;
  onPress: () => void;
}

interface DockProps {
  microphone: MicrophoneButton;
  levels: Levels;
  turn: Omit<TurnButtonsProps, "hasShortcuts">;
  typeButtonRef: Ref<HTMLButtonElement>;
  hasShortcuts: boolean;
  isTyping: boolean;
  isPanelOpen: boolean;
  isEnding: boolean;
  onType: () => void;
  onTranscript: () => void;
  onMore: () => void;
  onEnd: () => void;
}

/** Everything a hand does in a call: yourself on the left, the turn in the middle, the rest and the end on the right. */
export function Dock(props: DockProps) {
  const { hasShortcuts } = props;
  return (
    <div className="dockbar" role="group" aria-label="Call controls">
      <div className="grp">
        <MuteButton {...props.microphone} levels={props.levels} hasShortcuts={hasShortcuts} />
        <RoundButton
          icon="keyboard"
          label="Type instead"
          buttonRef={props.typeButtonRef}
          isPressed={props.isTyping}
          onPress={props.onType}
        />
        <RoundButton
          icon="text"
          label="Transcript"
          shortcut={hasShortcuts ? "C" : undefined}
          isPressed={props.isPanelOpen}
          onPress={props.onTranscript}
        />
      </div>
      <TurnButtons {...props.turn} hasShortcuts={hasShortcuts} />
      <div className="row dock-rest">
        <RoundButton icon="more" label="More: devices, volume, theme, shortcuts" onPress={props.onMore} />
        <Button
          variant="danger"
          className="hangup"
          aria-label={props.isEnding ? "Ending the call" : "End call"}
          title={hasShortcuts ? "End call (Ctrl+E)" : "End call"}
          aria-keyshortcuts={hasShortcuts ? "Control+E Meta+E" : undefined}
          onClick={props.onEnd}
        >
          <Icon name="hangUp" size="lg" />
          <span className="lbl">{props.isEnding ? "Ending" : "End"}</span>
        </Button>
      </div>
    </div>
  );
}

interface MuteButtonProps extends MicrophoneButton {
  levels: Levels;
  hasShortcuts: boolean;
}

function MuteButton(props: MuteButtonProps) {
  const { hasMicrophone, isMuted, isPushToTalk, onPress, levels, hasShortcuts } = props;
  const isOpen = hasMicrophone && !isMuted;
  const label = !hasMicrophone
    ? "Use the microphone"
    : isPushToTalk
      ? "Talk without holding"
      : "Mute microphone";
  return (
    <Button
      variant="quiet"
      iconOnly
      className="mutebtn"
      aria-pressed={hasMicrophone ? isMuted !== isPushToTalk : undefined}
      aria-label={label}
      aria-keyshortcuts={hasShortcuts ? "M" : undefined}
      title={hasShortcuts ? `${label} (M)` : label}
      onClick={onPress}
    >
      <Icon name={isOpen ? "microphone" : "microphoneOff"} size="lg" />
      <LevelBars levels={levels} isOn={isOpen} />
    </Button>
  );
}

interface RoundButtonProps {
  icon: IconName;
  label: string;
  shortcut?: string;
  buttonRef?: Ref<HTMLButtonElement>;
  isPressed?: boolean;
  onPress: () => void;
}

function RoundButton({ icon, label, shortcut, buttonRef, isPressed, onPress }: RoundButtonProps) {
  return (
    <Button
      ref={buttonRef}
      variant="quiet"
      iconOnly
      className="round"
      aria-label={label}
      aria-pressed={isPressed}
      aria-keyshortcuts={shortcut}
      title={shortcut ? `${label} (${shortcut})` : label}
      onClick={onPress}
    >
      <Icon name={icon} size="lg" />
    </Button>
  );
}
