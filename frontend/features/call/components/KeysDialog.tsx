"use client";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";

import { CALL_KEYS } from "../callKeys";
import { SwitchField } from "./SwitchField";

interface KeysDialogProps {
  isOpen: boolean;
  onClose: () => void;
  hasShortcuts: boolean;
  onShortcuts: (on: boolean) => void;
}

/** Which keys there are, and the switch that turns them off. */
export function KeysDialog({ isOpen, onClose, hasShortcuts, onShortcuts }: KeysDialogProps) {
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
      <SwitchField label="Use these keys" isOn={hasShortcuts} onChange={onShortcuts} />
    </Dialog>
  );
}
