"use client";

import type { Ref } from "react";

import { Button } from "@/components/ui/button";
import { Icon, type IconName } from "@/components/ui/icon";

import type { TurnButton } from "../callViews";
import type { Levels } from "../levels";
import { LevelBars } from "./LevelBars";

interface TurnLook {
  label: string;
  icon: IconName;
  isPrimary: boolean;
  key?: string;
}

const TURN_BUTTONS: Record<TurnButton, TurnLook> = {
  done: { label: "I’m done", icon: "check", isPrimary: true, key: "D" },
  stop: { label: "Stop", icon: "stop", isPrimary: false, key: "S" },
  stopSpeaking: { label: "Stop speaking", icon: "stop", isPrimary: false, key: "S" },
  checkMicrophone: { label: "Check microphone", icon: "gear", isPrimary: false },
  soundOn: { label: "Turn sound on", icon: "speaker", isPrimary: true },
  tryNow: { label: "Try now", icon: "refresh", isPrimary: false },
};

export interface MicrophoneButton {
  hasMicrophone: boolean;
  isMuted: boolean;
  onPress: () => void;
}

interface DockProps {
  microphone: MicrophoneButton;
  levels: Levels;
  turnButton: TurnButton | null;
  typeButtonRef: Ref<HTMLButtonElement>;
  hasShortcuts: boolean;
  isTyping: boolean;
  isPanelOpen: boolean;
  isEnding: boolean;
  onTurnButton: (button: TurnButton) => void;
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
      <TurnAction button={props.turnButton} hasShortcuts={hasShortcuts} onPress={props.onTurnButton} />
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

interface TurnActionProps {
  button: TurnButton | null;
  hasShortcuts: boolean;
  onPress: (button: TurnButton) => void;
}

/** One button whatever it says, so that nothing jumps under a hand and the focus stays on it from phase to phase. */
function TurnAction({ button, hasShortcuts, onPress }: TurnActionProps) {
  const look = TURN_BUTTONS[button ?? "done"];
  const key = hasShortcuts ? look.key : undefined;
  return (
    <div className="turn one">
      <Button
        variant={button && look.isPrimary ? "primary" : "secondary"}
        aria-keyshortcuts={key}
        aria-disabled={button === null}
        onClick={() => button && onPress(button)}
      >
        <Icon name={look.icon} />
        {look.label}
        {key && <kbd aria-hidden="true">{key}</kbd>}
      </Button>
    </div>
  );
}

interface MuteButtonProps extends MicrophoneButton {
  levels: Levels;
  hasShortcuts: boolean;
}

function MuteButton({ hasMicrophone, isMuted, onPress, levels, hasShortcuts }: MuteButtonProps) {
  const isOpen = hasMicrophone && !isMuted;
  const label = hasMicrophone ? "Mute microphone" : "Use the microphone";
  return (
    <Button
      variant="quiet"
      iconOnly
      className="mutebtn"
      aria-pressed={hasMicrophone ? isMuted : undefined}
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
