"""Does a call's work leave the engines as soon as nobody waits for it? Real pools, a call of pieces."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest

from ai_agent import commands
from ai_agent.ai_orchestrator import AIOrchestrator, PersonaScript, Timeouts
from ai_agent.call_outbox import CallOutbox
from ai_agent.call_work import CallWork
from ai_agent.engine_pool import EnginePool
from ai_agent.line_cache import LineCache
from ai_agent.mock_providers.end_of_turn import MockEndOfTurnModel
from ai_agent.mock_providers.faults import Fault
from ai_agent.mock_providers.llm import MockLanguageModel
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.mock_providers.tts import MockTextToSpeech
from ai_agent.providers import CancelToken, ChatMessage, ProviderError, Transcript
from ai_agent.webrtc import SpeakerTrack

LONGEST_SECONDS = 5.0


class PooledRecogniser(MockSpeechToText):
    """One thread and one place to wait, as small as an engine can be; the thread works while `gate` is shut."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = EnginePool("small", threads=1, max_waiting=1, wait_seconds=LONGEST_SECONDS)
        self.gate = threading.Event()

    async def transcribe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
        self.calls.append(len(audio))
        await self.pool.run(lambda _: self.gate.wait(LONGEST_SECONDS), cancel=cancel)
        return Transcript("These words were heard.")


class SlowReader(MockLanguageModel):
    """Needs for ever to read a prompt ahead."""

    def __init__(self) -> None:
        super().__init__(reply="Here I am.")
        self.is_reading = False

    async def prepare(self, messages: Sequence[ChatMessage]) -> None:
        self.is_reading = True
        try:
            await asyncio.Event().wait()
        finally:
            self.is_reading = False


class DeafModel(MockLanguageModel):
    """Writes on when it is told to stop."""

    async def stream(self, *arguments: Any, **wishes: Any) -> AsyncIterator[str]:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        for word in ("Too ", "late ", "now. "):
            yield word


class DeafVoice(MockTextToSpeech):
    """Speaks on when it is told to stop."""

    async def synthesize(self, text: str, **wishes: Any) -> AsyncIterator[bytes]:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        for _ in range(3):
            yield b"\1\0" * 960


class Listener:
    def __init__(self) -> None:
        self.facts: list[tuple[str, dict[str, object]]] = []
        self.failures: list[ProviderError] = []
        self.late_replies: list[str] = []

    async def process_user_utterance(self, **arguments: Any) -> None:
        self.on_fact("process_user_utterance", **arguments)

    def on_fact(self, fact: str, **arguments: object) -> None:
        self.facts.append((fact, arguments))

    def on_provider_failed(self, error: ProviderError) -> None:
        self.failures.append(error)

    def on_late_reply(self, turn_id: str) -> None:
        self.late_replies.append(turn_id)

    def names(self) -> list[str]:
        return [fact for fact, _ in self.facts]


class Call:
    """The parts of a call that its providers' work touches."""

    def __init__(
        self,
        *,
        stt: MockSpeechToText | None = None,
        llm: MockLanguageModel | None = None,
        tts: MockTextToSpeech | None = None,
        end_of_turn: MockEndOfTurnModel | None = None,
        timeouts: Timeouts | None = None,
        rows: asyncio.Event | None = None,
    ) -> None:
        """`rows`: when all that was asked for is in the database; nothing needs time there without it."""
        orchestrator = AIOrchestrator(
            script=PersonaScript(name="Juno", system_prompt="You are Juno."),
            stt=stt or MockSpeechToText(),
            llm=llm or MockLanguageModel(),
            tts=tts or MockTextToSpeech(),
            end_of_turn=end_of_turn,
            line_cache=LineCache(),
            timeouts=timeouts or Timeouts(prediction_seconds=0.05),
        )
        self.listener, self.tasks = Listener(), set[asyncio.Task[None]]()
        self.work = CallWork(
            orchestrator,
            SpeakerTrack(on_started=lambda _: None, on_finished=lambda *_: None),
            CallOutbox(self._send),
            listener=self.listener,
            spawn=self._spawn,
            until_written=rows.wait if rows else self._send,
            clock=lambda: 0.0,
        )

    async def _send(self, *_: str) -> None:
        """Rows and messages need no time here."""

    def _spawn(self, work: Any) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        return task

    async def settled(self) -> None:
        async with asyncio.timeout(LONGEST_SECONDS):
            await asyncio.gather(*self.tasks, return_exceptions=True)

    async def until(self, fact: str) -> None:
        async with asyncio.timeout(LONGEST_SECONDS):
            while fact not in self.listener.names():
                await asyncio.sleep(0.001)


