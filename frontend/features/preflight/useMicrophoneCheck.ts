"use client";

import { useCallback, useEffect, useRef, useState } from "react";

import { microphoneConstraints, type MicrophoneProblem, problemOf } from "@/features/call/microphone";

import { judgeLevels, type MicrophoneVerdict } from "./judgeLevels";
import { MicrophoneLevel } from "./microphoneLevel";
import { readMicrophoneChoice, saveMicrophoneCheckedAt, saveMicrophoneChoice } from "./microphoneMemory";

const READING_MS = 50;
/** The judgement looks at the last ten seconds. */
const MAX_READINGS = 200;

export type MicrophoneCheck =
  | { kind: "ask" }
  | { kind: "opening" }
  | { kind: "blocked"; problem: MicrophoneProblem }
  | { kind: "heard"; verdict: MicrophoneVerdict; deviceId: string | null };

/**
 * Opens the microphone on a click, judges what it hears, and lets go of it when the page is left. The page is drawn
 * again when the verdict changes; `readLevel` is for what moves with the voice.
 */
export function useMicrophoneCheck() {
  const [check, setCheck] = useState<MicrophoneCheck>({ kind: "ask" });
  const level = useRef<MicrophoneLevel | null>(null);
  // A promise of an older start, or of a page that is gone, finds another number here and changes nothing.
  const generation = useRef(0);

  const close = useCallback(() => {
    generation.current += 1;
    level.current?.close();
    level.current = null;
  }, []);

  const start = useCallback(
    async (deviceId: string | null = readMicrophoneChoice()) => {
      close();
      const own = generation.current;
      setCheck({ kind: "opening" });
      try {
        const opened = await MicrophoneLevel.open(microphoneConstraints(deviceId));
        if (own !== generation.current) return opened.close();
        level.current = opened;
        if (deviceId !== null) saveMicrophoneChoice(deviceId);
        setCheck({ kind: "heard", verdict: { kind: "waiting" }, deviceId: opened.deviceId });
      } catch (error) {
        if (own !== generation.current) return;
        const problem = problemOf(error);
        // The chosen one is gone: the next try takes the system's default.
        if (problem === "OverconstrainedError") saveMicrophoneChoice(null);
        setCheck({ kind: "blocked", problem });
      }
    },
    [close],
  );

  const isListening = check.kind === "heard";
  useEffect(() => {
    if (!isListening) return;
    const readings: number[] = [];
    const timer = setInterval(() => {
      if (!level.current) return;
      readings.push(level.current.read());
      if (readings.length > MAX_READINGS) readings.shift();
      const verdict = judgeLevels(readings);
      // Whoever was heard well may fall silent again.
      setCheck((last) =>
        last.kind === "heard" && isNews(last.verdict, verdict) ? { ...last, verdict } : last,
      );
    }, READING_MS);
    return () => clearInterval(timer);
    // A new start passes through "opening", so the readings begin anew.
  }, [isListening]);

  const isClear = check.kind === "heard" && check.verdict.kind === "clear";
  useEffect(() => {
    if (isClear) saveMicrophoneCheckedAt(new Date());
  }, [isClear]);

  useEffect(() => close, [close]);
  const readLevel = useCallback(() => level.current?.read() ?? null, []);
  return { check, start, readLevel };
}

function isNews(last: MicrophoneVerdict, next: MicrophoneVerdict): boolean {
  return last.kind !== "clear" && last.kind !== next.kind;
}
