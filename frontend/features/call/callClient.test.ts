import { describe, expect, it } from "vitest";

import { CallClient } from "./callClient";
import { serverExample } from "./testing/contracts";
import { FakeBrowser, FakeStream, FakeTrack, ManualTimers, fakeAudio, settled } from "./testing/fakeWires";

interface Rig {
  browser: FakeBrowser;
  timers: ManualTimers;
  client: CallClient;
}

function rig(): Rig {
  const browser = new FakeBrowser();
  const timers = new ManualTimers();
  return { browser, timers, client: new CallClient(browser.ports, null, timers) };
}

async function dialled(speaking = true): Promise<Rig> {
  const all = rig();
  all.client.tell({ type: "start_pressed", speaking, deviceId: null });
  await all.timers.advance(0);
  all.browser.socket.open();
  return all;
}

async function inCall(): Promise<Rig> {
  const all = await dialled();
  all.client.media.attachAudio(fakeAudio());
  all.browser.socket.say(serverExample<"ready">("ready"));
  await settled();
  all.browser.socket.say(serverExample<"answer">("answer"));
  all.browser.peer.hear();
  all.browser.peer.become("connected");
  all.browser.socket.say(serverExample<"agent_state">("agent_state.wait_for_user"));
  await settled();
  return all;
}

describe("opening the line", () => {
  it("opens nothing before somebody starts", async () => {
    const { browser, timers } = rig();
    await timers.advance(5_000);
    expect([browser.sockets, browser.peers, browser.constraints].map((opened) => opened.length)).toEqual([
      0, 0, 0,
    ]);
    expect(timers.count).toBe(0);
  });

  it("asks for a microphone with echo cancellation and nothing else", async () => {
    const { browser } = await dialled();
    expect(browser.constraints).toEqual([
      { audio: { echoCancellation: true, noiseSuppression: false, autoGainControl: false } },
    ]);
  });

  it("takes the chosen microphone", async () => {
    const { browser, client } = rig();
    client.tell({ type: "start_pressed", speaking: true, deviceId: "headset" });
    await settled();
    expect(browser.constraints[0]?.audio).toMatchObject({ deviceId: { exact: "headset" } });
  });

  it("offers once the server is ready, candidates after the offer", async () => {
    const { browser, client } = await inCall();
    expect(browser.socket.sent.map(({ type }) => type)).toEqual([
      "media_settings",
      "offer",
      "ice-candidate",
      "playback",
    ]);
    expect(browser.peer.answer).toContain("v=0");
    expect(browser.peer.configuration.iceServers).toEqual([]);
    expect(client.state.stage).toBe("live");
  });

  it.each([
    ["NotAllowedError", "NotAllowedError"],
    ["NotFoundError", "NotFoundError"],
    ["NotReadableError", "NotReadableError"],
    ["AbortError", "NotReadableError"],
    ["OverconstrainedError", "OverconstrainedError"],
    ["SecurityError", "SecurityError"],
  ])("a browser's %s becomes words and a way out", async (name, problem) => {
    const { browser, client } = rig();
    browser.microphone = () => Promise.reject(new DOMException("no", name));
    client.tell({ type: "start_pressed", speaking: true, deviceId: null });
    await settled();
    expect(client.state).toMatchObject({ stage: "preflight", microphone: { kind: "refused", problem } });
    expect(browser.sockets).toHaveLength(0);
  });

  it("dials without any microphone for a person who types", async () => {
    const { browser } = await dialled(false);
    expect(browser.constraints).toEqual([]);
    expect(browser.sockets).toHaveLength(1);
  });
});

describe("late promises", () => {
  it("a microphone that comes after the page left is let go", async () => {
    const { browser, client } = rig();
    let grant: (stream: FakeStream) => void = () => undefined;
    browser.microphone = () => new Promise((resolve) => (grant = resolve));
    client.tell({ type: "start_pressed", speaking: true, deviceId: null });
    client.tell({ type: "left" });
    const late = new FakeStream(new FakeTrack("late", {}));
    grant(late);
    await settled();
    expect(late.track.isStopped).toBe(true);
    expect(browser.sockets).toHaveLength(0);
  });

  it("an address that comes after the page left is not dialled", async () => {
    const { browser, client, timers } = rig();
    let find: (url: string) => void = () => undefined;
    browser.address = () => new Promise((resolve) => (find = resolve));
    client.tell({ type: "start_pressed", speaking: false, deviceId: null });
    await timers.advance(0);
    client.tell({ type: "left" });
    find("ws://late/");
    await settled();
    expect(browser.sockets).toHaveLength(0);
  });

  it("a former socket says nothing any more", async () => {
    const { browser, client, timers } = await inCall();
    const former = browser.socket;
    former.drop(1006);
    await timers.advance(0);
    former.say(serverExample<"call_ended">("call_ended"));
    former.drop(4404);
    expect(client.state.stage).toBe("reconnecting");
    expect(browser.sockets).toHaveLength(2);
  });

  it("a former peer says nothing any more", async () => {
    const { browser, client } = await inCall();
    const former = browser.peer;
    client.tell({ type: "packets_stopped" });
    await settled();
    former.become("connected");
    expect(client.state.stage).toBe("reconnecting");
    expect(former.isClosed).toBe(true);
  });
});

