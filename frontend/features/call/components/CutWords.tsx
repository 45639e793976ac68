/** What was heard, the orange tick, and the words that were not: struck for the eye, said to a screen reader. */
export function CutWords({ heard, unheard }: { heard: string; unheard: string }) {
  if (unheard.trim() === "") return <>{heard}</>;
  return (
    <>
      {heard}
      <span className="vh"> You came in here; not heard: </span>
      <span className="cut" />
      <span className="unheard">{unheard.trim()}</span>
    </>
  );
}
