"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { meQuery } from "@/lib/api/queries";

import { useSavePreferences } from "./usePreferences";

/** Puts the recording question before what it is given, where the person was never asked; else goes straight on. */
export function useRecordingQuestion() {
  const me = useQuery(meQuery);
  const savePreferences = useSavePreferences();
  const [waiting, setWaiting] = useState<(() => void) | null>(null);

  const askThen = (goOn: () => void) => {
    if (me.data && me.data.preferences.recording === null) setWaiting(() => goOn);
    else goOn();
  };
  const onAnswer = (recording: boolean) =>
    savePreferences.mutate(
      { recording },
      {
        onSuccess: () => {
          setWaiting(null);
          waiting?.();
        },
      },
    );
  return {
    askThen,
    question: {
      isOpen: waiting !== null,
      isSaving: savePreferences.isPending,
      hasFailed: savePreferences.isError,
      onAnswer,
      onClose: () => setWaiting(null),
    },
  };
}
