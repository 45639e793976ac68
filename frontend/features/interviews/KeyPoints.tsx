import { Badge } from "@/components/ui/badge";
import type { PointBody, QuestionBody } from "@/lib/api/queries";

import { PlayButton } from "./PlayButton";
import { isOfCorrection, quoteClip, wasSaidAfterHint } from "./quoteMarks";
import type { ClipPlayer } from "./useClip";

const STATUS = {
  covered: { tone: "good", icon: "check", word: "Covered" },
  contradicted: { tone: "bad", icon: "swap", word: "Contradicted" },
  missed: { tone: undefined, icon: "close", word: "Missed" },
} as const;

export function PointBadge({ status }: Pick<PointBody, "status">) {
  const { tone, icon, word } = STATUS[status];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}

/** What a good answer says, point by point, and the candidate's own words for it. */
export function KeyPoints({ question, player }: { question: QuestionBody; player: ClipPlayer }) {
  if (question.key_points.length === 0) return null;
  return (
    <div>
      <h3 className="mb-1">Key points</h3>
      <ul>
        {question.key_points.map((point) => (
          <li key={point.id} className="kp">
            <PointBadge status={point.status} />
            <div>
              <p>{point.wording}</p>
              <Quote point={point} question={question} player={player} />
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface QuoteProps {
  point: PointBody;
  question: QuestionBody;
  player: ClipPlayer;
}

function Quote({ point, question, player }: QuoteProps) {
  const { quote } = point;
  if (!quote) return point.hinted ? <p className="s13 t2">The hint led here.</p> : null;
  const clip = quoteClip(quote, question.attempts);
  return (
    <div className="q">
      <span>
        “{quote.text}”{wasSaidAfterHint(point, question.hints) && " (after the hint)"}
        {isOfCorrection(quote, question.attempts) && " (corrected)"}
      </span>
      {clip && <PlayButton clip={clip} what="your words" player={player} />}
    </div>
  );
}
