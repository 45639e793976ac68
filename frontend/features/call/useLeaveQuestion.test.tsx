import { renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { useLeaveQuestion } from "./useLeaveQuestion";

const closing = () => {
  const event = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
};
const goBack = async () => {
  const gone = new Promise((resolve) => window.addEventListener("popstate", resolve, { once: true }));
  window.history.back();
  await gone;
};

it("lets the browser ask only while something would be broken off", () => {
  const { rerender, unmount } = renderHook(({ isAsked }) => useLeaveQuestion(isAsked, () => undefined), {
    initialProps: { isAsked: false },
  });
  expect(closing()).toBe(false);
  rerender({ isAsked: true });
  expect(closing()).toBe(true);
  rerender({ isAsked: false });
  expect(closing()).toBe(false);
  rerender({ isAsked: true });
  unmount();
  expect(closing()).toBe(false);
});

it("asks in place of going back, each time", async () => {
  const onBack = vi.fn();
  renderHook(() => useLeaveQuestion(true, onBack));
  await goBack();
  await goBack();
  expect(onBack).toHaveBeenCalledTimes(2);
});
