import { describe, expect, it } from "vitest";

import { TRANSITIONS, moved, type Move } from "./callStages";
import { CALL_KEPT_MS, CONNECT_DEADLINE_MS, IDLE, callMs, dialDelayMs, type CallStage } from "./callState";
import { ROOM_NOTICE_MS } from "./roomNotices";
import { mediaSettingsMessage, type ServerMessage } from "./signaling";
import { examples, serverExample } from "./testing/contracts";
import { HONEST_SETTINGS } from "./testing/fakeWires";
import {
  Story,
  connecting,
  ended,
  failed,
  live,
  preflight,
  ready,
  reconnecting,
  speaking,
} from "./testing/story";
import type { UntimedFact } from "./callClient";

const STAGES = Object.keys(TRANSITIONS) as CallStage[];
const MOVES: Move[] = ["ask", "dial", "line_up", "line_lost", "ended", "failed", "left"];

/** Columns as in MOVES; a dot where the move has no row. */
const DRAWN: Record<CallStage, string> = {
  idle: "preflight connecting . . . . .",
  preflight: "preflight connecting . . . . idle",
  connecting: ". . live . ended error idle",
  live: ". . . reconnecting ended error idle",
  reconnecting: ". . live . ended error idle",
  ended: "preflight connecting . . . . idle",
  error: "preflight connecting . . . . idle",
};

const STORIES: Record<CallStage, () => Story> = {
  idle: () => new Story(),
  preflight,
  connecting,
  live,
  reconnecting,
  ended,
  error: failed,
};

const message = (type: ServerMessage): UntimedFact => ({ type: "server_said", message: type });

const EVERY_FACT: UntimedFact[] = [
  { type: "start_pressed", speaking: true, deviceId: null },
  { type: "start_pressed", speaking: false, deviceId: null },
  { type: "microphone_opened", label: "m", settings: {}, deviceId: null },
  { type: "microphone_refused", problem: "NotAllowedError" },
  { type: "microphone_lost" },
  { type: "microphone_silenced", isSilenced: true },
  { type: "microphone_chosen", deviceId: "b" },
  ...[1000, 1006, 1012, 4401, 4404, 4409, 4429, 4500].map((code): UntimedFact => ({
    type: "socket_closed",
    code,
  })),
  ...examples("server").map((example) => message(example.message as unknown as ServerMessage)),
  { type: "peer_connected" },
  { type: "packets_stopped" },
  { type: "offer_failed", reason: "no" },
  { type: "playback_started" },
  { type: "playback_blocked" },
  { type: "playout_measured", delayMs: 80 },
  { type: "network_measured", network: { roundTripMs: 1, jitterMs: 1, lossPercent: 0 } },
  { type: "mute_pressed" },
  { type: "push_to_talk_chosen", on: true },
  { type: "talk_pressed" },
  { type: "talk_released" },
  { type: "done_pressed" },
  { type: "think_pressed" },
  { type: "stop_pressed" },
  { type: "text_sent", text: "Hello" },
  { type: "end_pressed" },
  { type: "try_now_pressed" },
  { type: "sound_pressed" },
  { type: "banner_closed" },
  { type: "ticked" },
  { type: "left" },
];

describe("the table", () => {
  it.each(STAGES)("has exactly these rows for %s", (stage) => {
    const cells = DRAWN[stage].split(" ");
    MOVES.forEach((move, index) => {
      const cell = cells[index];
      expect(moved({ ...IDLE, stage }, move)?.stage ?? ".", `${stage} ${move}`).toBe(cell);
    });
  });

  it.each(STAGES)("in %s every fact leads along a row, or stays", (stage) => {
    for (const fact of EVERY_FACT) {
      const before = STORIES[stage]();
      expect(before.state.stage).toBe(stage);
      const after = before.tell(fact).state.stage;
      // `start` over a finished microphone goes through two moves at once in no case: one fact, one row.
      const targets = [stage, ...Object.values(TRANSITIONS[stage])];
      expect(targets, `${stage} + ${fact.type}`).toContain(after);
    }
  });

  it("reaches every stage", () => {
    expect(STAGES.map((stage) => STORIES[stage]().state.stage)).toEqual(STAGES);
  });

  it("hangs up whenever a call is over", () => {
    for (const stage of STAGES) {
      for (const fact of EVERY_FACT) {
        const story = STORIES[stage]();
        const was = story.state.stage;
        const now = story.tell(fact).state.stage;
        const isOver = now !== was && (now === "ended" || now === "error" || now === "idle");
        if (isOver) expect(story.effects.at(-1), `${stage} + ${fact.type}`).toEqual({ type: "hang_up" });
      }
    }
  });
});

