import { act, render } from "@testing-library/react";
import { StrictMode } from "react";
import { describe, expect, it } from "vitest";

import { FakeBrowser } from "@/features/call/testing/fakeWires";
import { serverExample } from "@/features/call/testing/contracts";

import { useWebRTC, type Call } from "./useWebRTC";

function mount(browser: FakeBrowser, isAuto: boolean) {
  let call: Call | undefined;
  function Probe() {
    call = useWebRTC({
      roomId: "r",
      persona: null,
      autostart: isAuto ? { speaking: true, deviceId: null } : null,
      ports: browser.ports,
    });
    return <audio ref={call.audioRef} />;
  }
  const view = render(
    <StrictMode>
      <Probe />
    </StrictMode>,
  );
  return { ...view, call: () => call as Call };
}

const turnOfTheLoop = () => act(() => new Promise((resolve) => setTimeout(resolve, 5)));

describe("one call, whatever React does", () => {
  it("mounted twice by StrictMode, it opens one socket and one peer", async () => {
    const browser = new FakeBrowser();
    const { call } = mount(browser, true);
    await turnOfTheLoop();
    expect(browser.sockets).toHaveLength(1);
    act(() => {
      browser.socket.open();
      browser.socket.say(serverExample<"ready">("ready"));
    });
    await turnOfTheLoop();
    expect(browser.peers).toHaveLength(1);
    expect(call().state.stage).toBe("connecting");
    expect(browser.streams.filter(({ track }) => !track.isStopped)).toHaveLength(1);
  });

  it("opens nothing by itself where no click led here", async () => {
    const browser = new FakeBrowser();
    const { call } = mount(browser, false);
    await turnOfTheLoop();
    expect([browser.sockets.length, browser.constraints.length]).toEqual([0, 0]);
    act(() => call().actions.start(true, null));
    await turnOfTheLoop();
    expect(browser.sockets).toHaveLength(1);
  });

  it("closes everything when the component goes", async () => {
    const browser = new FakeBrowser();
    const { unmount } = mount(browser, true);
    await turnOfTheLoop();
    unmount();
    expect(browser.socket.isClosed).toBe(true);
    expect(browser.streams.every(({ track }) => track.isStopped)).toBe(true);
  });
});