@pytest.fixture
def recogniser() -> Iterator[PooledRecogniser]:
    stt = PooledRecogniser()
    yield stt
    stt.gate.set()
    stt.pool.close()


@pytest.fixture
async def call(recogniser: PooledRecogniser) -> AsyncIterator[Call]:
    call = Call(stt=recogniser, llm=SlowReader())
    yield call
    for task in call.tasks:
        task.cancel()
    await call.settled()


async def steps(count: int = 5) -> None:
    """Let whatever can go on do so."""
    for _ in range(count):
        await asyncio.sleep(0)


def turn(utterance_id: str) -> commands.TranscribeTurn:
    return commands.TranscribeTurn(utterance_id, f"turn-of-{utterance_id}", b"\0\0" * 960)


async def test_a_transcription_that_is_cancelled_gives_its_place_to_the_next(
    call: Call, recogniser: PooledRecogniser
) -> None:
    somebody_elses = asyncio.ensure_future(recogniser.transcribe(b"", language="en", cancel=CancelToken()))
    await steps()
    call.work.transcribe(turn("first"))
    await steps()
    call.work.cancel_transcription(commands.CancelTranscription("first"))
    await steps()
    call.work.transcribe(turn("second"))
    await steps()
    recogniser.gate.set()
    await call.until("process_user_utterance")
    assert [fact["utterance_id"] for _, fact in call.listener.facts] == ["second"]
    assert call.listener.failures == []
    await somebody_elses


async def test_a_transcription_that_is_cancelled_is_not_tried_again() -> None:
    class Failing(MockSpeechToText):
        async def transcribe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
            self.calls.append(len(audio))
            cancel.cancel()
            raise ProviderError("mock", "stopped", retryable=True)

    stt = Failing()
    script = PersonaScript(name="Juno", system_prompt="You are Juno.")
    subject = AIOrchestrator(script=script, stt=stt, llm=MockLanguageModel(), tts=MockTextToSpeech())
    with pytest.raises(ProviderError, match="stopped"):
        await subject.transcribe(b"\0\0", cancel=CancelToken())
    assert len(stt.calls) == 1


# ── probes ────────────────────────────────────────────────────────────────────────────────────────


class PooledProber(MockSpeechToText):
    """Looks at one clip at a time, as long as `gate` is shut."""

    def __init__(self) -> None:
        super().__init__(probe_text="Wait, stop.")
        self.pool = EnginePool("prober", threads=1, max_waiting=2, wait_seconds=LONGEST_SECONDS)
        self.gate = threading.Event()

    async def transcribe_probe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
        await self.pool.run(lambda _: self.gate.wait(LONGEST_SECONDS), cancel=cancel)
        return await super().transcribe_probe(audio, language=language, cancel=cancel)


@pytest.fixture
def prober() -> Iterator[PooledProber]:
    stt = PooledProber()
    yield stt
    stt.gate.set()
    stt.pool.close()


def look(number: int, candidate_id: str = "candidate", *, frames: int = 5) -> commands.TranscribeProbe:
    return commands.TranscribeProbe(candidate_id, number, b"\0\0" * 960 * frames)


