import { Badge } from "@/components/ui/badge";
import { mannerName } from "@/features/personas/mannerName";
import { PersonaShape } from "@/features/personas/PersonaShape";

import { clock } from "../callMetrics";
import { callMs, type CallState } from "../callState";
import { STAND_INS } from "../standIns";
import { NetworkWord } from "./NetworkWord";

/** Who it is, how the line is, how long it has been. */
export function CallBar({ state }: { state: CallState }) {
  const { persona } = state;
  const isOnline = state.stage !== "reconnecting" && state.stage !== "error";
  return (
    <header className="callbar">
      <div className="who">
        {persona && <PersonaShape shape={persona.shape} size={36} />}
        <div className="grow">
          <div className="w6 trunc callname">{persona?.name}</div>
          <div className="s12 t2 trunc">
            {persona && `${persona.role} · ${mannerName(persona.manner, persona)}`}
          </div>
        </div>
      </div>
      <div className="mid">
        {state.standIns.length > 0 && (
          <Badge icon="information" tone="out">
            Stand-ins: {state.standIns.map((role) => STAND_INS[role] ?? role).join(", ")}
          </Badge>
        )}
      </div>
      <div className="row end call-facts">
        <NetworkWord network={state.network} isOnline={isOnline} />
        <span className="num s13 w5" role="timer" aria-label="Time in the call">
          {clock(callMs(state))}
        </span>
      </div>
    </header>
  );
}
