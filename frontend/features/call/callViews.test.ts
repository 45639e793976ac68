import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { CARRIED_ON_MS } from "./bargeIn";
import { endWords, summaryOf } from "./callOutcome";
import { CALL_KEPT_MS, INTERRUPTED_MS } from "./callState";
import { viewName, viewOf, type ViewName } from "./callViews";
import { captionOf } from "./captions";
import { serverExample } from "./testing/contracts";
import {
  Story,
  connecting,
  ended,
  failed,
  live,
  preflight,
  pushToTalk,
  reconnecting,
  speaking,
} from "./testing/story";

/** Every reason that the back end's own source ends a call with. */
function serverEndReasons(): string[] {
  const folder = path.resolve(import.meta.dirname, "../../../backend/ai_agent");
  const ends =
    /(?:\bend_call\(|"end_call", )reason="(\w+)"|\.end\("ended", "(\w+)"\)|\bends="(\w+)"|end_reason = "(\w+)"/g;
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".py"))
    .flatMap((file) => [...readFileSync(path.join(folder, file), "utf8").matchAll(ends)])
    .map((match) => match.slice(1).find((reason) => reason !== undefined) ?? "");
  return [...new Set(found)].sort();
}

const heard = (story: Story) => story.hear(serverExample<"transcript">("transcript.assistant"));
const cut = () =>
  speaking().hear(serverExample<"transcript">("transcript.interrupted")).phase("WAIT_FOR_USER");

const STORIES: Record<ViewName, () => Story> = {
  idle: () => new Story(),
  preflight,
  connecting: () => {
    const story = connecting();
    story.state = { ...story.state, persona: serverExample<"ready">("ready").persona };
    return story;
  },
  waiting: live,
  muted: () => live().tell({ type: "mute_pressed" }),
  pushToTalk,
  typing: () => live().tell({ type: "microphone_lost" }),
  listening: () => live().userSpeaks(true),
  silence: () => live().userSpeaks(true).wait(900).userSpeaks(false),
  takeTime: () => live().thinks(30),
  thinking: () => live().phase("VALIDATING_UTTERANCE"),
  speaking,
  ducked: () => speaking().bid("suspected"),
  holding: () => speaking().bid("suspected").bid("held"),
  carriedOn: () => speaking().bid("suspected").bid("rejected"),
  interrupted: cut,
  micsilent: () => live().hear(serverExample<"notice">("notice.no_microphone_sound")),
  autoplay: () => live().tell({ type: "playback_blocked" }),
  provider: () => live().hear(serverExample<"notice">("notice.reply_failed")),
  reconnecting,
  ended,
  error: () => reconnecting().tick(CALL_KEPT_MS),
};

/** The table of the design: state, phase words, line below, buttons. */
const TABLE: Record<Exclude<ViewName, "idle" | "ended">, [string, string, string]> = {
  preflight: [
    "May we use your microphone?",
    "Your browser asks next. Nothing is sent before you start the call.",
    "",
  ],
  connecting: ["Connecting", "Setting up the line to Anselm.", ""],
  waiting: ["Your turn", "Anselm is waiting for you to speak.", "think done"],
  muted: [
    "Your turn",
    "Your microphone is off, so Anselm hears nothing. Switch it on, or write instead.",
    "done",
  ],
  pushToTalk: ["Your turn", "Hold to talk. Anselm answers when you let go.", "talk"],
  typing: ["Your turn", "Anselm is waiting for you to write.", ""],
  listening: ["Listening", "Take your time. Anselm waits until you have finished.", "think done"],
  silence: [
    "Finished?",
    "Anselm answers when the ring is full. Keep talking and it starts again.",
    "think done",
  ],
  takeTime: ["Take your time", "The ring stands still. Speak when you are ready.", "think done"],
  thinking: ["Thinking", "Anselm heard you and is working out an answer. Speak to add something.", "stop"],
  speaking: ["Speaking", "Come in whenever you like.", "stopSpeaking"],
  ducked: ["Speaking, quietly", "Do you want to come in? Keep talking, or say “stop”.", "stopSpeaking"],
  holding: ["Holding", "Anselm has paused to let you speak.", "stopSpeaking"],
  carriedOn: ["Speaking", "Heard “mm-hm” and carried on.", "stopSpeaking"],
  interrupted: ["Go ahead", "Anselm stopped where you came in, and is listening.", "think done"],
  micsilent: ["No sound from you", "Nothing has reached us for 5 seconds.", "checkMicrophone"],
  autoplay: ["Sound is off", "Your browser waits for a tap before it plays sound.", "soundOn"],
  provider: ["Your turn", "Anselm could not answer just now. Please say that again.", "think done"],
  reconnecting: [
    "Reconnecting",
    "Attempt 1. Your call is kept for 60 s, and goes on where it stopped.",
    "tryNow",
  ],
  error: ["The connection was lost", "Everything up to 0:00 is saved.", ""],
};

