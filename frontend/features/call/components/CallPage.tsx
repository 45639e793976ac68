"use client";

import { queryOptions, useQuery } from "@tanstack/react-query";

import { LoadFailure } from "@/components/LoadFailure";
import { ButtonLink } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { StillForm } from "@/features/personas/StillForm";
import { useAccountTheme } from "@/features/preferences/useAccountTheme";
import { api } from "@/lib/api/client";
import { ApiError, unwrap } from "@/lib/api/errors";
import { personasQuery } from "@/lib/api/queries";

import { CallScreen } from "./CallScreen";

const roomQuery = (roomId: string) =>
  queryOptions({
    queryKey: ["rooms", roomId],
    queryFn: () => unwrap(api.GET("/api/v1/rooms/{room_id}/", { params: { path: { room_id: roomId } } })),
    staleTime: Infinity,
  });

/** Whose room is it, and who answers? Then the call. */
export function CallPage({ roomId, input }: { roomId: string; input: "voice" | "text" }) {
  const room = useQuery(roomQuery(roomId));
  const personas = useQuery(personasQuery);
  useAccountTheme();
  // The call itself tells who answers: a persona that is not in the list is shown once the line is open.
  if (room.data && !personas.isPending) {
    const persona = personas.data?.find(({ slug }) => slug === room.data.persona) ?? null;
    const isKept = room.data.open_call_id !== null;
    return <CallScreen roomId={roomId} persona={persona} input={input} isKept={isKept} />;
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
