import Link from "next/link";

import { PersonaShape } from "@/features/personas/PersonaShape";
import { usePersonaCards } from "@/features/personas/usePersonaCards";
import type { CallSummary } from "@/lib/api/queries";
import { formatDay, formatLength, formatTime } from "@/lib/times";

import { byDay, counted, isOpen, wasCutOff } from "./callWords";

/** The calls on a phone: a list a day. */
export function CallsList({ calls }: { calls: readonly CallSummary[] }) {
  const cards = usePersonaCards();
  const now = new Date();
  return (
    <div className="md:hidden">
      {byDay(calls).map(({ day, calls: ofDay }) => (
        <section key={day.toISOString()}>
          <h2 className="daygroup">{formatDay(day, now)}</h2>
          <ul className="card list">
            {ofDay.map((call) => (
              <li key={call.id}>
                <Link className="callrow px-4" href={`/calls/${call.id}`}>
                  <PersonaShape shape={cards.get(call.persona)?.shape} size={40} />
                  <span className="min-w-0">
                    <span className="w5 trunc block">{call.persona_name}</span>
                    <span className="s13 t2">{lineOf(call)}</span>
                  </span>
                  <span className="s13 t2 num">{formatLength(call.duration_seconds)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** "09:12 · 12 turns", and what is special about it. */
function lineOf(call: CallSummary): string {
  const parts = [formatTime(new Date(call.started_at)), counted(call.turn_count, "turn")];
  if (isOpen(call)) parts.push("still open");
  if (wasCutOff(call)) parts.push("cut off");
  return parts.join(" · ");
}