describe("the way in", () => {
  it("asks for the microphone first, dials then, offers when the server is ready", () => {
    const story = preflight();
    expect(story.effects).toEqual([{ type: "open_microphone", deviceId: null }]);
    story.tell({ type: "microphone_opened", label: "m", settings: HONEST_SETTINGS, deviceId: null });
    expect(story.effects).toEqual([{ type: "dial", afterMs: 0 }]);
    story.hear(serverExample<"ready">("ready"));
    expect(story.effects).toEqual([
      { type: "send", message: mediaSettingsMessage(HONEST_SETTINGS, { muted: false, pushToTalk: false }) },
      { type: "make_peer", iceServers: expect.any(Array) as unknown, restart: false },
    ]);
    story.hear(serverExample<"answer">("answer"));
    expect(story.effects[0]).toMatchObject({ type: "accept_answer" });
  });

  it("is live once the peers see each other and the server said whose move it is, in either order", () => {
    expect(ready().tell({ type: "peer_connected" }).state.stage).toBe("connecting");
    expect(ready().tell({ type: "peer_connected" }).phase("PROCESSING_USER").state.stage).toBe("live");
    expect(ready().phase("PROCESSING_USER").tell({ type: "peer_connected" }).state.stage).toBe("live");
  });

  it("opens no microphone for a person who types", () => {
    const story = new Story().tell({ type: "start_pressed", speaking: false, deviceId: null });
    expect(story.state.stage).toBe("connecting");
    expect(story.effects).toEqual([{ type: "use_silence" }, { type: "dial", afterMs: 0 }]);
  });

  it("stays before the call where the microphone is refused, and lets the person type instead", () => {
    const story = preflight().tell({ type: "microphone_refused", problem: "NotAllowedError" });
    expect(story.state).toMatchObject({ stage: "preflight", microphone: { kind: "refused" } });
    story.tell({ type: "start_pressed", speaking: false, deviceId: null });
    expect(story.state).toMatchObject({ stage: "connecting", microphone: { kind: "none" } });
  });

  it("lets go of a microphone that comes after the person left", () => {
    const story = preflight().tell({ type: "left" });
    story.tell({ type: "microphone_opened", label: "m", settings: {}, deviceId: null });
    expect(story.state.stage).toBe("idle");
    expect(story.effects).toEqual([{ type: "hang_up" }]);
  });

  const refused = (code: string, fields = {}) =>
    serverExample<"error">("error.bad_shape", {
      code,
      message: "Too many offers. Wait a moment.",
      ...fields,
    });
  const offer = { type: "make_peer", iceServers: null, restart: true };

  it("offers again when the server wants to hear it, however long that is, and no sooner", () => {
    const story = ready().hear(refused("too_many_offers", { retry_after: 42 }));
    expect(story.tick(41_999).effects).toEqual([]);
    expect(story.state).toMatchObject({ stage: "connecting", banner: null });
    expect(story.tick(1).effects).toEqual([offer]);
    expect(story.tick(5_000).effects).toEqual([]);
    story.tell({ type: "peer_connected" }).phase("WAIT_FOR_USER");
    expect(story.state).toMatchObject({ stage: "live", offerAgain: null, refusal: null });
  });

  it("waits on also where the server closes a socket that may not offer yet", () => {
    const story = ready().hear(refused("too_many_offers", { retry_after: 42 }));
    story.tick(30_000).tell({ type: "socket_closed", code: 1000 });
    expect(story.effects).toEqual([{ type: "dial", afterMs: 100 }]);
    story.hear(serverExample<"ready">("ready"));
    expect(story.effects.map(({ type }) => type)).toEqual(["send"]);
    expect(story.tick(12_000).effects).toEqual([offer]);
  });

  it("offers again a moment later where the server does not say when", () => {
    const story = ready().hear(refused("too_many_offers"));
    expect(story.tick(4_999).effects).toEqual([]);
    expect(story.tick(1).effects).toEqual([offer]);
  });

  it("keeps waiting on the same line where one offer too many was made for a lost one", () => {
    const story = live().tell({ type: "packets_stopped" });
    story.hear(refused("too_many_offers", { retry_after: 30 }));
    expect(story.tick(29_999).effects).toEqual([]);
    expect(story.tick(1).effects).toEqual([offer]);
    expect(story.state).toMatchObject({ stage: "reconnecting", reconnect: { cause: "media" } });
  });

  it.each([
    ["the server refuses", () => refused("bad_media", { message: "An offer holds one microphone." })],
    ["the browser cannot make", () => null],
  ])("makes three offers that %s, then says so", (_who, refusal) => {
    const story = ready();
    const isRefused = () => {
      const error = refusal();
      return error ? story.hear(error) : story.tell({ type: "offer_failed", reason: "no" });
    };
    isRefused();
    expect(story.tick(1_000).effects).toEqual([offer]);
    isRefused();
    expect(story.tick(1_000).effects).toEqual([offer]);
    expect(isRefused().state).toMatchObject({ stage: "error", failure: { kind: "refused" } });
    expect(story.state.failure?.message).toBe(refusal()?.message ?? null);
    expect(story.effects).toEqual([{ type: "hang_up" }]);
  });

  it("dials again where the first socket does not open, and gives up in the end", () => {
    const story = connecting().tell({ type: "socket_closed", code: 1006 });
    expect(story.effects).toEqual([{ type: "dial", afterMs: 100 }]);
    expect(story.state.stage).toBe("connecting");
    story.tick(CONNECT_DEADLINE_MS);
    expect(story.state).toMatchObject({ stage: "error", failure: { kind: "unreachable" } });
  });
});