async def test_a_probe_comes_back_with_its_words_and_how_sure_they_are() -> None:
    stt = MockSpeechToText(probe_text="Wait, stop.")
    call = Call(stt=stt, llm=MockLanguageModel())
    call.work.probe(look(2))
    await call.settled()
    assert call.listener.facts == [
        (
            "on_probe_transcribed",
            {
                "candidate_id": "candidate",
                "look": 2,
                "transcript": "Wait, stop.",
                "avg_logprob": -0.1,
                "no_speech_probability": 0.01,
                "is_doubtful": False,
                "alternatives": (),
            },
        )
    ]
    assert (stt.probes, stt.calls) == ([5 * 1_920], []), "a probe is no recognition of a turn"


@pytest.mark.parametrize(("fault", "reason"), [("error", "told to fail"), ("hang", "no verdict within 0.1 s")])
async def test_a_probe_that_fails_says_why_and_is_not_tried_again(fault: Fault, reason: str) -> None:
    stt = MockSpeechToText(faults=[fault])
    call = Call(stt=stt, llm=MockLanguageModel(), timeouts=Timeouts(probe_seconds=0.1))
    call.work.probe(look(1))
    await call.settled()
    [(fact, told)] = call.listener.facts
    assert (fact, told["candidate_id"], told["look"]) == ("on_probe_failed", "candidate", 1)
    assert reason in str(told["reason"])
    assert [failure.reason for failure in call.listener.failures] == [told["reason"]], "the log has it too"
    assert len(stt.probes) == 1


async def test_a_probe_of_nothing_that_can_be_read_is_no_words() -> None:
    call = Call(stt=MockSpeechToText(faults=["garbage"]), llm=MockLanguageModel())
    call.work.probe(look(1))
    await call.settled()
    [(fact, told)] = call.listener.facts
    assert (fact, told["transcript"]) == ("on_probe_transcribed", "")


async def test_a_newer_look_takes_the_place_of_the_older(prober: PooledProber) -> None:
    call = Call(stt=prober, llm=MockLanguageModel())
    busy = asyncio.ensure_future(prober.pool.run(lambda _: prober.gate.wait(LONGEST_SECONDS), cancel=CancelToken()))
    await steps()
    for number in range(1, 6):  # two places to wait: they would not do if nobody left them
        call.work.probe(look(number))
        await steps()
    prober.gate.set()
    await call.settled()
    assert [(fact, told["look"]) for fact, told in call.listener.facts] == [("on_probe_transcribed", 5)]
    assert call.listener.failures == []
    await busy


async def test_of_a_probe_that_nobody_waits_for_nothing_is_told(prober: PooledProber) -> None:
    call = Call(stt=prober, llm=MockLanguageModel())
    call.work.cancel_probe(commands.CancelProbe("candidate"))
    call.work.probe(look(1))
    await steps()
    call.work.cancel_probe(commands.CancelProbe("another"))
    call.work.cancel_probe(commands.CancelProbe("candidate"))
    call.work.cancel_probe(commands.CancelProbe("candidate"))
    prober.gate.set()
    await call.settled()
    assert (call.listener.facts, call.listener.failures, prober.probes) == ([], [], [])


async def test_the_end_of_one_candidate_leaves_the_probe_of_the_next(prober: PooledProber) -> None:
    call = Call(stt=prober, llm=MockLanguageModel())
    call.work.probe(look(1, "first"))
    await steps()
    call.work.probe(look(1, "second"))
    call.work.cancel_probe(commands.CancelProbe("first"))
    prober.gate.set()
    await call.settled()
    assert [told["candidate_id"] for _, told in call.listener.facts] == ["second"]


async def test_a_probe_and_a_turn_do_not_hold_each_other_up(prober: PooledProber) -> None:
    call = Call(stt=prober, llm=MockLanguageModel())
    call.work.probe(look(1))
    call.work.transcribe(turn("utterance"))
    await call.until("process_user_utterance")
    assert "on_probe_transcribed" not in call.listener.names()
    prober.gate.set()
    await call.settled()
    assert "on_probe_transcribed" in call.listener.names()