describe("each state in words", () => {
  it.each(Object.entries(STORIES))("%s is reached", (name, story) => {
    expect(viewName(story().state)).toBe(name);
  });

  it.each(Object.entries(TABLE))("%s reads as the design says", (name, [phase, support, button]) => {
    const view = viewOf(STORIES[name as ViewName]().state);
    const buttons = [view.beside, view.button].filter((one) => one !== null).join(" ");
    expect([view.phase, view.support, buttons]).toEqual([phase, support, button]);
  });

  it("a microphone that the system silences is told until it sounds again, and not to whoever is muted", () => {
    const story = live().tell({ type: "microphone_silenced", isSilenced: true });
    expect(viewOf(story.state)).toMatchObject({
      name: "micsilent",
      support: "Your system gives us no sound from the microphone now.",
    });
    story.phase("AI_SPEAKING").phase("WAIT_FOR_USER");
    expect(viewName(story.state)).toBe("micsilent");
    expect(viewName(story.tell({ type: "mute_pressed" }).state)).toBe("muted");
    story.tell({ type: "mute_pressed" }).tell({ type: "microphone_silenced", isSilenced: false });
    expect(viewName(story.state)).toBe("waiting");
  });

  it("says what the server said of an offer, and counts to the next one", () => {
    const error = serverExample<"error">("error.bad_shape", {
      code: "too_many_offers",
      message: "Too many offers. Wait a moment.",
      retry_after: 30,
    });
    const words = "Too many offers. Wait a moment. The next try is in 20 s.";
    expect(viewOf(connecting().hear(error).tick(10_000).state).support).toBe(words);
    const away = live().tell({ type: "packets_stopped" }).hear(error).tick(10_000);
    expect(viewOf(away.state).support).toBe(words);
  });

  it("tells no story of a firewall where the server said what is wrong", () => {
    const error = serverExample<"error">("error.bad_shape", { code: "no_opus", message: "Opus is missing." });
    const story = connecting().hear(error).hear(error).hear(error);
    expect(viewOf(story.state)).toMatchObject({
      phase: "No connection",
      support: "Opus is missing.",
    });
    const archived = connecting().hear({ ...error, message: "Archived.", recoverable: false });
    archived.tell({ type: "socket_closed", code: 4404 });
    expect(viewOf(archived.state).support).toBe("Archived.");
    const mute = connecting();
    for (let tries = 0; tries < 3; tries += 1) mute.tell({ type: "offer_failed", reason: "no" });
    expect(viewOf(mute.state).support).toMatch(/^Your browser could not set up the sound/);
  });

  it("has words for each reason with which the server ends a call", () => {
    const told = serverEndReasons().map((reason) => [reason, endWords(reason, "Anselm")]);
    expect(Object.fromEntries(told)).toEqual({
      connection_lost: "The line was gone for too long.",
      idle: "Nothing was said for a long time, so Anselm hung up.",
      interview_finished: "All questions are done.",
      interview_paused: "It goes on where it stopped, if you come back within a day.",
      longest_call: "It reached the longest time that a call may take.",
      user_ended: "You ended it.",
    });
    expect(endWords("something_new", "Anselm")).toBe("Thank you for calling.");
  });

  it("processing is thinking as well, once something was said", () => {
    expect(viewName(heard(live()).phase("PROCESSING_USER").state)).toBe("thinking");
  });

  it("before the greeting the line is still being set up", () => {
    expect(viewName(live().phase("PROCESSING_USER").state)).toBe("connecting");
  });
});