describe("a line that is lost", () => {
  it("dials at once, then after 100, 250, 500 ms, then every second", () => {
    expect([1, 2, 3, 4, 5, 50].map(dialDelayMs)).toEqual([0, 100, 250, 500, 1000, 1000]);
    const story = reconnecting();
    const waits = [story.effects];
    for (let attempt = 0; attempt < 4; attempt += 1)
      waits.push(story.tell({ type: "socket_closed", code: 1006 }).effects);
    expect(waits.flat()).toEqual([0, 100, 250, 500, 1000].map((afterMs) => ({ type: "dial", afterMs })));
    expect(story.state.reconnect?.attempt).toBe(5);
  });

  it("goes on where the server says that it goes on", () => {
    const story = reconnecting().wait(700).hear(serverExample<"ready">("ready.resumed"));
    expect(story.effects.at(-1)).toMatchObject({ type: "make_peer", restart: true });
    expect(story.state.lines).toHaveLength(3);
    story.tell({ type: "peer_connected" }).phase("WAIT_FOR_USER");
    expect(story.state).toMatchObject({ stage: "live", reconnect: null, banner: null });
  });

  it("says so where the server has begun another call", () => {
    const story = reconnecting().hear(serverExample<"ready">("ready", { call_id: "another" }));
    expect(story.state).toMatchObject({ callId: "another", lines: [], banner: { code: "new_call" } });
  });

  it("keeps the call's clock standing, as the server does", () => {
    const story = live().wait(5_000).tell({ type: "socket_closed", code: 1006 });
    expect(callMs(story.state)).toBe(5_000);
    expect(callMs(story.tick(3_000).state)).toBe(5_000);
    story.hear(serverExample<"ready">("ready.resumed")).tell({ type: "peer_connected" });
    story.hear({ type: "agent_state", state: "WAIT_FOR_USER", at_ms: 5_000 }).tick(1_000);
    expect(callMs(story.state)).toBe(6_000);
  });

  it("is given up after the minute for which the server keeps it", () => {
    const story = reconnecting().tick(CALL_KEPT_MS - 1);
    expect(story.state.stage).toBe("reconnecting");
    expect(story.tick(1).state).toMatchObject({ stage: "error", failure: { kind: "lost" } });
  });

  it("tries another attempt where one hangs, and at once when asked", () => {
    expect(reconnecting().tick(5_000).effects).toEqual([{ type: "dial", afterMs: 0 }]);
    expect(reconnecting().tell({ type: "try_now_pressed" }).effects).toEqual([{ type: "dial", afterMs: 0 }]);
    expect(live().tell({ type: "try_now_pressed" }).effects).toEqual([]);
  });

  it("keeps the socket and makes a new peer where only the packets stop; the socket goes after three tries", () => {
    const story = live().tell({ type: "packets_stopped" });
    const offer = { type: "make_peer", iceServers: null, restart: true };
    expect(story.effects).toEqual([offer]);
    expect(story.tick(5_000).effects).toEqual([offer]);
    expect(story.tick(5_000).effects).toEqual([offer]);
    expect(story.tick(5_000).effects).toEqual([{ type: "dial", afterMs: 0 }]);
  });

  it("believes the server that says so", () => {
    const said = serverExample<"notice">("notice.line_lost");
    expect(live().hear(said).state).toMatchObject({ stage: "reconnecting", reconnect: { cause: "media" } });
  });

  it("makes one offer, not two, where page and server both notice", () => {
    const story = live().tell({ type: "packets_stopped" });
    expect(story.tell({ type: "packets_stopped" }).effects).toEqual([]);
  });
});

