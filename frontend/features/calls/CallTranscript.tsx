import type { ReactNode } from "react";

import { CutWords } from "@/features/call/components/CutWords";
import { splitHeard } from "@/features/call/heardText";
import type { CallBody, TurnBody } from "@/lib/api/queries";
import { formatLength, formatSeconds } from "@/lib/times";

import { bargeInMarks, type BargeInMark } from "./bargeIns";

/** What was said, in order; a reply is cut where the caller came in. */
export function CallTranscript({ call }: { call: CallBody }) {
  const hasWords = call.turns.some((turn) => turn.transcript || turn.reply);
  return (
    <section className="card" aria-labelledby="transcript">
      <div className="row px-5 pt-3.5 pb-3 max-md:px-4">
        <h2 id="transcript">Transcript</h2>
        {hasWords && <span className="s13 t2 end">Reply latency</span>}
      </div>
      {hasWords ? (
        <ol>
          {call.turns.map((turn) => (
            <TurnLines
              key={turn.number}
              turn={turn}
              marks={bargeInMarks(call.barge_ins, turn.turn_id)}
              personaName={call.persona_name}
            />
          ))}
        </ol>
      ) : (
        <p className="t2 border-t border-line px-5 py-4">Nothing was said in this call.</p>
      )}
    </section>
  );
}

interface TurnLinesProps {
  turn: TurnBody;
  /** Who came in over its reply. */
  marks: readonly BargeInMark[];
  personaName: string;
}

/** A turn is an utterance and the reply to it; the persona's own opening has no utterance. */
function TurnLines({ turn, marks, personaName }: TurnLinesProps) {
  const { heard, unheard } = splitHeard(turn.reply, turn.heard_upto);
  return (
    <>
      {turn.transcript && (
        <Line
          who="you"
          name="You"
          atMs={turn.started_at_ms}
          latency={turn.reply ? formatSeconds(turn.metrics.reply_latency_ms) : null}
        >
          {turn.transcript}
        </Line>
      )}
      {turn.reply && (
        <Line
          who="them"
          name={personaName}
          atMs={turn.transcript ? null : turn.started_at_ms}
          latency={null}
          foot={marks.length > 0 && <BargeInList marks={marks} personaName={personaName} />}
        >
          {turn.interrupted ? <CutWords heard={heard} unheard={unheard} /> : turn.reply}
          {turn.interrupted && (
            <span className="cutnote block">
              {heard ? "You came in here." : "You went on before it began."}
            </span>
          )}
        </Line>
      )}
    </>
  );
}

interface LineProps {
  who: "you" | "them";
  name: string;
  /** On the call's own clock; null where it follows what stands above it. */
  atMs: number | null;
  latency: string | null;
  children: ReactNode;
  foot?: ReactNode;
}

function Line({ who, name, atMs, latency, children, foot }: LineProps) {
  return (
    <li className="tline">
      <time className="num">{atMs === null ? "" : formatLength(atMs / 1_000)}</time>
      <div className={`line ${who}`}>
        <div className="by">
          <span className="pip" />
          {name}
        </div>
        <p className="tx">{children}</p>
        {foot}
      </div>
      {latency !== null && (
        <span className="lat num">
          <span className="vh">Answered after </span>
          {latency}
        </span>
      )}
    </li>
  );
}

/** What was said over a reply: what it took the floor with, and what it went on after. */
function BargeInList({ marks, personaName }: { marks: readonly BargeInMark[]; personaName: string }) {
  return (
    <ul aria-label={`Said while ${personaName} spoke`} className="grid gap-1">
      {marks.map(({ id, says }) => (
        <li key={id} className="aside">
          {says}
        </li>
      ))}
    </ul>
  );
}
