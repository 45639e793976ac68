"""What does the caller get when a provider fails? Recogniser, model, voice × hang, error, empty, late, garbage.

    a turn that fails ──> what is shown, what is said, listening again ──> (what comes too late) ──> a turn that works

Real media; the stand-ins play the faults. A fault that is tried twice is played twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from ai_agent import live_calls
from ai_agent.ai_orchestrator import Timeouts
from ai_agent.audio_format import BYTES_PER_FRAME
from ai_agent.mock_providers.faults import Fault
from ai_agent.mock_providers.llm import MockLanguageModel
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.mock_providers.tts import MockTextToSpeech
from ai_agent.providers import CancelToken, ProviderError, Transcript, VoiceSettings
from ai_personas.models import Persona
from bench.calls.caller import Caller
from tests.shell.callers import Door, calling, door_of, guest, load_speech, seen

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_time,
    pytest.mark.usefixtures("calls_have_ended"),
]

LATE_SECONDS = 1.5
"""After every patience of these calls, and within the test."""
APOLOGY = "Sorry, something went wrong on my side. Could you ask me again?"
SPEECH = np.concatenate([load_speech()[: 48_000 * 3 // 2], np.zeros(48_000 // 2, np.int16)])
"""A second and a half, and a pause in which its last word arrives."""
HEARD = "Hello, this is a test of the call."
QUESTION = "What is a queue?"
NOT_TAKEN_UP = ["PROCESSING_USER", "AI_SPEAKING", "WAIT_FOR_USER"]
FAILURES: list[tuple[list[Fault], str]] = [
    (["hang"], "no {what} within {seconds} s"),
    (["error", "error"], "the stand-in was told to fail"),
    (["late"], "no {what} within {seconds} s"),
]
NOTHING: list[tuple[list[Fault], str]] = [
    (["empty", "empty"], "gave {nothing}"),
    (["garbage", "garbage"], "gave {garbage}"),
]


class QuickVoice(MockTextToSpeech):
    """Speaks fast, so that a test of what is said need not wait for it. Fails first, for answers only."""

    def __init__(self, faults: Sequence[Fault] = ()) -> None:
        super().__init__()
        self._failing = MockTextToSpeech(faults=faults, late_seconds=LATE_SECONDS)
        self._faults_left = len(faults)

    def synthesize(self, text: str, *, voice: VoiceSettings, cancel: CancelToken) -> AsyncIterator[bytes]:
        quick = replace(voice, pace=4.0)
        if self._faults_left and text.startswith("You said"):
            self._faults_left -= 1
            return self._failing.synthesize(text, voice=quick, cancel=cancel)
        return super().synthesize(text, voice=quick, cancel=cancel)


@dataclass(frozen=True)
class Shown:
    """What the browser was told in the course of one turn."""

    messages: list[dict[str, Any]]

    @property
    def phases(self) -> list[str]:
        return [message["state"] for message in self.messages if message["type"] == "agent_state"]

    @property
    def notices(self) -> list[tuple[str, str]]:
        return [(message["code"], message["message"]) for message in self.messages if message["type"] == "notice"]

    def final(self, role: str) -> list[str]:
        lines = [message for message in self.messages if message["type"] == "transcript" and message["final"]]
        return [line["text"] for line in lines if line["role"] == role]


class Turns:
    """One call, turn by turn."""

    def __init__(self, door: Door, caller: Caller, session: Any) -> None:
        self._door, self._caller, self.session = door, caller, session
        self._start = 0

    async def skip_greeting(self) -> None:
        await seen(self._caller, "agent_state", state="AI_SPEAKING")
        await self._door.send({"type": "cancel_tts"})
        await seen(self._caller, "transcript", role="assistant", final=True)

    async def speak(self) -> Shown:
        self._begin()
        await self._caller.voice.say(SPEECH)
        await self._door.send({"type": "end_turn"})
        return await self._until_listening_again()

    async def write(self) -> Shown:
        self._begin()
        await self._door.send({"type": "user_text", "text": QUESTION})
        return await self._until_listening_again()

    async def later(self) -> Shown:
        """What comes until long after the latest result."""
        self._begin()
        await asyncio.sleep(LATE_SECONDS)
        return Shown(self._caller.result.messages[self._start :])

    def _begin(self) -> None:
        self._start = len(self._caller.result.messages)

    async def _until_listening_again(self) -> Shown:
        async with asyncio.timeout(20):
            while True:
                shown = Shown(self._caller.result.messages[self._start :])
                if shown.phases[-1:] == ["WAIT_FOR_USER"] and shown.messages[-1]["type"] != "agent_state":
                    return shown
                await self._caller.next_message()


@pytest.fixture
async def turns(provide: Any, request: pytest.FixtureRequest) -> AsyncIterator[Turns]:
    """A call with the providers of the test's parameters, its greeting over."""
    provide(**{"tts": QuickVoice(), **request.param()})
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            call = Turns(door, caller, live_calls._sessions[UUID(me.room_id)])
            await call.skip_greeting()
            yield call


