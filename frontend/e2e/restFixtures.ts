/** A server for the pages' tests: answers of the REST API, typed by its schema, laid over a real browser's network. */

import { readFileSync } from "node:fs";
import path from "node:path";

import type { BrowserContext, Route } from "@playwright/test";

import type { components } from "../lib/api/schema";

type Schemas = components["schemas"];

const CONTRACTS = path.resolve(__dirname, "../../contracts");

/** The card of the contract's own example: what the back end's tests read, too. */
const anselm = (
  JSON.parse(readFileSync(path.join(CONTRACTS, "signalling/server/ready.json"), "utf8")) as Schemas["Ready"]
).persona;

export const personas: Schemas["PersonaCard"][] = [
  {
    ...anselm,
    slug: "helpful-assistant",
    name: "Juno",
    role: "Helpful assistant",
    description: "Short, friendly answers to everyday questions. Good for a first try.",
    shape: "juno",
    manner: "eager",
    manner_words: "Stops at your first word",
    voice_words: "Clear, medium pace",
  },
  anselm,
  {
    ...anselm,
    slug: "technical-interviewer",
    name: "Mira",
    role: "Technical interviewer",
    description: "Ten questions in about 25 minutes, scored with a report. Hints when you need them.",
    shape: "mira",
    adjusted: true,
    manner_words: "Lets “okay” pass",
    voice_words: "Bright, even",
    kind: "interview",
  },
  {
    ...anselm,
    slug: "empathetic-coach",
    name: "Sol",
    role: "Empathetic coach",
    description: "Listens first and asks short questions. Gives you room to think.",
    shape: "sol",
    manner: "patient",
    manner_words: "Lets “mm-hm” pass",
    voice_words: "Warm, slow",
  },
];

export const me: Schemas["Me"] = {
  user: { username: "priya", display_name: "Priya Raman", is_staff: false },
  preferences: { recording: false, silence_duration_ms: null, theme: "system" },
};

/** The browser's clock in these tests: Monday. */
export const NOW = new Date("2026-11-23T10:00:00Z");

const endedCall: Schemas["CallSummary"] = {
  id: "b7d4a1f0-52a1-4c36-8f0a-3a1f0f1c7d21",
  room_id: "2f6c1c1a-8a0f-4f0e-9d4b-0a4b7c3d9e55",
  persona: "technical-expert",
  persona_name: "Anselm",
  persona_version: 1,
  status: "ended",
  end_reason: "user_ended",
  started_at: "2026-11-23T09:12:00Z",
  ended_at: "2026-11-23T09:18:04Z",
  duration_seconds: 364,
  turn_count: 4,
  recording: false,
};

export const calls: Schemas["CallSummary"][] = [
  endedCall,
  {
    ...endedCall,
    id: "b7d4a1f0-52a1-4c36-8f0a-3a1f0f1c7d22",
    persona: "technical-interviewer",
    persona_name: "Mira",
    status: "lost",
    started_at: "2026-11-23T08:30:00Z",
    ended_at: null,
    duration_seconds: 478,
    turn_count: 11,
  },
  {
    ...endedCall,
    id: "b7d4a1f0-52a1-4c36-8f0a-3a1f0f1c7d23",
    persona: "helpful-assistant",
    persona_name: "Juno",
    started_at: "2026-11-22T08:05:00Z",
    duration_seconds: 201,
    turn_count: 9,
  },
  {
    ...endedCall,
    id: "b7d4a1f0-52a1-4c36-8f0a-3a1f0f1c7d24",
    persona: "empathetic-coach",
    persona_name: "Sol",
    started_at: "2026-11-20T21:14:00Z",
    duration_seconds: 662,
    turn_count: 18,
  },
  {
    ...endedCall,
    id: "b7d4a1f0-52a1-4c36-8f0a-3a1f0f1c7d25",
    persona: "helpful-assistant",
    persona_name: "Juno",
    status: "abandoned",
    end_reason: "nobody_came_back",
    started_at: "2026-11-20T13:02:00Z",
    duration_seconds: 41,
    turn_count: 2,
  },
];

