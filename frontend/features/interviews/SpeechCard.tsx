import type { InterviewBody } from "@/lib/api/queries";

import { speechCells } from "./reportWords";

export function SpeechCard({ interview }: { interview: InterviewBody }) {
  const { speech } = interview;
  const cells = speechCells(interview);
  if (cells.length === 0) return null;
  return (
    <section className="card pad stack speech" aria-labelledby="speech">
      <h2 id="speech">How you spoke</h2>
      <p className="s13 t2">
        Counts only, of {speech.answers} spoken {speech.answers === 1 ? "answer" : "answers"}. Parley does not
        guess at feelings from a voice.
        {speech.pauses !== null &&
          speech.recorded_answers < speech.answers &&
          ` Pauses are counted in the ${speech.recorded_answers} that were recorded.`}
      </p>
      <dl className="statgrid">
        {cells.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
