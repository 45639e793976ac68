import { useEffect, useRef } from "react";

import { Badge } from "@/components/ui/badge";
import type { AttemptBody, QuestionBody } from "@/lib/api/queries";

import { CorrectAnswer } from "./CorrectAnswer";
import { PlayButton } from "./PlayButton";
import { attemptClips, markedWords } from "./quoteMarks";
import { attemptName, attemptResult } from "./reportWords";
import type { ClipPlayer } from "./useClip";

interface AttemptProps {
  interviewId: string;
  question: QuestionBody;
  attempt: AttemptBody;
  player: ClipPlayer;
}

/** One answer as it was understood, its quotes marked; both versions where the candidate has corrected it. */
export function Attempt({ interviewId, question, attempt, player }: AttemptProps) {
  const isCorrected = attempt.corrected_transcript !== null;
  const both = useFocusOnceTrue(isCorrected);
  const result = attemptResult(attempt, question.key_points.length);
  return (
    <div className="att">
      <div className="atth">
        <span>
          <b className="w6">{attemptName(attempt.number)}</b>
          <span className="sep"> </span>
          <span className="t2 res">{result}</span>
        </span>
        <span className="row">
          {attemptClips(attempt).map((clip) => (
            <PlayButton key={clip.key} clip={clip} what="your answer" player={player} />
          ))}
        </span>
      </div>
      {attempt.transcript || isCorrected ? (
        <blockquote>
          {markedWords(attempt, question.key_points).map(({ text, mark }, at) => (
            <Piece key={at} text={text} mark={mark} />
          ))}
        </blockquote>
      ) : (
        <p className="t2 s13">Nothing was said.</p>
      )}
      {isCorrected && (
        <div className="s13 t2 heard-as" ref={both} tabIndex={-1}>
          <Badge icon="text">Corrected by you</Badge>
          <p>
            Heard as: <q>{attempt.transcript}</q>
          </p>
        </div>
      )}
      {attempt.doubt_words && <p className="s13 t2">{attempt.doubt_words}</p>}
      {attempt.can_correct && (
        <CorrectAnswer interviewId={interviewId} questionNumber={question.number} attempt={attempt} />
      )}
    </div>
  );
}

/** Where the focus goes when this becomes true on the page: the button that made it so is gone then. */
function useFocusOnceTrue(isTrue: boolean) {
  const target = useRef<HTMLDivElement>(null);
  const was = useRef(isTrue);
  useEffect(() => {
    if (isTrue && !was.current) target.current?.focus();
    was.current = isTrue;
  }, [isTrue]);
  return target;
}

function Piece({ text, mark }: ReturnType<typeof markedWords>[number]) {
  if (mark === null) return text;
  return (
    <mark className={mark === "contradicted" ? "c" : undefined}>
      <span className="vh">{mark === "contradicted" ? "Contradicts a point: " : "Covers a point: "}</span>
      {text}
    </mark>
  );
}
