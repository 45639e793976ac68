/** Where does an interview stand, as far as this page was told? Pure: messages in, words and marks out. */

import type { CallState, Line } from "./callState";
import type { ServerMessage } from "./signaling";

type ProgressMessage = Extract<ServerMessage, { type: "interview" }>;

export interface InterviewProgress {
  /** The present question, from 1. */
  index: number;
  total: number;
  stage: ProgressMessage["stage"];
  status: ProgressMessage["status"];
  hintGiven: boolean;
  /** The line in which the present question was asked, and the one with the hint. */
  askedIn: string | null;
  hintIn: string | null;
}

const USUAL_TOTAL = 10;
/** Where marks of the usual ten begin a new stage: four basic ones, three moderate, three advanced. */
const USUAL_STAGE_STARTS: readonly number[] = [5, 8];

const STAGE_WORDS: Record<ProgressMessage["stage"], string> = {
  basic: "Basic",
  moderate: "Moderate",
  advanced: "Advanced",
};

const STATUS_WORDS: Record<ProgressMessage["status"], string> = {
  asking: "Being asked",
  await_1: "First attempt",
  eval_1: "First attempt, being read",
  hinting: "Hint on its way",
  await_2: "Second attempt",
  eval_2: "Second attempt, being read",
  done: "Done",
};

export function onInterview(state: CallState, message: ProgressMessage): CallState {
  const before = state.interview;
  // What is told late of a question before the present one moves nothing.
  if (before && message.index < before.index) return state;
  const isSame = before?.index === message.index;
  const last = state.lines.findLast((line) => line.role === "assistant")?.id ?? null;
  const askedIn = isSame ? before.askedIn : null;
  const hintIn = isSame ? before.hintIn : null;
  return {
    ...state,
    interview: {
      index: message.index,
      total: message.total,
      stage: message.stage,
      status: message.status,
      hintGiven: message.hint_given,
      askedIn: message.status === "await_1" ? (askedIn ?? last) : askedIn,
      hintIn: message.status === "await_2" ? (hintIn ?? last) : hintIn,
    },
  };
}

/** Questions are still open: who leaves now leaves in the middle. */
export function isInterviewing({ persona, interview }: Pick<CallState, "persona" | "interview">): boolean {
  if (interview) return interview.index < interview.total || interview.status !== "done";
  return persona?.kind === "interview";
}

/** "Question 5 of 10" */
export const questionWords = ({ index, total }: InterviewProgress) => `Question ${index} of ${total}`;

/** "Moderate", and whether a hint was given. */
export function detailWords({ stage, hintGiven }: InterviewProgress): string[] {
  return hintGiven ? [STAGE_WORDS[stage], "hint given"] : [STAGE_WORDS[stage]];
}

export const statusWords = ({ status }: InterviewProgress) => STATUS_WORDS[status];

/** What is told of it without looking. */
export function spokenProgress(progress: InterviewProgress): string {
  return [questionWords(progress), ...detailWords(progress).map((word) => word.toLowerCase())].join(", ");
}

export interface QuestionMark {
  look: "done" | "now" | "open";
  beginsStage: boolean;
}

/** One mark a question. */
export function marksOf({
  index,
  total,
  status,
}: Pick<InterviewProgress, "index" | "total" | "status">): QuestionMark[] {
  return Array.from({ length: total }, (_, at) => {
    const number = at + 1;
    const isDone = number < index || (number === index && status === "done");
    return {
      look: isDone ? "done" : number === index ? "now" : "open",
      beginsStage: total === USUAL_TOTAL && USUAL_STAGE_STARTS.includes(number),
    };
  });
}

const SECOND_ATTEMPT = "Second attempt. Say only what was missing.";

/** What stands under the phase while the candidate has the floor for the second time; `null`: the usual words. */
export function attemptWords({ interview }: CallState): string | null {
  return interview?.status === "await_2" ? SECOND_ATTEMPT : null;
}

/** The lines with the present question and its hint, while an answer is awaited. */
export function askedLines({ interview, lines }: CallState): { question: Line; hint: Line | null } | null {
  if (interview?.status !== "await_1" && interview?.status !== "await_2") return null;
  const question = lines.find(({ id }) => id === interview.askedIn);
  const hint = lines.find(({ id }) => id === interview.hintIn) ?? null;
  return question ? { question, hint } : null;
}

/** The report of an interview that is over stands in the words with which its room is refused. */
export function reportPathIn(message: string): string | null {
  return /\/interviews\/[0-9a-f-]{36}(?![0-9a-f-])/.exec(message)?.[0] ?? null;
}
