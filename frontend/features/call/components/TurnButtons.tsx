"use client";

import { useLayoutEffect, useRef, type Ref, type RefObject } from "react";

import { Button } from "@/components/ui/button";
import { Icon, type IconName } from "@/components/ui/icon";
import { classNames } from "@/lib/classNames";

import type { TurnButton } from "../callViews";
import type { TalkButtonProps } from "../usePushToTalk";

interface TurnLook {
  label: string;
  icon: IconName;
  isPrimary: boolean;
  key?: string;
}

const LOOKS: Record<TurnButton, TurnLook> = {
  done: { label: "I’m done", icon: "check", isPrimary: true, key: "D" },
  think: { label: "Let me think", icon: "clock", isPrimary: false, key: "T" },
  talk: { label: "Hold to talk", icon: "microphone", isPrimary: true, key: "Space" },
  stop: { label: "Stop", icon: "stop", isPrimary: false, key: "S" },
  stopSpeaking: { label: "Stop speaking", icon: "stop", isPrimary: false, key: "S" },
  checkMicrophone: { label: "Check microphone", icon: "gear", isPrimary: false },
  soundOn: { label: "Turn sound on", icon: "speaker", isPrimary: true },
  tryNow: { label: "Try now", icon: "refresh", isPrimary: false },
};

export interface TurnButtonsProps {
  /** The one thing to press; `null`: nothing now. */
  button: TurnButton | null;
  /** What else may be pressed. */
  beside: TurnButton | null;
  /** Which of them is on: the person thinks, or talks. */
  pressed: TurnButton | null;
  talk: TalkButtonProps & { onToggle: () => void };
  hasShortcuts: boolean;
  onPress: (button: TurnButton) => void;
}

/** The main button is one whatever it says, so that nothing jumps under a hand and the focus stays from phase to phase. */
export function TurnButtons({ button, beside, ...rest }: TurnButtonsProps) {
  const main = useRef<HTMLButtonElement>(null);
  return (
    <div className={classNames("turn", beside ? "two" : "one")}>
      {beside && <BesideButton key={beside} button={beside} mainRef={main} {...rest} />}
      <TurnButtonOf button={button} buttonRef={main} {...rest} />
    </div>
  );
}

type OneProps = Omit<TurnButtonsProps, "button" | "beside">;

/** It goes with its phase; whoever stood on it stands on the main one then. */
function BesideButton({
  mainRef,
  ...rest
}: OneProps & { button: TurnButton; mainRef: RefObject<HTMLButtonElement | null> }) {
  const own = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const [button, main] = [own.current, mainRef.current];
    return () => {
      if (button !== null && document.activeElement === button) main?.focus();
    };
  }, [mainRef]);
  return <TurnButtonOf buttonRef={own} {...rest} />;
}

interface TurnButtonOfProps extends OneProps {
  button: TurnButton | null;
  buttonRef: Ref<HTMLButtonElement>;
}

function TurnButtonOf({ button, pressed, talk, hasShortcuts, onPress, buttonRef }: TurnButtonOfProps) {
  const look = LOOKS[button ?? "done"];
  const key = hasShortcuts ? look.key : undefined;
  const isToggle = button === "think" || button === "talk";
  const { onToggle, ...holds } = talk;
  return (
    <Button
      ref={buttonRef}
      variant={button && look.isPrimary ? "primary" : "secondary"}
      aria-keyshortcuts={key}
      aria-disabled={button === null}
      aria-pressed={isToggle ? pressed === button : undefined}
      {...(button === "talk" && { ...holds, "data-talk": "" })}
      onClick={({ detail }) => {
        // A screen reader presses without holding: once to talk, once more when done.
        if (button === "talk") {
          if (detail === 0) onToggle();
        } else if (button) onPress(button);
      }}
    >
      <Icon name={look.icon} />
      {look.label}
      {key && <kbd aria-hidden="true">{key}</kbd>}
    </Button>
  );
}
