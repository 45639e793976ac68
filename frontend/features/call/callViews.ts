/** What does a state look like, in words and shape? Every view of the call in one table; pure. */

import { clock } from "./callMetrics";
import type { MurmurKind } from "./bargeIn";
import { endWords, failureWords, interviewEndWords } from "./callOutcome";
import { CALL_KEPT_MS, SILENCE_GRACE_MS, callMs, type CallState } from "./callState";
import { attemptWords } from "./interview";
import { asksToSayAgain } from "./serverMessages";
import { isThinking } from "./thinkingTime";

export type ViewName =
  | "idle"
  | "preflight"
  | "connecting"
  | "waiting"
  | "muted"
  | "pushToTalk"
  | "typing"
  | "listening"
  | "silence"
  | "takeTime"
  | "thinking"
  | "speaking"
  | "ducked"
  | "holding"
  | "carriedOn"
  | "interrupted"
  | "micsilent"
  | "autoplay"
  | "provider"
  | "reconnecting"
  | "ended"
  | "error";

export type FormName =
  | "connecting"
  | "quiet"
  | "muted"
  | "listening"
  | "silence"
  | "standing"
  | "thinking"
  | "speaking"
  | "ducked"
  | "holding"
  | "interrupted"
  | "noMicrophone"
  | "noSound"
  | "reconnecting"
  | "lost"
  | "ended";

export type TurnButton =
  "done" | "think" | "talk" | "stop" | "stopSpeaking" | "checkMicrophone" | "soundOn" | "tryNow";

export interface CallView {
  name: ViewName;
  form: FormName;
  phase: string;
  support: string;
  /** The one thing to press for the turn; `null`: nothing now. */
  button: TurnButton | null;
  /** What else may be pressed for it, before the one thing. */
  beside: TurnButton | null;
}

/** The persona has the floor, whatever comes between. */
export const SPEAKING_VIEWS: ReadonlySet<ViewName> = new Set(["speaking", "ducked", "holding", "carriedOn"]);
/** The user has it. */
export const FLOOR_VIEWS: ReadonlySet<ViewName> = new Set([
  "waiting",
  "muted",
  "pushToTalk",
  "typing",
  "listening",
  "silence",
  "takeTime",
]);

/** Where the words below the phase may tell of the attempt: nothing else is more pressing. */
const ATTEMPT_VIEWS: ReadonlySet<ViewName> = new Set(["waiting", "listening"]);

export function viewName(state: CallState): ViewName {
  if (state.stage !== "live") return state.stage;
  if (state.sound === "blocked") return "autoplay";
  switch (state.phase) {
    case "AI_SPEAKING":
      return speakingView(state);
    case "VALIDATING_UTTERANCE":
      return "thinking";
    case "PROCESSING_USER":
      return isBeforeTheGreeting(state) ? "connecting" : "thinking";
    default:
      return waitingView(state);
  }
}

/** Nobody has said anything yet: the persona's first words are on their way. */
function isBeforeTheGreeting(state: CallState): boolean {
  return state.lines.every((line) => !line.final);
}

function speakingView({ bid, carriedOn, now }: CallState): ViewName {
  if (bid) return bid.decision === "held" ? "holding" : "ducked";
  return carriedOn !== null && now < carriedOn.until ? "carriedOn" : "speaking";
}

/** Who has just come in is speaking, too: "Go ahead" comes first. */
function waitingView(state: CallState): ViewName {
  if (state.interruptedUntil !== null && state.now < state.interruptedUntil) return "interrupted";
  if (state.userSpeaking) return "listening";
  if (isThinking(state)) return "takeTime";
  if (isCounting(state)) return "silence";
  if (asksToSayAgain(state.banner)) return "provider";
  if (state.micSilent || isSilenced(state)) return "micsilent";
  if (state.microphone.kind !== "open") return "typing";
  if (state.pushToTalk) return state.muted ? "pushToTalk" : "listening";
  return state.muted ? "muted" : "waiting";
}

/** The system keeps the microphone's sound; whoever is muted wants no sound anyway. */
function isSilenced({ microphone, muted }: CallState): boolean {
  return microphone.kind === "open" && microphone.isSilenced && !muted;
}

