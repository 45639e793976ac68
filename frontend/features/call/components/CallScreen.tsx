"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { useWebRTC, type Call } from "@/app/hooks/useWebRTC";
import { readMicrophoneChoice, saveMicrophoneChoice } from "@/features/preflight/microphoneMemory";

import { useCallKeys } from "../callKeys";
import { useCallPreferences, type CallPreferences } from "../callPreferences";
import type { CallPorts } from "../callClient";
import { KEPT_CALL, captionOf, spokenUpto, viewOf, type CallView, type TurnButton } from "../callViews";
import type { CallStage } from "../callState";
import type { PersonaCard } from "../signaling";
import { canChooseSpeaker, useCallSound } from "../useCallSound";
import { useDevices } from "../useDevices";
import { useHasSideRoom } from "../useMediaQuery";
import { useWakeLock } from "../useWakeLock";
import { CallBar } from "./CallBar";
import { Caption } from "./Caption";
import { Dock } from "./Dock";
import { EndDialog } from "./EndDialog";
import { EndedSummary } from "./EndedSummary";
import { KeysDialog } from "./KeysDialog";
import { MoreDialog } from "./MoreDialog";
import { SidePanel, type PanelTab } from "./SidePanel";
import { StageBanner } from "./StageBanner";
import { StatsPanel } from "./StatsPanel";
import { TranscriptPanel } from "./TranscriptPanel";
import { TypeField } from "./TypeField";
import { VoiceForm } from "./VoiceForm";
import { Waterfall } from "./Waterfall";
import { WaysOn } from "./WaysOn";

interface CallScreenProps {
  roomId: string;
  persona: PersonaCard | null;
  input: "voice" | "text";
  /** The server keeps a call of this room from before the page was loaded. */
  isKept: boolean;
  /** Other wires, for tests. */
  ports?: CallPorts;
}

/** A call begins by itself where a click led here; after a reload the browser waits for one. */
function wasLedHere(): boolean {
  return navigator.userActivation?.hasBeenActive ?? false;
}

export function CallScreen({ roomId, persona, input, isKept, ports }: CallScreenProps) {
  const [autostart] = useState(() =>
    wasLedHere() ? { speaking: input === "voice", deviceId: readMicrophoneChoice() } : null,
  );
  const call = useWebRTC({ roomId, persona, autostart, ports });
  const preferences = useCallPreferences();
  const audioRef = useCallSound(call.audioRef, preferences);
  const screen = useScreen(call, preferences, input);
  const { state } = call;
  const view = isKept && state.stage === "idle" ? KEPT_CALL : viewOf(state);
  useWakeLock(isRunning(state.stage));
  useFreshCallList(state.stage);

  return (
    <div className="call">
      <CallBar state={state} />
      <main id="main" className={`callmain ${screen.layout}`}>
        <h1 className="vh">{state.persona ? `Call with ${state.persona.name}` : "Call"}</h1>
        <section className="stage" aria-label="Call" inert={screen.layout === "sheet"}>
          <Stage call={call} view={view} screen={screen} hasShortcuts={preferences.hasShortcuts} />
        </section>
        {screen.isPanelOpen && <Panel call={call} view={view} screen={screen} />}
      </main>
      <Spoken view={view} />
      <Dialogs call={call} screen={screen} preferences={preferences} />
      <audio ref={audioRef} autoPlay playsInline />
    </div>
  );
}

const isRunning = (stage: CallStage) =>
  stage === "connecting" || stage === "live" || stage === "reconnecting";

/** The lists of calls are asked for again once this one is over. */
function useFreshCallList(stage: CallStage): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    if (stage === "ended" || stage === "error") {
      void queryClient.invalidateQueries({ queryKey: ["calls"] });
    }
  }, [stage, queryClient]);
}

type OpenDialog = "more" | "keys" | "end" | null;
type Screen = ReturnType<typeof useScreen>;

