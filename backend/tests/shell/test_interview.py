"""A whole interview's beginning over a real call: spoken answers, judged, scored, kept when its process is killed."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.conf import settings

from ai_agent import live_calls, question_banks
from ai_agent.audio_format import split_frames
from ai_agent.call_session import CallSession
from ai_agent.commands import Command, EvaluateAnswer
from ai_agent.interviewer.evaluator import Evaluation, evaluate
from ai_agent.live_providers.silero import load_speech_model
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.models import Call, InterviewQuestionState, InterviewSession
from ai_agent.providers import ProviderError
from ai_agent.question_banks import read_bank
from ai_agent.recordings import engine_ids, read_journal
from ai_agent.replay import replay
from tests.shell.banks import write_bank
from tests.shell.callers import TIMEOUT_SECONDS, Guest, calling, door_of, guest, load_speech, seen
from tests.shell.conftest import Provide

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_time,
    pytest.mark.usefixtures("calls_have_ended"),
]


class WordsByTheEvaluator:
    """Judges in no time, by words alone; fails as often as it is told to, and takes for ever where it `is_stuck`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failures = 0
        self.is_stuck = False

    async def evaluate(
        self, question: str, key_points: Any, answer: str, misconceptions: Any = (), *, cancel: Any = None
    ) -> Evaluation:
        self.asked.append(answer)
        if self.is_stuck:
            await asyncio.Future()
        if self.failures:
            self.failures -= 1
            raise ProviderError("answer-evaluation", "it broke", retryable=True)
        return evaluate(question, key_points, answer, misconceptions=misconceptions)


@pytest.fixture
def evaluator(monkeypatch: pytest.MonkeyPatch) -> WordsByTheEvaluator:
    judge = WordsByTheEvaluator()
    monkeypatch.setattr(live_calls.ENGINES, "evaluator", judge)
    return judge


@pytest.fixture
def recogniser(provide: Provide) -> MockSpeechToText:
    stt = MockSpeechToText()
    provide(stt=stt)
    return stt


@pytest.fixture(autouse=True)
def _own_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Three topics, as the preset asks for them."""
    for topic in ("python", "web-and-databases", "systems-and-networks"):
        write_bank(tmp_path, topic=topic)
    monkeypatch.setattr(question_banks, "BANKS", tmp_path)
    read_bank.cache_clear()
    yield
    read_bank.cache_clear()


async def candidate(**preferences: Any) -> Guest:
    return await guest("ada", persona="technical-interviewer", **preferences)


@database_sync_to_async
def questions() -> list[InterviewQuestionState]:
    return list(InterviewQuestionState.objects.all())


@database_sync_to_async
def interview() -> InterviewSession:
    return InterviewSession.objects.get()


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """From here on a session that ends leaves nothing: no state, no word that it was lost."""

    def kill() -> None:
        monkeypatch.setattr(CallSession, "_close_engine", lambda session, ending: None)

    return kill


async def test_two_spoken_questions_with_a_kill_between_have_the_points_of_the_table(
    recogniser: MockSpeechToText, evaluator: WordsByTheEvaluator, killed: Any
) -> None:
    me = await candidate()
    async with door_of(me) as door:
        assert (await door.until("ready"))["persona"]["kind"] == "interview"
        async with calling(door) as caller:
            await seen(caller, "interview", index=1, status="await_1")
            asked = await questions()
            recogniser._text = asked[0].entry["model_answer"]
            await caller.turn(load_speech())
            done = await seen(caller, "interview", index=1, status="done")
            await seen(caller, "interview", index=2, status="await_1")
            recogniser._text = asked[1].entry["points"][0]["wordings"][0]
            await caller.turn(load_speech())
            await seen(caller, "interview", index=2, status="hinting")
            killed()
    assert (done["score"], done["total"], done["stage"]) == (9, 10, "basic")

    async with door_of(me) as door:
        assert (await door.until("ready"))["resumed"]
        async with calling(door) as caller:
            await seen(caller, "interview", index=2, status="await_2")
            recogniser._text = asked[1].entry["points"][1]["wordings"][0]
            await caller.turn(load_speech())
            again = await seen(caller, "interview", index=2, status="done")
    assert (again["score"], again["hint_given"]) == (7, True)
    rows = await questions()
    assert [(row.points, len(row.attempts)) for row in rows[:3]] == [(9, 1), (7, 2), (None, 0)]
    assert [row.question_id for row in rows] == [row.question_id for row in asked]
    assert (await interview()).score == 16


async def until_kept() -> None:
    """The first question has an answer in its row."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not (await questions())[0].attempts:
            await asyncio.sleep(0.02)


