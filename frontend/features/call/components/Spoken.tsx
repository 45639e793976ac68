import type { CallState, Line } from "../callState";
import { SPEAKING_VIEWS, type CallView } from "../callViews";
import { splitHeard } from "../heardText";
import { spokenProgress } from "../interview";
import { CutWords } from "./CutWords";

/** So many are left standing: a reader may still be at the one before the last. */
const LINES_KEPT = 4;

/** A pause of the persona that is over sooner than this is not worth interrupting a reader for. */
const HOLD_SAID_AFTER_MS = 700;

/**
 * The call for a screen reader, whatever is open on the screen: the phase, and each line once it is final. Countdowns
 * and the lowered voice are silent, so that a click or an "mm-hm" says nothing; an end or a failure interrupts.
 */
export function Spoken({ state, view }: { state: CallState; view: CallView }) {
  const isUrgent = view.name === "error" || view.name === "ended";
  const lines = state.lines.filter(({ final }) => final).slice(-LINES_KEPT);
  return (
    <div className="vh">
      <p role="status" aria-live="polite">
        {isUrgent ? "" : spokenPhase(state, view)}
      </p>
      {state.persona?.kind === "interview" && (
        <p role="status" aria-live="polite" aria-label="Question">
          {isUrgent || !state.interview ? "" : spokenProgress(state.interview)}
        </p>
      )}
      <p role="alert" aria-live="assertive">
        {isUrgent ? view.phase : ""}
      </p>
      <div
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-label="What was said"
        lang={state.persona?.language}
      >
        {lines.map((line) => (
          <SpokenLine key={line.id} line={line} personaName={state.persona?.name ?? "Persona"} />
        ))}
      </div>
    </div>
  );
}

function spokenPhase({ bid, now }: CallState, view: CallView): string {
  if (view.name === "silence") return "Listening";
  const isLasting = view.name === "holding" && bid !== null && now >= bid.since + HOLD_SAID_AFTER_MS;
  return SPEAKING_VIEWS.has(view.name) && !isLasting ? "Speaking" : view.phase;
}

function SpokenLine({ line, personaName }: { line: Line; personaName: string }) {
  const { heard, unheard } = splitHeard(line.text, line.interrupted ? line.heardUpto : null);
  return (
    <p>
      {line.role === "user" ? "You" : personaName}: <CutWords heard={heard} unheard={unheard} />
    </p>
  );
}
