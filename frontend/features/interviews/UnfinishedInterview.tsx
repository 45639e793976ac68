"use client";

import { useQuery } from "@tanstack/react-query";

import { marksOf } from "@/features/call/interview";
import { classNames } from "@/lib/classNames";
import { type InterviewSummary, openInterviewsQuery } from "@/lib/api/queries";
import { formatTime } from "@/lib/times";

import { GoOn } from "./GoOn";
import { dayInPassing, openUntilWords } from "./openUntil";

/** Beside the personas: the interview that waits. Nothing where none does, or nobody knows. */
export function UnfinishedInterview() {
  const { data } = useQuery(openInterviewsQuery);
  const waiting = data?.items.filter(({ is_open }) => is_open) ?? [];
  return waiting.map((interview) => <Card key={interview.id} interview={interview} />);
}

function Card({ interview }: { interview: InterviewSummary }) {
  const titleId = `unfinished-${interview.id}`;
  return (
    <section className="card pad stack" aria-labelledby={titleId}>
      <h2 id={titleId}>Unfinished interview</h2>
      <div className="qprog start">
        <ol aria-hidden="true">
          {marks(interview).map(({ look, beginsStage }, at) => (
            <li key={at} className={classNames(look, beginsStage && "gap")} />
          ))}
        </ol>
        <p className="t2 s13">{waitingWords(interview, new Date())}</p>
      </div>
      <GoOn interview={interview} />
    </section>
  );
}

function marks({ next_question, score }: InterviewSummary) {
  return marksOf({ index: next_question ?? score.total, total: score.total, status: "asking" });
}

/** "Stopped at question 4 of 10, today, 08:30. Mira goes on there. Open until tomorrow, 08:30." */
function waitingWords(interview: InterviewSummary, now: Date): string {
  const { next_question, score, persona_name, active_at, open_call_id } = interview;
  const at = new Date(active_at);
  const where = `question ${next_question ?? score.total} of ${score.total}`;
  const stopped = open_call_id
    ? `Going on at ${where}, or the line was lost.`
    : `Stopped at ${where}, ${dayInPassing(at, now)}, ${formatTime(at)}.`;
  return [stopped, `${persona_name} goes on there.`, openUntilWords(interview)].filter(Boolean).join(" ");
}
