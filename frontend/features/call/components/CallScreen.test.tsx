import { act, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { wishForCall } from "../callWish";
import {
  callLive,
  open,
  say,
  sentTypes,
  standInForTheBrowser,
  stubMatchMedia,
  turnOfTheLoop,
} from "../testing/callScreen";
import { serverExample } from "../testing/contracts";
import { withDevices } from "../testing/fakeDevices";

// A whole screen in jsdom is slow where the machine is busy with other tests.
vi.setConfig({ testTimeout: 30_000 });

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined }) }));

beforeEach(standInForTheBrowser);

describe("before the call", () => {
  it("begins by itself where a click led to it, and waits for another one when it is come back to", async () => {
    wishForCall("r");
    const { browser, unmount } = open();
    await turnOfTheLoop();
    expect(browser.sockets).toHaveLength(1);
    unmount();
    const again = open();
    await turnOfTheLoop();
    expect(again.browser.constraints).toEqual([]);
    expect(screen.getByRole("button", { name: "Start the call" })).toBeVisible();
  });

  it("takes no wish for another room", async () => {
    wishForCall("another");
    const { browser } = open();
    await turnOfTheLoop();
    expect(browser.constraints).toEqual([]);
  });

  it("waits for a click after a reload", async () => {
    const { browser } = open();
    await turnOfTheLoop();
    expect(browser.constraints).toEqual([]);
    expect(screen.getByRole("status")).toHaveTextContent("Ready when you are");
  });

  it("goes on with a call that the server keeps", async () => {
    const { browser, user } = open({ isKept: true });
    expect(screen.getByText("It is kept for a little while, and goes on where it stopped.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Go on with the call" }));
    await turnOfTheLoop();
    expect(browser.sockets).toHaveLength(1);
  });

  it("says why there is no microphone, in an alert, and lets the person write", async () => {
    const { browser, user } = open();
    browser.microphone = () => Promise.reject(new DOMException("", "NotAllowedError"));
    await user.click(screen.getByRole("button", { name: "Start the call" }));
    await turnOfTheLoop();
    const alert = screen.getAllByRole("alert").find((one) => one.textContent?.includes("blocks"));
    expect(alert).toHaveTextContent("Your browser blocks the microphone");
    await user.click(screen.getByRole("button", { name: "Type instead of speaking" }));
    await turnOfTheLoop();
    expect(screen.getByRole("textbox", { name: "Write instead of speaking" })).toHaveFocus();
    expect(browser.sockets).toHaveLength(1);
  });
});

