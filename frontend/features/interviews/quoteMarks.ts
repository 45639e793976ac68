/** Which words of an answer are marked, and where can a quote be heard? Pure. */

import type { AttemptBody, PointBody, QuestionBody, QuoteBody } from "@/lib/api/queries";

export interface MarkedWords {
  text: string;
  /** What the words did: `null`, nothing. */
  mark: "covered" | "contradicted" | null;
}

/** What counts of an answer: the words of its correction, where there is one. */
export const wordsOf = ({ transcript, corrected_transcript }: AttemptBody) =>
  corrected_transcript ?? transcript;

/** An answer cut at its quotes. Positions are characters as the server counts them: code points. */
export function markedWords(attempt: AttemptBody, points: readonly PointBody[]): MarkedWords[] {
  const characters = Array.from(wordsOf(attempt));
  const marks: MarkedWords["mark"][] = characters.map(() => null);
  for (const { status, quote } of points) {
    if (status === "missed" || !quote || quote.attempt !== attempt.number) continue;
    if (quote.start === null || quote.end === null) continue;
    for (let at = Math.max(0, quote.start); at < Math.min(quote.end, marks.length); at += 1) {
      // What contradicts one point is said, also where it covers another.
      if (marks[at] !== "contradicted") marks[at] = status;
    }
  }
  const pieces: MarkedWords[] = [];
  characters.forEach((character, at) => {
    const mark = marks[at] ?? null;
    const last = pieces.at(-1);
    if (last && last.mark === mark) last.text += character;
    else pieces.push({ text: character, mark });
  });
  return pieces;
}

/** Whether a hint that leads to the point was given before the attempt that its quote is from. */
export const wasSaidAfterHint = ({ id, quote }: PointBody, hints: QuestionBody["hints"]): boolean =>
  quote !== null && hints.some(({ point, after }) => point === id && after < quote.attempt);

/** Whether a quote is of words that the candidate has put right. */
export const isOfCorrection = ({ attempt }: QuoteBody, attempts: readonly AttemptBody[]): boolean =>
  attempts.some(({ number, corrected_transcript }) => number === attempt && corrected_transcript !== null);

/** A piece of an utterance's clip that can be played. */
export interface Clip {
  key: string;
  url: string;
  fromMs: number;
  /** `null`: to its end. */
  untilMs: number | null;
  /** On the call's own clock, where that is known. */
  atMs: number | null;
}

/** A clip begins half a second before the first sound. */
export const CLIP_LEAD_MS = 500;
/** A quote's place in the sound is a good guess: it begins a little before it. */
const QUOTE_LEAD_MS = 400;
const QUOTE_TAIL_MS = 600;

/** The whole answer, a clip an utterance; none where there is no sound of it. */
export function attemptClips({ parts }: AttemptBody): Clip[] {
  return parts.flatMap(({ utterance_id: key, audio_url: url, started_at_ms: atMs }) =>
    url === null ? [] : [{ key, url, fromMs: 0, untilMs: null, atMs }],
  );
}

/** The candidate's own words at a quote; `null` where they cannot be heard. */
export function quoteClip(quote: QuoteBody, attempts: readonly AttemptBody[]): Clip | null {
  const parts = attempts.flatMap((attempt) => attempt.parts);
  const part = parts.find(({ utterance_id }) => utterance_id === quote.utterance_id);
  if (!part?.audio_url || quote.at_ms === null) return null;
  const beganAt = part.started_at_ms;
  return {
    key: `${part.utterance_id} ${quote.at_ms}`,
    url: part.audio_url,
    fromMs: Math.max(0, quote.at_ms - QUOTE_LEAD_MS),
    untilMs: quote.until_ms === null ? null : quote.until_ms + QUOTE_TAIL_MS,
    atMs: beganAt === null ? null : beganAt + Math.max(0, quote.at_ms - CLIP_LEAD_MS),
  };
}
