import Link from "next/link";

import { PersonaShape } from "@/features/personas/PersonaShape";
import { usePersonaCards } from "@/features/personas/usePersonaCards";
import type { CallSummary } from "@/lib/api/queries";
import { formatDay, formatLength, formatTime } from "@/lib/times";

import { CallState } from "./CallState";
import { byDay } from "./callWords";

const COLUMN_COUNT = 5;

/** The calls on a screen with room: one row each, a heading a day. */
export function CallsTable({ calls }: { calls: readonly CallSummary[] }) {
  const cards = usePersonaCards();
  const now = new Date();
  return (
    <div className="card overflow-hidden max-md:hidden">
      <table className="tbl">
        <thead>
          <tr>
            <th scope="col">Call</th>
            <th scope="col">At</th>
            <th scope="col" className="r">
              Length
            </th>
            <th scope="col" className="r">
              Turns
            </th>
            <th scope="col">
              <span className="vh">State</span>
            </th>
          </tr>
        </thead>
        {byDay(calls).map(({ day, calls: ofDay }) => (
          <tbody key={day.toISOString()}>
            <tr>
              <th colSpan={COLUMN_COUNT} scope="rowgroup" className="day">
                {formatDay(day, now)}
              </th>
            </tr>
            {ofDay.map((call) => (
              <tr key={call.id}>
                <td>
                  <Link className="row gap-3" href={`/calls/${call.id}`}>
                    <PersonaShape shape={cards.get(call.persona)?.shape} size={36} />
                    <span>
                      <span className="w5 block">{call.persona_name}</span>
                      <span className="s13 t2">{cards.get(call.persona)?.role}</span>
                    </span>
                  </Link>
                </td>
                <td className="num t2">{formatTime(new Date(call.started_at))}</td>
                <td className="num r">{formatLength(call.duration_seconds)}</td>
                <td className="num r t2">{call.turn_count}</td>
                <td className="r">
                  <CallState call={call} />
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}
