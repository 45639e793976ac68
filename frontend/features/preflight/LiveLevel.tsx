"use client";

import { useEffect, useState } from "react";

import { Meter } from "@/components/ui/meter";
import { dbfsWords } from "@/lib/dbfs";

const READING_MS = 80;
/** The peak mark stays for a good second. */
const PEAK_READINGS = 15;
const SILENCE_DBFS = -60;

/** The microphone's level as it moves; nothing else on the page is drawn with it. `readLevel` answers null when closed. */
export function LiveLevel({ isOpen, readLevel }: { isOpen: boolean; readLevel: () => number | null }) {
  const [readings, setReadings] = useState<readonly number[]>([]);
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => {
      const dbfs = readLevel();
      if (dbfs !== null) setReadings((earlier) => [...earlier.slice(1 - PEAK_READINGS), dbfs]);
    }, READING_MS);
    return () => {
      clearInterval(timer);
      setReadings([]);
    };
  }, [isOpen, readLevel]);
  const dbfs = Math.max(SILENCE_DBFS, readings.at(-1) ?? SILENCE_DBFS);
  return (
    <div className="field">
      <span className="label">
        Say “one, two, three”
        {isOpen && <span className="t3 num">{dbfsWords(dbfs)}</span>}
      </span>
      <Meter label="Microphone level" dbfs={dbfs} peakDbfs={Math.max(SILENCE_DBFS, ...readings)} />
      <div className="ticks" aria-hidden="true">
        <span>Too quiet</span>
        <span>Good</span>
        <span>Too loud</span>
      </div>
    </div>
  );
}