describe("the ring of silence", () => {
  it("began when the user was last heard, not when the page was told", () => {
    const story = live().userSpeaks(true).wait(2_000).userSpeaks(false, 300);
    expect(story.state.silenceAt).toBe(story.now - 300);
  });
  it("is gone as soon as the user goes on, and when the turn is over", () => {
    expect(viewName(STORIES.silence().userSpeaks(true).state)).toBe("listening");
    expect(viewName(STORIES.silence().phase("VALIDATING_UTTERANCE").state)).toBe("thinking");
  });
  it("does not stand full for ever", () => {
    const story = STORIES.silence().tick(2_600);
    expect(viewName(story.state)).toBe("silence");
    expect(viewName(story.tick(1_500).state)).toBe("waiting");
  });
  it("does not begin before the user has said anything", () => {
    expect(viewName(live().userSpeaks(false).state)).toBe("waiting");
  });
});

it("“Go ahead” stands at once when the stop button was pressed", () => {
  const story = speaking().tell({ type: "stop_pressed" });
  expect(viewName(story.state)).toBe("speaking");
  expect(viewName(story.phase("WAIT_FOR_USER").state)).toBe("interrupted");
});

it("“Go ahead” gives way to the user's turn, and is read although who came in is speaking", () => {
  expect(viewName(cut().tick(INTERRUPTED_MS).state)).toBe("waiting");
  const spoken = speaking().bid("suspected").bid("accepted").phase("WAIT_FOR_USER").userSpeaks(true);
  expect(viewName(spoken.state)).toBe("interrupted");
  expect(viewName(spoken.tick(INTERRUPTED_MS).state)).toBe("listening");
});

describe("coming in", () => {
  const support = (story: Story) => viewOf(story.state).support;

  it("says how, for this persona and this microphone", () => {
    const strict = speaking();
    const persona = { ...serverExample<"ready">("ready").persona, manner: "stop-words-only" };
    strict.state = { ...strict.state, persona };
    expect(support(strict)).toBe("Say “stop” or “wait” to come in.");
    expect(support(strict.bid("suspected"))).toBe("Do you want to come in? Say “stop”.");
    const stop = "Stop gives you the floor at once.";
    expect(support(speaking().tell({ type: "mute_pressed" }))).toBe(stop);
    expect(support(speaking().tell({ type: "microphone_lost" }))).toBe(stop);
    expect(support(pushToTalk().phase("AI_SPEAKING"))).toBe("Hold to come in.");
  });

  it("says for two seconds that it was heard and was too short", () => {
    const story = speaking().bid("suspected").bid("rejected", { reason: "few_words" });
    expect(support(story)).toBe("Heard you and carried on.");
    const unheeded = speaking().bid("suspected").bid("rejected", { reason: "stop_words_only" });
    expect(support(unheeded)).toBe("Heard you and carried on. Say “stop” to come in.");
    expect(viewName(story.tick(CARRIED_ON_MS - 1).state)).toBe("carriedOn");
    expect(viewName(story.tick(1).state)).toBe("speaking");
  });

  it("says nothing of a click, a noise, an echo or somebody else", () => {
    for (const reason of ["click", "noise", "echo", "somebody_else", "unsure"]) {
      expect(viewName(speaking().bid("suspected").bid("rejected", { reason }).state)).toBe("speaking");
    }
  });
});

describe("push to talk", () => {
  it("holds the one button, and the one that stops the persona stands beside it", () => {
    const buttons = (story: Story) => [viewOf(story.state).beside, viewOf(story.state).button];
    expect(buttons(pushToTalk())).toEqual([null, "talk"]);
    expect(buttons(pushToTalk().phase("AI_SPEAKING"))).toEqual(["stopSpeaking", "talk"]);
    expect(buttons(pushToTalk().tell({ type: "playback_blocked" }))).toEqual([null, "soundOn"]);
    expect(buttons(pushToTalk().tell({ type: "microphone_lost" }))).toEqual([null, null]);
  });
  it("listens as long as it is held", () => {
    const story = pushToTalk().tell({ type: "talk_pressed" });
    expect(viewOf(story.state)).toMatchObject({
      name: "listening",
      support: "Let go when you have finished, and Anselm answers.",
    });
    expect(viewName(story.tell({ type: "talk_released" }).state)).toBe("pushToTalk");
  });
});

