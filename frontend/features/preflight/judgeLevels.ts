/** Will the recogniser hear this person? Decided from a few seconds of level readings, and nothing else. */

/** A quieter room than this makes no difference to a recogniser. */
const QUIETEST_FLOOR_DBFS = -70;
/** Speech stands at least this far above the room. */
export const ENOUGH_ABOVE_ROOM_DB = 15;
const FAINTEST_SPEECH_DBFS = -50;
const MIN_READINGS = 20;
/** Whoever has not been heard by now is hard to hear. */
const PATIENCE_READINGS = 120;

export type MicrophoneVerdict =
  { kind: "waiting" } | { kind: "clear"; aboveRoomDb: number } | { kind: "quiet"; aboveRoomDb: number };

/** `readings`: levels in dBFS, one every 50 ms, the oldest first. */
export function judgeLevels(readings: readonly number[]): MicrophoneVerdict {
  if (readings.length < MIN_READINGS) return { kind: "waiting" };
  const sorted = [...readings].sort((one, other) => one - other);
  const room = Math.max(QUIETEST_FLOOR_DBFS, atShare(sorted, 0.2));
  const speech = atShare(sorted, 0.95);
  const aboveRoomDb = Math.max(0, Math.round(speech - room));
  if (speech >= FAINTEST_SPEECH_DBFS && aboveRoomDb >= ENOUGH_ABOVE_ROOM_DB)
    return { kind: "clear", aboveRoomDb };
  return readings.length < PATIENCE_READINGS ? { kind: "waiting" } : { kind: "quiet", aboveRoomDb };
}

function atShare(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? QUIETEST_FLOOR_DBFS;
}
