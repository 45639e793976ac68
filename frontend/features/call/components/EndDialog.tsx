"use client";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

interface EndDialogProps {
  isOpen: boolean;
  onClose: () => void;
  onEnd: () => void;
}

/** A key is pressed by mistake more easily than the red button: it asks before it ends the call. */
export function EndDialog({ isOpen, onClose, onEnd }: EndDialogProps) {
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title="End the call?"
      description="What was said so far is kept under Calls."
      actions={
        <>
          <Button onClick={onClose}>Keep talking</Button>
          <Button variant="danger" onClick={onEnd}>
            End the call
          </Button>
        </>
      }
    />
  );
}