describe("a line that is lost", () => {
  it("dials at once and goes on, with a new peer", async () => {
    const { browser, client, timers } = await inCall();
    browser.socket.drop(1006);
    await timers.advance(0);
    browser.socket.open();
    browser.socket.say(serverExample<"ready">("ready.resumed"));
    await settled();
    expect(browser.socket.sentOf("offer")).toMatchObject([{ restart: true }]);
    browser.peer.become("connected");
    browser.socket.say(serverExample<"agent_state">("agent_state.wait_for_user"));
    expect(client.state.stage).toBe("live");
    expect(browser.peers).toHaveLength(2);
  });

  it("waits 0, 100, 250, 500 ms and then a second between attempts", async () => {
    const { browser, timers } = await inCall();
    browser.socket.drop(1006);
    for (const wait of [0, 100, 250, 500, 1000]) {
      const before = browser.sockets.length;
      if (wait > 0) await timers.advance(wait - 1);
      expect(browser.sockets).toHaveLength(before);
      await timers.advance(1);
      expect(browser.sockets).toHaveLength(before + 1);
      browser.socket.drop(1006);
    }
  });

  it("counts a server that gives no ticket as a failed attempt", async () => {
    const { browser, client, timers } = await inCall();
    browser.address = () => Promise.reject(new Error("offline"));
    browser.socket.drop(1006);
    await timers.advance(400);
    expect(client.state.reconnect?.attempt).toBeGreaterThan(2);
  });

  it("notices a socket that is dead without saying so", async () => {
    const { browser, client, timers } = await inCall();
    await timers.advance(5_000);
    expect(browser.socket.sentOf("ping")).toHaveLength(1);
    await timers.advance(10_000);
    expect(client.state.stage).toBe("reconnecting");
  });

  it("offers again 600 ms after the last packet, on the same socket", async () => {
    const { browser, timers } = await inCall();
    await timers.advance(1_000);
    browser.peer.packetsEachReading = 0;
    await timers.advance(500);
    expect(browser.peers).toHaveLength(1);
    await timers.advance(500);
    expect(browser.peers).toHaveLength(2);
    expect(browser.sockets).toHaveLength(1);
    expect(browser.socket.sentOf("offer").at(-1)).toMatchObject({ restart: true });
  });

  it("offers again at once where the browser gives the peer up", async () => {
    const { browser } = await inCall();
    browser.peer.become("failed");
    await settled();
    expect(browser.peers).toHaveLength(2);
  });
});

