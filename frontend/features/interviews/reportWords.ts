/** How is an interview told in words? Pure; the points and why they are so come from the server. */

import type { AttemptBody, InterviewBody, InterviewSummary, QuestionBody } from "@/lib/api/queries";

export const STAGES = ["basic", "moderate", "advanced"] as const;
export type Stage = (typeof STAGES)[number];

export const STAGE_WORDS: Record<Stage, string> = {
  basic: "Basic",
  moderate: "Moderate",
  advanced: "Advanced",
};

type Outcome = NonNullable<AttemptBody["outcome"]>;

const OUTCOME_WORDS: Record<Outcome, string> = {
  correct: "correct",
  partial: "partial",
  incorrect: "incorrect",
  dont_know: "“I don’t know”",
  skipped: "skipped",
  no_answer: "no answer",
};

/** "Partial, then correct": how a question went, in passing. */
export function wayOf(question: QuestionBody): string {
  switch (question.outcome) {
    case null:
      return question.is_asked ? "Not answered yet" : "Not reached";
    case "skipped":
    case "no_answer":
      return question.attempts.length > 1 ? attemptsWay(question) : capital(OUTCOME_WORDS[question.outcome]);
    case "unscorable":
      return "Could not be scored";
    default:
      return attemptsWay(question);
  }
}

function attemptsWay({ attempts, hints }: QuestionBody): string {
  const [first, second] = attempts.map(({ outcome }) => outcome);
  if (!first) return "Scored";
  // A correction may show that no second answer was needed.
  if (first === "correct")
    return hints.some(({ after }) => after === 0) ? "Correct after a hint" : "Correct at once";
  if (!second) return capital(OUTCOME_WORDS[first]);
  if (first === second) return `${capital(OUTCOME_WORDS[first])} twice`;
  return `${capital(OUTCOME_WORDS[first])}, then ${OUTCOME_WORDS[second]}`;
}

const capital = (words: string) => words.replace(/\p{L}/u, (letter) => letter.toUpperCase());

const ATTEMPT_NAMES = ["", "First attempt", "Second attempt"];

/** 0 is what could not be made out. */
export const attemptName = (number: number) => ATTEMPT_NAMES[number] || "Not made out";

/** "3 of 4 key points, correct"; without the count where the points are not told. */
export function attemptResult({ covered, outcome }: AttemptBody, points: number): string {
  const words = outcome ? OUTCOME_WORDS[outcome] : "";
  if (covered === null || points === 0) return words;
  const count = `${covered} of ${points} key ${points === 1 ? "point" : "points"}`;
  return words ? `${count}, ${words}` : count;
}

/** "34 of 36", and what of it could not be scored. */
export function stageWords({ points, maximum, not_scorable }: InterviewBody["stages"][number]): string {
  const words = `${points} of ${maximum}`;
  return not_scorable ? `${words}, ${not_scorable} not scored` : words;
}

const NUMBERS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];

/** Why the maximum is not 90; empty where it is. */
export function notScoredWords({ not_scorable: count, maximum }: InterviewSummary["score"]): string {
  if (count === 0) return "";
  const questions = count === 1 ? "One question" : `${NUMBERS[count] ?? count} questions`;
  return `${questions} could not be scored, so the maximum is ${maximum}`;
}

/** "60 of 81, 74 %" */
export function shareWords({ points, maximum, percent }: InterviewSummary["score"]): string {
  return percent === null ? `${points} of ${maximum}` : `${points} of ${maximum}, ${Math.round(percent)} %`;
}

/** "9 of 10 questions scored" */
export const scoredWords = ({ scored, total }: InterviewSummary["score"]) =>
  `${scored} of ${total} questions scored`;

/** What is special about one in a list; empty where it is over and whole. */
export function standingWords(
  interview: Pick<InterviewSummary, "status" | "next_question" | "score">,
): string {
  const { status, next_question, score } = interview;
  if (status === "active" || status === "paused") {
    return next_question === null ? "Unfinished" : `At question ${next_question} of ${score.total}`;
  }
  return status === "abandoned" ? "Not finished" : "";
}

/** How long all calls of it took together. */
export function interviewSeconds({ calls }: Pick<InterviewBody, "calls">): number {
  return calls.reduce((sum, { duration_seconds }) => sum + duration_seconds, 0);
}

/** Why nothing can be played; empty where there is sound. */
export function soundWords({ calls }: Pick<InterviewBody, "calls">): string {
  const states = new Set(calls.map(({ sound }) => sound));
  if (states.has("ready") || states.size === 0) return "";
  if (states.has("unfinished")) return "The recording is being put together. It can be played in a moment.";
  if (states.has("deleted")) return "The sound was deleted; the words stay.";
  return "This interview was not recorded, so your words can be read and not heard.";
}

export interface SpeechCell {
  label: string;
  value: string;
}

/** Counts of how the answers were spoken; never what anybody felt. */
export function speechCells({ speech, calls }: Pick<InterviewBody, "speech" | "calls">): SpeechCell[] {
  if (speech.answers === 0) return [];
  const most = speech.filler_words[0];
  const all = interviewSeconds({ calls });
  const cells = [
    ...(all > 0
      ? [{ label: "Your share of the time", value: `${Math.round((speech.speaking_seconds / all) * 100)} %` }]
      : []),
    {
      label: "Words a minute",
      value: speech.words_a_minute === null ? "–" : String(Math.round(speech.words_a_minute)),
    },
    { label: "Words", value: String(speech.words) },
    { label: "Fillers", value: most ? `${speech.fillers}, “${most.word}” most` : String(speech.fillers) },
  ];
  if (speech.pauses === null) return cells;
  cells.push({ label: `Pauses of ${seconds(speech.pause_from_ms)} or more`, value: String(speech.pauses) });
  if (speech.longest_pause_ms !== null) {
    cells.push({ label: "Longest pause", value: seconds(speech.longest_pause_ms) });
  }
  return cells;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
