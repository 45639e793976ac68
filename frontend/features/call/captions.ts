/** Which words stand under the form? The sentence in the air; while the user has the floor, what was asked. Pure. */

import { spokenMs } from "./bargeIn";
import type { CallState, Line } from "./callState";
import { FLOOR_VIEWS, SPEAKING_VIEWS, viewName } from "./callViews";
import { askedLines } from "./interview";
import { captionInTheAir, lastWords, sentencesOf, splitHeard, type HeardSplit } from "./heardText";

export interface Caption extends HeardSplit {
  lead: string | null;
  isCut: boolean;
  /** Of an interview: the hint that was given to what was asked. */
  hint?: string;
  isQuiet: boolean;
}

export function captionOf(state: CallState): Caption | null {
  const name = viewName(state);
  const replies = state.lines.filter((line) => line.role === "assistant");
  const reply = replies.at(-1);
  if (name === "thinking") return youSaid(state.lines);
  if (!reply) return null;
  if (SPEAKING_VIEWS.has(name)) return inTheAir(state, reply);
  if (name === "interrupted") return { ...cutCaption(state, reply), lead: null, isCut: true, isQuiet: false };
  return FLOOR_VIEWS.has(name) ? asked(state, reply) : null;
}

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
  const reached = Math.floor((spokenMs(state) / 1000) * state.charactersPerSecond);
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
  return interviewAsked(state) ?? lastAsked(state, reply);
}

/**
 * The question stands as long as an answer to it is awaited, whatever was said since; a hint stands below it. It is what the
 * answer is about, and the bar above says that it is a question: it is not quiet, and nothing leads to it.
 */
function interviewAsked(state: CallState): Caption | null {
  const lines = askedLines(state);
  const last = lines && lastAsked(state, lines.question);
  if (!last) return null;
  const question = { ...last, lead: null, isQuiet: false };
  const hint = lines.hint && lastWords(lines.hint.text, lines.hint.heardUpto, state.persona?.language);
  return hint ? { ...question, hint: hint.words } : question;
}

function lastAsked(state: CallState, reply: Line): Caption | null {
  const last = lastWords(reply.text, reply.heardUpto, state.persona?.language);
  if (!last) return null;
  const lead = `${state.persona?.name ?? "The persona"} ${last.manner}`;
  return { lead, heard: last.words, unheard: "", isCut: false, isQuiet: true };
}
