"""Interviews for tests, lived through the interviewer and the store: rows as a call leaves them, sound included."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
from asgiref.sync import async_to_sync
from django.utils import timezone

from ai_agent import call_store, interview_store
from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.call_deletion import recording_folder
from ai_agent.call_records import OpenedCall
from ai_agent.interview_store import ChosenQuestions
from ai_agent.interviewer.controller import Interviewer
from ai_agent.interviewer.evaluator import Evaluation, evaluate
from ai_agent.interviewer.packing import pack_interview
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.interviewer.question_bank import Question
from ai_agent.interviewer.steps import Evaluate, Heard
from ai_agent.models import Call, InterviewSession, InterviewStatus, Room, Turn
from ai_agent.recording_folders import make_folder
from ai_agent.wav_files import append_wav
from tests.core.interviews import ten_questions

RIGHT = "The {0} are kept in order. Using {0} takes memory."
PARTLY = "The {0} are kept in order."
REST = "Using {0} takes memory."
WRONG = "They are painted blue and made of stone."
REPLY = "Thank you & good."
THINGS = ("lists", "tuples", "indexes", "locks", "queues", "threads", "caches", "sockets", "trees", "hashes")


def do(operation: Any, *args: Any, **kwargs: Any) -> Any:
    return async_to_sync(operation)(*args, **kwargs)


class LivedInterview:
    """One interview of a room, as it goes on; its rows are written when somebody looks at them."""

    def __init__(self, room: Room, *, records: bool = False) -> None:
        self.room = room
        self.utterances: list[str] = []
        self._records = records
        self._turns: list[Turn] = []
        self.call: OpenedCall = do(call_store.open_call, room.id, room.owner_id, owner="host:1:here")
        record = do(interview_store.open_interview, self.call.call_id, self.call.epoch, _chosen)
        self.interviewer = Interviewer(InterviewPlan(record.questions, record.state))
        self.interviewer.begin()
        self._spoken()

    @property
    def row(self) -> InterviewSession:
        self._save()
        return InterviewSession.objects.get(room=self.room)

    @property
    def number(self) -> int:
        """The question that it is at, from 0."""
        return self.interviewer.state.number

    def say(self, words: str) -> str:
        """The candidate says this to the question that stands; its utterance."""
        words = words.format(THINGS[min(self.number, 9)])
        utterance_id = self._add_turn(words)
        step = self.interviewer.hear(Heard(utterance_id, words))
        if isinstance(step, Evaluate):
            self.interviewer.take_evaluation(utterance_id, judged_by_words(step.question, words))
        self._spoken()
        return utterance_id

    def mumble(self) -> None:
        """Nobody can make it out, twice: the question is left out."""
        for _ in range(2):
            self.interviewer.miss("low_snr", utterance_id=self._add_turn(""))
            self._spoken()

    def hang_up(self) -> None:
        self._save()
        do(call_store.end_call, self.call.call_id, self.call.epoch, "user_ended")

    def _spoken(self) -> None:
        self.interviewer.started()
        self.interviewer.closed(1.0)

    def _save(self) -> None:
        Turn.objects.bulk_create(self._turns)
        self._turns.clear()
        call = Call.objects.filter(id=self.call.call_id).first()
        if call is not None and call.is_open:
            do(interview_store.save_interview, call.id, self.call.epoch, pack_interview(self.interviewer.state))

    def _add_turn(self, words: str) -> str:
        """Four and a half seconds from the first sound to the last, a pause among them, and the reply."""
        number = len(self.utterances) + 1
        utterance_id = str(uuid.uuid4())
        turn = Turn(
            call_id=self.call.call_id,
            turn_id=uuid.uuid4(),
            utterance_id=utterance_id,
            number=number,
            started_at=10.0 * number - 9.0,
            ended_at=10.0 * number - 2.0,
            transcript=words,
            planned_text=REPLY,
            heard_text=REPLY,
            metrics={"end_of_turn_ms": 2_500.0, "reply_latency_ms": 500.0},
        )
        self._turns.append(turn)
        self.utterances.append(utterance_id)
        if self._records:
            self._write_clip(utterance_id)
        return utterance_id

    def _write_clip(self, utterance_id: str) -> None:
        call = Call.objects.get(id=self.call.call_id)
        Call.objects.filter(id=call.id).update(recording=True)
        make_folder(recording_folder(call))
        append_wav(recording_folder(call) / "utterances" / f"{utterance_id}.wav", CLIP, data_bytes=len(CLIP))


def finished_interview(room: Room, *, records: bool = False) -> LivedInterview:
    """One of each kind: 9, 7, 4, 5, 1 (silent words), 1 (skipped), not scorable, 1 (don't know), 9 and 9 points."""
    lived = LivedInterview(room, records=records)
    lived.say(RIGHT)
    for words in (PARTLY, REST, WRONG, RIGHT, PARTLY, WRONG, WRONG, WRONG):
        lived.say(words)
    lived.say("Let's skip this question.")
    lived.mumble()
    lived.say("I don't know.")
    lived.say("I don't know.")
    lived.say(RIGHT)
    lived.say(RIGHT)
    lived.hang_up()
    assert lived.row.status == InterviewStatus.FINISHED
    return lived


POINTS = [9, 7, 4, 5, 1, 1, None, 1, 9, 9]


def made_older(interview: InterviewSession, **ago: int) -> InterviewSession:
    """The same, over for so long."""
    interview.finished_at = timezone.now() - timedelta(**ago)
    interview.save(update_fields=["finished_at"])
    return interview


def turn_of(utterance_id: str) -> Turn:
    return Turn.objects.get(utterance_id=utterance_id)


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * SAMPLE_RATE_HZ))


def tone(seconds: float) -> bytes:
    moments = np.arange(round(seconds * SAMPLE_RATE_HZ))
    return (8_000 * np.sin(moments / 20)).astype("<i2").tobytes()


CLIP = silence(0.5) + tone(1.0) + silence(1.5) + tone(2.0) + silence(0.5)


@cache
def judged_by_words(question: Question, words: str) -> Evaluation:
    return evaluate(question.text, question.points, words, misconceptions=question.misconceptions)


def _chosen(room_id: uuid.UUID) -> ChosenQuestions:
    return ChosenQuestions("software-engineering", "python:1", ten_questions())
