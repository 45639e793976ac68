"use client";

import { type ReactNode, useState } from "react";

import { Button } from "@/components/ui/button";
import { Icon, type IconName } from "@/components/ui/icon";

import { ENOUGH_ABOVE_ROOM_DB } from "./judgeLevels";
import { playTestTone } from "./testTone";
import { type Line, useLine } from "./useLine";
import type { MicrophoneCheck } from "./useMicrophoneCheck";

type Mark = "ok" | "warn" | "bad" | "wait";

const MARK_ICONS: Record<Mark, IconName | null> = { ok: "check", warn: "alert", bad: "close", wait: null };

interface CheckRow {
  mark: Mark;
  line: ReactNode;
  /** In one word, at the end of the row. */
  word?: ReactNode;
}

/** Microphone, sound, connection: what was found, one row each. */
export function Checks({ check, speakerId }: { check: MicrophoneCheck; speakerId: string }) {
  return (
    <ul className="checks">
      <Row title="Microphone" {...microphoneRow(check)} />
      <SoundRow speakerId={speakerId} />
      <Row title="Connection" {...connectionRow(useLine())} />
    </ul>
  );
}

function Row({ title, mark, line, word }: CheckRow & { title: string }) {
  const icon = MARK_ICONS[mark];
  return (
    <li>
      <span className={`tick ${mark === "ok" ? "" : mark}`}>{icon && <Icon name={icon} />}</span>
      <div>
        <span className="w5">{title}</span>
        <p className="s13 t2">{line}</p>
      </div>
      <span className="s13 t2 num">{word}</span>
    </li>
  );
}

function microphoneRow(check: MicrophoneCheck): CheckRow {
  switch (check.kind) {
    case "ask":
      return { mark: "wait", line: "Not asked yet" };
    case "opening":
      return { mark: "wait", line: "Your browser asks" };
    case "blocked":
      return { mark: "bad", line: <span className="mono">{check.problem}</span>, word: "Blocked" };
    case "heard":
      return heardRow(check);
  }
}

function heardRow({ verdict }: Extract<MicrophoneCheck, { kind: "heard" }>): CheckRow {
  switch (verdict.kind) {
    case "waiting":
      return { mark: "wait", line: "Listening for your voice" };
    case "clear":
      return { mark: "ok", line: `${verdict.aboveRoomDb} dB above the room’s noise`, word: "Clear" };
    case "quiet":
      return {
        mark: "warn",
        line: `${verdict.aboveRoomDb} dB above the room’s noise; ${ENOUGH_ABOVE_ROOM_DB} dB is enough`,
        word: "Quiet",
      };
  }
}

function connectionRow(line: Line | undefined): CheckRow {
  switch (line?.kind) {
    case undefined:
      return { mark: "wait", line: "Asking the server" };
    case "free":
      return { mark: "ok", line: "The server is ready and a line is free", word: `${line.roundTripMs} ms` };
    case "full":
      return { mark: "warn", line: "All lines are busy; one may be free in a moment", word: "Busy" };
    case "down":
      return { mark: "bad", line: "The server did not answer", word: "Down" };
  }
}

function SoundRow({ speakerId }: { speakerId: string }) {
  const [state, setState] = useState<"untested" | "playing" | "played" | "heard" | "failed">("untested");
  const test = async () => {
    setState("playing");
    try {
      await playTestTone(speakerId);
      setState("played");
    } catch {
      setState("failed");
    }
  };
  if (state === "heard") return <Row title="Sound" mark="ok" line="You heard the test tone" word="Heard" />;
  return (
    <Row
      title="Sound"
      mark={state === "failed" ? "bad" : "wait"}
      line={
        state === "played"
          ? "Did you hear two notes?"
          : state === "failed"
            ? "Your browser played nothing"
            : "Press Test and listen"
      }
      word={
        <span className="row">
          {state === "played" && (
            <Button size="sm" onClick={() => setState("heard")}>
              I heard it
            </Button>
          )}
          <Button
            size="sm"
            variant={state === "played" ? "quiet" : "secondary"}
            busy={state === "playing" ? "Playing" : undefined}
            onClick={() => void test()}
          >
            <Icon name="play" size="sm" />
            {state === "played" ? "Again" : "Test"}
          </Button>
        </span>
      }
    />
  );
}