describe("the ends of a socket", () => {
  it.each([
    [4401, "signed_out"],
    [4404, "no_room"],
    [4409, "taken_over"],
    [4500, "server"],
  ])("%i is final: %s", (code, kind) => {
    expect(failed(code).state).toMatchObject({ stage: "error", failure: { kind } });
    expect(connecting().tell({ type: "socket_closed", code }).state.failure?.kind).toBe(kind);
  });

  it("4429 says when to try again", () => {
    const story = connecting()
      .hear(serverExample<"error">("error.at_capacity"))
      .tell({ type: "socket_closed", code: 4429 });
    expect(story.state.failure).toEqual({
      kind: "busy",
      code: "at_capacity",
      message: "All lines are busy. Try again in 20 s.",
      retryAt: story.now + 20_000,
    });
  });

  it("1012 is a restart: the page dials until the server is back", () => {
    expect(live().tell({ type: "socket_closed", code: 1012 }).state).toMatchObject({
      stage: "reconnecting",
      reconnect: { cause: "restart" },
    });
  });
});

describe("in the call", () => {
  it("done, stop and text are sent when they mean something", () => {
    expect(live().tell({ type: "done_pressed" }).effects).toMatchObject([{ message: { type: "end_turn" } }]);
    expect(live().tell({ type: "stop_pressed" }).effects).toEqual([]);
    expect(speaking().tell({ type: "done_pressed" }).effects).toEqual([]);
    expect(speaking().tell({ type: "stop_pressed" }).effects).toMatchObject([
      { message: { type: "cancel_tts" } },
    ]);
    expect(live().phase("PROCESSING_USER").tell({ type: "stop_pressed" }).effects).toHaveLength(1);
    expect(live().tell({ type: "text_sent", text: "  hello " }).effects).toMatchObject([
      { message: { text: "hello" } },
    ]);
    expect(live().tell({ type: "text_sent", text: "  " }).effects).toEqual([]);
    expect(reconnecting().tell({ type: "text_sent", text: "hello" }).effects).toEqual([]);
  });

  it("mute switches the track and tells the server", () => {
    const story = live().tell({ type: "mute_pressed" });
    expect(story.effects).toEqual([
      { type: "set_muted", muted: true },
      { type: "send", message: mediaSettingsMessage(HONEST_SETTINGS, { muted: true, pushToTalk: false }) },
    ]);
    expect(story.tell({ type: "mute_pressed" }).state.muted).toBe(false);
  });

  it("a muted person is not told that the microphone is silent", () => {
    const notice = serverExample<"notice">("notice.no_microphone_sound");
    expect(live().hear(notice).state.micSilent).toBe(true);
    expect(live().tell({ type: "mute_pressed" }).hear(notice).state.micSilent).toBe(false);
  });

  it("goes on without a microphone that was pulled out", () => {
    const story = live().tell({ type: "microphone_lost" });
    expect(story.state).toMatchObject({ stage: "live", microphone: { problem: "NotFoundError" } });
    expect(story.effects[0]).toEqual({ type: "use_silence" });
    story.tell({ type: "microphone_chosen", deviceId: "b" });
    expect(story.effects).toEqual([{ type: "open_microphone", deviceId: "b" }]);
    story.tell({ type: "microphone_opened", label: "b", settings: {}, deviceId: "b" });
    expect(story.state.microphone).toMatchObject({ kind: "open", label: "b", deviceId: "b" });
  });

  it("keeps the microphone that works where another one does not open", () => {
    const before = live();
    const { microphone } = before.state;
    const story = before.tell({ type: "microphone_chosen", deviceId: "busy" });
    story.tell({ type: "microphone_refused", problem: "NotReadableError" });
    expect(story.effects).toEqual([]);
    expect(story.state.microphone).toEqual(microphone);
    expect(story.state.banner).toMatchObject({
      title: "Another program is using the microphone.",
      detail: "You are still heard through “MacBook Pro Microphone”.",
    });
  });

  it("takes another microphone while the line is being opened, and while it is away", () => {
    for (const story of [connecting(), reconnecting()]) {
      story.tell({ type: "microphone_chosen", deviceId: "b" });
      expect(story.effects).toEqual([{ type: "open_microphone", deviceId: "b" }]);
      const was = story.state.stage;
      story.tell({ type: "microphone_opened", label: "b", settings: {}, deviceId: "b" });
      expect(story.state).toMatchObject({ stage: was, microphone: { label: "b" } });
    }
  });

  it("tells the server what the loudspeaker does", () => {
    expect(live().tell({ type: "playback_blocked" }).effects).toMatchObject([
      { message: { state: "blocked" } },
    ]);
    expect(live().tell({ type: "sound_pressed" }).effects).toEqual([{ type: "play" }]);
    expect(live().tell({ type: "playout_measured", delayMs: 86.4 }).effects).toMatchObject([
      { message: { state: "started", playout_delay_ms: 86.4 } },
    ]);
  });

  it("keeps one line a turn and a voice, at the time at which it began", () => {
    const story = speaking().hear(serverExample<"transcript">("transcript.assistant"));
    expect(story.state.lines).toMatchObject([{ final: true, atMs: 10_980 }]);
  });

  it("forgets a line whose reply was given up before any of it was heard", () => {
    const story = live()
      .phase("PROCESSING_USER")
      .hear(serverExample<"transcript">("transcript.user"))
      .hear(serverExample<"transcript">("transcript.assistant_speaking"))
      .hear(serverExample<"transcript">("transcript.withdrawn"));
    expect(story.state.lines).toMatchObject([{ role: "user", final: true }]);
    story.hear(serverExample<"transcript">("transcript.withdrawn"));
    expect(story.state.lines).toHaveLength(1);
  });

  it("puts the joined words of a reopened turn in the place of the first ones", () => {
    const first = serverExample<"transcript">("transcript.user");
    const story = live()
      .hear(first)
      .hear({ ...first, utterance_id: "joined", text: `${first.text} Since Tuesday.` });
    expect(story.state.lines).toHaveLength(1);
    expect(story.state.lines[0]?.text).toMatch(/Since Tuesday\.$/);
  });

  it("learns how fast the persona speaks from a whole reply", () => {
    const story = speaking().wait(5_000).hear(serverExample<"transcript">("transcript.assistant"));
    expect(story.state.charactersPerSecond).toBeCloseTo(75 / 5);
    expect(
      speaking().wait(5_000).hear(serverExample<"transcript">("transcript.interrupted")).state
        .charactersPerSecond,
    ).toBe(IDLE.charactersPerSecond);
  });
});

