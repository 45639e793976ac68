"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";

import { LoadFailure } from "@/components/LoadFailure";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Icon } from "@/components/ui/icon";
import { Loading } from "@/components/ui/skeleton";
import { interviewPath } from "@/features/interviews/paths";
import { PersonaShape } from "@/features/personas/PersonaShape";
import { StillForm } from "@/features/personas/StillForm";
import { usePersonaCards } from "@/features/personas/usePersonaCards";
import { ApiError } from "@/lib/api/errors";
import { type CallBody, callQuery } from "@/lib/api/queries";
import { formatDay, formatLength, formatTime } from "@/lib/times";

import { CallNumbersCard, SoundCard } from "./CallNumbersCard";
import { CallState } from "./CallState";
import { CallTranscript } from "./CallTranscript";
import { isOpen } from "./callWords";
import { DeleteCall } from "./DeleteCall";
import { RecordingCard } from "./RecordingCard";
import { TimesCard } from "./TimesCard";

/** So often the page asks for a recording that is still being put together. */
const UNFINISHED_SOUND_MS = 3_000;

/** One call: its sound, its words, and where the time went. */
export function CallPage({ callId }: { callId: string }) {
  const call = useQuery({
    ...callQuery(callId),
    refetchInterval: ({ state: { data } }) =>
      data?.sound === "unfinished" && !isOpen(data) ? UNFINISHED_SOUND_MS : false,
  });
  return (
    <main className="page" id="main">
      <Link className="row s13 t2 back mb-3 inline-flex" href="/calls">
        <Icon name="back" size="sm" />
        Calls
      </Link>
      {call.isPending && <CallSkeleton />}
      {call.isError && (
        <CallFailed error={call.error} onTryAgain={() => void call.refetch()} isTrying={call.isRefetching} />
      )}
      {call.data && <CallContent call={call.data} />}
    </main>
  );
}

function CallContent({ call }: { call: CallBody }) {
  const card = usePersonaCards().get(call.persona);
  const startedAt = new Date(call.started_at);
  return (
    <>
      <div className="pagehead with-actions">
        <div className="row gap-3.5">
          <PersonaShape shape={card?.shape} size={48} />
          <div>
            <h1>Call with {call.persona_name}</h1>
            <p>
              {formatDay(startedAt, new Date())}, {formatTime(startedAt)} ·{" "}
              <span className="num">{formatLength(call.duration_seconds)}</span>
            </p>
          </div>
        </div>
        <div className="row">
          {call.interview_id && (
            <ButtonLink href={interviewPath(call.interview_id)}>
              <Icon name="page" />
              Interview report
            </ButtonLink>
          )}
          <CallState call={call} />
          <DeleteCall call={call} />
        </div>
      </div>
      <div className="detail">
        <div className="stack gap-5">
          <RecordingCard call={call} />
          <CallTranscript call={call} />
        </div>
        <aside className="stack gap-5">
          <CallNumbersCard call={call} />
          <TimesCard turns={call.turns} />
          <SoundCard call={call} />
        </aside>
      </div>
    </>
  );
}

function CallFailed({
  error,
  onTryAgain,
  isTrying,
}: {
  error: Error;
  onTryAgain: () => void;
  isTrying: boolean;
}) {
  const picture = <StillForm state="lost" shape="anselm" size={96} />;
  if (error instanceof ApiError && (error.isNotFound || error.status === 422)) {
    return (
      <div className="card">
        <Empty
          level={1}
          picture={picture}
          title="There is no such call"
          action={<ButtonLink href="/calls">All calls</ButtonLink>}
        >
          <p>It may belong to another account.</p>
        </Empty>
      </div>
    );
  }
  return (
    <>
      <h1 className="vh">Call</h1>
      <div className="card">
        <LoadFailure
          picture={picture}
          title="This call did not load"
          onTryAgain={onTryAgain}
          isTrying={isTrying}
        />
      </div>
    </>
  );
}

const SKELETON_LINES = 4;

function CallSkeleton() {
  return (
    <>
      <h1 className="vh">Call</h1>
      <Loading label="The call is loading">
        <div className="pagehead">
          <div className="row gap-3.5">
            <span className="skel block size-12 rounded-full" />
            <span className="skel block h-7 w-52" />
          </div>
        </div>
        <div className="detail">
          <div className="card">
            {Array.from({ length: SKELETON_LINES }, (_, line) => (
              <div key={line} className="tline">
                <span className="skel block" />
                <span className="skel block h-10" />
              </div>
            ))}
          </div>
          <div className="stack gap-5">
            <div className="card h-44" />
            <div className="card h-60" />
          </div>
        </div>
      </Loading>
    </>
  );
}