const unmeasured: Schemas["TurnTimes"] = {
  end_of_turn_ms: null,
  stt_ms: null,
  llm_first_token_ms: null,
  tts_first_audio_ms: null,
  first_sound_ms: null,
  reply_latency_ms: null,
  voice_to_voice_ms: null,
  snr_db: null,
  clipping_percent: null,
};

function turn(number: number, said: Partial<Schemas["TurnBody"]>): Schemas["TurnBody"] {
  const reply = said.reply ?? "";
  return {
    turn_id: `00000000-0000-4000-8000-00000000000${number}`,
    utterance_id: said.transcript ? `00000000-0000-4000-9000-00000000000${number}` : null,
    number,
    started_at_ms: 2_000,
    ended_at_ms: null,
    transcript: "",
    reply,
    heard_upto: reply.length,
    interrupted: false,
    metrics: unmeasured,
    ...said,
  };
}

const cutReply =
  "Then I would look at the audit table first. A trigger that writes one row for every change would explain it, " +
  "and you can check that with the statement statistics, or you could";

export const call: Schemas["CallBody"] = {
  ...endedCall,
  sound: "none",
  barge_ins: [],
  barge_in_counts: { suspected: 0, held: 0, accepted: 0, rejected: {}, ducked_ms: 0, lost_ms: 0 },
  turns: [
    turn(1, { reply: "Hi Priya. What are we looking at today?" }),
    turn(2, {
      started_at_ms: 6_000,
      transcript: "Our nightly export got slow. It used to take four minutes, now it takes nearly forty.",
      reply: "Forty is a lot. Did it get slow in one night, or bit by bit over the weeks?",
      metrics: {
        ...unmeasured,
        end_of_turn_ms: 2_500,
        stt_ms: 310,
        llm_first_token_ms: 420,
        tts_first_audio_ms: 190,
        reply_latency_ms: 920,
        voice_to_voice_ms: 3_420,
        snr_db: 27,
        clipping_percent: 0,
      },
    }),
    turn(3, {
      started_at_ms: 24_000,
      transcript: "One night. Tuesday, right after we added the audit table.",
      reply: cutReply,
      heard_upto: cutReply.indexOf(" and you can check"),
      interrupted: true,
      metrics: {
        ...unmeasured,
        end_of_turn_ms: 2_500,
        stt_ms: 280,
        llm_first_token_ms: 390,
        tts_first_audio_ms: 200,
        reply_latency_ms: 870,
        voice_to_voice_ms: 3_370,
        snr_db: 26,
        clipping_percent: 0.1,
      },
    }),
    turn(4, {
      started_at_ms: 39_000,
      transcript: "Wait, it does have a trigger. One for each row, yes.",
      reply: "Good. Then measure it before changing anything.",
      metrics: {
        ...unmeasured,
        end_of_turn_ms: 2_500,
        stt_ms: 330,
        llm_first_token_ms: 740,
        tts_first_audio_ms: 210,
        reply_latency_ms: 1_280,
        voice_to_voice_ms: 3_710,
      },
    }),
  ],
};

/** What was said over the replies of that call. */
export const bargeIns: Schemas["BargeInBody"][] = [
  bargeIn(2, "rejected", "backchannel", "Mm-hm."),
  bargeIn(3, "accepted", "stop_word", "Wait."),
  bargeIn(4, "rejected", "noise", "Thank you."),
];

function bargeIn(
  turnNumber: number,
  decision: Schemas["BargeInBody"]["decision"],
  reason: string,
  words: string,
): Schemas["BargeInBody"] {
  const onset_at_ms = 10_000 * turnNumber;
  const look = {
    asked_at_ms: onset_at_ms + 640,
    answered_at_ms: onset_at_ms + 800,
    clip_ms: 900,
    words,
    avg_logprob: -0.4,
    no_speech_probability: 0.1,
    verdict: decision === "accepted" ? "stop" : "carry_on",
    reason,
  };
  return {
    candidate_id: `00000000-0000-4000-a000-00000000000${turnNumber}`,
    turn_id: `00000000-0000-4000-8000-00000000000${turnNumber}`,
    onset_at_ms,
    suspected_at_ms: onset_at_ms + 60,
    held_at_ms: null,
    decided_at_ms: onset_at_ms + 820,
    decision,
    reason,
    voiced_ms: 320,
    level_dbfs: -28,
    noise_floor_dbfs: -61,
    echo_dbfs: -47,
    caller_dbfs: -26,
    ducked_ms: 760,
    lost_ms: 0,
    probes: [look],
  };
}