def recogniser(faults: list[Fault]) -> Any:
    return lambda: {"stt": MockSpeechToText(faults=faults, late_seconds=LATE_SECONDS)}


def model(faults: list[Fault]) -> Any:
    return lambda: {"llm": MockLanguageModel(faults=faults, late_seconds=LATE_SECONDS)}


def voice(faults: list[Fault]) -> Any:
    return lambda: {"tts": QuickVoice(faults)}


def with_reasons(make: Any, failures: Any, **words: str) -> list[Any]:
    """Each failure with the words that the caller reads about it."""
    return [pytest.param(make(faults), reason.format(**words), id=faults[0]) for faults, reason in failures]


RECOGNISERS = with_reasons(recogniser, FAILURES, what="transcript", seconds="0.6")
MODELS = with_reasons(
    model,
    FAILURES + NOTHING,
    what="token",
    seconds="0.5",
    nothing="nothing that can be said",
    garbage="nothing that can be said",
)
VOICES = with_reasons(
    voice, FAILURES + NOTHING, what="sound", seconds="0.5", nothing="no sound", garbage="something that is not speech"
)


@pytest.mark.parametrize(("turns", "reason"), RECOGNISERS, indirect=["turns"])
async def test_a_recogniser_that_fails_is_apologised_for_and_hears_the_next_words(turns: Turns, reason: str) -> None:
    failed = await turns.speak()
    assert failed.notices == [("transcription_failed", f"What you said could not be recognised: {reason}.")]
    assert failed.final("user") == []
    assert failed.final("assistant") == [APOLOGY]
    assert failed.phases == ["VALIDATING_UTTERANCE", *NOT_TAKEN_UP]
    await nothing_follows_and_the_next_words_are_heard(turns)


@pytest.mark.parametrize(
    "turns", [pytest.param(recogniser([fault]), id=fault) for fault in ("empty", "garbage")], indirect=True
)
async def test_a_recogniser_that_makes_out_no_words_is_shown_and_hears_the_next(turns: Turns) -> None:
    failed = await turns.speak()
    assert failed.notices == [("not_understood", "I could not make out any words.")]
    assert failed.final("user") == failed.final("assistant") == []
    assert failed.phases == ["VALIDATING_UTTERANCE", "WAIT_FOR_USER"]
    await nothing_follows_and_the_next_words_are_heard(turns)


async def nothing_follows_and_the_next_words_are_heard(turns: Turns) -> None:
    assert (await turns.later()).messages == []
    worked = await turns.speak()
    assert worked.final("user") == [HEARD]
    assert worked.final("assistant")[0].startswith("You said: Hello, this is a test of the call.")
    assert worked.notices == []


@pytest.mark.parametrize(("turns", "reason"), MODELS, indirect=["turns"])
async def test_a_language_model_that_fails_is_apologised_for_and_answers_the_next_question(
    turns: Turns, reason: str
) -> None:
    await is_apologised_for_once(turns, reason)


@pytest.mark.parametrize(("turns", "reason"), VOICES, indirect=["turns"])
async def test_a_voice_that_fails_is_apologised_for_and_speaks_the_next_answer(turns: Turns, reason: str) -> None:
    await is_apologised_for_once(turns, reason)


async def is_apologised_for_once(turns: Turns, reason: str) -> None:
    failed = await turns.write()
    assert failed.notices == [("reply_failed", f"There is no answer to this: {reason}.")]
    assert failed.final("assistant") == [APOLOGY]
    assert failed.phases == NOT_TAKEN_UP
    assert (await turns.later()).messages == []

    worked = await turns.write()
    [answer] = worked.final("assistant")
    assert answer.startswith("You said: What is a queue.")
    assert (worked.phases, worked.notices) == (NOT_TAKEN_UP, [])


