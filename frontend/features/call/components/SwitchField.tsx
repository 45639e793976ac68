import { useId } from "react";

interface SwitchFieldProps {
  label: string;
  hint?: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

/** Something that is on or off, and what that means. */
export function SwitchField({ label, hint, isOn, onChange }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className="row switch-field">
      <span className="grow">
        <span id={id}>{label}</span>
        {hint && (
          <span id={`${id}-hint`} className="s13 t2 block">
            {hint}
          </span>
        )}
      </span>
      <button
        type="button"
        className="call-switch"
        role="switch"
        aria-checked={isOn}
        aria-labelledby={id}
        aria-describedby={hint && `${id}-hint`}
        onClick={() => onChange(!isOn)}
      />
    </div>
  );
}
