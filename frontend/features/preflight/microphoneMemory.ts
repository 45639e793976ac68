/** What does this device remember of its microphone? Which one was chosen, and when it was last heard well. */

const DEVICE_KEY = "parley-microphone";
const CHECKED_KEY = "parley-microphone-checked-at";

/** The chosen microphone's `deviceId`; null for the system's default, and where storage is off. */
export function readMicrophoneChoice(): string | null {
  return read(DEVICE_KEY);
}

export function saveMicrophoneChoice(deviceId: string | null): void {
  write(DEVICE_KEY, deviceId);
}

/** When the microphone last passed its check. */
export function readMicrophoneCheckedAt(): Date | null {
  const stored = read(CHECKED_KEY);
  const date = stored ? new Date(stored) : null;
  return date && !Number.isNaN(date.getTime()) ? date : null;
}

export function saveMicrophoneCheckedAt(at: Date): void {
  write(CHECKED_KEY, at.toISOString());
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is off: the next visit asks again, and nothing else changes.
  }
}
