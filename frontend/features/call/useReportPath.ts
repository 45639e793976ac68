/** Where is the report of the interview that this call was? */

import { useQuery } from "@tanstack/react-query";

import { interviewPath } from "@/features/interviews/paths";
import { roomQuery } from "@/lib/api/queries";

import type { CallState } from "./callState";
import { reportPathIn } from "./interview";

/** `null`: there is none, or nobody knows yet. */
export function useReportPath(roomId: string, { stage, interview, failure }: CallState): string | null {
  // The room's own answer may be from before the interview began.
  const room = useQuery({
    ...roomQuery(roomId),
    queryKey: ["rooms", roomId, "after"],
    enabled: stage === "ended" && interview !== null,
    staleTime: 0,
  });
  if (failure?.code === "interview_over") return reportPathIn(failure.message ?? "");
  const interviewId = stage === "ended" ? room.data?.interview_id : null;
  return interviewId ? interviewPath(interviewId) : null;
}
