"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";

import { Loading } from "@/components/ui/skeleton";
import { PersonaShape } from "@/features/personas/PersonaShape";
import { usePersonaCards } from "@/features/personas/usePersonaCards";
import { recentCallsQuery } from "@/lib/api/queries";
import { formatDay, formatRoughLength, formatTime } from "@/lib/times";

/** The last few calls, beside the personas. Where they do not load the page is still of use, so only a line says so. */
export function RecentCalls() {
  const cards = usePersonaCards();
  const calls = useQuery(recentCallsQuery);
  if (calls.isPending) {
    return (
      <Loading label="Your calls are loading">
        <section className="card pad stack">
          <span className="skel block w-1/2" />
          <span className="skel block h-11" />
          <span className="skel block h-11" />
        </section>
      </Loading>
    );
  }
  const recent = calls.data?.items ?? [];
  const now = new Date();
  return (
    <section className="card recent" aria-labelledby="recent-calls">
      <div className="row">
        <h2 id="recent-calls">Recent calls</h2>
        {recent.length > 0 && (
          <Link className="s13 t2 end link hit2" href="/calls">
            All calls
          </Link>
        )}
      </div>
      {calls.isError && <p className="s13 t2 pb-3">Your calls did not load. Nothing is lost.</p>}
      {calls.isSuccess && recent.length === 0 && (
        <p className="s13 t2 pb-3">No calls yet. After a call you find its words here.</p>
      )}
      <ul className="list">
        {recent.map((call) => {
          const startedAt = new Date(call.started_at);
          return (
            <li key={call.id}>
              <Link className="callrow" href={`/calls/${call.id}`}>
                <PersonaShape shape={cards.get(call.persona)?.shape} size={36} />
                <span className="min-w-0">
                  <span className="w5 trunc block">{call.persona_name}</span>
                  <span className="s13 t2 trunc block">
                    {formatDay(startedAt, now)}, {formatTime(startedAt)}
                  </span>
                </span>
                <span className="s13 t2 num">{formatRoughLength(call.duration_seconds)}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
