"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";

import { wishForCall } from "@/features/call/callWish";
import { api } from "@/lib/api/client";
import { ApiError, unwrap } from "@/lib/api/errors";

/** How a person takes part: by voice, or by writing where there is no microphone. */
export type CallInput = "voice" | "text";

interface CallRequest {
  personaSlug: string;
  input?: CallInput;
}

export function callPath(roomId: string, input: CallInput = "voice"): string {
  return `/call/${roomId}${input === "text" ? "?input=text" : ""}`;
}

/** Makes a room and goes there. `calling` names the persona whose call is being made, until the call's page is there. */
export function useStartCall() {
  const router = useRouter();
  const { mutate, variables, error, isPending, isSuccess, reset } = useMutation({
    mutationFn: ({ personaSlug }: CallRequest) =>
      unwrap(api.POST("/api/v1/rooms/", { body: { persona: personaSlug } })),
    onSuccess: (room, { input }) => {
      wishForCall(room.id);
      router.push(callPath(room.id, input));
    },
  });
  return {
    startCall: (request: CallRequest) => mutate(request),
    calling: isPending || isSuccess ? variables.personaSlug : null,
    failure: error ? callFailureWords(error) : null,
    reset,
  };
}

export interface CallFailureWords {
  title: string;
  line: string;
}

const DEFAULT_RETRY_SECONDS = 20;

/** Why there is no call, and what to do. */
export function callFailureWords(error: Error): CallFailureWords {
  if (!(error instanceof ApiError))
    return { title: "The call did not start.", line: "Nothing is lost. Try again." };
  if (error.isFull) {
    return {
      title: "All lines are busy.",
      line: `Try again in ${Math.ceil(error.retryAfterSeconds ?? DEFAULT_RETRY_SECONDS)} s.`,
    };
  }
  if (error.isNotFound) return { title: "This persona is gone.", line: "Choose another one." };
  if (error.status === 0) return { title: "The server did not answer.", line: "Nothing is lost. Try again." };
  return { title: "The call did not start.", line: error.message };
}
