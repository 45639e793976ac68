"use client";

import { useEffect, useState } from "react";

import { ButtonLink } from "@/components/ui/button";
import { Icon, type IconName } from "@/components/ui/icon";
import { formatTime, isSameDay } from "@/lib/times";

import { readMicrophoneCheckedAt } from "./microphoneMemory";
import { type MicrophonePermission, useMicrophonePermission } from "./useMicrophonePermission";

interface ChipLook {
  tone: "" | "warn" | "bad";
  icon: IconName;
  words: string;
}

const LOOKS: Record<MicrophonePermission, ChipLook> = {
  granted: { tone: "", icon: "check", words: "Microphone ready" },
  prompt: { tone: "warn", icon: "alert", words: "Check your microphone" },
  unknown: { tone: "warn", icon: "alert", words: "Check your microphone" },
  denied: { tone: "bad", icon: "close", words: "Microphone blocked" },
};

/** Says on one line whether a call will hear you, and leads to the check. */
export function MicrophoneChip() {
  const permission = useMicrophonePermission();
  const checkedAt = useCheckedToday();
  const look = LOOKS[permission];
  return (
    <ButtonLink href="/preflight" size="sm" className="mic-chip">
      <span className={`tick ${look.tone}`}>
        <Icon name={look.icon} />
      </span>
      <span>
        <span className="w5">{look.words}</span>
        {permission === "granted" && checkedAt && <span className="t2 nowrap"> · checked {checkedAt}</span>}
      </span>
    </ButtonLink>
  );
}

/** The time of today's check; read after mount, because the server knows neither this device nor its clock. */
function useCheckedToday(): string | null {
  const [time, setTime] = useState<string | null>(null);
  useEffect(() => {
    const checkedAt = readMicrophoneCheckedAt();
    if (checkedAt && isSameDay(checkedAt, new Date())) setTime(formatTime(checkedAt));
  }, []);
  return time;
}
