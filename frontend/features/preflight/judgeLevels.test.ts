import { describe, expect, it } from "vitest";

import { judgeLevels } from "./judgeLevels";

const ROOM_DBFS = { quiet: -65, noisy: -38 };

/** One reading a character: `.` the room, `s` speech at `speechDbfs`. */
function readings(pattern: string, roomDbfs: number, speechDbfs: number): number[] {
  return [...pattern].map((mark) => (mark === "s" ? speechDbfs : roomDbfs));
}

const oneTwoThree = "........ssss....ssss....ssss....";

describe("the microphone check", () => {
  it("waits until there is something to judge", () => {
    expect(judgeLevels(readings("....ssss", ROOM_DBFS.quiet, -20)).kind).toBe("waiting");
  });

  it("is content with a voice that stands well above the room", () => {
    const verdict = judgeLevels(readings(oneTwoThree, ROOM_DBFS.quiet, -20));
    expect(verdict).toEqual({ kind: "clear", aboveRoomDb: 45 });
  });

  it("goes on waiting while nobody speaks", () => {
    expect(judgeLevels(readings(".".repeat(60), ROOM_DBFS.quiet, -20)).kind).toBe("waiting");
  });

  it("says after six seconds that a voice drowns in the room", () => {
    const verdict = judgeLevels(readings(oneTwoThree.repeat(4), ROOM_DBFS.noisy, -32));
    expect(verdict).toEqual({ kind: "quiet", aboveRoomDb: 6 });
  });

  it("does not take a faint voice in a silent room for a clear one", () => {
    expect(judgeLevels(readings(oneTwoThree.repeat(4), -96, -55)).kind).toBe("quiet");
  });
});