describe("in the call", () => {
  it("names the persona, the phase and the one thing to press", async () => {
    await callLive();
    expect(screen.getByRole("heading", { level: 1 })).toHaveTextContent("Call with Anselm");
    expect(screen.getByText("Your turn", { selector: ".phase" })).toBeVisible();
    expect(screen.getByRole("button", { name: "I’m done" })).toBeVisible();
  });

  it("announces final lines only, and strikes what was not heard", async () => {
    const { browser } = await callLive();
    await say(
      browser,
      serverExample<"agent_state">("agent_state.ai_speaking"),
      serverExample<"transcript">("transcript.assistant_speaking"),
    );
    const log = screen.getByRole("log", { name: "Transcript" });
    const inTheAir = [...log.querySelectorAll(".line.them")].at(-1);
    expect(inTheAir).toHaveTextContent("Forty is a lot.");
    expect(inTheAir).toHaveAttribute("aria-hidden", "true");
    await say(browser, serverExample<"transcript">("transcript.interrupted"));
    expect(log).toHaveTextContent("You came in here; not heard: Did it get slow");
    expect(log.querySelector(".unheard")).toHaveTextContent("Did it get slow in one night");
  });

  it("ends the turn, stops the persona, mutes and, after a question, ends the call from the keyboard", async () => {
    const { browser, user } = await callLive();
    await user.keyboard("dm");
    expect(sentTypes(browser).slice(-2)).toEqual(["end_turn", "media_settings"]);
    expect(screen.getByRole("button", { name: "Mute microphone" })).toHaveAttribute("aria-pressed", "true");
    await say(browser, serverExample<"agent_state">("agent_state.ai_speaking"));
    await user.keyboard("s");
    expect(sentTypes(browser).at(-1)).toBe("cancel_tts");
    await user.keyboard("{Control>}e{/Control}");
    expect(sentTypes(browser)).not.toContain("end_call");
    expect(screen.getByRole("button", { name: "Keep talking" })).toHaveFocus();
    await user.keyboard("{Tab}{Enter}");
    expect(sentTypes(browser).at(-1)).toBe("end_call");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("takes no key while the person writes", async () => {
    const { browser, user } = await callLive();
    await user.click(screen.getByRole("button", { name: "Type instead" }));
    await user.keyboard("mds?{Control>}e{/Control}{Enter}");
    expect(browser.socket.sentOf("user_text")).toEqual([{ type: "user_text", text: "mds?" }]);
    expect(sentTypes(browser)).not.toContain("end_turn");
    expect(screen.queryByRole("dialog")).toBeNull();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("lets the keys be switched off in their help", async () => {
    const { browser, user } = await callLive();
    await user.keyboard("?");
    await user.click(screen.getByRole("switch", { name: "Use these keys" }));
    await user.keyboard("{Escape}");
    await user.keyboard("d");
    expect(sentTypes(browser)).not.toContain("end_turn");
    expect(screen.queryByText("D", { selector: "kbd" })).toBeNull();
  });

  it("shows where the time went", async () => {
    const { browser, user } = await callLive();
    await say(browser, serverExample<"turn_metrics">("turn_metrics"));
    expect(screen.getByRole("img", { name: /came after 3.64 s: waited 2.50 s/ })).toBeVisible();
    await user.click(screen.getByRole("tab", { name: "Stats" }));
    expect(screen.getByText("27 dB")).toBeVisible();
    expect(screen.getByText("−58 dBFS")).toBeVisible();
    expect(screen.queryByText(/ours stands aside/)).toBeNull();
  });

  it("says where the browser kept its own noise suppression", async () => {
    const { user } = await callLive({ noiseSuppression: true });
    await user.click(screen.getByRole("tab", { name: "Stats" }));
    expect(screen.getByText("Your browser removes noise itself; ours stands aside.")).toBeVisible();
  });

  it("says that it is loud, what helps, and takes it back", async () => {
    const { browser } = await callLive();
    await say(browser, serverExample<"notice">("notice.loud_room"));
    expect(screen.getByText("It is loud around you.").closest("[role=status]")).toHaveTextContent(
      "A quieter place or a headset helps.",
    );
    await say(browser, serverExample<"notice">("notice.room_ok"));
    expect(screen.queryByText("It is loud around you.")).toBeNull();
  });

  it("turns the sound on with one tap where the browser waits for it", async () => {
    vi.spyOn(HTMLMediaElement.prototype, "play").mockRejectedValueOnce(
      new DOMException("", "NotAllowedError"),
    );
    const { browser, user } = await callLive();
    await user.click(screen.getByRole("button", { name: "Turn sound on" }));
    await turnOfTheLoop();
    expect(screen.queryByRole("button", { name: "Turn sound on" })).toBeNull();
    expect(browser.socket.sentOf("playback").map(({ state }) => state)).toEqual(
      expect.arrayContaining(["blocked", "started"]),
    );
  });
});

describe("for a screen reader", () => {
  const spoken = () => screen.getByRole("log", { name: "What was said" });

  it("each final line is said once, with the panel open or not, and none of those in the air", async () => {
    stubMatchMedia(() => false);
    const { browser } = await callLive();
    expect(screen.queryByRole("log", { name: "Transcript" })).toBeNull();
    await say(
      browser,
      serverExample<"agent_state">("agent_state.ai_speaking"),
      serverExample<"transcript">("transcript.assistant_speaking"),
    );
    expect(spoken()).toBeEmptyDOMElement();
    await say(browser, serverExample<"transcript">("transcript.interrupted"));
    expect(spoken()).toHaveTextContent(
      "Anselm: Forty is a lot. You came in here; not heard: Did it get slow",
    );
    expect(spoken()).toHaveAttribute("aria-live", "polite");
    expect(spoken().closest("[inert], [aria-hidden]")).toBeNull();
  });

  it("the transcript beside it is for reading only", async () => {
    await callLive();
    expect(screen.getByRole("log", { name: "Transcript" })).toHaveAttribute("aria-live", "off");
  });
});

describe("the focus", () => {
  it("stays on the turn’s button from phase to phase", async () => {
    const { browser } = await callLive();
    const button = screen.getByRole("button", { name: "I’m done" });
    button.focus();
    await say(browser, serverExample<"agent_state">("agent_state.ai_speaking"));
    expect(button).toHaveFocus();
    expect(button).toHaveAccessibleName("Stop speaking");
    act(() => browser.socket.drop(1006));
    expect(button).toHaveFocus();
    expect(button).toHaveAccessibleName("Try now");
  });

  it("goes to the turn’s button when the call begins, which does nothing before there is a turn", async () => {
    const { browser, user } = open();
    await user.click(screen.getByRole("button", { name: "Start the call" }));
    await turnOfTheLoop();
    const button = screen.getByRole("button", { name: "I’m done" });
    expect(button).toHaveFocus();
    expect(button).toHaveAttribute("aria-disabled", "true");
    await user.keyboard("{Enter}");
    expect(browser.socket.sent).toEqual([]);
  });

  it("goes back to “Type instead” from the text field", async () => {
    const { user } = await callLive();
    await user.click(screen.getByRole("button", { name: "Type instead" }));
    expect(screen.getByRole("textbox")).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(screen.getByRole("button", { name: "Type instead" })).toHaveFocus();
  });

  it.each([
    ["More: devices, volume, theme, shortcuts", "Devices, theme and keys"],
    ["Type instead", "Keyboard shortcuts"],
  ])("goes back to “%s” from the dialog “%s”", async (opener, dialog) => {
    const { user } = await callLive();
    const button = screen.getByRole("button", { name: opener });
    button.focus();
    await user.keyboard(dialog === "Keyboard shortcuts" ? "?" : "{Enter}");
    expect(screen.getByRole("dialog", { name: dialog })).toBeVisible();
    await user.keyboard("{Escape}");
    await vi.waitFor(() => expect(button).toHaveFocus());
  });

  it("goes back through the keys to the devices, and from there to where it was", async () => {
    const { user } = await callLive();
    const more = screen.getByRole("button", { name: /^More/ });
    await user.click(more);
    await user.click(screen.getByRole("button", { name: "Keyboard shortcuts" }));
    expect(screen.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await user.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.getByRole("button", { name: "Keyboard shortcuts" })).toHaveFocus());
    await user.keyboard("{Escape}");
    await vi.waitFor(() => expect(more).toHaveFocus());
  });

  it("goes to the first way on when the call is over", async () => {
    const { browser, user } = await callLive();
    await user.click(screen.getByRole("button", { name: "End call" }));
    await say(browser, serverExample<"call_ended">("call_ended"));
    expect(screen.getByRole("link", { name: "See this call" })).toHaveFocus();
  });

  it("goes there also from a dialog that the end closes", async () => {
    const { browser, user } = await callLive();
    await user.click(screen.getByRole("button", { name: /^More/ }));
    await say(browser, serverExample<"call_ended">("call_ended"));
    expect(screen.queryByRole("dialog")).toBeNull();
    await vi.waitFor(() => expect(screen.getByRole("link", { name: "See this call" })).toHaveFocus());
  });
});

describe("devices", () => {
  const twoMicrophones = () =>
    withDevices(
      ["audioinput", "built-in", "MacBook Pro Microphone"],
      ["audioinput", "usb", "USB microphone"],
    );

  async function pickUsb(user: Awaited<ReturnType<typeof callLive>>["user"]) {
    await user.click(screen.getByRole("button", { name: /^More/ }));
    await user.click(screen.getByRole("combobox", { name: "Microphone" }));
    await user.click(await screen.findByRole("option", { name: "USB microphone" }));
    await turnOfTheLoop();
  }

  it("another microphone is heard at once, and remembered once it has opened", async () => {
    twoMicrophones();
    const { browser, user } = await callLive();
    await pickUsb(user);
    expect(browser.constraints.at(-1)?.audio).toMatchObject({ deviceId: { exact: "usb" } });
    expect(browser.streams.map(({ track }) => track.isStopped)).toEqual([true, false]);
    expect(browser.peer.senders[0]?.track).toBe(browser.streams[1]?.track);
    expect(localStorage.getItem("parley-microphone")).toBe("usb");
  });

  it("a busy one is neither used nor remembered, and the person is told", async () => {
    twoMicrophones();
    const { browser, user } = await callLive();
    browser.microphone = () => Promise.reject(new DOMException("", "NotReadableError"));
    await pickUsb(user);
    expect(browser.streams.map(({ track }) => track.isStopped)).toEqual([false]);
    expect(localStorage.getItem("parley-microphone")).toBeNull();
    await user.keyboard("{Escape}");
    expect(screen.getByText("Another program is using the microphone.")).toBeVisible();
    expect(screen.getByText("You are still heard through “MacBook Pro Microphone”.")).toBeVisible();
  });

  it("a microphone that is plugged in is used where there was none", async () => {
    const devices = withDevices();
    const { browser } = await callLive();
    act(() => browser.streams[0]?.track.onended?.());
    await turnOfTheLoop();
    expect(screen.getByText("No microphone was found")).toBeVisible();
    act(() => devices.plugIn(["audioinput", "usb", "USB microphone"]));
    await turnOfTheLoop();
    expect(browser.streams).toHaveLength(2);
    expect(screen.queryByText("No microphone was found")).toBeNull();
  });

  it("the theme is chosen there, too", async () => {
    const { user } = await callLive();
    await user.click(screen.getByRole("button", { name: /^More/ }));
    await user.click(screen.getByRole("combobox", { name: "Theme" }));
    await user.click(await screen.findByRole("option", { name: "Dark" }));
    expect(localStorage.getItem("parley-theme")).toBe("dark");
  });
});

describe("after the call", () => {
  it("sums it up and leads on", async () => {
    const { browser } = await callLive();
    await say(
      browser,
      serverExample<"transcript">("transcript.user"),
      serverExample<"turn_metrics">("turn_metrics"),
      serverExample<"call_ended">("call_ended"),
    );
    expect(screen.getByText("Mean reply time").nextSibling).toHaveTextContent("1.14 s");
    expect(screen.getByText("Your turns").nextSibling).toHaveTextContent("1");
    expect(screen.getByRole("link", { name: "See this call" })).toHaveAttribute(
      "href",
      "/calls/b7d4a1f0-52a1-4c36-8f0a-3a1f0f1c7d21",
    );
    expect(screen.getByRole("link", { name: "Back to Talk" })).toHaveAttribute("href", "/dashboard");
    expect(screen.getByRole("button", { name: "Call again" })).toBeVisible();
    expect(screen.getByRole("alert")).toHaveTextContent("The call is over");
  });
});

it("a call that ends under an open sheet shows its summary, and its words can be opened again", async () => {
  stubMatchMedia(() => false);
  const { browser, user } = await callLive();
  await user.click(screen.getByRole("button", { name: "Transcript" }));
  await say(
    browser,
    serverExample<"transcript">("transcript.user"),
    serverExample<"call_ended">("call_ended", { reason: "idle" }),
  );
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(screen.getByText("Nothing was said for a long time, so Anselm hung up.")).toBeVisible();
  expect(screen.getByText("Mean reply time")).toBeVisible();
  const button = screen.getByRole("button", { name: "Transcript" });
  await user.click(button);
  expect(screen.getByRole("log", { name: "Transcript" })).toHaveTextContent(/nightly export/);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(button).toHaveFocus();
});

it("on a small screen the panel is a sheet that Esc closes, and the focus goes back", async () => {
  stubMatchMedia(() => false);
  const { user } = await callLive();
  const button = screen.getByRole("button", { name: "Transcript" });
  await user.click(button);
  expect(screen.getByRole("dialog", { name: "Transcript and stats" })).toBeVisible();
  expect(screen.getByRole("tab", { name: "Transcript" })).toHaveFocus();
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(button).toHaveFocus();
});
