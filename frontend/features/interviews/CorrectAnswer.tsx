"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useToast } from "@/components/ui/toast";
import { api } from "@/lib/api/client";
import { ApiError, unwrap } from "@/lib/api/errors";
import { type AttemptBody, interviewQuery } from "@/lib/api/queries";

import { AnswerField } from "./AnswerField";
import { attemptName } from "./reportWords";

interface CorrectAnswerProps {
  interviewId: string;
  questionNumber: number;
  attempt: AttemptBody;
}

/** "That is not what I said": both transcripts are kept, and the question is graded again, once an attempt. */
export function CorrectAnswer({ interviewId, questionNumber, attempt }: CorrectAnswerProps) {
  const [isAsking, setIsAsking] = useState(false);
  const [words, setWords] = useState(attempt.transcript);
  const correction = useCorrection(interviewId, questionNumber, attempt.number, () => setIsAsking(false));
  const ask = (open: boolean) => {
    if (correction.isPending) return;
    setIsAsking(open);
    correction.reset();
  };
  const send = () => {
    const transcript = words.trim();
    if (transcript && transcript !== attempt.transcript.trim()) correction.mutate(transcript);
    else setIsAsking(false);
  };
  return (
    <>
      <button type="button" className="s13 link noprint justify-self-start" onClick={() => ask(true)}>
        That is not what I said
        <span className="vh">
          {" "}
          (question {questionNumber}, {attemptName(attempt.number).toLowerCase()})
        </span>
      </button>
      <Dialog
        open={isAsking}
        onOpenChange={ask}
        title="What did you say?"
        description="Write down your own words, not a better answer. Both versions are kept side by side, and the question is graded again and marked as corrected. This can be done once."
        actions={
          <>
            <Button onClick={() => ask(false)} aria-disabled={correction.isPending || undefined}>
              Leave it
            </Button>
            <Button
              variant="primary"
              busy={correction.isPending ? "Grading again" : undefined}
              onClick={send}
            >
              Correct it
            </Button>
          </>
        }
      >
        <AnswerField
          label="Your words"
          hint={`Heard as: “${attempt.transcript}”`}
          error={correction.isError ? refusalWords(correction.error) : undefined}
          value={words}
          onChange={setWords}
        />
      </Dialog>
    </>
  );
}

function useCorrection(interviewId: string, number: number, attempt: number, onDone: () => void) {
  const queryClient = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: (transcript: string) =>
      unwrap(
        api.POST("/api/v1/interviews/{interview_id}/questions/{number}/correction/", {
          params: { path: { interview_id: interviewId, number } },
          body: { attempt: attempt === 2 ? 2 : 1, transcript },
        }),
      ),
    onSuccess: (interview) => {
      queryClient.setQueryData(interviewQuery(interviewId).queryKey, interview);
      void queryClient.invalidateQueries({ queryKey: ["interviews", "pages"] });
      toast({ text: "Your answer was graded again.", icon: "check" });
      onDone();
    },
  });
}

/** What the server says where it knows a reason; nothing of the answer is lost. */
export function refusalWords(error: Error): string {
  const isReasoned = error instanceof ApiError && error.status >= 400 && error.status < 500;
  return isReasoned ? error.message : "It was not graded. Your words are still here; try again.";
}