/** The ring stands full for a moment, until the server says that the turn is over. */
function isCounting(state: CallState): boolean {
  const { silenceAt, now, silenceDurationMs } = state;
  return silenceAt !== null && now < silenceAt + silenceDurationMs + SILENCE_GRACE_MS;
}

interface Words {
  form: FormName;
  phase: string;
  support: (name: string, state: CallState) => string;
  button?: TurnButton;
  /** Silence ends the turn, and may be made to stand. */
  canThink?: boolean;
}

const CARRIED_ON_WORDS: Record<MurmurKind, string> = {
  backchannel: "Heard “mm-hm” and carried on.",
  short: "Heard you and carried on.",
  unheeded: "Heard you and carried on. Say “stop” to come in.",
};

const waits = (name: string) => `${name} is waiting for you to speak.`;

const VIEWS: Record<ViewName, Words> = {
  idle: {
    form: "quiet",
    phase: "Ready when you are",
    support: (name) => `The line to ${name} is not open yet.`,
  },
  preflight: {
    form: "quiet",
    phase: "May we use your microphone?",
    support: () => "Your browser asks next. Nothing is sent before you start the call.",
  },
  connecting: {
    form: "connecting",
    phase: "Connecting",
    support: (name, state) => offerWords(state) || `Setting up the line to ${name}.`,
  },
  waiting: { form: "quiet", phase: "Your turn", support: waits, button: "done", canThink: true },
  muted: {
    form: "muted",
    phase: "Your turn",
    support: (name) => `Your microphone is off, so ${name} hears nothing. Switch it on, or write instead.`,
    button: "done",
  },
  pushToTalk: {
    form: "muted",
    phase: "Your turn",
    support: (name) => `Hold to talk. ${name} answers when you let go.`,
    button: "done",
  },
  typing: {
    form: "quiet",
    phase: "Your turn",
    support: (name) => `${name} is waiting for you to write.`,
  },
  listening: {
    form: "listening",
    phase: "Listening",
    support: (name, { pushToTalk }) =>
      pushToTalk
        ? `Let go when you have finished, and ${name} answers.`
        : `Take your time. ${name} waits until you have finished.`,
    button: "done",
    canThink: true,
  },
  silence: {
    form: "silence",
    phase: "Finished?",
    support: (name) => `${name} answers when the ring is full. Keep talking and it starts again.`,
    button: "done",
    canThink: true,
  },
  takeTime: {
    form: "standing",
    phase: "Take your time",
    support: () => "The ring stands still. Speak when you are ready.",
    button: "done",
    canThink: true,
  },
  thinking: {
    form: "thinking",
    phase: "Thinking",
    support: (name) => `${name} heard you and is working out an answer. Speak to add something.`,
    button: "stop",
  },
  speaking: {
    form: "speaking",
    phase: "Speaking",
    support: (_name, state) => comeInWords(state),
    button: "stopSpeaking",
  },
  ducked: {
    form: "ducked",
    phase: "Speaking, quietly",
    support: (_name, state) =>
      `Do you want to come in? ${onlyStopWords(state) ? "Say" : "Keep talking, or say"} “stop”.`,
    button: "stopSpeaking",
  },
  holding: {
    form: "holding",
    phase: "Holding",
    support: (name) => `${name} has paused to let you speak.`,
    button: "stopSpeaking",
  },
  carriedOn: {
    form: "speaking",
    phase: "Speaking",
    support: (_name, { carriedOn }) => CARRIED_ON_WORDS[carriedOn?.kind ?? "short"],
    button: "stopSpeaking",
  },
  interrupted: {
    form: "interrupted",
    phase: "Go ahead",
    support: (name) => `${name} stopped where you came in, and is listening.`,
    button: "done",
    canThink: true,
  },
  micsilent: {
    form: "noMicrophone",
    phase: "No sound from you",
    support: (_name, state) =>
      isSilenced(state)
        ? "Your system gives us no sound from the microphone now."
        : "Nothing has reached us for 5 seconds.",
    button: "checkMicrophone",
  },
  autoplay: {
    form: "noSound",
    phase: "Sound is off",
    support: () => "Your browser waits for a tap before it plays sound.",
    button: "soundOn",
  },
  provider: {
    form: "quiet",
    phase: "Your turn",
    support: (name) => `${name} could not answer just now. Please say that again.`,
    button: "done",
    canThink: true,
  },
  reconnecting: {
    form: "reconnecting",
    phase: "Reconnecting",
    support: (_name, state) => reconnectingWords(state),
    button: "tryNow",
  },
  ended: {
    form: "ended",
    phase: "The call is over",
    support: (name, state) => endWords(state.endReason, name),
  },
  error: {
    form: "lost",
    phase: "The connection was lost",
    support: (_name, state) => `Everything up to ${clock(callMs(state))} is saved.`,
  },
};