describe("sound", () => {
  it("says that the browser waits for a tap, and plays after it", async () => {
    let isAllowed = false;
    const { browser, client } = await dialled();
    client.media.attachAudio(
      fakeAudio(() =>
        isAllowed ? Promise.resolve() : Promise.reject(new DOMException("", "NotAllowedError")),
      ),
    );
    browser.socket.say(serverExample<"ready">("ready"));
    await settled();
    browser.peer.hear();
    await settled();
    expect(client.state.sound).toBe("blocked");
    expect(browser.socket.sentOf("playback")).toEqual([{ type: "playback", state: "blocked" }]);
    isAllowed = true;
    client.tell({ type: "sound_pressed" });
    await settled();
    expect(client.state.sound).toBe("playing");
  });

  it("notices that the system paused the sound, and that it plays again", async () => {
    const { browser, client } = await inCall();
    const audio = fakeAudio();
    client.media.attachAudio(audio);
    audio.onpause?.(new Event("pause"));
    expect(client.state.sound).toBe("blocked");
    expect(browser.socket.sentOf("playback").at(-1)).toEqual({ type: "playback", state: "blocked" });
    audio.onplaying?.(new Event("playing"));
    expect(client.state.sound).toBe("playing");
    expect(browser.socket.sentOf("playback").at(-1)).toEqual({ type: "playback", state: "started" });
  });

  it("takes no pause for one that the end of a line brings", async () => {
    const { browser, client } = await inCall();
    const audio = fakeAudio();
    client.media.attachAudio(audio);
    client.tell({ type: "packets_stopped" });
    audio.onpause?.(new Event("pause"));
    expect(client.state.sound).toBe("playing");
    expect(browser.socket.sentOf("playback").map(({ state }) => state)).not.toContain("blocked");
  });

  it("tells how long sound waits in the browser, once and when it changes", async () => {
    const { browser, timers } = await inCall();
    await timers.advance(8_000);
    const delays = browser.socket
      .sentOf("playback")
      .flatMap(({ playout_delay_ms: ms }) => (ms == null ? [] : [ms]));
    expect(delays).toHaveLength(1);
    expect(delays[0]).toBeCloseTo(80);
  });

  it("measures the line", async () => {
    const { client, timers } = await inCall();
    await timers.advance(3_000);
    expect(client.state.network).toEqual({ roundTripMs: 38, jitterMs: 4, lossPercent: 0 });
  });

  it("mutes the track, also the one of another microphone", async () => {
    const { browser, client } = await inCall();
    client.tell({ type: "mute_pressed" });
    expect(browser.streams[0]?.track.enabled).toBe(false);
    client.tell({ type: "microphone_chosen", deviceId: "b" });
    await settled();
    expect(browser.streams[0]?.track.isStopped).toBe(true);
    expect(browser.streams[1]?.track.enabled).toBe(false);
    expect(browser.peer.senders[0]?.track).toBe(browser.streams[1]?.track);
    expect(browser.socket.sentOf("media_settings").at(-1)).toMatchObject({ muted: true });
  });

  it("goes on with the microphone that works where the chosen one is busy", async () => {
    const { browser, client } = await inCall();
    browser.microphone = () => Promise.reject(new DOMException("", "NotReadableError"));
    client.tell({ type: "microphone_chosen", deviceId: "busy" });
    await settled();
    expect(browser.streams[0]?.track.isStopped).toBe(false);
    expect(browser.peer.senders[0]?.track).toBe(browser.streams[0]?.track);
    expect(client.state).toMatchObject({ microphone: { kind: "open" }, banner: { code: "microphone_kept" } });
  });

  it("notices that the system takes the microphone's sound and gives it back", async () => {
    const { browser, client } = await inCall();
    browser.streams[0]?.track.onmute?.();
    expect(client.state.microphone).toMatchObject({ isSilenced: true });
    browser.streams[0]?.track.onunmute?.();
    expect(client.state.microphone).toMatchObject({ isSilenced: false });
  });

  it("notices that the microphone was pulled out", async () => {
    const { browser, client } = await inCall();
    browser.streams[0]?.track.onended?.();
    expect(client.state.microphone).toEqual({ kind: "refused", problem: "NotFoundError" });
    expect(client.state.stage).toBe("live");
  });
});

describe("the end", () => {
  it("leaves no timer, no socket, no peer and no microphone", async () => {
    const { browser, client, timers } = await inCall();
    client.tell({ type: "end_pressed" });
    browser.socket.say(serverExample<"call_ended">("call_ended"));
    await settled();
    expect(timers.count).toBe(0);
    expect(browser.socket.isClosed).toBe(true);
    expect(browser.peer.isClosed).toBe(true);
    expect(browser.streams.every(({ track }) => track.isStopped)).toBe(true);
  });

  it("leaves none either when the page goes away in the middle", async () => {
    const { browser, client, timers } = await inCall();
    client.tell({ type: "left" });
    expect(browser.socket.sent.at(-1)).toEqual({ type: "end_call" });
    expect(timers.count).toBe(0);
    expect(browser.streams[0]?.track.isStopped).toBe(true);
  });

  it("counts a busy server down and then stops its clock", async () => {
    const { browser, client, timers } = await dialled();
    browser.socket.say(serverExample<"error">("error.at_capacity"));
    browser.socket.drop(4429);
    expect(timers.count).toBe(1);
    await timers.advance(21_000);
    expect(timers.count).toBe(0);
    expect(client.state.stage).toBe("error");
  });
});

it("ignores what the server should not have said", async () => {
  const { browser, client } = await inCall();
  browser.socket.sayRaw("{");
  browser.socket.sayRaw(new ArrayBuffer(3));
  browser.socket.say({ type: "barge_in", decision: "suspected" });
  expect(client.state.stage).toBe("live");
});
