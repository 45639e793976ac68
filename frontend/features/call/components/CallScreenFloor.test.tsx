import { act, fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { callLive, open, say, sentTypes, standInForTheBrowser, turnOfTheLoop } from "../testing/callScreen";
import { serverExample } from "../testing/contracts";
import type { FakeBrowser } from "../testing/fakeWires";

// A whole screen in jsdom is slow where the machine is busy with other tests.
vi.setConfig({ testTimeout: 30_000 });

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined }) }));

beforeEach(standInForTheBrowser);

const REPLY = "3d0b7f3a-1a55-4a0e-8a53-0d3f1c2b9e77";
const bid = (name: string) => serverExample<"barge_in">(`barge_in.${name}`);
const inTheAir = () => serverExample<"transcript">("transcript.assistant_speaking", { turn_id: REPLY });

async function personaSpeaks() {
  const call = await callLive();
  await say(call.browser, serverExample<"agent_state">("agent_state.ai_speaking"), inTheAir());
  return call;
}

const phase = (words: string) => screen.getByText(words, { selector: ".phase" });
const transcript = () => screen.getByRole("log", { name: "Transcript" });

describe("a bid for the floor", () => {
  it("lowers what is heard from there where the person had it, and is undone with the bid", async () => {
    localStorage.setItem("parley-call-volume", "0.5");
    const { browser } = await personaSpeaks();
    const audio = document.querySelector("audio");
    expect(audio?.volume).toBe(0.5);
    act(() => browser.socket.say(bid("suspected")));
    expect(audio?.volume).toBeLessThan(0.3);
    expect(phase("Speaking, quietly")).toBeVisible();
    act(() => browser.socket.say(bid("rejected_click")));
    await vi.waitFor(() => expect(audio?.volume).toBe(0.5));
    expect(phase("Speaking")).toBeVisible();
  });

  it("leaves no lowered sound behind when the page goes", async () => {
    const { browser, unmount } = await personaSpeaks();
    const audio = document.querySelector("audio");
    act(() => browser.socket.say(bid("suspected")));
    unmount();
    expect(audio?.volume).toBe(1);
  });

  it("that was an “mm-hm” is a quiet mark beside the reply", async () => {
    const { browser } = await personaSpeaks();
    await say(browser, bid("suspected"), bid("held"));
    expect(phase("Holding")).toBeVisible();
    await say(browser, bid("rejected"));
    expect(screen.getByText("Heard “mm-hm” and carried on.")).toBeVisible();
    const mark = screen.getByText("You said something short; Anselm went on.");
    expect(mark.closest(".line")).toHaveTextContent("Forty is a lot.");
    await say(browser, { ...bid("suspected"), candidate_id: "b" }, { ...bid("rejected"), candidate_id: "b" });
    expect(transcript()).toHaveTextContent("“mm-hm” × 2");
    expect(transcript()).toHaveTextContent("You said something short 2 times; Anselm went on.");
  });

  it("that was a click leaves no mark", async () => {
    const { browser } = await personaSpeaks();
    await say(browser, bid("suspected"), bid("rejected_click"));
    expect(transcript()).not.toHaveTextContent("You said something short");
  });

  it("that took the floor shows where the reply was cut, and strikes what was not heard", async () => {
    const { browser } = await personaSpeaks();
    await say(
      browser,
      bid("suspected"),
      bid("accepted"),
      serverExample<"transcript">("transcript.interrupted", { turn_id: REPLY }),
      serverExample<"agent_state">("agent_state.wait_for_user"),
      serverExample<"speaking_state">("speaking_state.user_started"),
    );
    expect(phase("Go ahead")).toBeVisible();
    expect(transcript().querySelector(".unheard")).toHaveTextContent("Did it get slow in one night");
    expect(transcript().querySelectorAll(".line.them:last-of-type .cut, .cut").length).toBeGreaterThan(0);
  });
});

describe("“Let me think”", () => {
  const button = () => screen.getByRole("button", { name: "Let me think" });

  it("asks for time by button and by key, and says that it runs", async () => {
    const { browser, user } = await callLive();
    await user.click(button());
    await user.keyboard("t");
    expect(browser.socket.sentOf("thinking")).toEqual([{ type: "thinking" }, { type: "thinking" }]);
    expect(button()).toHaveAttribute("aria-pressed", "false");
    await say(browser, serverExample<"thinking">("thinking"));
    expect(phase("Take your time")).toBeVisible();
    expect(button()).toHaveAttribute("aria-pressed", "true");
    await user.click(button());
    expect(browser.socket.sentOf("thinking").at(-1)).toEqual({ type: "thinking", seconds: 0.1 });
    await user.click(screen.getByRole("button", { name: "I’m done" }));
    expect(sentTypes(browser).at(-1)).toBe("end_turn");
  });

  it("goes with the turn, and who stood on it stands on the button that stays", async () => {
    const { browser } = await callLive();
    button().focus();
    await say(browser, serverExample<"agent_state">("agent_state.ai_speaking"));
    expect(screen.queryByRole("button", { name: "Let me think" })).toBeNull();
    expect(screen.getByRole("button", { name: "Stop speaking" })).toHaveFocus();
  });
});