class StumblingVoice(QuickVoice):
    """Gives half a frame of its first answer, and breaks."""

    def __init__(self) -> None:
        super().__init__()
        self._has_stumbled = False

    async def synthesize(self, text: str, *, voice: VoiceSettings, cancel: CancelToken) -> AsyncIterator[bytes]:
        async for sound in super().synthesize(text, voice=voice, cancel=cancel):
            if text.startswith("You said") and not self._has_stumbled:
                self._has_stumbled = True
                yield sound[: BYTES_PER_FRAME // 2]
                raise ProviderError(self.name, "the voice broke", retryable=False)
            yield sound


@pytest.mark.parametrize("turns", [lambda: {"tts": StumblingVoice()}], indirect=True)
async def test_words_that_were_shown_and_never_heard_are_taken_from_the_page(turns: Turns) -> None:
    failed = await turns.write()
    assert failed.notices == [("reply_failed", "There is no answer to this: the voice broke.")]
    assert failed.final("assistant") == ["", APOLOGY]
    shown, withdrawn = [
        message for message in failed.messages if message["type"] == "transcript" and message["role"] == "assistant"
    ][:2]
    assert shown["turn_id"] == withdrawn["turn_id"]
    assert shown["text"].startswith("You said") and not shown["final"]
    assert (await turns.write()).final("assistant")[0].startswith("You said: What is a queue.")


# ── results that come all the same ────────────────────────────────────────────────────────────────────────────────────


async def deaf_wait(seconds: float) -> None:
    """Wait to the end, whoever cancels."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (left := until - loop.time()) > 0:
        try:
            await asyncio.sleep(left)
        except asyncio.CancelledError:
            continue


class DeafRecogniser(MockSpeechToText):
    """Cannot be stopped: its first words come long after they were given up."""

    async def transcribe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
        self.calls.append(len(audio))
        if len(self.calls) > 1:
            return Transcript(HEARD)
        await deaf_wait(LATE_SECONDS)
        return Transcript("These words come too late.")


class DeafModel(MockLanguageModel):
    """Cannot be stopped either."""

    async def stream(self, *arguments: Any, **wishes: Any) -> AsyncIterator[str]:
        if not self.prompts:
            await deaf_wait(LATE_SECONDS)
        async for token in super().stream(*arguments, **{**wishes, "cancel": CancelToken()}):
            yield token


@contextmanager
def given_up_soon(turns: Turns, **deadlines: float) -> Iterator[None]:
    """The call itself gives up before the provider's own patience ends."""
    floor = turns.session._engine._floor
    usual = floor.policy
    floor.policy = replace(usual, **deadlines)
    yield
    floor.policy = usual


@pytest.mark.parametrize("turns", [lambda: {"stt": DeafRecogniser()}], indirect=True)
async def test_words_that_come_after_they_were_given_up_are_dropped_and_logged(
    turns: Turns, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "ai_agent.call_session"):
        with given_up_soon(turns, stt_deadline_seconds=0.3, stt_seconds_per_audio_second=0.0):
            failed = await turns.speak()
        assert failed.notices == [("transcription_failed", "What you said could not be recognised: it took too long.")]
        assert failed.final("assistant") == [APOLOGY]
        assert (await turns.later()).messages == []
    assert "a transcript came late" in caplog.text
    assert (await turns.speak()).final("user") == [HEARD]


@pytest.mark.parametrize("turns", [lambda: {"llm": DeafModel()}], indirect=True)
async def test_an_answer_that_comes_after_it_was_given_up_is_not_heard_but_logged(
    turns: Turns, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "ai_agent.call_session"):
        with given_up_soon(turns, reply_deadline_seconds=0.4):
            failed = await turns.write()
        assert failed.notices == [("reply_failed", "There is no answer to this: it took too long.")]
        assert failed.final("assistant") == [APOLOGY]
        assert (await turns.later()).messages == []
    assert caplog.text.count("a reply came late") == 1
    assert (await turns.write()).final("assistant")[0].startswith("You said: What is a queue.")


class CrashingRecogniser(MockSpeechToText):
    async def transcribe(self, *_: Any, **__: Any) -> Transcript:
        raise KeyError("a key of somebody's own")


class CrashingModel(MockLanguageModel):
    def stream(self, *_: Any, **__: Any) -> AsyncIterator[str]:
        raise KeyError("a key of somebody's own")

    async def prepare(self, *_: Any) -> None:
        raise KeyError("a key of somebody's own")


@pytest.mark.parametrize("turns", [lambda: {"stt": CrashingRecogniser(), "llm": CrashingModel()}], indirect=True)
async def test_providers_that_crash_do_not_end_the_call(turns: Turns) -> None:
    unheard, unanswered = await turns.speak(), await turns.write()
    assert unheard.notices == [("transcription_failed", "What you said could not be recognised: failed (KeyError).")]
    assert unanswered.notices == [("reply_failed", "There is no answer to this: failed (KeyError).")]
    assert unheard.final("assistant") == unanswered.final("assistant") == [APOLOGY]


async def test_a_turn_that_was_not_transcribed_when_the_line_went_is_mentioned_after_the_resume(provide: Any) -> None:
    provide(timeouts=Timeouts(), stt=MockSpeechToText(delay_ms=9_000))
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await door.send({"type": "cancel_tts"})
            await seen(caller, "speaking_state", speaker="agent", speaking=False)
            await caller.voice.say(load_speech())
            await door.send({"type": "end_turn"})
            await seen(caller, "agent_state", state="VALIDATING_UTTERANCE")
    async with door_of(me) as door:
        assert (await door.until("ready"))["resumed"]
        async with calling(door) as caller:
            said = await seen(caller, "transcript", role="assistant", final=True)
    persona = await Persona.objects.select_related("published_version").aget(slug="helpful-assistant")
    assert said["text"] == persona.published_version.configuration["lines"]["did_not_catch"]
