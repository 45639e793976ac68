import { Fragment } from "react";

import { Badge } from "@/components/ui/badge";
import { Icon } from "@/components/ui/icon";
import type { QuestionBody } from "@/lib/api/queries";

import { Attempt } from "./Attempt";
import { KeyPoints } from "./KeyPoints";
import { Practice } from "./Practice";
import { wayOf } from "./reportWords";
import type { ClipPlayer } from "./useClip";

interface QuestionRowProps {
  interviewId: string;
  question: QuestionBody;
  player: ClipPlayer;
}

/** One question: how it went in a line, and behind it every word that the points came from. */
export function QuestionRow({ interviewId, question, player }: QuestionRowProps) {
  if (!question.is_shown) {
    return (
      <div className="qrow qhead">
        <span className="no num">{question.number}</span>
        <span className="t2">Not asked yet</span>
      </div>
    );
  }
  return (
    <details className="qrow" id={`question-${question.number}`}>
      <summary className="qhead">
        <span className="no num">
          <span className="vh">Question </span>
          {question.number}
        </span>
        <span>
          <span className="qtext w5">{question.text}</span>
          <span className="s13 t2">{wayOf(question)}</span>
        </span>
        <QuestionBadges question={question} />
        <Points question={question} />
      </summary>
      <div className="qbody">
        <div className="stack gap-4">
          <Unscorable question={question} />
          <Answers interviewId={interviewId} question={question} player={player} />
          {question.why && <p className="t2">{question.why}</p>}
          {question.as_heard && (
            <p className="s13 t2">
              As heard, without {question.is_reviewed ? "what was changed since" : "the correction"}:{" "}
              {question.as_heard.why || `${question.as_heard.points} points.`}
            </p>
          )}
        </div>
        <KeyPoints question={question} player={player} />
        {question.model_answer && (
          <details className="model">
            <summary className="row w5">
              <Icon name="forward" size="sm" />
              Model answer
            </summary>
            <p className="t2">{question.model_answer}</p>
          </details>
        )}
        <Practice interviewId={interviewId} question={question} />
      </div>
    </details>
  );
}

function QuestionBadges({ question }: { question: QuestionBody }) {
  return (
    <span className="hb row">
      {question.hints.length > 0 && <Badge icon="clock">Hint used</Badge>}
      {question.is_corrected && <Badge icon="text">Corrected</Badge>}
      {question.is_reviewed && <Badge icon="people">Reviewed</Badge>}
    </span>
  );
}

function Points({ question: { outcome, points } }: { question: QuestionBody }) {
  if (outcome === "unscorable") return <Badge tone="warn">Not scored</Badge>;
  return (
    <span className="pts num">
      {points ?? "–"}
      <small> / 9</small>
    </span>
  );
}

function Unscorable({ question: { outcome, unscorable_words } }: { question: QuestionBody }) {
  if (outcome !== "unscorable") return null;
  return (
    <div className="banner warn">
      <Icon name="alert" />
      <div>
        <b>This answer could not be scored.</b>
        <p>{unscorable_words} It is left out of the maximum.</p>
      </div>
    </div>
  );
}

/** A hint stands where it was given: before the first answer, or after it. */
function Answers({ interviewId, question, player }: QuestionRowProps) {
  const { attempts, unclear, hints } = question;
  const answer = (attempt: (typeof attempts)[number]) => (
    <Attempt
      key={`${attempt.number} ${attempt.utterance_id}`}
      interviewId={interviewId}
      question={question}
      attempt={attempt}
      player={player}
    />
  );
  const given = (after: number) =>
    hints.filter((hint) => hint.after === after).map((hint) => <Hint key={hint.text} hint={hint} />);
  return (
    <>
      {unclear.map(answer)}
      {given(0)}
      {attempts.map((attempt) => (
        <Fragment key={attempt.number}>
          {answer(attempt)}
          {given(attempt.number)}
        </Fragment>
      ))}
    </>
  );
}

function Hint({ hint: { asked, text } }: { hint: QuestionBody["hints"][number] }) {
  return (
    <div className="banner hint-given">
      <Icon name="information" />
      <div>
        <b>Hint{asked && ", which you asked for"}</b>
        <p>“{text}”</p>
      </div>
    </div>
  );
}