async def test_an_answer_whose_process_was_killed_is_judged_by_the_next_one(
    recogniser: MockSpeechToText, evaluator: WordsByTheEvaluator, killed: Any
) -> None:
    """The candidate does not say it again."""
    me = await candidate()
    evaluator.is_stuck = True
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "interview", index=1, status="await_1")
            answer = (await questions())[0].entry["model_answer"]
            await door.send({"type": "user_text", "text": answer})
            await seen(caller, "interview", index=1, status="eval_1")
            await until_kept()
            killed()
    row = (await questions())[0]
    assert [(one["transcript"], one["outcome"]) for one in row.attempts] == [(answer, None)]

    evaluator.is_stuck = False
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            done = await seen(caller, "interview", index=1, status="done")
    assert (done["score"], len((await questions())[0].attempts)) == (9, 1)


async def test_an_evaluator_that_breaks_costs_the_candidate_nothing(
    recogniser: MockSpeechToText, evaluator: WordsByTheEvaluator
) -> None:
    me = await candidate()
    evaluator.failures = 2
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "interview", index=1, status="await_1")
            answer = (await questions())[0].entry["model_answer"]
            await door.send({"type": "user_text", "text": answer})
            done = await seen(caller, "interview", index=1, status="done")
    assert done["score"] == 9
    assert evaluator.asked == [answer, answer]


async def test_a_room_whose_interview_is_over_names_its_report(recogniser: MockSpeechToText) -> None:
    me = await candidate()
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "interview", index=1, status="asking")
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    over = await _finish()
    async with door_of(me) as door:
        error = await door.until("error")
        assert (error["code"], error["recoverable"]) == ("interview_over", False)
        assert f"/interviews/{over.id}" in error["message"]
        assert (await door.receive())["code"] == 4404


@database_sync_to_async
def _finish() -> InterviewSession:
    over = InterviewSession.objects.get()
    over.status, over.finished_at = "abandoned", over.active_at
    over.save()
    return over


async def test_an_interview_without_questions_says_so_at_the_door(recogniser: MockSpeechToText, tmp_path: Path) -> None:
    me = await candidate()
    (tmp_path / "software-engineering" / "web-and-databases.toml").unlink()
    async with door_of(me) as door:
        error = await door.until("error")
    assert error["code"] == "interview_unavailable"
    assert "no topic 'web-and-databases'" in error["message"]
    assert not await database_sync_to_async(Call.objects.begun().exists)()


async def test_a_recorded_interview_played_again_gives_every_command_again(
    recogniser: MockSpeechToText, evaluator: WordsByTheEvaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its questions, where it stood and what each answer was judged as are in the journal."""
    done: list[Command] = []
    perform = CallSession._perform
    monkeypatch.setattr(
        CallSession, "_perform", lambda session, wanted: (done.extend(wanted), perform(session, wanted))[1]
    )
    me = await candidate(recording=True)
    async with door_of(me) as door:
        ready = await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "interview", index=1, status="await_1")
            await door.send({"type": "user_text", "text": (await questions())[0].entry["model_answer"]})
            await seen(caller, "interview", index=2, status="await_1")
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    await asyncio.gather(*(session.finished() for session in list(live_calls._sessions.values())))
    await asyncio.to_thread(live_calls.flush_recordings)
    folder = Path(settings.RECORDINGS_DIR) / me.room_id / ready["call_id"]
    [path] = folder.glob("journal.*.jsonl")
    journal = read_journal(path)
    assert journal.setup.interview is not None
    engine = journal.setup.build(
        speech_model=load_speech_model(), new_id=engine_ids(journal.setup.call_id, journal.setup.epoch)
    )
    with wave.open(str(path.with_name(path.name.replace("journal", "raw").replace("jsonl", "wav")))) as sound:
        frames = split_frames(sound.readframes(sound.getnframes()))
    assert list(replay(engine, journal.facts, frames)) == done
    assert any(isinstance(command, EvaluateAnswer) for command in done)