/** What is open on this screen, and what each press does. */
function useScreen(call: Call, preferences: CallPreferences, input: "voice" | "text") {
  const { state, actions } = call;
  const hasSideRoom = useHasSideRoom();
  const [isPanelOpen, setIsPanelOpen] = usePanel(hasSideRoom);
  const [tab, setTab] = useState<PanelTab>("transcript");
  const [isTyping, setIsTyping] = useState(input === "text");
  const [dialog, setDialog] = useState<OpenDialog>(null);
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

  const running = isRunning(state.stage);
  useCallKeys(running && dialog === null, {
    closePanel: isPanelOpen ? closePanel : undefined,
    ...(preferences.hasShortcuts && {
      mute: pressMicrophone,
      done: actions.done,
      stop: actions.stop,
      transcript: togglePanel,
      end: () => setDialog("end"),
      help: () => setDialog("keys"),
    }),
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
    dialog,
    setDialog,
    devices,
    start,
    pickMicrophone,
    pressMicrophone,
    running,
  };
}

/** Beside the stage the panel is open at first; over it, it opens only when asked for, also after the screen is turned. */
function usePanel(hasSideRoom: boolean): [boolean, (isOpen: boolean) => void] {
  const [asked, setAsked] = useState({ isOpen: hasSideRoom, hasSideRoom });
  const isOpen = asked.hasSideRoom === hasSideRoom ? asked.isOpen : hasSideRoom;
  return [isOpen, (wanted) => setAsked({ isOpen: wanted, hasSideRoom })];
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

interface StageProps {
  call: Call;
  view: CallView;
  screen: Screen;
  hasShortcuts: boolean;
}

function Stage({ call, view, screen, hasShortcuts }: StageProps) {
  const { state, actions, levels } = call;
  const { silenceAt, silenceDurationMs } = state;
  const silence = useMemo(
    () => (silenceAt === null ? null : { sinceMs: silenceAt, durationMs: silenceDurationMs }),
    [silenceAt, silenceDurationMs],
  );
  return (
    <>
      <div>
        <StageBanner
          state={state}
          view={view.name}
          onUseMicrophone={() => actions.chooseMicrophone(null)}
          onClose={actions.closeBanner}
        />
      </div>
      <div className="formwrap">
        <VoiceForm form={view.form} shape={state.persona?.shape ?? ""} levels={levels} silence={silence} />
      </div>
      <div className="say">
        <p className="phase">{view.phase}</p>
        <p className="support">{view.support}</p>
        {view.name === "ended" ? (
          <EndedSummary state={state} />
        ) : (
          <Caption caption={captionOf(state)} language={state.persona?.language} />
        )}
      </div>
      <div className="dock">
        {screen.running && screen.isTyping && (
          <TypeField
            canSend={state.stage === "live"}
            onSend={actions.sendText}
            onClose={() => screen.setIsTyping(false)}
          />
        )}
        {screen.running ? (
          <CallDock call={call} view={view} screen={screen} hasShortcuts={hasShortcuts} />
        ) : (
          <WaysOn
            state={state}
            isKept={view === KEPT_CALL}
            onStart={() => screen.start(state.microphone.kind !== "none")}
            onType={() => screen.start(false)}
            onPickMicrophone={() => screen.setDialog("more")}
          />
        )}
      </div>
    </>
  );
}

function CallDock({ call, view, screen, hasShortcuts }: StageProps) {
  const { state, actions, levels } = call;
  const turnActions: Record<TurnButton, () => void> = {
    done: actions.done,
    stop: actions.stop,
    stopSpeaking: actions.stop,
    checkMicrophone: () => screen.setDialog("more"),
    soundOn: actions.turnSoundOn,
    tryNow: actions.tryNow,
  };
  return (
    <Dock
      microphone={{
        hasMicrophone: state.microphone.kind === "open",
        isMuted: state.muted,
        onPress: screen.pressMicrophone,
      }}
      levels={levels}
      turnButtons={view.buttons}
      hasShortcuts={hasShortcuts}
      isTyping={screen.isTyping}
      isPanelOpen={screen.isPanelOpen}
      isEnding={state.endBy !== null}
      onTurnButton={(button) => turnActions[button]()}
      onType={() => screen.setIsTyping((open) => !open)}
      onTranscript={screen.togglePanel}
      onMore={() => screen.setDialog("more")}
      onEnd={actions.end}
    />
  );
}

const USERS_TURN = new Set(["waiting", "listening", "silence", "interrupted"]);

function Panel({ call: { state }, view, screen }: Omit<StageProps, "hasShortcuts">) {
  const last = state.metrics.at(-1);
  return (
    <>
      {screen.layout === "sheet" && <div className="sheet-scrim" onClick={screen.closePanel} />}
      <SidePanel
        tab={screen.tab}
        onTab={screen.setTab}
        onClose={screen.closePanel}
        isSheet={screen.layout === "sheet"}
        transcript={
          <TranscriptPanel
            lines={state.lines}
            personaName={state.persona?.name ?? "Persona"}
            language={state.persona?.language}
            isUsersTurn={USERS_TURN.has(view.name)}
            spokenUpto={view.name === "speaking" ? spokenUpto(state) : null}
          />
        }
        stats={<StatsPanel state={state} />}
        foot={
          last && (
            <div className="turnfoot">
              <Waterfall metrics={last} title="Last reply" />
            </div>
          )
        }
      />
    </>
  );
}

/** The phase for the ear of a screen reader. The countdown is silent; an end or a failure interrupts. */
function Spoken({ view }: { view: CallView }) {
  const isUrgent = view.name === "error" || view.name === "ended";
  return (
    <>
      <p className="vh" role="status">
        {isUrgent ? "" : view.name === "silence" ? "Listening" : view.phase}
      </p>
      <p className="vh" role="alert">
        {isUrgent ? view.phase : ""}
      </p>
    </>
  );
}

interface DialogsProps {
  call: Call;
  screen: Screen;
  preferences: CallPreferences;
}

function Dialogs({ call: { state, actions }, screen, preferences }: DialogsProps) {
  const end = () => {
    screen.setDialog(null);
    actions.end();
  };
  return (
    <>
      <EndDialog isOpen={screen.dialog === "end"} onClose={() => screen.setDialog(null)} onEnd={end} />
      <MoreDialog
        isOpen={screen.dialog === "more"}
        onClose={() => screen.setDialog(null)}
        devices={screen.devices}
        microphoneLabel={state.microphone.kind === "open" ? state.microphone.label : null}
        canChooseSpeaker={canChooseSpeaker()}
        preferences={preferences}
        onMicrophone={screen.pickMicrophone}
        onKeys={() => screen.setDialog("keys")}
      />
      <KeysDialog
        isOpen={screen.dialog === "keys"}
        onClose={() => screen.setDialog(null)}
        hasShortcuts={preferences.hasShortcuts}
        onShortcuts={preferences.setHasShortcuts}
      />
    </>
  );
}
