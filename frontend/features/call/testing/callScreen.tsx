/** The call's whole screen in jsdom, with wires that the test holds. Mock `next/navigation` beside it. */

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { StrictMode } from "react";
import { vi } from "vitest";

import { CallScreen } from "../components/CallScreen";
import type { ServerMessage } from "../signaling";
import { serverExample } from "./contracts";
import { FakeBrowser, FakeStream, FakeTrack, HONEST_SETTINGS } from "./fakeWires";

export function stubMatchMedia(holds: (query: string) => boolean) {
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: holds(query),
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
}

/** Before each test: what jsdom lacks, and nothing that another test has left. */
export function standInForTheBrowser(): void {
  localStorage.clear();
  stubMatchMedia((query) => query.includes("min-width"));
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
  Element.prototype.scrollTo = () => undefined;
  Element.prototype.scrollIntoView = () => undefined;
  Element.prototype.hasPointerCapture = () => false;
}

const persona = serverExample<"ready">("ready").persona;

export function open({ isKept = false } = {}) {
  const browser = new FakeBrowser();
  const { unmount } = render(
    <StrictMode>
      <QueryClientProvider client={new QueryClient()}>
        <CallScreen roomId="r" persona={persona} input="voice" isKept={isKept} ports={browser.ports} />
      </QueryClientProvider>
    </StrictMode>,
  );
  return { browser, unmount, user: userEvent.setup() };
}

export const turnOfTheLoop = () => act(() => new Promise((resolve) => setTimeout(resolve, 5)));

export async function say(browser: FakeBrowser, ...messages: ServerMessage[]) {
  act(() => messages.forEach((message) => browser.socket.say(message)));
  await turnOfTheLoop();
}

export async function callLive(settings: MediaTrackSettings = HONEST_SETTINGS) {
  const { browser, unmount, user } = open();
  browser.microphone = () =>
    Promise.resolve(new FakeStream(new FakeTrack("MacBook Pro Microphone", settings)));
  await user.click(screen.getByRole("button", { name: "Start the call" }));
  await turnOfTheLoop();
  act(() => browser.socket.open());
  await say(browser, serverExample<"ready">("ready"), serverExample<"answer">("answer"));
  act(() => {
    browser.peer.hear();
    browser.peer.become("connected");
  });
  await say(browser, serverExample<"agent_state">("agent_state.wait_for_user"));
  return { browser, unmount, user };
}

/** What the page says by itself, as time goes by. */
const UNASKED: ReadonlySet<string> = new Set(["ping", "playback"]);

/** What the page said for what was done to it. */
export const sentTypes = (browser: FakeBrowser) =>
  browser.socket.sent.map(({ type }) => type).filter((type) => !UNASKED.has(type));