# ── replies ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_reply_takes_the_model_from_what_was_read_ahead(recogniser: PooledRecogniser) -> None:
    model = SlowReader()
    call = Call(stt=recogniser, llm=model)
    call.work.read_ahead()
    await steps()
    assert model.is_reading
    call.work.generate_reply(commands.GenerateReply("turn", "utterance", "Are you there?"))
    await call.until("on_reply_complete")
    assert not model.is_reading


async def test_what_is_read_ahead_is_not_begun_where_a_reply_follows_at_once(recogniser: PooledRecogniser) -> None:
    model = SlowReader()
    call = Call(stt=recogniser, llm=model)
    call.work.read_ahead()
    call.work.generate_reply(commands.GenerateReply("turn", "utterance", "Are you there?"))
    await call.until("on_reply_complete")
    assert not model.is_reading
    await call.settled()


ASKED = commands.GenerateReply("turn", "utterance", "Are you there?")


@pytest.mark.parametrize(
    "providers",
    [{"llm": DeafModel()}, {"llm": MockLanguageModel(reply="Here I am."), "tts": DeafVoice()}],
    ids=["words", "sound"],
)
async def test_of_a_reply_that_comes_after_it_was_given_up_nothing_is_taken_and_it_is_told_once(
    providers: dict[str, Any],
) -> None:
    call = Call(stt=MockSpeechToText(), **providers)
    call.work.generate_reply(ASKED)
    await steps(20)
    before = call.listener.names()
    call.work.cancel_reply(commands.CancelReply("turn"))
    await call.settled()
    assert call.listener.late_replies == ["turn"]
    assert call.listener.names() == before


async def test_a_reply_that_ends_when_it_is_told_to_is_not_late() -> None:
    call = Call(stt=MockSpeechToText(), llm=MockLanguageModel(reply="Here I am. And here I stay for a long time."))
    call.work.generate_reply(ASKED)
    await call.until("on_sound_queued")
    call.work.cancel_reply(commands.CancelReply("turn"))
    await call.settled()
    assert call.listener.late_replies == []


async def test_what_sounds_finished_is_told_with_the_utterance_that_was_asked_about() -> None:
    call = Call(end_of_turn=MockEndOfTurnModel(probability=0.97))
    call.work.predict_end(commands.PredictEndOfTurn("u1", b"\1\0" * 960))
    await call.settled()
    assert call.listener.facts == [("on_end_of_turn_predicted", {"utterance_id": "u1", "probability": 0.97})]


async def test_of_two_questions_only_the_newer_one_is_answered() -> None:
    call = Call(end_of_turn=MockEndOfTurnModel(delay_ms=5))
    for utterance_id in ("u1", "u2"):
        call.work.predict_end(commands.PredictEndOfTurn(utterance_id, b"\1\0" * 960))
        await asyncio.sleep(0)
    await call.settled()
    assert [arguments["utterance_id"] for _, arguments in call.listener.facts] == ["u2"]


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (MockEndOfTurnModel(faults=["error"]), "the stand-in was told to fail"),
        (MockEndOfTurnModel(faults=["hang"]), "no answer within 0.1 s"),
        (None, "there is no model"),
    ],
)
async def test_where_nobody_can_tell_nothing_is_told_and_the_log_says_why(
    model: MockEndOfTurnModel | None, reason: str
) -> None:
    call = Call(end_of_turn=model)
    call.work.predict_end(commands.PredictEndOfTurn("u1", b"\1\0" * 960))
    await call.settled()
    assert call.listener.facts == []
    assert [error.reason for error in call.listener.failures] == [reason]


# ── replies ───────────────────────────────────────────────────────────────────────────────────────


async def test_the_model_begins_while_rows_are_written_and_nothing_is_heard_before_they_are() -> None:
    written = asyncio.Event()
    call = Call(rows=written)
    call.work.generate_reply(commands.GenerateReply("turn", "utterance", "What is a rope?"))
    await call.until("on_sentence_started")
    await steps(50)
    assert "on_sound_queued" not in call.listener.names()
    written.set()
    await call.until("on_sound_queued")
    await call.settled()
