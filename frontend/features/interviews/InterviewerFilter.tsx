import { Select } from "@/components/ui/select";
import type { InterviewSummary } from "@/lib/api/queries";

export const EVERYONE = "*";

interface InterviewerFilterProps {
  interviews: readonly InterviewSummary[];
  /** A persona's slug, or everyone. */
  value: string;
  onValueChange: (value: string) => void;
}

/** Whose interviews are shown; there is nothing to choose while one persona has held them all. */
export function InterviewerFilter({ interviews, value, onValueChange }: InterviewerFilterProps) {
  const names = new Map(interviews.map(({ persona, persona_name }) => [persona, persona_name]));
  if (names.size < 2) return null;
  const personas = [...names].map(([slug, name]) => ({ value: slug, label: name }));
  return (
    <Select
      label="Interviewer"
      options={[{ value: EVERYONE, label: "Everyone" }, ...personas]}
      value={value}
      onValueChange={onValueChange}
      placeholder="Everyone"
    />
  );
}