describe("the way out", () => {
  it("asks the server to end, and ends when it says so", () => {
    const story = live().tell({ type: "end_pressed" });
    expect(story.sent.at(-1)).toBe("end_call");
    expect(story.state.stage).toBe("live");
    expect(story.tell({ type: "end_pressed" }).effects).toEqual([]);
    story.hear(serverExample<"call_ended">("call_ended"));
    expect(story.state).toMatchObject({ stage: "ended", endReason: "user_ended" });
  });

  it("does not wait for a server that does not answer", () => {
    expect(live().tell({ type: "end_pressed" }).tick(2_000).state.stage).toBe("ended");
    expect(live().tell({ type: "end_pressed" }).tell({ type: "socket_closed", code: 1006 }).state.stage).toBe(
      "ended",
    );
    expect(reconnecting().tell({ type: "end_pressed" }).state.stage).toBe("ended");
    expect(connecting().tell({ type: "end_pressed" }).state.stage).toBe("ended");
  });

  it("keeps the call's length, and begins anew with another", () => {
    const story = live().wait(47_000).hear(serverExample<"call_ended">("call_ended")).wait(9_000);
    expect(callMs(story.tell({ type: "ticked" }).state)).toBe(47_000);
    story.tell({ type: "start_pressed", speaking: true, deviceId: null });
    expect(story.state).toMatchObject({
      stage: "preflight",
      lines: [],
      endedMs: null,
      persona: { name: "Anselm" },
    });
  });

  it("ends a call whose page goes away", () => {
    const story = live().tell({ type: "left" });
    expect(story.effects).toEqual([{ type: "send", message: { type: "end_call" } }, { type: "hang_up" }]);
    expect(story.state.stage).toBe("idle");
  });

  it("drops what comes after the end", () => {
    const story = ended()
      .phase("AI_SPEAKING")
      .tell({ type: "peer_connected" })
      .tell({ type: "socket_closed", code: 1006 });
    expect(story.state.stage).toBe("ended");
    expect(story.effects).toEqual([]);
  });
});

