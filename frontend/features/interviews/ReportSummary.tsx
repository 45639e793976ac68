import { Badge } from "@/components/ui/badge";
import { Icon } from "@/components/ui/icon";
import type { InterviewBody } from "@/lib/api/queries";

import { Gauge } from "./Gauge";
import { notScoredWords, scoredWords, shareWords, STAGE_WORDS, stageWords } from "./reportWords";

const POINTS_A_QUESTION = 9;

/** What it came to: the gauge, a sentence, the stages, and how the points come about. */
export function ReportSummary({ interview }: { interview: InterviewBody }) {
  const { score, summary, stages, evaluator, evaluator_words } = interview;
  const apart = notScoredWords(score);
  return (
    <section className="card sum" aria-label="Result">
      <Gauge score={score} />
      <div className="stack gap-3.5">
        {summary && <p className="sum-words">{summary}</p>}
        <p className="vh">{score.band ? `Result: ${score.band.title}.` : "The interview is not over."}</p>
        <ul>
          {stages.map((stage) => (
            <StageBar key={stage.stage} stage={stage} />
          ))}
        </ul>
        <p className="s13 t2">
          {scoredWords(score)}
          {apart ? `. ${apart}: ` : ": "}
          <b className="w6 num text-text">{shareWords(score)}</b>.
        </p>
        {(evaluator === "lexical" || evaluator === "mixed") && (
          <div className="banner warn">
            <Icon name="alert" />
            <p>{evaluator_words} The same answers may be worth more points.</p>
          </div>
        )}
        {score.is_corrected && (
          <p className="s13 t2">
            <Badge icon="text">Corrected</Badge> With corrections. As heard: {score.points_as_heard} of{" "}
            {score.maximum_as_heard}.
          </p>
        )}
        <HowComputed interview={interview} />
      </div>
    </section>
  );
}

function StageBar({ stage }: { stage: InterviewBody["stages"][number] }) {
  const whole = stage.questions * POINTS_A_QUESTION;
  const share = (points: number) => `${whole === 0 ? 0 : (points / whole) * 100}%`;
  return (
    <li className="stagebar">
      <span className="w5">{STAGE_WORDS[stage.stage]}</span>
      <span className="tr" aria-hidden="true">
        <i style={{ width: share(stage.points) }} />
        {stage.not_scorable > 0 && (
          <i className="ns" style={{ width: share(stage.not_scorable * POINTS_A_QUESTION) }} />
        )}
      </span>
      <span className="num s13 t2 text-right">
        <b className="w6 text-text">{stage.points}</b> of {stage.maximum}
        <span className="vh">{stage.not_scorable > 0 && ` (${stageWords(stage)})`}</span>
      </span>
    </li>
  );
}

function HowComputed({ interview: { how, evaluator_words } }: { interview: InterviewBody }) {
  return (
    <details>
      <summary className="row s13 w5 back">
        <Icon name="forward" size="sm" />
        How the points come about
      </summary>
      <dl className="s13 rules">
        {how.rules.map(({ points, when }) => (
          <div key={when}>
            <dt className="w6 num">{points}</dt>
            <dd className="t2">{when}</dd>
          </div>
        ))}
      </dl>
      <div className="s13 t2 stack gap-1.5 pt-3 pl-6">
        {[...how.notes, evaluator_words].filter(Boolean).map((note) => (
          <p key={note}>{note}</p>
        ))}
      </div>
    </details>
  );
}
