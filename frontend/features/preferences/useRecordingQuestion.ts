"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { meQuery } from "@/lib/api/queries";

import { useSavePreferences } from "./usePreferences";

/** Puts the recording question before what it is given, where the person was never asked; else goes straight on. */
export function useRecordingQuestion() {
  const queryClient = useQueryClient();
  const savePreferences = useSavePreferences();
  const [waiting, setWaiting] = useState<(() => void) | null>(null);

  const askThen = async (goOn: () => void) => {
    // Where the server does not say, the call begins unasked and unrecorded: nothing is kept before a yes.
    const me = await queryClient.ensureQueryData(meQuery).catch(() => null);
    if (me?.preferences.recording === null) setWaiting(() => goOn);
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