describe("failures in words", () => {
  it.each([
    [4401, "You were signed out", "Sign in to go on."],
    [4404, "This call does not exist", "It may be over, or belong to another account."],
    [4409, "The call goes on elsewhere", "You opened it in another window or on another device."],
    [4500, "Something failed on the server", "The call is kept for a minute. Call again to go on."],
  ])("%i", (code, phase, support) => {
    expect(viewOf(failed(code).state)).toMatchObject({ phase, support });
  });
  it("4429 counts down", () => {
    const story = connecting()
      .hear(serverExample<"error">("error.at_capacity"))
      .tell({ type: "socket_closed", code: 4429 });
    expect(viewOf(story.state)).toMatchObject({ phase: "All lines are busy", support: "Try again in 20 s." });
    expect(viewOf(story.tick(5_000).state).support).toBe("Try again in 15 s.");
    expect(viewOf(story.tick(15_000).state).support).toBe("Try again now.");
  });
  it("1012 says that the server restarts", () => {
    expect(viewOf(failed(1012).state).support).toMatch(/^Parley is restarting\. Attempt 1\./);
  });
  it("a refused microphone leaves the keyboard", () => {
    const story = preflight().tell({ type: "microphone_refused", problem: "NotReadableError" });
    expect(viewOf(story.state)).toMatchObject({ form: "noMicrophone", phase: "No microphone yet" });
  });
});

describe("the caption", () => {
  it("shows what was asked while the user has the floor", () => {
    const story = heard(speaking()).phase("WAIT_FOR_USER");
    expect(captionOf(story.state)).toMatchObject({
      lead: "Anselm asked",
      heard: "Did it get slow in one night, or bit by bit over the weeks?",
      isQuiet: true,
    });
  });
  it("shows the sentence in the air, coming words apart, at the persona's pace", () => {
    const text = "Good. Then measure it before changing anything at all.";
    const story = live().phase("AI_SPEAKING");
    story.hear(serverExample<"transcript">("transcript.assistant_speaking", { text })).tick(1_000);
    expect(captionOf(story.state)).toMatchObject({
      lead: null,
      heard: "Good. Then measure",
      unheard: expect.stringMatching(/^ it/) as unknown,
    });
    expect(captionOf(story.tick(10_000).state)).toMatchObject({ heard: text, unheard: "" });
  });
  it("stands while the persona is held, and goes on from there", () => {
    const text = "Good. Then measure it before changing anything at all.";
    const story = live().phase("AI_SPEAKING");
    story.hear(serverExample<"transcript">("transcript.assistant_speaking", { text })).wait(1_000);
    story.bid("suspected").bid("held").tick(5_000);
    expect(captionOf(story.state)).toMatchObject({ heard: "Good. Then measure" });
    story.bid("rejected").tick(400);
    expect(captionOf(story.state)).toMatchObject({ heard: "Good. Then measure it" });
  });
  it("shows what the user said while the persona thinks", () => {
    const story = live().phase("PROCESSING_USER").hear(serverExample<"transcript">("transcript.user"));
    expect(captionOf(story.state)).toMatchObject({ lead: "You said", isQuiet: true });
  });
  it("shows the cut where the user came in", () => {
    expect(captionOf(cut().state)).toMatchObject({
      isCut: true,
      heard: "Forty is a lot.",
      unheard: "Did it get slow in one",
    });
  });
  it("goes back to what was heard last when a reply was shown and never heard", () => {
    const story = heard(speaking())
      .phase("PROCESSING_USER")
      .hear(serverExample<"transcript">("transcript.assistant_speaking", { turn_id: "2" }))
      .hear(serverExample<"transcript">("transcript.withdrawn", { turn_id: "2" }))
      .phase("WAIT_FOR_USER");
    expect(captionOf(story.state)).toMatchObject({
      lead: "Anselm asked",
      heard: "Did it get slow in one night, or bit by bit over the weeks?",
    });
  });
  it("is empty before anything was said, and where it would distract", () => {
    expect(captionOf(live().state)).toBeNull();
    expect(captionOf(heard(speaking()).tell({ type: "socket_closed", code: 1006 }).state)).toBeNull();
  });
});

it("the summary counts turns and interruptions", () => {
  const story = cut().hear(serverExample<"transcript">("transcript.user")).wait(60_000);
  expect(summaryOf(story.tell({ type: "ticked" }).state)).toEqual({
    durationMs: 60_000,
    turnCount: 1,
    interruptionCount: 1,
  });
});
