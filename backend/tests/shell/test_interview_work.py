"""An answer on its way to whoever judges it, and what is said on its way to the voice."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import UUID

import pytest

from ai_agent import commands, interview_calls, log_markers
from ai_agent.call_log import CallLog
from ai_agent.call_work import CallWork
from ai_agent.interview_calls import InterviewCall
from ai_agent.interviewer.evaluator import Evaluation
from ai_agent.interviewer.packing import parse_evaluation
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.mock_providers.tts import MockTextToSpeech
from ai_agent.providers import CancelToken, ProviderError, Transcript
from tests.core.interviews import judged, plan, question
from tests.shell.test_call_work import Call, steps, turn

ASKED = commands.EvaluateAnswer("turn", "utterance", "python-tuples", "They are in order.")


class Judge:
    """Answers when it is let, or fails."""

    def __init__(self, *, fails: bool = False) -> None:
        self.may_answer = asyncio.Event()
        self.fails = fails
        self.asked: list[tuple[Any, ...]] = []

    async def evaluate(self, *asked: Any, cancel: CancelToken | None = None) -> Evaluation:
        self.asked.append(asked)
        await self.may_answer.wait()
        if self.fails:
            raise ProviderError("answer-evaluation", "it broke", retryable=True)
        return judged("partial")


def interview_with(judge: Judge, *, rows: asyncio.Event | None = None, **providers: Any) -> tuple[Call, CallWork]:
    call = Call(rows=rows, **providers)
    call.work._interview = InterviewCall(plan(), judge)
    return call, call.work


async def test_an_answer_is_judged_once_it_is_stored_and_comes_back_as_a_fact() -> None:
    judge, rows = Judge(), asyncio.Event()
    judge.may_answer.set()
    call, work = interview_with(judge, rows=rows)
    work.evaluate(ASKED)
    await steps()
    assert judge.asked == []
    rows.set()
    await call.until("on_answer_evaluated")
    entry = question(1)
    assert judge.asked == [(entry.text, entry.points, "They are in order.", entry.misconceptions)]
    [(_, told)] = call.listener.facts
    assert (told["turn_id"], told["utterance_id"]) == ("turn", "utterance")
    assert parse_evaluation(told["evaluation"]) == judged("partial")


async def test_a_judge_who_fails_is_a_fact_and_a_line_of_the_log() -> None:
    judge = Judge(fails=True)
    judge.may_answer.set()
    call, work = interview_with(judge)
    work.evaluate(ASKED)
    await call.until("on_evaluation_failed")
    assert call.listener.facts == [
        ("on_evaluation_failed", {"turn_id": "turn", "utterance_id": "utterance", "reason": "it broke"})
    ]
    assert [error.reason for error in call.listener.failures] == ["it broke"]


async def test_a_judge_who_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interview_calls, "EVALUATION_SECONDS", 0.02)
    call, work = interview_with(Judge())
    work.evaluate(ASKED)
    await call.until("on_evaluation_failed")


async def test_nobody_waits_for_the_evaluation_of_a_turn_that_was_reopened() -> None:
    judge = Judge()
    call, work = interview_with(judge)
    work.evaluate(ASKED)
    await steps()
    work.cancel_reply(commands.CancelReply("turn"))
    judge.may_answer.set()
    await call.settled()
    assert call.listener.facts == []


async def test_words_are_spoken_as_they_are_sentence_by_sentence() -> None:
    call, work = interview_with(Judge())
    work.speak_words(commands.SpeakWords("turn", "Good. Question two: What do you know about tuples?"))
    await call.until("on_reply_complete")
    queued = [told["sentence"] for fact, told in call.listener.facts if fact == "on_sentence_queued"]
    assert queued == ["Good.", "Question two: What do you know about tuples?"]


async def test_the_next_question_is_voiced_while_the_candidate_has_the_floor() -> None:
    said: list[str] = []

    class Counting(MockTextToSpeech):
        def synthesize(self, text: str, **more: Any) -> Any:
            said.append(text)
            return super().synthesize(text, **more)

    voice = Counting()
    call, work = interview_with(Judge(), tts=voice)
    work.read_ahead(question_number=1)
    await call.settled()
    assert said == ["Question two: What do you know about tuples?"]
    work.speak_words(commands.SpeakWords("turn", "Good. Question two: What do you know about tuples?"))
    await call.until("on_reply_complete")
    assert said == ["Question two: What do you know about tuples?", "Good."]
    work.read_ahead(question_number=10)
    await call.settled()
    assert len(said) == 2, "nothing follows the last one"


@pytest.mark.parametrize(
    ("heard", "is_doubtful"),
    [
        (Transcript("They are in order.", avg_logprob=-0.3), False),
        (Transcript("They are in order."), False),
        (Transcript("They a ring or tar.", avg_logprob=-1.4), True),
        (Transcript("They a ring or tar.", is_doubtful=True), True),
    ],
)
async def test_the_engine_is_told_when_a_recogniser_does_not_believe_its_words(
    heard: Transcript, is_doubtful: bool
) -> None:
    class Recogniser(MockSpeechToText):
        async def transcribe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
            return heard

    call = Call(stt=Recogniser())
    call.work.transcribe(turn("first"))
    await call.until("process_user_utterance")
    [(_, told)] = call.listener.facts
    assert told["is_doubtful"] is is_doubtful


def test_how_a_question_stands_is_a_line_without_anybodys_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "a.session")
    log = CallLog(logging.getLogger("a.session"), UUID(int=1), with_transcripts=False)
    log.write_question(commands.InterviewChanged(3, 10, "basic", "hinting", None, hint_given=True))
    log.write_question(commands.InterviewChanged(3, 10, "basic", "done", 7, hint_given=True))
    assert [line.split(": ", 1)[1] for line in caplog.messages] == [
        "question 3 of 10 (basic): hinting",
        "question 3 of 10 (basic): done, 7 points",
    ]
    assert all(line.startswith(log_markers.SUCCESS) for line in caplog.messages)
