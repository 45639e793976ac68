/** Until when may an interview be gone on with? */

import type { InterviewSummary } from "@/lib/api/queries";
import { formatDay, formatTime } from "@/lib/times";

/** "Open until tomorrow, 08:30."; empty where it is over. */
export function openUntilWords(
  { open_until }: Pick<InterviewSummary, "open_until">,
  now = new Date(),
): string {
  if (open_until === null) return "";
  const until = new Date(open_until);
  return `Open until ${untilDay(until, now)}, ${formatTime(until)}.`;
}

function untilDay(until: Date, now: Date): string {
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  return until.toDateString() === tomorrow.toDateString() ? "tomorrow" : dayInPassing(until, now);
}

/** "today", "yesterday" within a sentence; other days by their names. */
export function dayInPassing(at: Date, now: Date): string {
  const day = formatDay(at, now);
  return day === "Today" || day === "Yesterday" ? day.toLowerCase() : day;
}
