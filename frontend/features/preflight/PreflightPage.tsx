"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect } from "react";

import { Button, ButtonLink } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { Select } from "@/components/ui/select";
import { useCallPreferences } from "@/features/call/callPreferences";
import { useDevices } from "@/features/call/useDevices";
import { CallFailure } from "@/features/personas/CallFailure";
import { StillForm } from "@/features/personas/StillForm";
import { useStartCall } from "@/features/personas/useStartCall";
import { RecordingQuestion } from "@/features/preferences/RecordingQuestion";
import { useRecordingQuestion } from "@/features/preferences/useRecordingQuestion";
import { meQuery, type PersonaCard, personasQuery } from "@/lib/api/queries";

import { Checks } from "./Checks";
import { LiveLevel } from "./LiveLevel";
import { type MicrophoneCheck, useMicrophoneCheck } from "./useMicrophoneCheck";
import { useMicrophonePermission } from "./useMicrophonePermission";
import { Verdict } from "./Verdict";

/** Before a call: may we hear you, do we hear you, do you hear us? Without a persona it is a check by itself. */
export function PreflightPage({ personaSlug }: { personaSlug: string | null }) {
  const persona = useQuery(personasQuery).data?.find(({ slug }) => slug === personaSlug) ?? null;
  const permission = useMicrophonePermission();
  const { check, start, readLevel } = useMicrophoneCheck();
  const { startCall, calling, failure } = useStartCall();
  const { askThen, question } = useRecordingQuestion();
  const { speakerId, setSpeakerId } = useCallPreferences();
  useRetryWhenPluggedIn(check, start);

  return (
    <main className="page" id="main">
      <div className="pre">
        <WhoIsCalled persona={persona} check={check} />
        <section className="card p-6" aria-label="Microphone check">
          <CallFailure failure={failure} className="mb-4" />
          <Verdict check={check} permission={permission} />
          <Devices
            check={check}
            onChoose={(deviceId) => void start(deviceId)}
            readLevel={readLevel}
            speakerId={speakerId}
            onChooseSpeaker={setSpeakerId}
          />
          <hr className="mt-5 mb-1" />
          <Checks check={check} speakerId={speakerId} />
          <Actions
            check={check}
            persona={persona}
            isCalling={calling !== null}
            isAllowed={permission === "granted"}
            onCheck={() => void start()}
            onCall={(slug, input) => void askThen(() => startCall({ personaSlug: slug, input }))}
          />
        </section>
      </div>
      <RecordingQuestion {...question} />
    </main>
  );
}

function WhoIsCalled({ persona, check }: { persona: PersonaCard | null; check: MicrophoneCheck }) {
  const picture = check.kind === "blocked" ? "no-microphone" : check.kind === "heard" ? "listening" : "quiet";
  return (
    <section className="pre-who" aria-label="The call">
      <Link className="row s13 t2 back" href="/dashboard">
        <Icon name="back" size="sm" />
        All personas
      </Link>
      <div className="pre-picture">
        <StillForm state={picture} shape={persona?.shape ?? "anselm"} size={220} />
      </div>
      <div>
        <h1>{persona?.name ?? "Your microphone"}</h1>
        <p className="t2 mt-0.5">{persona?.role ?? "A check before you talk"}</p>
      </div>
      {persona && <CallFacts persona={persona} />}
    </section>
  );
}

function CallFacts({ persona }: { persona: PersonaCard }) {
  const preferences = useQuery(meQuery).data?.preferences;
  const silenceMs = preferences?.silence_duration_ms ?? persona.silence_duration_ms;
  return (
    <ul className="pre-facts s13 t2">
      <li className="row">
        <Icon name="clock" size="sm" />A pause of {silenceMs / 1_000} s ends your turn
      </li>
      <li className="row">
        <Icon name="lock" size="sm" />
        {preferences?.recording
          ? "The sound of the call is recorded"
          : "The words are kept, the sound is not"}
      </li>
    </ul>
  );
}

interface DevicesProps {
  check: MicrophoneCheck;
  onChoose: (deviceId: string) => void;
  readLevel: () => number | null;
  speakerId: string;
  onChooseSpeaker: (deviceId: string) => void;
}

function Devices({ check, onChoose, readLevel, speakerId, onChooseSpeaker }: DevicesProps) {
  const { microphones, speakers } = useDevices(check.kind);
  const isHeard = check.kind === "heard";
  return (
    <div className="stack mt-5 gap-[18px]">
      <Select
        label="Microphone"
        icon="microphone"
        options={microphones.map(({ deviceId, label }) => ({ value: deviceId, label }))}
        value={isHeard ? (check.deviceId ?? "") : ""}
        onValueChange={onChoose}
        placeholder={microphones.length ? "System default" : "Waiting for permission"}
      />
      <LiveLevel isOpen={isHeard} readLevel={readLevel} />
      {speakers.length > 1 && (
        <Select
          label="Speaker"
          icon="speaker"
          options={speakers.map(({ deviceId, label }) => ({ value: deviceId, label }))}
          value={speakerId}
          onValueChange={onChooseSpeaker}
          placeholder="System default"
        />
      )}
    </div>
  );
}

interface ActionsProps {
  check: MicrophoneCheck;
  persona: PersonaCard | null;
  isCalling: boolean;
  /** The browser has said yes before, so it will not ask. */
  isAllowed: boolean;
  onCheck: () => void;
  onCall: (personaSlug: string, input: "voice" | "text") => void;
}

function Actions({ check, persona, isCalling, isAllowed, onCheck, onCall }: ActionsProps) {
  const isClear = check.kind === "heard" && check.verdict.kind === "clear";
  const isQuiet = check.kind === "heard" && check.verdict.kind === "quiet";
  const canWriteInstead = check.kind === "blocked" || (check.kind === "ask" && !isAllowed);
  return (
    <div className="row preacts">
      {persona && canWriteInstead && (
        <Button variant="quiet" onClick={() => onCall(persona.slug, "text")}>
          Type instead of speaking
        </Button>
      )}
      {(check.kind === "ask" || check.kind === "opening") && (
        <Button variant="primary" busy={check.kind === "opening" ? "Waiting" : undefined} onClick={onCheck}>
          {isAllowed ? "Check microphone" : "Allow microphone"}
        </Button>
      )}
      {check.kind === "blocked" && (
        <Button variant="primary" onClick={onCheck}>
          Try again
        </Button>
      )}
      {(isClear || isQuiet) && (
        <Button variant={isQuiet ? "primary" : "quiet"} onClick={onCheck}>
          Check again
        </Button>
      )}
      {check.kind === "heard" &&
        (persona ? (
          <Button
            variant={isClear ? "primary" : "secondary"}
            busy={isCalling ? "Calling" : undefined}
            onClick={() => onCall(persona.slug, "voice")}
          >
            <Icon name="phone" />
            {isClear ? "Start the call" : "Start anyway"}
          </Button>
        ) : (
          <ButtonLink variant={isClear ? "primary" : "secondary"} href="/dashboard">
            Done
          </ButtonLink>
        ))}
    </div>
  );
}

/** "This page notices by itself": a device that comes or goes is reason enough to look again. */
function useRetryWhenPluggedIn(check: MicrophoneCheck, start: () => Promise<void>) {
  const isWaitingForDevice =
    check.kind === "blocked" &&
    (check.problem === "NotFoundError" || check.problem === "OverconstrainedError");
  useEffect(() => {
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!isWaitingForDevice || !devices) return;
    const onChange = () => void start();
    devices.addEventListener("devicechange", onChange);
    return () => devices.removeEventListener("devicechange", onChange);
  }, [isWaitingForDevice, start]);
}
