import { Button, ButtonLink } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import { signInPath } from "@/features/auth/nextPath";

import type { CallState } from "../callState";
import { isInterviewing } from "../interview";

interface WaysOnProps {
  state: CallState;
  /** The server keeps a call of this room that the page has not joined. */
  isKept: boolean;
  /** Of the interview that this was, where it has one. */
  reportPath: string | null;
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
      if (state.interview) return <AfterAnInterview {...props} />;
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

/** Its report, or the way back into it while questions are open. */
function AfterAnInterview(props: WaysOnProps) {
  const { state, reportPath, onStart } = props;
  const isOpen = isInterviewing(state) && state.endReason !== "interview_finished";
  return (
    <>
      <BackToTalk />
      <Transcript {...props} />
      {reportPath && <Report path={reportPath} isPrimary={!isOpen} />}
      {isOpen && <CallAgain label="Go on with the interview" onStart={onStart} />}
    </>
  );
}

function Report({ path, isPrimary }: { path: string; isPrimary: boolean }) {
  return (
    <ButtonLink variant={isPrimary ? "primary" : "secondary"} href={path}>
      <Icon name="page" />
      {isPrimary ? "See the report" : "Report so far"}
    </ButtonLink>
  );
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
  if (props.reportPath) {
    return (
      <>
        <BackToTalk />
        <Report path={props.reportPath} isPrimary />
      </>
    );
  }
  if (failure?.code === "interview_unavailable") return <BackToTalk />;
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
