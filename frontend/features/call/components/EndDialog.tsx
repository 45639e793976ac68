"use client";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

interface EndDialogProps {
  isOpen: boolean;
  onClose: () => void;
  onEnd: () => void;
  /** A scored interview is in the middle. */
  isInterview: boolean;
}

const CALL = {
  title: "End the call?",
  description: "What was said so far is kept under Calls.",
  end: "End the call",
};

const INTERVIEW = {
  title: "End the interview?",
  description: "It is kept for a day, and goes on at the same question when you come back.",
  end: "End for now",
};

/**
 * A key is pressed by mistake more easily than the red button: it asks before it ends the call. In an interview every
 * way out asks.
 */
export function EndDialog({ isOpen, onClose, onEnd, isInterview }: EndDialogProps) {
  const words = isInterview ? INTERVIEW : CALL;
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title={words.title}
      description={words.description}
      actions={
        <>
          <Button onClick={onClose}>Keep talking</Button>
          <Button variant="danger" onClick={onEnd}>
            {words.end}
          </Button>
        </>
      }
    />
  );
}
