"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";

import { LoadFailure } from "@/components/LoadFailure";
import { Loading } from "@/components/ui/skeleton";
import { RecentCalls } from "@/features/calls/RecentCalls";
import { UnfinishedInterview } from "@/features/interviews/UnfinishedInterview";
import { CallFailure } from "@/features/personas/CallFailure";
import { PersonaCard, PersonaCardSkeletons } from "@/features/personas/PersonaCard";
import { StillForm } from "@/features/personas/StillForm";
import { useStartCall } from "@/features/personas/useStartCall";
import { MicrophoneChip } from "@/features/preflight/MicrophoneChip";
import { preflightPath } from "@/features/preflight/preflightPath";
import { readMicrophonePermission } from "@/features/preflight/useMicrophonePermission";
import { RecordingQuestion } from "@/features/preferences/RecordingQuestion";
import { useRecordingQuestion } from "@/features/preferences/useRecordingQuestion";
import { personasQuery } from "@/lib/api/queries";

/** Who is there to talk to, and one click to a call. */
export function TalkPage() {
  const { call, calling, failure, question } = useCallWithQuestions();
  return (
    <main className="page" id="main">
      <div className="pagehead">
        <h1>Who would you like to talk to?</h1>
        <MicrophoneChip />
      </div>
      <CallFailure failure={failure} className="mb-5" />
      <div className="dash">
        <Personas calling={calling} onCall={call} />
        <aside className="stack gap-5">
          <UnfinishedInterview />
          <RecentCalls />
        </aside>
      </div>
      <RecordingQuestion {...question} />
    </main>
  );
}

function Personas({ calling, onCall }: { calling: string | null; onCall: (slug: string) => void }) {
  const personas = useQuery(personasQuery);
  if (personas.isPending) {
    return (
      <Loading label="The personas are loading">
        <PersonaCardSkeletons count={4} />
      </Loading>
    );
  }
  if (personas.isError) {
    return (
      <div className="card">
        <LoadFailure
          picture={<StillForm state="lost" shape="anselm" size={96} />}
          title="The personas did not load"
          onTryAgain={() => void personas.refetch()}
          isTrying={personas.isRefetching}
        />
      </div>
    );
  }
  return (
    <ul className="people" aria-label="Personas">
      {personas.data.map((persona) => (
        <PersonaCard
          key={persona.slug}
          persona={persona}
          isCalling={calling === persona.slug}
          onCall={({ slug }) => onCall(slug)}
        />
      ))}
    </ul>
  );
}

/**
 * A call begins with one click. Two questions may stand before it: whether recordings are kept, once ever, and the
 * microphone, where the browser has not allowed it yet.
 */
function useCallWithQuestions() {
  const router = useRouter();
  const { startCall, calling, failure } = useStartCall();
  const { askThen, question } = useRecordingQuestion();

  const goOn = async (slug: string) => {
    if ((await readMicrophonePermission()) === "granted") startCall({ personaSlug: slug });
    else router.push(preflightPath(slug));
  };
  return { call: (slug: string) => void askThen(() => void goOn(slug)), calling, failure, question };
}
