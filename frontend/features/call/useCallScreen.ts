/** What is open on the call's screen, and what does each press do? */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import type { Call } from "@/app/hooks/useWebRTC";
import { readMicrophoneChoice, saveMicrophoneChoice } from "@/features/preflight/microphoneMemory";

import { useCallKeys } from "./callKeys";
import type { CallPreferences } from "./callPreferences";
import { isRunning } from "./callStages";
import { isInterviewing } from "./interview";
import type { CallStage } from "./callState";
import type { PanelTab } from "./components/SidePanel";
import { useDevices } from "./useDevices";
import { useHasSideRoom } from "./useMediaQuery";
import { usePushToTalk } from "./usePushToTalk";

export type OpenDialog = "more" | "keys" | "end" | null;
export type Screen = ReturnType<typeof useScreen>;

export function useScreen(call: Call, preferences: CallPreferences, input: "voice" | "text") {
  const { state, actions } = call;
  const hasSideRoom = useHasSideRoom();
  const running = isRunning(state);
  const [isPanelOpen, setIsPanelOpen] = usePanel(hasSideRoom, running);
  const [tab, setTab] = useState<PanelTab>("transcript");
  const [isTyping, setIsTyping] = useState(input === "text");
  const [dialog, setDialog] = useState<OpenDialog>(null);
  // Once there is no call, no dialog about it hides how it ended.
  if (dialog !== null && !running && state.stage !== "preflight") setDialog(null);
  const typeButton = useRef<HTMLButtonElement>(null);
  const devices = useDevices(state.microphone.kind);
  useMicrophoneThatCameBack(call, devices.changeCount);
  useRememberedMicrophone(state);

  const start = (speaking: boolean) => {
    setIsTyping(!speaking);
    // A microphone that is gone would be missed again: the system's default is what "try again" means then.
    const wasGone =
      state.microphone.kind === "refused" && state.microphone.problem === "OverconstrainedError";
    if (wasGone) saveMicrophoneChoice(null);
    actions.start(speaking, wasGone ? null : readMicrophoneChoice());
  };
  const pickMicrophone = (deviceId: string) => {
    if (state.stage === "preflight") actions.start(true, deviceId);
    else actions.chooseMicrophone(deviceId);
  };
  const togglePanel = () => setIsPanelOpen(!isPanelOpen);
  const closePanel = () => setIsPanelOpen(false);
  const pressMicrophone = () =>
    state.microphone.kind === "open" ? actions.mute() : actions.chooseMicrophone(readMicrophoneChoice());

  const stopTyping = () => {
    setIsTyping(false);
    typeButton.current?.focus();
  };
  useCallKeys(dialog === null, {
    closePanel: isPanelOpen ? closePanel : undefined,
    ...(preferences.hasShortcuts && { transcript: togglePanel }),
    ...(preferences.hasShortcuts &&
      running && {
        mute: pressMicrophone,
        done: actions.done,
        think: actions.think,
        stop: actions.stop,
        end: () => setDialog("end"),
        help: () => setDialog("keys"),
      }),
  });
  const talkButton = usePushToTalk({
    isOn: preferences.isPushToTalk && running && dialog === null,
    hasKey: preferences.hasShortcuts,
    onHold: actions.hold,
  });
  return {
    isPanelOpen,
    layout: !isPanelOpen ? "solo" : hasSideRoom ? "" : "sheet",
    tab,
    setTab,
    togglePanel,
    closePanel,
    isTyping,
    setIsTyping,
    stopTyping,
    typeButton,
    dialog,
    setDialog,
    devices,
    start,
    pickMicrophone,
    pressMicrophone,
    talkButton,
    running,
    isInterview: running && isInterviewing(state),
  };
}

/**
 * Beside the stage the panel is open at first; over it, it opens only when asked for, also after the screen is turned,
 * and a call that begins or ends closes it: it would hide the buttons and the summary.
 */
function usePanel(hasSideRoom: boolean, running: boolean): [boolean, (isOpen: boolean) => void] {
  const [asked, setAsked] = useState({ isOpen: hasSideRoom, hasSideRoom, running });
  const holds = asked.hasSideRoom === hasSideRoom && (hasSideRoom || asked.running === running);
  return [holds ? asked.isOpen : hasSideRoom, (wanted) => setAsked({ isOpen: wanted, hasSideRoom, running })];
}

/** A choice is worth remembering once the microphone has opened: a busy one would be missed again next time. */
function useRememberedMicrophone({ microphone }: Call["state"]): void {
  const deviceId = microphone.kind === "open" ? microphone.deviceId : null;
  useEffect(() => {
    if (deviceId !== null) saveMicrophoneChoice(deviceId);
  }, [deviceId]);
}

/** "This page notices by itself": a microphone that is plugged in is tried at once. */
function useMicrophoneThatCameBack({ state, actions }: Call, changeCount: number): void {
  const { microphone, stage } = state;
  const isMissing = microphone.kind === "refused" && microphone.problem === "NotFoundError";
  const [seenCount, setSeenCount] = useState(changeCount);
  useEffect(() => {
    if (seenCount === changeCount) return;
    setSeenCount(changeCount);
    if (isMissing && stage === "preflight") actions.start(true, null);
    if (isMissing && stage === "live") actions.chooseMicrophone(null);
  }, [changeCount, seenCount, isMissing, stage, actions]);
}

/** The lists of calls are asked for again once this one is over. */
export function useFreshCallList(stage: CallStage): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (stage === "ended" || stage === "error") {
      void queryClient.invalidateQueries({ queryKey: ["calls"] });
      void queryClient.invalidateQueries({ queryKey: ["interviews"] });
    }
  }, [stage, queryClient]);
}
