import { Button, ButtonLink } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { signInPath } from "@/features/auth/nextPath";

import type { CallState } from "../callState";

interface WaysOnProps {
  state: CallState;
  /** The server keeps a call of this room that the page has not joined. */
  isKept: boolean;
  onStart: () => void;
  onType: () => void;
  onPickMicrophone: () => void;
  isPanelOpen: boolean;
  onTranscript: () => void;
}

/** The buttons where no call runs: before it, after it, and where it could not be. */
export function WaysOn(props: WaysOnProps) {
  return <div className="dockbar ways">{waysFor(props)}</div>;
}

function waysFor(props: WaysOnProps) {
  const { state, isKept, onStart, onType, onPickMicrophone } = props;
  switch (state.stage) {
    case "preflight":
      return (
        <BeforeTheCall state={state} onStart={onStart} onType={onType} onPickMicrophone={onPickMicrophone} />
      );
    case "ended":
      return (
        <>
          {state.callId && <ButtonLink href={`/calls/${state.callId}`}>See this call</ButtonLink>}
          <BackToTalk />
          <Transcript {...props} />
          <CallAgain label="Call again" onStart={onStart} />
        </>
      );
    case "error":
      return <AfterAFailure {...props} />;
    default:
      return (
        <>
          <TypeInstead onType={onType} />
          <Button variant="primary" onClick={onStart}>
            <Icon name="phone" />
            {isKept ? "Go on with the call" : "Start the call"}
          </Button>
        </>
      );
  }
}

function BeforeTheCall({
  state: { microphone },
  onStart,
  onType,
  onPickMicrophone,
}: Pick<WaysOnProps, "state" | "onStart" | "onType" | "onPickMicrophone">) {
  const problem = microphone.kind === "refused" ? microphone.problem : null;
  return (
    <>
      <TypeInstead onType={onType} />
      {problem === "OverconstrainedError" && <Button onClick={onPickMicrophone}>Pick another one</Button>}
      {problem && <CallAgain label="Try again" onStart={onStart} />}
    </>
  );
}

function AfterAFailure(props: WaysOnProps) {
  const { failure } = props.state;
  if (failure?.kind === "signed_out") {
    return (
      <ButtonLink variant="primary" href={signInPath(window.location.pathname, { signedOut: true })}>
        Sign in
      </ButtonLink>
    );
  }
  if (failure?.kind === "no_room") {
    return (
      <ButtonLink variant="primary" href="/dashboard">
        Back to Talk
      </ButtonLink>
    );
  }
  return (
    <>
      <BackToTalk />
      <Transcript {...props} />
      <CallAgain
        label={failure?.kind === "taken_over" ? "Bring it here" : "Call again"}
        onStart={props.onStart}
      />
    </>
  );
}

/** The words stay at hand after the call, also where the panel had to make room for how it ended. */
function Transcript({ state, isPanelOpen, onTranscript }: WaysOnProps) {
  if (state.lines.length === 0) return null;
  return (
    <Button aria-pressed={isPanelOpen} onClick={onTranscript}>
      Transcript
    </Button>
  );
}

function BackToTalk() {
  return <ButtonLink href="/dashboard">Back to Talk</ButtonLink>;
}

function TypeInstead({ onType }: { onType: () => void }) {
  return <Button onClick={onType}>Type instead of speaking</Button>;
}

function CallAgain({ label, onStart }: { label: string; onStart: () => void }) {
  return (
    <Button variant="primary" onClick={onStart}>
      <Icon name="refresh" />
      {label}
    </Button>
  );
}
