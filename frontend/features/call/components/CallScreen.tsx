"use client";

import { useEffect, useMemo, useState } from "react";

import { useWebRTC, type Call } from "@/app/hooks/useWebRTC";
import { readMicrophoneChoice } from "@/features/preflight/microphoneMemory";

import { useCallPreferences, type CallPreferences } from "../callPreferences";
import type { CallPorts } from "../callClient";
import { lastAnswered } from "../callMetrics";
import { forgetCallWish, isCallWished } from "../callWish";
import { KEPT_CALL, SPEAKING_VIEWS, viewOf, type CallView, type TurnButton } from "../callViews";
import { isRunning } from "../callStages";
import { captionOf, spokenUpto } from "../captions";
import type { PersonaCard } from "../signaling";
import { ringOf } from "../silenceRing";
import { canChooseSpeaker, useCallSound } from "../useCallSound";
import { useFreshCallList, useScreen, type Screen } from "../useCallScreen";
import { useDockFocus } from "../useDockFocus";
import { useLeaveQuestion } from "../useLeaveQuestion";
import { useReportPath } from "../useReportPath";
import { useWakeLock } from "../useWakeLock";
import { CallBar } from "./CallBar";
import { Caption } from "./Caption";
import { Dock } from "./Dock";
import { EndDialog } from "./EndDialog";
import { EndedSummary } from "./EndedSummary";
import { InterviewMarks } from "./InterviewMarks";
import { KeysDialog } from "./KeysDialog";
import { MoreDialog } from "./MoreDialog";
import { SidePanel } from "./SidePanel";
import { Spoken } from "./Spoken";
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

export function CallScreen({ roomId, persona, input, isKept, ports }: CallScreenProps) {
  // The click that led here was the wish to call.
  const [autostart] = useState(() =>
    isCallWished(roomId) ? { speaking: input === "voice", deviceId: readMicrophoneChoice() } : null,
  );
  useEffect(forgetCallWish, []);
  const preferences = useCallPreferences();
  const { isPushToTalk } = preferences;
  const call = useWebRTC({ roomId, persona, autostart, isPushToTalk, ports });
  const audioRef = useCallSound(call.audioRef, call.actions.chooseVolume, preferences);
  const screen = useScreen(call, preferences, input);
  const { state } = call;
  const view = isKept && state.stage === "idle" ? KEPT_CALL : viewOf(state);
  useWakeLock(isRunning(state));
  useFreshCallList(state.stage);
  const reportPath = useReportPath(roomId, state);
  useLeaveQuestion(screen.isInterview, () => screen.setDialog("end"));

  return (
    <div className="call">
      <CallBar state={state} />
      <main id="main" className={`callmain ${screen.layout}`}>
        <h1 className="vh">{state.persona ? `Call with ${state.persona.name}` : "Call"}</h1>
        <section className="stage" aria-label="Call" inert={screen.layout === "sheet"}>
          <Stage
            call={call}
            view={view}
            screen={screen}
            hasShortcuts={preferences.hasShortcuts}
            reportPath={reportPath}
          />
        </section>
        {screen.isPanelOpen && <Panel call={call} view={view} screen={screen} />}
      </main>
      <Spoken state={state} view={view} />
      <Dialogs call={call} screen={screen} preferences={preferences} />
      <audio ref={audioRef} autoPlay playsInline />
    </div>
  );
}

interface StageProps {
  call: Call;
  view: CallView;
  screen: Screen;
  hasShortcuts: boolean;
  /** Of the interview that this was. */
  reportPath: string | null;
}

function Stage({ call, view, screen, hasShortcuts, reportPath }: StageProps) {
  const { state, actions, levels } = call;
  const { silenceAt, silenceDurationMs, thinking } = state;
  const dock = useDockFocus(
    screen.running ? "call" : state.stage,
    state.stage === "ended" || state.stage === "error",
  );
  const ring = useMemo(
    () => ringOf({ silenceAt, silenceDurationMs, thinking }),
    [silenceAt, silenceDurationMs, thinking],
  );
  return (
    <>
      <div>
        {screen.running && state.interview && (
          <div className="mobq">
            <InterviewMarks progress={state.interview} />
          </div>
        )}
        <StageBanner
          state={state}
          view={view.name}
          onUseMicrophone={() => actions.chooseMicrophone(null)}
          onClose={actions.closeBanner}
        />
      </div>
      <div className="formwrap">
        <VoiceForm form={view.form} shape={state.persona?.shape ?? ""} levels={levels} ring={ring} />
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
      <div className="dock" ref={dock}>
        {screen.running && screen.isTyping && (
          <TypeField canSend={state.stage === "live"} onSend={actions.sendText} onClose={screen.stopTyping} />
        )}
        {screen.running ? (
          <CallDock call={call} view={view} screen={screen} hasShortcuts={hasShortcuts} />
        ) : (
          <WaysOn
            state={state}
            isKept={view === KEPT_CALL}
            reportPath={reportPath}
            onStart={() => screen.start(state.microphone.kind !== "none")}
            onType={() => screen.start(false)}
            isPanelOpen={screen.isPanelOpen}
            onTranscript={screen.togglePanel}
            onPickMicrophone={() => screen.setDialog("more")}
          />
        )}
      </div>
    </>
  );
}

function CallDock({ call, view, screen, hasShortcuts }: Omit<StageProps, "reportPath">) {
  const { state, actions, levels } = call;
  const turnActions: Record<TurnButton, () => void> = {
    done: actions.done,
    think: actions.think,
    talk: actions.mute,
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
        isPushToTalk: state.pushToTalk,
        onPress: screen.pressMicrophone,
      }}
      levels={levels}
      turn={{
        button: view.button,
        beside: view.beside,
        pressed: view.name === "takeTime" ? "think" : state.muted ? null : "talk",
        talk: { ...screen.talkButton, onToggle: actions.mute },
        onPress: (button) => turnActions[button](),
      }}
      typeButtonRef={screen.typeButton}
      hasShortcuts={hasShortcuts}
      isTyping={screen.isTyping}
      isPanelOpen={screen.isPanelOpen}
      isEnding={state.endBy !== null}
      onType={() => screen.setIsTyping((open) => !open)}
      onTranscript={screen.togglePanel}
      onMore={() => screen.setDialog("more")}
      onEnd={screen.isInterview ? () => screen.setDialog("end") : actions.end}
    />
  );
}

const USERS_TURN = new Set(["waiting", "pushToTalk", "listening", "silence", "takeTime", "interrupted"]);

function Panel({ call: { state }, view, screen }: Omit<StageProps, "hasShortcuts" | "reportPath">) {
  const last = lastAnswered(state.metrics);
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
            murmurs={state.murmurs}
            personaName={state.persona?.name ?? "Persona"}
            language={state.persona?.language}
            isUsersTurn={USERS_TURN.has(view.name)}
            spokenUpto={SPEAKING_VIEWS.has(view.name) ? spokenUpto(state) : null}
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
      <EndDialog
        isOpen={screen.dialog === "end"}
        onClose={() => screen.setDialog(null)}
        onEnd={end}
        isInterview={screen.isInterview}
      />
      <MoreDialog
        isOpen={screen.dialog === "more"}
        onClose={() => screen.setDialog(null)}
        devices={screen.devices}
        microphoneLabel={state.microphone.kind === "open" ? state.microphone.label : null}
        canChooseSpeaker={canChooseSpeaker()}
        preferences={preferences}
        onMicrophone={screen.pickMicrophone}
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
