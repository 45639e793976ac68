import { describe, expect, it } from "vitest";

import {
  candidateMessage,
  mediaSettingsMessage,
  needsTicket,
  parseServerMessage,
  signalingUrl,
  type ClientMessage,
} from "./signaling";
import { examples } from "./testing/contracts";

describe("the server's messages", () => {
  it.each(examples("server"))("accepts the example $name as it is", ({ raw, message }) => {
    expect(parseServerMessage(raw)).toEqual(message);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["null", "null"],
    ["no type", "{}"],
    ["an unknown type", '{"type":"make_tea"}'],
    ["a type from the prototype", '{"type":"constructor"}'],
    ["a missing field", '{"type":"answer"}'],
    ["a field of the wrong kind", '{"type":"pong","at":"1","server_at_ms":1}'],
    ["an unknown decision", '{"type":"barge_in","candidate_id":"a","decision":"maybe","reason":"r"}'],
    ["an unknown phase", '{"type":"agent_state","state":"DREAMING","at_ms":1}'],
    ["a persona that is a list", '{"type":"ready","persona":[]}'],
  ])("takes %s for no message", (_what, raw) => {
    expect(parseServerMessage(raw)).toBeNull();
  });

  it("lets fields pass that a newer server adds", () => {
    expect(parseServerMessage('{"type":"answer","sdp":"v=0","mood":"fine"}')).toMatchObject({ sdp: "v=0" });
  });
});

describe("the page's messages", () => {
  const shapeOf = (message: object) => Object.keys(message).sort().join(" ");
  const shapes = new Set(examples("client").map(({ message }) => `${message.type}: ${shapeOf(message)}`));
  const built: ClientMessage[] = [
    { type: "offer", sdp: "v=0", restart: false },
    { type: "offer", sdp: "v=0", restart: true },
    candidateMessage({ candidate: "candidate:1", sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "4ZcD" }),
    candidateMessage(null),
    mediaSettingsMessage({ echoCancellation: true }, { muted: false, pushToTalk: true }),
    { type: "playback", state: "blocked" },
    { type: "playback", state: "started", playout_delay_ms: 86.4 },
    { type: "cancel_tts" },
    { type: "end_turn" },
    { type: "thinking" },
    { type: "thinking", seconds: 20 },
    { type: "user_text", text: "Hello" },
    { type: "end_call" },
    { type: "ping", at: 1 },
  ];

  it.each(built.map((message) => ({ type: message.type, message })))(
    "builds $type as the examples do",
    ({ message }) => {
      expect(shapes).toContain(`${message.type}: ${shapeOf(message)}`);
    },
  );

  it("knows every kind of message that the examples show", () => {
    const kinds = new Set(examples("client").map(({ message }) => message.type));
    expect(new Set(built.map(({ type }) => type))).toEqual(kinds);
  });

  it("says what the browser really did with the microphone", () => {
    const settings = { echoCancellation: "all", noiseSuppression: true } as unknown as MediaTrackSettings;
    expect(mediaSettingsMessage(settings, { muted: true, pushToTalk: true })).toEqual({
      type: "media_settings",
      echo_cancellation: true,
      noise_suppression: true,
      auto_gain_control: false,
      muted: true,
      push_to_talk: true,
    });
    expect(mediaSettingsMessage(null, { muted: false, pushToTalk: false })).toMatchObject({
      echo_cancellation: false,
      push_to_talk: false,
    });
  });
});

describe("where the socket is", () => {
  const page = "http://localhost:3000";
  it("speaks ws where the server speaks http, and keeps the trailing slash", () => {
    expect(signalingUrl("http://localhost:8000", "abc", page)).toBe("ws://localhost:8000/ws/signaling/abc/");
    expect(signalingUrl("https://api.example.org/", "abc", page)).toBe(
      "wss://api.example.org/ws/signaling/abc/",
    );
  });
  it("is the page's own origin where no other is named", () => {
    expect(signalingUrl("", "abc", "https://talk.example.org")).toBe(
      "wss://talk.example.org/ws/signaling/abc/",
    );
  });
  it("takes a ticket along, and escapes what it is given", () => {
    expect(signalingUrl("http://a:1", "x/y", page, "t&1")).toBe("ws://a:1/ws/signaling/x%2Fy/?ticket=t%261");
  });
  it("needs a ticket only on another host name", () => {
    expect(needsTicket("http://localhost:8000", page)).toBe(false);
    expect(needsTicket("", page)).toBe(false);
    expect(needsTicket("http://127.0.0.1:8000", page)).toBe(true);
  });
});
