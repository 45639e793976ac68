import Link from "next/link";

import { Badge } from "@/components/ui/badge";
import { PersonaShape } from "@/features/personas/PersonaShape";
import { usePersonaCards } from "@/features/personas/usePersonaCards";
import type { InterviewSummary } from "@/lib/api/queries";
import { formatDay, formatTime } from "@/lib/times";

import { GoOn } from "./GoOn";
import { interviewPath } from "./paths";
import { scoredWords, shareWords, standingWords } from "./reportWords";

/** One row an interview: with whom, when, and what it came to. Each leads to its report. */
export function InterviewsList({ interviews }: { interviews: readonly InterviewSummary[] }) {
  const cards = usePersonaCards();
  const now = new Date();
  return (
    <ul className="card list ivlist" aria-label="Interviews">
      {interviews.map((interview) => (
        <li key={interview.id} className="ivrow">
          <PersonaShape shape={cards.get(interview.persona)?.shape} size={40} />
          <div className="min-w-0">
            <Link className="w5 ivlink" href={interviewPath(interview.id)}>
              {interview.persona_name} · {whenOf(interview, now)}
            </Link>
            <p className="s13 t2">{lineOf(interview)}</p>
          </div>
          <Standing interview={interview} />
          <p className="pts num" aria-label={`${interview.score.points} of ${interview.score.out_of} points`}>
            {interview.score.points}
            <small> / {interview.score.out_of}</small>
          </p>
        </li>
      ))}
    </ul>
  );
}

function whenOf({ started_at }: InterviewSummary, now: Date): string {
  const at = new Date(started_at);
  return `${formatDay(at, now)}, ${formatTime(at)}`;
}

/** "Good · 9 of 10 questions scored · 60 of 81, 74 %" */
function lineOf({ score, is_open }: InterviewSummary): string {
  const parts = [scoredWords(score)];
  if (score.band) parts.unshift(score.band.title);
  if (!is_open && score.maximum !== score.out_of) parts.push(shareWords(score));
  return parts.join(" · ");
}

function Standing({ interview }: { interview: InterviewSummary }) {
  const words = standingWords(interview);
  if (interview.is_open) {
    return (
      <div className="row ivstate">
        <Badge icon="clock">{words}</Badge>
        <GoOn interview={interview} size="sm" />
      </div>
    );
  }
  return <div className="ivstate">{words && <Badge icon="alert">{words}</Badge>}</div>;
}