describe("push to talk", () => {
  const talkButton = () => screen.getByRole("button", { name: "Hold to talk" });
  const told = (browser: FakeBrowser) =>
    browser.socket.sentOf("media_settings").map(({ muted, push_to_talk }) => [muted, push_to_talk]);
  const isOpen = (browser: FakeBrowser) => browser.streams.at(-1)?.track.enabled;

  async function callHeld() {
    localStorage.setItem("parley-push-to-talk", "on");
    const call = await callLive();
    expect(isOpen(call.browser)).toBe(false);
    return call;
  }

  it("is chosen under “More”, closes the microphone and is remembered", async () => {
    const { browser, user } = await callLive();
    await user.click(screen.getByRole("button", { name: /^More/ }));
    await user.click(screen.getByRole("switch", { name: "Push to talk" }));
    await user.keyboard("{Escape}");
    expect(told(browser).at(-1)).toEqual([true, true]);
    expect(screen.getByText("Hold to talk. Anselm answers when you let go.")).toBeVisible();
    expect(localStorage.getItem("parley-push-to-talk")).toBe("on");
  });

  it("holds the space bar anywhere on the page", async () => {
    const { browser, user } = await callHeld();
    act(() => (document.activeElement as HTMLElement).blur());
    await user.keyboard("[Space>5]");
    expect([isOpen(browser), told(browser).at(-1)]).toEqual([true, [false, true]]);
    expect(phase("Listening")).toBeVisible();
    expect(talkButton()).toHaveAttribute("aria-pressed", "true");
    await user.keyboard("[/Space]");
    expect([isOpen(browser), told(browser).at(-1)]).toEqual([false, [true, true]]);
    expect(told(browser)).toHaveLength(3);
  });

  it("holds its button, with a finger or with the key on it", async () => {
    const { browser, user } = await callHeld();
    for (const press of [
      ["[MouseLeft>]", "[/MouseLeft]"],
      ["[TouchA>]", "[/TouchA]"],
    ]) {
      await user.pointer({ keys: press[0], target: talkButton() });
      expect(isOpen(browser)).toBe(true);
      await user.pointer({ keys: press[1], target: talkButton() });
      expect(isOpen(browser)).toBe(false);
    }
    talkButton().focus();
    await user.keyboard("[Enter>2]");
    expect(isOpen(browser)).toBe(true);
    await user.keyboard("[/Enter]");
    expect(isOpen(browser)).toBe(false);
  });

  it("stands beside the button that stops the persona, and is held over its voice", async () => {
    const { browser, user } = await callHeld();
    await say(browser, serverExample<"agent_state">("agent_state.ai_speaking"), inTheAir());
    expect(screen.getByText("Hold to come in.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Stop speaking" }));
    expect(sentTypes(browser).at(-1)).toBe("cancel_tts");
    // The click has left the focus there; the space bar still talks.
    await user.keyboard("[Space>]");
    expect(told(browser).at(-1)).toEqual([false, true]);
    await user.keyboard("[/Space]");
    expect(browser.socket.sentOf("cancel_tts")).toHaveLength(1);
  });

  it("leaves the space bar to a control that the Tab key led to, and to a field", async () => {
    const { browser, user } = await callHeld();
    screen.getByRole("button", { name: "Transcript" }).focus();
    await user.keyboard("{Tab}{Shift>}{Tab}{/Shift}[Space]");
    expect(screen.getByRole("button", { name: "Transcript" })).toHaveAttribute("aria-pressed", "false");
    await user.click(screen.getByRole("button", { name: "Type instead" }));
    await user.keyboard("a b");
    expect(screen.getByRole("textbox")).toHaveValue("a b");
    expect(told(browser)).toHaveLength(1);
  });

  it.each<[string, () => void]>([
    ["the window loses the focus", () => fireEvent.blur(window)],
    [
      "the page goes out of sight",
      () => {
        vi.spyOn(document, "hidden", "get").mockReturnValue(true);
        fireEvent(document, new Event("visibilitychange"));
      },
    ],
    ["a dialog opens", () => fireEvent.click(screen.getByRole("button", { name: /^More/ }))],
    ["the system takes the finger away", () => fireEvent.pointerCancel(talkButton())],
  ])("lets go when %s", async (_what, happens) => {
    const { browser } = await callHeld();
    fireEvent.pointerDown(talkButton(), { button: 0 });
    expect(isOpen(browser)).toBe(true);
    act(happens);
    expect([isOpen(browser), told(browser).at(-1)]).toEqual([false, [true, true]]);
    vi.restoreAllMocks();
  });

  it("lets go of nothing twice when the page goes", async () => {
    const { browser, unmount } = await callHeld();
    fireEvent.pointerDown(talkButton(), { button: 0 });
    unmount();
    expect(browser.streams.every(({ track }) => track.isStopped)).toBe(true);
  });

  it("needs no holding for who cannot: the microphone's button, its key, and a screen reader's press", async () => {
    const { browser, user } = await callHeld();
    const free = screen.getByRole("button", { name: "Talk without holding" });
    await user.click(free);
    expect([isOpen(browser), free.getAttribute("aria-pressed")]).toEqual([true, "true"]);
    await user.keyboard("m");
    expect([isOpen(browser), free.getAttribute("aria-pressed")]).toEqual([false, "false"]);
    fireEvent.click(talkButton(), { detail: 0 });
    expect(isOpen(browser)).toBe(true);
    fireEvent.click(talkButton(), { detail: 0 });
    expect(isOpen(browser)).toBe(false);
  });

  it("does not take the space bar where the keys are switched off", async () => {
    localStorage.setItem("parley-call-shortcuts", "off");
    const { browser, user } = await callHeld();
    act(() => (document.activeElement as HTMLElement).blur());
    await user.keyboard("[Space>]");
    expect(isOpen(browser)).toBe(false);
  });

  it("opens no microphone before there is a call", async () => {
    localStorage.setItem("parley-push-to-talk", "on");
    const { browser, user } = open();
    await user.keyboard("[Space>]");
    await turnOfTheLoop();
    expect(browser.constraints).toEqual([]);
  });
});
