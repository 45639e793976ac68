"use client";

import { useState } from "react";

import type { CallBody } from "@/lib/api/queries";

import { isOpen } from "./callWords";

/** What can be heard of a call; nothing where it was not recorded, or still goes on. */
export function RecordingCard({ call }: { call: CallBody }) {
  if (call.sound === "none" || isOpen(call)) return null;
  return (
    <section className="card player" aria-labelledby="recording">
      <h2 id="recording">Recording</h2>
      <RecordingContent call={call} />
    </section>
  );
}

function RecordingContent({ call }: { call: CallBody }) {
  const [hasFailed, setHasFailed] = useState(false);
  if (call.sound === "deleted") return <p className="t2 mt-2">The sound was deleted; the words stay.</p>;
  if (call.sound === "unfinished") {
    return (
      <p className="t2 mt-2" role="status">
        The recording is being put together. It appears here in a moment.
      </p>
    );
  }
  return (
    <>
      <p className="s13 t2" id="sides">
        You are on the left, {call.persona_name} on the right.
      </p>
      <audio
        className="mt-3 w-full"
        controls
        preload="metadata"
        src={recordingPath(call.id)}
        aria-label={`Recording of the call with ${call.persona_name}`}
        aria-describedby="sides"
        onError={() => setHasFailed(true)}
        onLoadedMetadata={() => setHasFailed(false)}
      />
      {hasFailed && (
        <p className="errline mt-2" role="alert">
          The recording did not load. Load the page again.
        </p>
      )}
    </>
  );
}

function recordingPath(callId: string): string {
  return `/api/v1/calls/${encodeURIComponent(callId)}/recording/?track=stereo`;
}
