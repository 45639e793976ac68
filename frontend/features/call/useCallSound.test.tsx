import { act, render, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useCallPreferences, type CallPreferences } from "./callPreferences";
import { canChooseSpeaker, useCallSound } from "./useCallSound";

const speakers: string[] = [];
const volumes: number[] = [];

beforeEach(() => {
  localStorage.clear();
  speakers.length = 0;
  volumes.length = 0;
  HTMLMediaElement.prototype.setSinkId = async (speakerId: string) => {
    speakers.push(speakerId);
    if (speakerId === "gone") throw new DOMException("", "NotFoundError");
  };
});
afterEach(() => Reflect.deleteProperty(HTMLMediaElement.prototype, "setSinkId"));

let preferences: CallPreferences;
const attached: (HTMLAudioElement | null)[] = [];
const attach = (element: HTMLAudioElement | null) => void attached.push(element);

const chooseVolume = (volume: number) => void volumes.push(volume);

function Sound() {
  preferences = useCallPreferences();
  return <audio ref={useCallSound(attach, chooseVolume, preferences)} />;
}

it("plays at the chosen volume on the chosen speaker, also after a change, and remembers both", () => {
  const { container } = render(<Sound />);
  const audio = container.querySelector("audio");
  expect([volumes, attached.at(-1)]).toEqual([[1], audio]);
  act(() => preferences.setVolume(0.4));
  act(() => preferences.setSpeakerId("headset"));
  expect(volumes).toEqual([1, 0.4]);
  expect(speakers.at(-1)).toBe("headset");
  const { result } = renderHook(() => useCallPreferences());
  expect([result.current.volume, result.current.speakerId]).toEqual([0.4, "headset"]);
});

it("plays on where the speaker of last time is gone", async () => {
  localStorage.setItem("parley-speaker", "gone");
  const { container } = render(<Sound />);
  await act(async () => undefined);
  expect(container.querySelector("audio")).toBeInTheDocument();
  expect(speakers).toEqual(["gone"]);
});

it("offers no speaker where the browser cannot choose one", () => {
  expect(canChooseSpeaker()).toBe(true);
  Reflect.deleteProperty(HTMLMediaElement.prototype, "setSinkId");
  expect(canChooseSpeaker()).toBe(false);
});

it.each(["loud", "-1", "7"])("takes the volume %s in storage for the usual one", (stored) => {
  localStorage.setItem("parley-call-volume", stored);
  expect(renderHook(() => useCallPreferences()).result.current.volume).toBe(1);
});
