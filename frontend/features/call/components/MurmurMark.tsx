import type { MurmurKind } from "../bargeIn";

interface MurmurMarkProps {
  murmurs: readonly { kind: MurmurKind }[];
  personaName: string;
}

/** For the eye, and for a reader. */
const WORDS: Record<MurmurKind, { sign: string; said: string }> = {
  backchannel: { sign: "“mm-hm”", said: "something short" },
  short: { sign: "a few words", said: "something short" },
  unheeded: { sign: "your words", said: "something" },
};

/** What the user said over a reply that went on: one quiet line, however often it was. */
export function MurmurMark({ murmurs, personaName }: MurmurMarkProps) {
  if (murmurs.length === 0) return null;
  const { sign, said } = WORDS[kindOfAll(murmurs)];
  const count = murmurs.length;
  return (
    <p className="aside">
      <span aria-hidden="true">{count > 1 ? `${sign} × ${count}` : sign}</span>
      <span className="vh">
        You said {said}
        {count > 1 && ` ${count} times`}; {personaName} went on.
      </span>
    </p>
  );
}

function kindOfAll(murmurs: MurmurMarkProps["murmurs"]): MurmurKind {
  if (murmurs.some(({ kind }) => kind === "unheeded")) return "unheeded";
  return murmurs.every(({ kind }) => kind === "backchannel") ? "backchannel" : "short";
}