export const room: Schemas["RoomBody"] = {
  id: "2f6c1c1a-8a0f-4f0e-9d4b-0a4b7c3d9e55",
  persona: "technical-expert",
  persona_name: "Anselm",
  is_active: true,
  created_at: "2026-11-23T10:00:00Z",
  open_call_id: null,
  ice_servers: [],
};

function interviewExample<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(CONTRACTS, `interviews/${name}.json`), "utf8")) as T;
}

export const report = interviewExample<Schemas["InterviewBody"]>("report");
export const openReport = interviewExample<Schemas["InterviewBody"]>("report.open");
export const correctedReport = interviewExample<Schemas["InterviewBody"]>("report.corrected");
export const practice = interviewExample<Schemas["PracticeBody"]>("practice");
export const interviews = interviewExample<Schemas["InterviewPage"]>("list");
const noInterviews: Schemas["InterviewPage"] = { items: [], count: 0 };

export const refusals = {
  notSignedIn: { detail: "You are not signed in.", code: "not_signed_in" },
  notFound: { detail: "Not found.", code: "not_found" },
  full: { detail: "All lines are busy. Try again in 20 seconds.", code: "at_capacity" },
} satisfies Record<string, Schemas["ErrorBody"]>;

const SAMPLE_RATE_HZ = 48_000;
const WAV_HEADER_BYTES = 44;

/** So many seconds of stereo silence, as a WAV file. */
export function silence(seconds: number): Buffer {
  const length = seconds * SAMPLE_RATE_HZ * 4;
  const file = Buffer.alloc(WAV_HEADER_BYTES + length);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + length, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(2, 22);
  file.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  file.writeUInt32LE(SAMPLE_RATE_HZ * 4, 28);
  file.writeUInt16LE(4, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(length, 40);
  return file;
}

type Answer = (route: Route) => Promise<void> | void;

export function json(body: unknown, status = 200): Answer {
  return (route) => route.fulfill({ status, json: body });
}

/** What each address answers, "METHOD path" to its answer; a test replaces the ones that it is about. */
const ANSWERS: Record<string, Answer> = {
  "GET /api/v1/csrf/": json({ csrf_token: "token-of-the-test" }),
  "GET /api/v1/me/": json(me),
  "PATCH /api/v1/me/preferences/": (route) =>
    route.fulfill({
      json: { ...me, preferences: { ...me.preferences, ...(route.request().postDataJSON() as object) } },
    }),
  "GET /api/v1/personas/": json(personas),
  "GET /api/v1/calls/": json({ items: calls, count: calls.length }),
  [`GET /api/v1/calls/${call.id}/`]: json(call),
  "GET /api/v1/interviews/": json(noInterviews),
  [`GET /api/v1/interviews/${report.id}/`]: json(report),
  "GET /api/v1/health/": json({ status: "ok", detail: null }),
  "POST /api/v1/rooms/": json(room, 201),
  [`GET /api/v1/rooms/${room.id}/`]: json(room),
  "GET /_allauth/browser/v1/auth/session": json({ status: 401, data: { flows: [] } }, 401),
};

/** Answers every request of the API; one that nobody expected fails the test by its 501. */
export async function serveApi(context: BrowserContext, changed: Record<string, Answer> = {}): Promise<void> {
  const answers = { ...ANSWERS, ...changed };
  await context.route(/\/(api|_allauth)\//, async (route) => {
    const request = route.request();
    const key = `${request.method()} ${new URL(request.url()).pathname}`;
    const answer = answers[key] ?? json({ detail: `No fixture for ${key}`, code: "no_fixture" }, 501);
    await answer(route);
  });
}

/** The cookie that the pages' guard looks for. */
export async function haveSession(context: BrowserContext, baseURL: string): Promise<void> {
  await context.addCookies([{ name: "sessionid", value: "session-of-the-test", url: baseURL }]);
}
