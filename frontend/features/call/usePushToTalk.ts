/** Binds what is held to the page: the space bar anywhere, the button by pointer and key. */

import { useEffect, useMemo, type ComponentProps } from "react";

import { TalkHold, isTalkKey } from "./talkHold";

export type TalkButtonProps = Pick<
  ComponentProps<"button">,
  "onPointerDown" | "onPointerUp" | "onPointerCancel" | "onLostPointerCapture" | "onKeyDown" | "onContextMenu"
>;

interface PushToTalk {
  /** A call runs, push-to-talk is on, and nothing lies over the page. */
  isOn: boolean;
  /** The person has not switched the keys off. */
  hasKey: boolean;
  onHold: (isHeld: boolean) => void;
}

export function usePushToTalk({ isOn, hasKey, onHold }: PushToTalk): TalkButtonProps {
  const hold = useMemo(() => new TalkHold(onHold), [onHold]);
  useEffect(() => {
    if (isOn) return listeningForTheEnd(hold);
  }, [isOn, hold]);
  useEffect(() => {
    if (isOn && hasKey) return listeningToSpace(hold);
  }, [isOn, hasKey, hold]);
  return useMemo(() => buttonPropsOf(hold), [hold]);
}

const isPress = (key: string) => key === " " || key === "Enter";

/** Wherever the focus has gone, the key comes up; and whoever looks away lets go, since that is not heard here. */
function listeningForTheEnd(hold: TalkHold): () => void {
  const letGo = () => hold.letGo();
  const onVisibility = () => document.hidden && letGo();
  const onKeyUp = (event: KeyboardEvent) => {
    if (!isPress(event.key) || !hold.isHeldBy("key")) return;
    event.preventDefault(); // the button that has the focus is not pressed by it
    hold.release("key");
  };
  window.addEventListener("keyup", onKeyUp);
  window.addEventListener("blur", letGo);
  window.addEventListener("pagehide", letGo);
  document.addEventListener("visibilitychange", onVisibility);
  return () => {
    window.removeEventListener("keyup", onKeyUp);
    window.removeEventListener("blur", letGo);
    window.removeEventListener("pagehide", letGo);
    document.removeEventListener("visibilitychange", onVisibility);
    letGo();
  };
}

function listeningToSpace(hold: TalkHold): () => void {
  let wasFocusClicked = false;
  const onPointerDown = () => {
    wasFocusClicked = true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") wasFocusClicked = false;
    if (event.defaultPrevented || !isTalkKey(event, wasFocusClicked)) return;
    event.preventDefault(); // no scrolling, and no press of the button that has the focus
    if (!event.repeat) hold.press("key");
  };
  window.addEventListener("pointerdown", onPointerDown, true);
  window.addEventListener("keydown", onKeyDown);
  return () => {
    window.removeEventListener("pointerdown", onPointerDown, true);
    window.removeEventListener("keydown", onKeyDown);
  };
}

function buttonPropsOf(hold: TalkHold): TalkButtonProps {
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      // A finger that slides off the button still holds it.
      event.currentTarget.setPointerCapture?.(event.pointerId);
      hold.press("pointer");
    },
    onPointerUp: () => hold.release("pointer"),
    onPointerCancel: () => hold.release("pointer"),
    onLostPointerCapture: () => hold.release("pointer"),
    onKeyDown: (event) => {
      if (!isPress(event.key)) return;
      event.preventDefault();
      if (!event.repeat) hold.press("key");
    },
    onContextMenu: (event) => event.preventDefault(),
  };
}
