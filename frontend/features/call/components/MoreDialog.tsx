"use client";

import { useId, useState } from "react";

import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Select } from "@/components/ui/select";
import { ThemeSelect } from "@/features/preferences/ThemeSelect";

import type { CallPreferences } from "../callPreferences";
import type { Devices } from "../useDevices";
import { KeysDialog } from "./KeysDialog";
import { SwitchField } from "./SwitchField";

interface MoreDialogProps {
  isOpen: boolean;
  onClose: () => void;
  devices: Devices;
  microphoneLabel: string | null;
  canChooseSpeaker: boolean;
  preferences: CallPreferences;
  onMicrophone: (deviceId: string) => void;
}

/** What a hand seldom needs: devices, volume, theme, keys. */
export function MoreDialog(props: MoreDialogProps) {
  const { devices, preferences } = props;
  const [hasKeysOpen, setHasKeysOpen] = useState(false);
  const chosen = devices.microphones.find(({ label }) => label === props.microphoneLabel)?.deviceId ?? "";
  return (
    <Dialog
      open={props.isOpen}
      onOpenChange={(open) => !open && props.onClose()}
      title="Devices, theme and keys"
      actions={
        <>
          <Button variant="quiet" onClick={() => setHasKeysOpen(true)}>
            Keyboard shortcuts
          </Button>
          <Button variant="primary" onClick={props.onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="stack more-fields">
        <Select
          label="Microphone"
          icon="microphone"
          options={optionsOf(devices.microphones)}
          value={chosen}
          onValueChange={props.onMicrophone}
          placeholder={props.microphoneLabel ?? "No microphone in use"}
        />
        {props.canChooseSpeaker && (
          <Select
            label="Speaker"
            icon="speaker"
            options={optionsOf(devices.speakers)}
            value={preferences.speakerId}
            onValueChange={preferences.setSpeakerId}
            placeholder="System default"
          />
        )}
        <SwitchField
          label="Push to talk"
          hint={
            preferences.hasShortcuts
              ? "Your microphone is open while you hold the button or the space bar. Letting go ends your turn."
              : "Your microphone is open while you hold the button. Letting go ends your turn."
          }
          isOn={preferences.isPushToTalk}
          onChange={preferences.setIsPushToTalk}
        />
        <VolumeField volume={preferences.volume} onVolume={preferences.setVolume} />
        <ThemeSelect />
      </div>
      <KeysDialog
        isOpen={hasKeysOpen}
        onClose={() => setHasKeysOpen(false)}
        hasShortcuts={preferences.hasShortcuts}
        onShortcuts={preferences.setHasShortcuts}
      />
    </Dialog>
  );
}

function optionsOf(devices: Devices["microphones"]) {
  return devices.map(({ deviceId, label }) => ({ value: deviceId, label }));
}

function VolumeField({ volume, onVolume }: { volume: number; onVolume: (volume: number) => void }) {
  const id = useId();
  const percent = Math.round(volume * 100);
  return (
    <div className="field">
      <label className="label" htmlFor={id}>
        Volume of the persona
        <span className="t3 num">{percent} %</span>
      </label>
      <input
        id={id}
        className="volume"
        type="range"
        min={0}
        max={100}
        step={5}
        value={percent}
        aria-valuetext={`${percent} percent`}
        onChange={(event) => onVolume(Number(event.target.value) / 100)}
      />
    </div>
  );
}