it("keeps the last events for developers, and no words of the call", () => {
  const story = live().hear(serverExample<"transcript">("transcript.user"));
  for (let index = 0; index < 200; index += 1) story.userSpeaks(index % 2 === 0);
  expect(story.state.events).toHaveLength(80);
  expect(JSON.stringify(story.state.events)).not.toMatch(/nightly/);
});

describe("the room around the person", () => {
  const told = (code: string) => serverExample<"notice">(`notice.${code}`);

  it.each([
    ["loud_room", "It is loud around you.", "A quieter place or a headset helps."],
    ["too_quiet", "You are hard to hear.", "Come closer to the microphone, or raise its level."],
    ["clipping", "You are too loud for the microphone.", "Move back a little, or lower its level."],
  ])("%s is told with what helps against it", (code, title, detail) => {
    expect(live().hear(told(code)).state.banner).toMatchObject({ tone: "warn", code, title, detail });
  });

  it("stays while the person speaks on, and while the turn goes on", () => {
    const story = live().userSpeaks(true).hear(told("clipping"));
    story.userSpeaks(false).userSpeaks(true);
    expect(story.phase("VALIDATING_UTTERANCE").state.banner?.code).toBe("clipping");
  });

  it("goes when the trouble is over, and leaves another notice alone", () => {
    expect(live().hear(told("loud_room")).hear(told("room_ok")).state.banner).toBeNull();
    const story = live().hear(told("about_to_end")).hear(told("room_ok"));
    expect(story.state.banner?.code).toBe("about_to_end");
  });

  it("goes by itself when there was time to read it, and others do not", () => {
    const story = live().hear(told("too_quiet"));
    expect(story.tick(ROOM_NOTICE_MS - 1).state.banner?.code).toBe("too_quiet");
    expect(story.tick(1).state.banner).toBeNull();
    expect(
      live()
        .hear(told("about_to_end"))
        .tick(10 * ROOM_NOTICE_MS).state.banner,
    ).not.toBeNull();
  });

  it("is no matter for who is muted, or has no microphone", () => {
    const muted = live().hear(told("loud_room")).tell({ type: "mute_pressed" });
    expect(muted.state.banner).toBeNull();
    expect(muted.hear(told("loud_room")).state.banner).toBeNull();
    expect(live().tell({ type: "microphone_lost" }).hear(told("loud_room")).state.banner).toBeNull();
  });

  it("does not hide that something has to be said again", () => {
    const story = live().hear(told("reply_failed")).hear(told("loud_room"));
    expect(story.state.banner?.code).toBe("reply_failed");
  });

  it("says why nothing was understood until the person speaks again", () => {
    const story = live().phase("VALIDATING_UTTERANCE").hear(told("not_understood_loud_room"));
    story.phase("PROCESSING_USER").phase("AI_SPEAKING").phase("WAIT_FOR_USER");
    expect(story.state.banner).toMatchObject({
      tone: "warn",
      title: "I could not make out any words.",
      detail: "It is loud around you. A quieter place or a headset helps.",
    });
    expect(story.userSpeaks(true).state.banner).toBeNull();
  });
});
