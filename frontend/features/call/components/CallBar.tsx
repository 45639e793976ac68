import { Badge } from "@/components/ui/badge";
import { mannerName } from "@/features/personas/mannerName";
import { PersonaShape } from "@/features/personas/PersonaShape";

import { clock } from "../callMetrics";
import { isRunning } from "../callStages";
import { callMs, type CallState, type FailureKind } from "../callState";
import type { PersonaCard } from "../signaling";
import { STAND_INS } from "../standIns";
import { InterviewMarks } from "./InterviewMarks";
import { NetworkWord } from "./NetworkWord";

/** Failures of the line; with the others the server was there, and said no. */
const OFFLINE_FAILURES: ReadonlySet<FailureKind | undefined> = new Set<FailureKind>(["lost", "unreachable"]);

const roleAndManner = (persona: PersonaCard) => `${persona.role} · ${mannerName(persona.manner, persona)}`;

/** Who it is, how the line is, how long it has been. */
export function CallBar({ state }: { state: CallState }) {
  const { persona } = state;
  const isOffline = state.stage === "reconnecting" || OFFLINE_FAILURES.has(state.failure?.kind);
  return (
    <header className="callbar">
      <div className="who">
        {persona && <PersonaShape shape={persona.shape} size={36} />}
        <div className="grow">
          <div className="w6 trunc callname">{persona?.name}</div>
          <div className="s12 t2 trunc">
            {persona && (persona.kind === "interview" ? persona.role : roleAndManner(persona))}
          </div>
        </div>
      </div>
      <div className="mid">
        {isRunning(state) && state.interview && <InterviewMarks progress={state.interview} />}
        {state.standIns.length > 0 && (
          <Badge icon="information" tone="out">
            Stand-ins: {state.standIns.map((role) => STAND_INS[role] ?? role).join(", ")}
          </Badge>
        )}
      </div>
      <div className="row end call-facts">
        <NetworkWord network={state.stage === "live" ? state.network : null} isOffline={isOffline} />
        <span className="num s13 w5" role="timer" aria-label="Time in the call">
          {clock(callMs(state))}
        </span>
      </div>
    </header>
  );
}
