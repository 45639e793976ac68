/** How long may this person be silent before their turn is over? The choices of the account menu. */

/** No time of one's own: as the persona has it. */
export const USUAL = "usual";

const CHOICES_MS = [4_000, 6_000, 10_000];

export interface TimeOption {
  value: string;
  label: string;
}

/** A time that was set in another way is offered as well, so that the menu never shows what is not so. */
export function timeOptions(chosenMs: number | null): TimeOption[] {
  const all = new Set(chosenMs === null ? CHOICES_MS : [...CHOICES_MS, chosenMs]);
  const times = [...all].sort((a, b) => a - b);
  return [
    { value: USUAL, label: "As the persona has it" },
    ...times.map((ms) => ({ value: String(ms), label: `More time: ${ms / 1_000} s` })),
  ];
}

export function timeValue(chosenMs: number | null): string {
  return chosenMs === null ? USUAL : String(chosenMs);
}

/** What the account keeps for an option. */
export function timeOf(value: string): number | null {
  return value === USUAL ? null : Number(value);
}
