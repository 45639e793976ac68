"use client";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

interface RecordingQuestionProps {
  isOpen: boolean;
  isSaving: boolean;
  hasFailed: boolean;
  onAnswer: (recording: boolean) => void;
  onClose: () => void;
}

/** Asked once, before the first call. Until somebody says yes nothing is kept of the sound. */
export function RecordingQuestion({
  isOpen,
  isSaving,
  hasFailed,
  onAnswer,
  onClose,
}: RecordingQuestionProps) {
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title="Keep a recording of your calls?"
      description={
        <>
          <p>
            The words of a call are always kept, so that you can read them again. The sound is kept on this
            server only if you say yes.
          </p>
          <p className="mt-2">You can change this in the account menu at any time.</p>
        </>
      }
      actions={
        <>
          <Button onClick={() => onAnswer(false)} busy={isSaving ? "Saving" : undefined}>
            Do not record
          </Button>
          <Button variant="primary" onClick={() => onAnswer(true)} busy={isSaving ? "Saving" : undefined}>
            Keep recordings
          </Button>
        </>
      }
    >
      {hasFailed && (
        <p className="errline mt-2" role="alert">
          Your answer was not saved. Try again.
        </p>
      )}
    </Dialog>
  );
}
