/** The sound devices of a machine that a test plugs things into. */

import { vi } from "vitest";

type Device = [kind: MediaDeviceKind, deviceId: string, label: string];

class FakeDevices extends EventTarget {
  listenerCount = 0;

  constructor(public list: Device[]) {
    super();
  }

  enumerateDevices = async () => this.list.map(([kind, deviceId, label]) => ({ kind, deviceId, label }));

  plugIn(device: Device): void {
    this.list.push(device);
    this.dispatchEvent(new Event("devicechange"));
  }

  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    this.listenerCount += 1;
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
    this.listenerCount -= 1;
    super.removeEventListener(...args);
  }
}

/** The browser has these devices until the test is over. */
export function withDevices(...list: Device[]): FakeDevices {
  const devices = new FakeDevices(list);
  const real = navigator;
  const get = (_target: Navigator, name: keyof Navigator) => {
    const value: unknown = name === "mediaDevices" ? devices : real[name];
    return typeof value === "function" ? (value.bind(real) as unknown) : value;
  };
  vi.stubGlobal("navigator", new Proxy(real, { get: get as ProxyHandler<Navigator>["get"] }));
  return devices;
}
