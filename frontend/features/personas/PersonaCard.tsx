import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import type { PersonaCard as Persona } from "@/lib/api/queries";

import { mannerName } from "./mannerName";
import { MannerPicture } from "./MannerPicture";
import { PersonaShape } from "./PersonaShape";

interface PersonaCardProps {
  persona: Persona;
  isCalling: boolean;
  onCall: (persona: Persona) => void;
}

/** One persona: who it is, how it can be interrupted, how it sounds, and the call. */
export function PersonaCard({ persona, isCalling, onCall }: PersonaCardProps) {
  const isInterview = persona.kind === "interview";
  const action = isInterview ? "Start" : "Call";
  return (
    <li className="card person">
      <header>
        <PersonaShape shape={persona.shape} size={52} />
        <div className="grow">
          <h2>{persona.name}</h2>
          <p className="s13 t2">{persona.role}</p>
        </div>
        {isInterview && <Badge icon="page">Scored</Badge>}
      </header>
      <p className="about">{persona.description}</p>
      <div className="manner">
        <MannerPicture manner={persona.manner} />
        <div className="s13">
          <b>{mannerName(persona.manner, persona)}</b>
          <span className="t2">{persona.manner_words}</span>
        </div>
      </div>
      <footer>
        <span className="row s13 t2">
          <Icon name="speaker" size="sm" />
          {persona.voice_words}
        </span>
        <Button
          variant="primary"
          className="cta"
          aria-label={isInterview ? `Start the interview with ${persona.name}` : `Call ${persona.name}`}
          busy={isCalling ? "Calling" : undefined}
          onClick={() => onCall(persona)}
        >
          <Icon name="phone" size="sm" />
          {action}
        </Button>
      </footer>
    </li>
  );
}

/** The size of a card, before the personas are there. */
export function PersonaCardSkeletons({ count }: { count: number }) {
  return (
    <ul className="people">
      {Array.from({ length: count }, (_, card) => (
        <li key={card} className="card person">
          <header>
            <span className="skel block size-[52px] rounded-full" />
            <div className="stack grow gap-2">
              <span className="skel block w-2/5" />
              <span className="skel block w-3/5" />
            </div>
          </header>
          <span className="skel block h-10" />
          <span className="skel block h-[52px]" />
          <span className="skel block h-9" />
        </li>
      ))}
    </ul>
  );
}
