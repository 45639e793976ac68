"use client";

import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useState, type ComponentProps } from "react";

import { LoadFailure } from "@/components/LoadFailure";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { StillForm } from "@/features/personas/StillForm";
import { useAccountTheme } from "@/features/preferences/useAccountTheme";
import { interviewPath } from "@/features/interviews/paths";
import { ApiError } from "@/lib/api/errors";
import { personasQuery, type RoomBody, roomQuery } from "@/lib/api/queries";

import { CallScreen } from "./CallScreen";

/** Whose room is it, and who answers? Then the call. */
export function CallPage({ roomId, input }: { roomId: string; input: "voice" | "text" }) {
  const room = useQuery(roomQuery(roomId));
  const personas = useQuery(personasQuery);
  useAccountTheme();
  // The call itself tells who answers: a persona that is not in the list is shown once the line is open.
  if (room.data && !personas.isPending) {
    const persona = personas.data?.find(({ slug }) => slug === room.data.persona) ?? null;
    return <OpenedRoom room={room.data} persona={persona} input={input} />;
  }
  return (
    <main className="call-gate" id="main">
      <h1 className="vh">Call</h1>
      {room.isError ? (
        <RoomFailure error={room.error} onTryAgain={() => void room.refetch()} isTrying={room.isRefetching} />
      ) : (
        <Opening />
      )}
    </main>
  );
}

interface OpenedRoomProps {
  room: RoomBody;
  persona: ComponentProps<typeof CallScreen>["persona"];
  input: "voice" | "text";
}

/** A room whose interview was over before the page came here has no call any more: its report takes the place. */
function OpenedRoom({ room, persona, input }: OpenedRoomProps) {
  const router = useRouter();
  const [report] = useState(() => finishedReport(room));
  useEffect(() => {
    if (report) router.replace(report);
  }, [report, router]);
  if (!report) {
    const isKept = room.open_call_id !== null;
    return <CallScreen roomId={room.id} persona={persona} input={input} isKept={isKept} />;
  }
  return (
    <main className="call-gate" id="main">
      <h1 className="vh">Call</h1>
      <div className="empty" role="status">
        <p className="phase">This interview is over</p>
        <p>Opening its report.</p>
      </div>
    </main>
  );
}

function finishedReport({ interview_id, interview_status }: RoomBody): string | null {
  const isOver = interview_status === "finished" || interview_status === "abandoned";
  return isOver && interview_id ? interviewPath(interview_id) : null;
}

function Opening() {
  return (
    <div className="empty" role="status">
      <p className="phase">Connecting</p>
      <p>Looking for the call.</p>
    </div>
  );
}

interface RoomFailureProps {
  error: Error;
  onTryAgain: () => void;
  isTrying: boolean;
}

function RoomFailure({ error, onTryAgain, isTrying }: RoomFailureProps) {
  const picture = <StillForm state="lost" shape="anselm" size={120} />;
  const isMissing = error instanceof ApiError && error.status >= 400 && error.status < 500;
  if (!isMissing) {
    return (
      <LoadFailure
        picture={picture}
        title="The call did not load"
        onTryAgain={onTryAgain}
        isTrying={isTrying}
      />
    );
  }
  return (
    <div role="alert">
      <Empty
        picture={picture}
        title="This call does not exist"
        action={
          <ButtonLink variant="primary" href="/dashboard">
            Back to Talk
          </ButtonLink>
        }
      >
        <p>It may be over, or belong to another account.</p>
      </Empty>
    </div>
  );
}
