/** Why is there no microphone, and what can a person do about it? And what does the browser do to its sound? */

import { isOn } from "./signaling";

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

/** Not every browser keeps to that: what it does all the same is not done twice. `null`: it keeps to it. */
export function browserSoundWords(settings: MediaTrackSettings): string | null {
  const own = [
    isOn(settings.noiseSuppression) && "removes noise",
    isOn(settings.autoGainControl) && "sets your level",
  ].filter((word) => word !== false);
  return own.length > 0 ? `Your browser ${own.join(" and ")} itself; ours stands aside.` : null;
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

/** Browsers keep the permission in different places. Every browser on iOS is Safari's engine under iOS's settings. */
export type BrowserName = "chrome" | "firefox" | "safari" | "ios" | "android" | "other";

export function browserOf(userAgent: string, touchPoints = 0): BrowserName {
  const isIPad = /Macintosh/.test(userAgent) && touchPoints > 1;
  if (/iPhone|iPad|iPod/.test(userAgent) || isIPad)
    return /CriOS|FxiOS|EdgiOS/.test(userAgent) ? "other" : "ios";
  if (/Firefox\//.test(userAgent)) return /Android/.test(userAgent) ? "android" : "firefox";
  if (/Chrome\/|Chromium\//.test(userAgent)) return /Android/.test(userAgent) ? "android" : "chrome";
  return /Safari\//.test(userAgent) ? "safari" : "other";
}

export interface ProblemWords {
  title: string;
  wayOut: string;
  alsoTry: string;
}

/** What is wrong, what to do about it in this browser, and what else it may be. */
export function problemWords(
  problem: MicrophoneProblem,
  browser = browserOf(navigator.userAgent, navigator.maxTouchPoints),
): ProblemWords {
  const words = problem === "NotAllowedError" ? BLOCKED_WORDS[browser] : WAYS_OUT[problem];
  return { title: PROBLEM_TITLES[problem], ...words };
}

type WayOut = Omit<ProblemWords, "title">;

const SYSTEM_TOO = "On a Mac, look in System Settings, Privacy & Security, Microphone as well.";

const BLOCKED_WORDS: Record<BrowserName, WayOut> = {
  chrome: {
    wayOut: "Click the icon left of the address, set Microphone to Allow, then try again.",
    alsoTry: SYSTEM_TOO,
  },
  firefox: {
    wayOut: "Click the crossed-out microphone left of the address, remove the block, then try again.",
    alsoTry: SYSTEM_TOO,
  },
  safari: {
    wayOut:
      "Choose Safari, Settings for This Website in the menu bar, set Microphone to Allow, then try again.",
    alsoTry: SYSTEM_TOO,
  },
  ios: {
    wayOut:
      "Tap the icon beside the address, then Website Settings, set Microphone to Allow, then try again.",
    alsoTry: "If it is not there, look in the Settings app under Safari, Microphone.",
  },
  android: {
    wayOut: "Tap the icon left of the address, then Permissions, allow the microphone, then try again.",
    alsoTry: "Look in Android’s settings, Apps, your browser, Permissions as well.",
  },
  other: {
    wayOut: "Allow the microphone for this page in your browser’s settings, then try again.",
    alsoTry: "Look in your system’s settings whether your browser may use the microphone at all.",
  },
};

const WAYS_OUT: Record<Exclude<MicrophoneProblem, "NotAllowedError">, WayOut> = {
  NotFoundError: {
    wayOut: "Plug one in or switch on your headset. This page notices by itself.",
    alsoTry: "On a desktop computer there is often none built in.",
  },
  NotReadableError: {
    wayOut: "Close the other call or recording, then try again.",
    alsoTry: "On Windows, one program can hold a device for itself.",
  },
  OverconstrainedError: {
    wayOut: "It may have been unplugged. Pick another one below.",
    alsoTry: "We go back to the system’s default if you try again.",
  },
  SecurityError: {
    wayOut: "Browsers allow it only on https or on localhost. Ask whoever runs this server.",
    alsoTry: "You opened this page over plain http.",
  },
};
