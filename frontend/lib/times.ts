/** How are times, days and lengths written? In the reader's own manner for clocks and dates, in "0:41" for lengths. */

export function isSameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}

/** "09:12" or "9:12 AM". */
export function formatTime(at: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(at);
}

/** "Today", "Yesterday", "Friday 20 November", with the year where it is another one. */
export function formatDay(at: Date, now: Date, locale?: string): string {
  if (isSameDay(at, now)) return "Today";
  // By the calendar: a day may have 23 or 25 hours.
  if (isSameDay(at, new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return "Yesterday";
  const isThisYear = at.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(locale, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  }).format(at);
}

/** "22 November 2026": a day that stays right on paper. */
export function formatDate(at: Date, locale?: string): string {
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** "6:04", "1:02:07": a length as a clock. */
export function formatLength(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor((whole % 3_600) / 60);
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** "6 min", "1 h 03 min", "40 s": a length in passing. */
export function formatRoughLength(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** "0.92 s" from milliseconds; a dash where nothing was measured. */
export function formatSeconds(milliseconds: number | null | undefined): string {
  return milliseconds == null ? "–" : `${(milliseconds / 1_000).toFixed(2)} s`;
}
