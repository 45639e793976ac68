import { Banner } from "@/components/ui/banner";
import { problemWords } from "@/features/call/microphone";

import type { MicrophoneCheck } from "./useMicrophoneCheck";
import type { MicrophonePermission } from "./useMicrophonePermission";

/** What the check found, in one sentence and a way out. */
export function Verdict({ check, permission }: { check: MicrophoneCheck; permission: MicrophonePermission }) {
  switch (check.kind) {
    case "ask":
      return permission === "granted" ? (
        <Banner title="Let us hear you once">
          <p>Press the button, then say “one, two, three”. Nothing is sent before you start the call.</p>
        </Banner>
      ) : (
        <Banner title="May we use your microphone?">
          <p>
            A persona can only answer what it hears. Your browser asks next; nothing is sent before you start
            the call.
          </p>
        </Banner>
      );
    case "opening":
      return (
        <Banner title="Your browser asks now">
          <p>Choose Allow, so that the persona can hear you.</p>
        </Banner>
      );
    case "blocked": {
      const words = problemWords(check.problem);
      return (
        <Banner tone="bad" title={words.title}>
          <p>{words.wayOut}</p>
          <p className="s13 mt-1">{words.alsoTry}</p>
        </Banner>
      );
    }
    case "heard":
      return <HeardVerdict kind={check.verdict.kind} />;
  }
}

function HeardVerdict({ kind }: { kind: "waiting" | "clear" | "quiet" }) {
  switch (kind) {
    case "waiting":
      return (
        <Banner title="Say “one, two, three”">
          <p>Speak as you would in a call.</p>
        </Banner>
      );
    case "clear":
      return (
        <Banner tone="good" title="You are ready">
          <p>Your voice is clear.</p>
        </Banner>
      );
    case "quiet":
      return (
        <Banner tone="warn" title="You are hard to hear">
          <p>Move closer to the microphone, or raise its level in your system’s settings.</p>
        </Banner>
      );
  }
}
