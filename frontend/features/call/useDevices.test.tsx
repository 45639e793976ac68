import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";

import { withDevices } from "./testing/fakeDevices";
import { useDevices } from "./useDevices";

const soon = () => act(async () => undefined);

it("lists what the browser names, microphones and speakers apart", async () => {
  withDevices(
    ["audioinput", "mic", "Headset"],
    ["audiooutput", "out", "Loudspeaker"],
    ["audioinput", "", ""],
  );
  const { result } = renderHook(() => useDevices("open"));
  await soon();
  expect(result.current).toEqual({
    microphones: [{ deviceId: "mic", label: "Headset" }],
    speakers: [{ deviceId: "out", label: "Loudspeaker" }],
    changeCount: 0,
  });
});

it("notices a device that comes, until nobody looks any more", async () => {
  const devices = withDevices();
  const { result, unmount } = renderHook(() => useDevices("open"));
  await soon();
  await act(async () => devices.plugIn(["audioinput", "usb", "USB microphone"]));
  expect(result.current.microphones).toEqual([{ deviceId: "usb", label: "USB microphone" }]);
  expect(result.current.changeCount).toBe(1);
  unmount();
  expect(devices.listenerCount).toBe(0);
});

it("asks again once a permission made the names known", async () => {
  const devices = withDevices(["audioinput", "", ""]);
  const { result, rerender } = renderHook(({ kind }) => useDevices(kind), {
    initialProps: { kind: "asking" },
  });
  await soon();
  expect(result.current.microphones).toEqual([]);
  devices.list = [["audioinput", "mic", "Headset"]];
  rerender({ kind: "open" });
  await soon();
  expect(result.current.microphones).toHaveLength(1);
});
