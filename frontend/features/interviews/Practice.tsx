"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { useToast } from "@/components/ui/toast";
import { api } from "@/lib/api/client";
import { unwrap } from "@/lib/api/errors";
import { interviewQuery, type PracticeBody, type QuestionBody } from "@/lib/api/queries";

import { AnswerField } from "./AnswerField";
import { refusalWords } from "./CorrectAnswer";
import { PointBadge } from "./KeyPoints";

const LABELS = { correct: "Correct", partial: "Partial", incorrect: "Not correct" };

/** The question once more, typed: graded as before, and never counted. */
export function Practice({ interviewId, question }: { interviewId: string; question: QuestionBody }) {
  const [isOpen, setIsOpen] = useState(false);
  const [answer, setAnswer] = useState("");
  const practice = usePractice(interviewId, question.number, () => {
    setAnswer("");
    setIsOpen(false);
  });
  return (
    <div className="stack noprint">
      {question.practice.map((one) => (
        <Practised key={one.id} practice={one} total={one.points.length} />
      ))}
      {question.can_practise && !isOpen && (
        <Button size="sm" className="justify-self-start" onClick={() => setIsOpen(true)}>
          <Icon name="refresh" />
          Try this question again
        </Button>
      )}
      {isOpen && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (answer.trim() && !practice.isPending) practice.mutate(answer.trim());
          }}
        >
          <AnswerField
            label={`Your new answer to question ${question.number}`}
            hint="To practise: it is compared with the same key points, and changes no score."
            error={practice.isError ? refusalWords(practice.error) : undefined}
            value={answer}
            onChange={setAnswer}
          />
          <div className="row">
            <Button type="submit" busy={practice.isPending ? "Comparing" : undefined}>
              Compare
            </Button>
            <Button variant="quiet" onClick={() => setIsOpen(false)}>
              Not now
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}

function Practised({ practice, total }: { practice: PracticeBody; total: number }) {
  return (
    <section className="practised" aria-label="Practised, not counted">
      <p className="s13">
        <b className="w6">Practised: {LABELS[practice.label].toLowerCase()}</b>{" "}
        <span className="t2">
          {practice.covered} of {total} key points, not counted
        </span>
      </p>
      <p className="t2">“{practice.answer}”</p>
      <ul>
        {practice.points.map(({ id, wording, status }) => (
          <li key={id} className="kp">
            <PointBadge status={status} />
            <p>{wording}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function usePractice(interviewId: string, number: number, onDone: () => void) {
  const queryClient = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (answer: string) =>
      unwrap(
        api.POST("/api/v1/interviews/{interview_id}/questions/{number}/retry/", {
          params: { path: { interview_id: interviewId, number } },
          body: { answer },
        }),
      ),
    onSuccess: (practice) => {
      queryClient.setQueryData(interviewQuery(interviewId).queryKey, (interview) =>
        interview
          ? {
              ...interview,
              questions: interview.questions.map((question) =>
                question.number === number
                  ? { ...question, practice: [...question.practice, practice] }
                  : question,
              ),
            }
          : interview,
      );
      toast({ text: `Compared: ${LABELS[practice.label].toLowerCase()}. Not counted.`, icon: "check" });
      onDone();
    },
  });
}
