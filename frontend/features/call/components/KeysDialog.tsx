"use client";

import { useId } from "react";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

import { CALL_KEYS } from "../callKeys";

interface KeysDialogProps {
  isOpen: boolean;
  onClose: () => void;
  hasShortcuts: boolean;
  onShortcuts: (on: boolean) => void;
}

/** Which keys there are, and the switch that turns them off. */
export function KeysDialog({ isOpen, onClose, hasShortcuts, onShortcuts }: KeysDialogProps) {
  const id = useId();
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title="Keyboard shortcuts"
      description="They do nothing while you write."
      actions={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <dl className="keys">
        {CALL_KEYS.map(({ action, keys, does }) => (
          <div key={action}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <div className="row keys-switch">
        <span id={id} className="grow">
          Use these keys
        </span>
        <button
          type="button"
          className="call-switch"
          role="switch"
          aria-checked={hasShortcuts}
          aria-labelledby={id}
          onClick={() => onShortcuts(!hasShortcuts)}
        />
      </div>
    </Dialog>
  );
}
