import { classNames } from "@/lib/classNames";

import { detailWords, marksOf, questionWords, type InterviewProgress } from "../interview";

/** Which question of how many, for the eye: `Spoken` tells it aloud. Points are not shown while one is speaking. */
export function InterviewMarks({ progress }: { progress: InterviewProgress }) {
  return (
    <div className="qprog">
      <p className="s13">
        <b className="w6">{questionWords(progress)}</b>
        <span className="t2"> · {detailWords(progress).join(" · ")}</span>
      </p>
      <ol aria-hidden="true">
        {marksOf(progress).map(({ look, beginsStage }, at) => (
          <li key={at} className={classNames(look, beginsStage && "gap")} />
        ))}
      </ol>
    </div>
  );
}
