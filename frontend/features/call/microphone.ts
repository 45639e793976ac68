/** Why is there no microphone, and what can a person do about it? */

export type MicrophoneProblem =
  "NotAllowedError" | "NotFoundError" | "NotReadableError" | "OverconstrainedError" | "SecurityError";

/** Noise suppression and gain control stay off: the server conditions the sound, and the browser's own clip it. */
export function microphoneConstraints(deviceId: string | null): MediaStreamConstraints {
  return {
    audio: {
      echoCancellation: true,
      noiseSuppression: false,
      autoGainControl: false,
      ...(deviceId ? { deviceId: { exact: deviceId } } : {}),
    },
  };
}

const OTHER_NAMES: Record<string, MicrophoneProblem> = {
  PermissionDeniedError: "NotAllowedError",
  DevicesNotFoundError: "NotFoundError",
  TrackStartError: "NotReadableError",
  AbortError: "NotReadableError",
  ConstraintNotSatisfiedError: "OverconstrainedError",
  TypeError: "SecurityError",
};

/** Browsers have about ten names for five reasons. `mediaDevices` is missing on plain http. */
export function problemOf(error: unknown): MicrophoneProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name in PROBLEM_TITLES) return name as MicrophoneProblem;
  return OTHER_NAMES[name] ?? "NotReadableError";
}

export const PROBLEM_TITLES: Record<MicrophoneProblem, string> = {
  NotAllowedError: "Your browser blocks the microphone",
  NotFoundError: "No microphone was found",
  NotReadableError: "Another program is using the microphone",
  OverconstrainedError: "The chosen microphone is gone",
  SecurityError: "This address may not use a microphone",
};

export interface ProblemWords {
  title: string;
  wayOut: string;
  alsoTry: string;
}

export const PROBLEM_WORDS: Record<MicrophoneProblem, ProblemWords> = {
  NotAllowedError: {
    title: "Your browser blocks the microphone",
    wayOut: "Click the icon left of the address, set Microphone to Allow, then try again.",
    alsoTry: "On a Mac, look in System Settings, Privacy, Microphone as well.",
  },
  NotFoundError: {
    title: "No microphone was found",
    wayOut: "Plug one in or switch on your headset. This page notices by itself.",
    alsoTry: "On a desktop computer there is often none built in.",
  },
  NotReadableError: {
    title: "Another program is using the microphone",
    wayOut: "Close the other call or recording, then try again.",
    alsoTry: "On Windows, one program can hold a device for itself.",
  },
  OverconstrainedError: {
    title: "The chosen microphone is gone",
    wayOut: "It may have been unplugged. Pick another one below.",
    alsoTry: "We go back to the system’s default if you try again.",
  },
  SecurityError: {
    title: "This address may not use a microphone",
    wayOut: "Browsers allow it only on https or on localhost. Ask whoever runs this server.",
    alsoTry: "You opened this page over plain http.",
  },
};
