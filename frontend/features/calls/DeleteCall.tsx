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
import { type CallBody, callQuery } from "@/lib/api/queries";

import { isOpen } from "./callWords";

/** Deletes a call that is over, with its words and its recording; asks first. */
export function DeleteCall({ call }: { call: CallBody }) {
  const [isAsking, setIsAsking] = useState(false);
  const deletion = useDeleteCall(call.id);
  if (isOpen(call)) return null;

  const ask = (open: boolean) => {
    if (deletion.isPending) return;
    setIsAsking(open);
    deletion.reset();
  };
  return (
    <>
      <Button variant="quiet" iconOnly aria-label="Delete call" onClick={() => ask(true)}>
        <Icon name="bin" />
      </Button>
      <Dialog
        open={isAsking}
        onOpenChange={ask}
        title="Delete this call?"
        description="Its recording and transcript go too. Nobody can bring them back."
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
            {wordsOf(deletion.error)}
          </p>
        )}
      </Dialog>
    </>
  );
}

function wordsOf(error: Error): string {
  const isLive = error instanceof ApiError && error.code === "call_is_live";
  return isLive ? error.message : "The call was not deleted. Try again.";
}

/** Deletes it and goes back to the list; one that is gone already counts as deleted. */
function useDeleteCall(callId: string) {
  const queryClient = useQueryClient();
  const router = useRouter();
  const toast = useToast();
  return useMutation({
    mutationFn: async () => {
      try {
        await unwrap(api.DELETE("/api/v1/calls/{call_id}/", { params: { path: { call_id: callId } } }));
      } catch (error) {
        if (!(error instanceof ApiError && error.isNotFound)) throw error;
      }
    },
    onSuccess: () => {
      router.push("/calls");
      toast({ text: "The call was deleted.", icon: "check" });
      queryClient.removeQueries({ queryKey: callQuery(callId).queryKey, type: "inactive" });
      void queryClient.invalidateQueries({ queryKey: ["calls", "pages"] });
      void queryClient.invalidateQueries({ queryKey: ["calls", "recent"] });
    },
  });
}
