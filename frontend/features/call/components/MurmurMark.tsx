import type { Murmur } from "../bargeIn";

interface MurmurMarkProps {
  murmurs: readonly Pick<Murmur, "isBackchannel">[];
  personaName: string;
}

/** What the user said over a reply that went on: one quiet line, however often it was. */
export function MurmurMark({ murmurs, personaName }: MurmurMarkProps) {
  if (murmurs.length === 0) return null;
  const word = murmurs.every(({ isBackchannel }) => isBackchannel) ? "“mm-hm”" : "a few words";
  const often = murmurs.length > 1 ? ` × ${murmurs.length}` : "";
  const times = murmurs.length > 1 ? ` ${murmurs.length} times` : "";
  return (
    <p className="aside">
      <span aria-hidden="true">
        {word}
        {often}
      </span>
      <span className="vh">
        You said something short{times}; {personaName} went on.
      </span>
    </p>
  );
}
