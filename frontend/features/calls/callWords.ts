/** How is a call told in words? */

import type { CallSummary } from "@/lib/api/queries";

/** "once", "twice", "5 times" */
export function times(count: number): string {
  if (count === 1) return "once";
  if (count === 2) return "twice";
  return `${count} times`;
}

/** "1 turn", "12 turns" */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Live, or lost and still to be taken up again. */
export function isOpen(call: Pick<CallSummary, "status">): boolean {
  return call.status === "live" || call.status === "lost";
}

/** Nobody ended it: the line was lost and nobody came back. */
export function wasCutOff(call: Pick<CallSummary, "status">): boolean {
  return call.status === "abandoned";
}

export interface DayOfCalls {
  day: Date;
  calls: CallSummary[];
}

/** Calls in the order they came, gathered by the reader's own days. */
export function byDay(calls: readonly CallSummary[]): DayOfCalls[] {
  const days: DayOfCalls[] = [];
  for (const call of calls) {
    const startedAt = new Date(call.started_at);
    const last = days.at(-1);
    if (last?.day.toDateString() === startedAt.toDateString()) last.calls.push(call);
    else days.push({ day: startedAt, calls: [call] });
  }
  return days;
}
