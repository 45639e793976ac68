import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { settled } from "./testing/fakeWires";
import { useWakeLock } from "./useWakeLock";

class Lock {
  isReleased = false;
  release = async () => {
    this.isReleased = true;
  };
}

let locks: Lock[];
let request: () => Promise<Lock>;

beforeEach(() => {
  locks = [];
  request = () => {
    locks.push(new Lock());
    return Promise.resolve(locks.at(-1) as Lock);
  };
  Object.defineProperty(navigator, "wakeLock", {
    configurable: true,
    value: { request: () => request() },
  });
});
afterEach(() => Reflect.deleteProperty(navigator, "wakeLock"));

async function show(isWanted: boolean) {
  const hook = renderHook(({ wanted }) => useWakeLock(wanted), { initialProps: { wanted: isWanted } });
  await settled();
  return hook;
}

async function become(state: DocumentVisibilityState) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
  await settled();
}

it("keeps the screen on while a call runs, and no longer", async () => {
  const hook = await show(false);
  expect(locks).toHaveLength(0);
  hook.rerender({ wanted: true });
  await settled();
  expect(locks.map(({ isReleased }) => isReleased)).toEqual([false]);
  hook.rerender({ wanted: false });
  expect(locks.map(({ isReleased }) => isReleased)).toEqual([true]);
});

it("asks again when the page is seen again: the browser took the lock away", async () => {
  await show(true);
  await become("hidden");
  expect(locks).toHaveLength(1);
  await become("visible");
  expect(locks).toHaveLength(2);
});

it("lets go of a lock that comes after the call", async () => {
  let grant: (lock: Lock) => void = () => undefined;
  request = () => new Promise((resolve) => (grant = resolve));
  const { unmount } = await show(true);
  unmount();
  const late = new Lock();
  grant(late);
  await settled();
  expect(late.isReleased).toBe(true);
});

it("goes on without one where the system refuses it, or knows none", async () => {
  request = () => Promise.reject(new DOMException("battery", "NotAllowedError"));
  await show(true);
  Reflect.deleteProperty(navigator, "wakeLock");
  await show(true);
  expect(locks).toHaveLength(0);
});
