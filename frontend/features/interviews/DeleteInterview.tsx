"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Icon } from "@/components/ui/icon";
import { useToast } from "@/components/ui/toast";
import { api } from "@/lib/api/client";
import { ApiError, unwrap } from "@/lib/api/errors";
import { interviewQuery, type InterviewBody } from "@/lib/api/queries";

/** Deletes an interview that is over; asks first. */
export function DeleteInterview({ interview }: { interview: Pick<InterviewBody, "id" | "is_open"> }) {
  const [isAsking, setIsAsking] = useState(false);
  const deletion = useDeletion(interview.id);
  if (interview.is_open) return null;
  const ask = (open: boolean) => {
    if (deletion.isPending) return;
    setIsAsking(open);
    deletion.reset();
  };
  return (
    <>
      <Button variant="quiet" iconOnly aria-label="Delete interview" onClick={() => ask(true)}>
        <Icon name="bin" />
      </Button>
      <Dialog
        open={isAsking}
        onOpenChange={ask}
        title="Delete this interview?"
        description="Its report, answers and points go. Its calls stay under Calls until you delete them."
        actions={
          <>
            <Button onClick={() => ask(false)} aria-disabled={deletion.isPending || undefined}>
              Keep it
            </Button>
            <Button
              variant="danger"
              busy={deletion.isPending ? "Deleting" : undefined}
              onClick={() => deletion.mutate()}
            >
              Delete
            </Button>
          </>
        }
      >
        {deletion.isError && (
          <p className="errline mt-2" role="alert">
            The interview was not deleted. Try again.
          </p>
        )}
      </Dialog>
    </>
  );
}

/** Deletes it and goes back to the list; one that is gone already counts as deleted. */
function useDeletion(interviewId: string) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  return useMutation({
    mutationFn: async () => {
      try {
        await unwrap(
          api.DELETE("/api/v1/interviews/{interview_id}/", {
            params: { path: { interview_id: interviewId } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ApiError && error.isNotFound)) throw error;
      }
    },
    onSuccess: () => {
      router.push("/interviews");
      toast({ text: "The interview was deleted.", icon: "check" });
      queryClient.removeQueries({ queryKey: interviewQuery(interviewId).queryKey, type: "inactive" });
      void queryClient.invalidateQueries({ queryKey: ["interviews", "pages"] });
    },
  });
}