export function viewOf(state: CallState): CallView {
  const name = viewName(state);
  const words = VIEWS[name];
  const persona = state.persona?.name ?? "the persona";
  if (name === "preflight" && state.microphone.kind === "refused") return NO_MICROPHONE;
  const view = { name, form: words.form, ...buttonsOf(words, state) };
  if (state.stage === "error" && state.failure && state.failure.kind !== "lost") {
    return { ...view, ...failureWords(state.failure, state.now) };
  }
  if (name === "ended") {
    return {
      ...view,
      phase: words.phase,
      support: words.support(persona, state),
      ...interviewEndWords(state, persona),
    };
  }
  const attempt = ATTEMPT_VIEWS.has(name) ? attemptWords(state) : null;
  return { ...view, phase: words.phase, support: attempt ?? words.support(persona, state) };
}

function buttonsOf(words: Words, { pushToTalk, microphone }: CallState): Pick<CallView, "button" | "beside"> {
  const button = words.button ?? null;
  const isHeldToTalk = pushToTalk && microphone.kind === "open";
  if (isHeldToTalk && button === "done") return { button: "talk", beside: null };
  if (isHeldToTalk && (button === "stop" || button === "stopSpeaking")) {
    return { button: "talk", beside: button };
  }
  return { button, beside: words.canThink ? "think" : null };
}

/** How this person may come in on this persona. */
function comeInWords(state: CallState): string {
  const { microphone, muted, pushToTalk } = state;
  if (microphone.kind !== "open" || (muted && !pushToTalk)) return "Stop gives you the floor at once.";
  if (pushToTalk) return "Hold to come in.";
  return onlyStopWords(state) ? "Say “stop” or “wait” to come in." : "Come in whenever you like.";
}

const onlyStopWords = ({ persona }: CallState) => persona?.manner === "stop-words-only";

/** After a reload, while the server still keeps the call. */
export const KEPT_CALL: CallView = {
  name: "idle",
  form: "reconnecting",
  phase: "Your call is kept",
  support: "It is kept for a little while, and goes on where it stopped.",
  button: null,
  beside: null,
};

const NO_MICROPHONE: CallView = {
  name: "preflight",
  form: "noMicrophone",
  phase: "No microphone yet",
  support: "You can also write instead of speaking.",
  button: null,
  beside: null,
};

/** What the server said of the last offer, while the next one waits. */
function offerWords({ offerAgain, refusal, now }: CallState): string {
  if (offerAgain?.at == null) return "";
  const waitSeconds = Math.max(1, Math.ceil((offerAgain.at - now) / 1000));
  return `${refusal ? `${refusal.message} ` : ""}The next try is in ${waitSeconds} s.`;
}

function reconnectingWords(state: CallState): string {
  const { reconnect, now } = state;
  if (!reconnect) return "";
  const wait = offerWords(state);
  if (wait) return wait;
  const keptSeconds = Math.max(0, Math.ceil((reconnect.lostAt + CALL_KEPT_MS - now) / 1000));
  const why = reconnect.cause === "restart" ? "Parley is restarting. " : "";
  const attempt = Math.max(1, reconnect.attempt);
  return `${why}Attempt ${attempt}. Your call is kept for ${keptSeconds} s, and goes on where it stopped.`;
}
