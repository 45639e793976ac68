import { describe, expect, it } from "vitest";

import { DUCK_MS, PlaybackVolume } from "./playbackVolume";
import { ManualTimers, fakeAudio } from "./testing/fakeWires";

function playing(chosen = 1) {
  const timers = new ManualTimers();
  const volume = new PlaybackVolume(timers);
  const audio = fakeAudio();
  volume.attach(audio);
  volume.choose(chosen);
  return { timers, volume, audio };
}

const TWELVE_DB_DOWN = 10 ** (-12 / 20);

describe("the persona's volume", () => {
  it("is what the person chose, on each element", () => {
    const { volume, audio } = playing(0.4);
    expect(audio.volume).toBe(0.4);
    const next = fakeAudio();
    volume.attach(next);
    expect(next.volume).toBe(0.4);
  });

  it("goes down 12 dB within 20 ms of a bid, from there where the person had it", async () => {
    const { timers, volume, audio } = playing(0.5);
    volume.duck(true);
    expect(audio.volume).toBeLessThan(0.26);
    await timers.advance(20);
    expect(audio.volume).toBeCloseTo(0.5 * TWELVE_DB_DOWN);
    volume.choose(1);
    expect(audio.volume).toBeCloseTo(TWELVE_DB_DOWN);
  });

  it("is up again after 250 ms at the latest, in steps of 2 dB", async () => {
    const { timers, volume, audio } = playing();
    volume.duck(true);
    await timers.advance(180);
    const heard = [audio.volume];
    for (let ms = 190; ms <= DUCK_MS; ms += 10) {
      await timers.advance(10);
      heard.push(audio.volume);
    }
    expect(audio.volume).toBe(1);
    const steps = heard.slice(1).map((level, index) => 20 * Math.log10(level / (heard[index] ?? 1)));
    expect(Math.max(...steps)).toBeCloseTo(2);
    expect(timers.count).toBe(0);
  });

  it("is up as soon as the bid is over, and a bid after it has all of its time", async () => {
    const { timers, volume, audio } = playing();
    volume.duck(true);
    await timers.advance(100);
    volume.duck(false);
    await timers.advance(60);
    expect([audio.volume, timers.count]).toEqual([1, 0]);
    volume.duck(true);
    await timers.advance(150);
    expect(audio.volume).toBeCloseTo(TWELVE_DB_DOWN);
  });

  it("leaves no timer and no lowered element behind", async () => {
    for (const ends of [(one: PlaybackVolume) => one.reset(), (one: PlaybackVolume) => one.attach(null)]) {
      const { timers, volume, audio } = playing(0.8);
      volume.duck(true);
      await timers.advance(100);
      ends(volume);
      expect([audio.volume, timers.count]).toEqual([0.8, 0]);
    }
  });
});
