/** What does a state look like, in words and shape? Every view of the call in one table; pure. */

import { clock } from "./callMetrics";
import {
  CALL_KEPT_MS,
  SILENCE_GRACE_MS,
  callMs,
  type CallState,
  type Failure,
  type FailureKind,
  type Line,
} from "./callState";
import { captionInTheAir, lastWords, sentencesOf, splitHeard, type HeardSplit } from "./heardText";
import { asksToSayAgain } from "./serverMessages";

export type ViewName =
  | "idle"
  | "preflight"
  | "connecting"
  | "waiting"
  | "muted"
  | "typing"
  | "listening"
  | "silence"
  | "thinking"
  | "speaking"
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
  | "thinking"
  | "speaking"
  | "interrupted"
  | "noMicrophone"
  | "noSound"
  | "reconnecting"
  | "lost"
  | "ended";

export type TurnButton = "done" | "stop" | "stopSpeaking" | "checkMicrophone" | "soundOn" | "tryNow";

export interface CallView {
  name: ViewName;
  form: FormName;
  phase: string;
  support: string;
  /** The one thing to press for the turn; `null`: nothing now. */
  button: TurnButton | null;
}

export function viewName(state: CallState): ViewName {
  if (state.stage !== "live") return state.stage;
  if (state.sound === "blocked") return "autoplay";
  switch (state.phase) {
    case "AI_SPEAKING":
      return "speaking";
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

function waitingView(state: CallState): ViewName {
  if (state.userSpeaking) return "listening";
  if (state.interruptedUntil !== null && state.now < state.interruptedUntil) return "interrupted";
  if (isCounting(state)) return "silence";
  if (asksToSayAgain(state.banner)) return "provider";
  if (state.micSilent || isSilenced(state)) return "micsilent";
  if (state.microphone.kind !== "open") return "typing";
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
}

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
  waiting: { form: "quiet", phase: "Your turn", support: waits, button: "done" },
  muted: {
    form: "muted",
    phase: "Your turn",
    support: (name) => `Your microphone is off, so ${name} hears nothing. Switch it on, or write instead.`,
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
    support: (name) => `Take your time. ${name} waits until you have finished.`,
    button: "done",
  },
  silence: {
    form: "silence",
    phase: "Finished?",
    support: (name) => `${name} answers when the ring is full. Keep talking and it starts again.`,
    button: "done",
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
    support: () => "Stop gives you the floor at once.",
    button: "stopSpeaking",
  },
  interrupted: {
    form: "interrupted",
    phase: "Go ahead",
    support: (name) => `${name} stopped where you came in, and is listening.`,
    button: "done",
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
  const view = { name, form: words.form, button: words.button ?? null };
  if (state.stage === "error" && state.failure && state.failure.kind !== "lost") {
    return { ...view, ...failureWords(state.failure, state.now) };
  }
  return { ...view, phase: words.phase, support: words.support(persona, state) };
}

/** After a reload, while the server still keeps the call. */
export const KEPT_CALL: CallView = {
  name: "idle",
  form: "reconnecting",
  phase: "Your call is kept",
  support: "It goes on where it stopped.",
  button: null,
};

const NO_MICROPHONE: CallView = {
  name: "preflight",
  form: "noMicrophone",
  phase: "No microphone yet",
  support: "You can also write instead of speaking.",
  button: null,
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

/** The reasons with which the server ends a call. */
const END_WORDS: Record<string, (name: string) => string> = {
  user_ended: () => "You ended it.",
  idle: (name) => `Nothing was said for a long time, so ${name} hung up.`,
  longest_call: () => "It reached the longest time that a call may take.",
  connection_lost: () => "The line was gone for too long.",
};

export function endWords(reason: string | null, name: string): string {
  return END_WORDS[reason ?? ""]?.(name) ?? "Thank you for calling.";
}

const FAILURES: Record<Exclude<FailureKind, "lost">, { phase: string; support: string }> = {
  unreachable: {
    phase: "No connection",
    support: "The call could not be set up. A firewall may stand between you and the server.",
  },
  refused: {
    phase: "No connection",
    support: "Your browser could not set up the sound. Reload the page, or try another browser.",
  },
  signed_out: { phase: "You were signed out", support: "Sign in to go on." },
  no_room: { phase: "This call does not exist", support: "It may be over, or belong to another account." },
  taken_over: {
    phase: "The call goes on elsewhere",
    support: "You opened it in another window or on another device.",
  },
  busy: { phase: "All lines are busy", support: "" },
  server: {
    phase: "Something failed on the server",
    support: "The call is kept for a minute. Call again to go on.",
  },
};

function failureWords(failure: Failure, now: number): { phase: string; support: string } {
  const words = FAILURES[failure.kind === "lost" ? "unreachable" : failure.kind];
  if (failure.kind !== "busy") return failure.message ? { ...words, support: failure.message } : words;
  const waitSeconds = failure.retryAt === null ? 0 : Math.ceil((failure.retryAt - now) / 1000);
  const when = waitSeconds > 0 ? `Try again in ${waitSeconds} s.` : "Try again now.";
  const reason = sentencesOf(failure.message ?? "")[0]
    ?.trim()
    .replace(/\.$/, "");
  return { phase: reason || words.phase, support: when };
}

// ── the caption ────────────────────────────────────────────────────────────────────────────────────

export interface Caption extends HeardSplit {
  lead: string | null;
  isCut: boolean;
  isQuiet: boolean;
}

/** The sentence in the air; while the user has the floor, what was asked. */
export function captionOf(state: CallState): Caption | null {
  const name = viewName(state);
  const replies = state.lines.filter((line) => line.role === "assistant");
  const reply = replies.at(-1);
  if (name === "thinking") return youSaid(state.lines);
  if (!reply) return null;
  if (name === "speaking") return inTheAir(state, reply);
  if (name === "interrupted") return { ...cutCaption(state, reply), lead: null, isCut: true, isQuiet: false };
  return FLOOR_VIEWS.has(name) ? asked(state, reply) : null;
}

const FLOOR_VIEWS: ReadonlySet<ViewName> = new Set(["waiting", "muted", "typing", "listening", "silence"]);

function youSaid(lines: readonly Line[]): Caption | null {
  const last = lines.at(-1);
  if (last?.role !== "user") return null;
  return { lead: "You said", heard: last.text, unheard: "", isCut: false, isQuiet: true };
}

function inTheAir(state: CallState, reply: Line): Caption | null {
  if (reply.final) return null;
  const upto = spokenUpto(state);
  return {
    ...captionInTheAir(reply.text, upto, state.persona?.language),
    lead: null,
    isCut: false,
    isQuiet: false,
  };
}

/**
 * How many characters of the line in the air have been spoken.
 *
 * The server tells the heard position when a reply is over; until then the persona's usual pace stands in for it.
 */
export function spokenUpto(state: CallState): number | null {
  const reply = state.lines.findLast((line) => line.role === "assistant");
  if (!reply || reply.final) return null;
  if (reply.heardUpto !== null) return reply.heardUpto;
  const characters = Array.from(reply.text);
  const reached = Math.floor(((state.now - state.phaseAt) / 1000) * state.charactersPerSecond);
  const wordEnd = characters.indexOf(" ", Math.max(0, reached));
  return wordEnd < 0 ? characters.length : wordEnd;
}

/** The words around the cut: the sentence that was in the air, and the first words that were not heard. */
function cutCaption(state: CallState, reply: Line): HeardSplit {
  const { heard, unheard } = splitHeard(reply.text, reply.heardUpto);
  return {
    heard: sentencesOf(heard.trimEnd(), state.persona?.language).at(-1) ?? "",
    unheard: unheard.trim().split(" ").slice(0, UNHEARD_WORDS_SHOWN).join(" "),
  };
}
const UNHEARD_WORDS_SHOWN = 6;

function asked(state: CallState, reply: Line): Caption | null {
  const last = lastWords(reply.text, reply.heardUpto, state.persona?.language);
  if (!last) return null;
  const lead = `${state.persona?.name ?? "The persona"} ${last.manner}`;
  return { lead, heard: last.words, unheard: "", isCut: false, isQuiet: true };
}

// ── the summary ────────────────────────────────────────────────────────────────────────────────────

export interface CallSummary {
  durationMs: number;
  turnCount: number;
  interruptionCount: number;
}

export function summaryOf(state: CallState): CallSummary {
  return {
    durationMs: callMs(state),
    turnCount: state.lines.filter((line) => line.role === "user").length,
    interruptionCount: state.lines.filter((line) => line.role === "assistant" && line.interrupted).length,
  };
}
