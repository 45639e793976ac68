"""Interviews that are over, for tests: rows as a call leaves them, with call, words and recordings."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from ai_agent.call_deletion import recording_folder
from ai_agent.interview_rows import question_record
from ai_agent.interviewer.packing import pack_evaluation, pack_question
from ai_agent.interviewer.scoring import QuestionRow, points_of, score_of
from ai_agent.interviewer.state import QuestionState
from ai_agent.interviewer.verdicts import Label
from ai_agent.models import Call, InterviewQuestionState, InterviewSession, Room, Turn
from ai_agent.recording_folders import make_folder
from ai_agent.wav_files import append_wav
from ai_personas.models import Persona
from tests.core.interviews import judged, ten_questions

RIGHT = "The lists are kept in order, and using lists takes memory. You need lists for speed."
"""Says all that `ten_questions` want to hear of their first one."""


def past_interview(
    owner: User, persona: Persona, labels: Sequence[Label] = ("correct",), *, status: str = "finished", **more: Any
) -> InterviewSession:
    """An interview whose first questions were answered once each, with these labels; the rest was never asked."""
    room = Room.objects.create(owner=owner, persona=persona)
    call = Call.objects.create(
        room=room,
        persona=persona,
        persona_version=persona.published_version,
        status="ended",
        ended_at=timezone.now(),
        lease_owner="host:1",
    )
    chosen = ten_questions()
    is_over = status in {"finished", "abandoned"}
    interview = InterviewSession.objects.create(
        room=room,
        persona=persona,
        persona_version=persona.published_version,
        question_bank="software-engineering",
        bank_version="python:1",
        question_ids=[question.id for question in chosen],
        status=status,
        active_at=timezone.now(),
        finished_at=timezone.now() if is_over else None,
        done_count=len(labels),
        **more,
    )
    rows = []
    for number, question in enumerate(chosen, 1):
        row = InterviewQuestionState(
            session=interview,
            number=number,
            question_id=question.id,
            topic=question.topic,
            stage=question.stage,
            entry=pack_question(question),
        )
        if number <= len(labels):
            answer(row, call, labels[number - 1])
        rows.append(row)
    InterviewQuestionState.objects.bulk_create(rows)
    score = score_of(as_row(row) for row in rows)
    interview.score, interview.score_out_of, interview.asked_count = score.points, score.asked_maximum, score.asked
    interview.save()
    return interview


def answer(
    row: InterviewQuestionState, call: Call, label: Label, transcript: str = "So I say: they are in order."
) -> None:
    """One answer that was judged so, and no second one."""
    utterance_id = uuid.uuid4()
    Turn.objects.create(
        call=call,
        turn_id=uuid.uuid4(),
        utterance_id=utterance_id,
        number=row.number,
        started_at=float(row.number),
        transcript=transcript,
    )
    row.attempts = [
        {
            "utterance_id": str(utterance_id),
            "transcript": transcript,
            "doubt": None,
            "outcome": label,
            "evaluation": pack_evaluation(judged(label)),
            "counts": True,
        }
    ]
    row.evaluation = pack_evaluation(judged(label))
    row.status, row.outcome, row.is_asked, row.first_outcome = "done", "scored", True, label
    row.points = points_of(as_row(row))
    row.asked_at = timezone.now() - timedelta(minutes=1)
    row.done_at = timezone.now()


def as_row(row: InterviewQuestionState) -> QuestionRow:
    return QuestionRow(asked=row.is_asked, finished=row.status == "done", first=row.first_outcome or None)  # type: ignore[arg-type]


def question(interview: InterviewSession, number: int = 1) -> InterviewQuestionState:
    return InterviewQuestionState.objects.prefetch_related("reviews", "practice").get(session=interview, number=number)


def seen(interview: InterviewSession, number: int = 1) -> QuestionState:
    """A question with all that was seen of it since."""
    return question_record(question(interview, number)).now


def points(interview: InterviewSession) -> list[int | None]:
    """What the first three questions give now."""
    return [seen(interview, number).points for number in (1, 2, 3)]


def say(interview: InterviewSession, number: int, transcript: str) -> InterviewQuestionState:
    """Put other words into the first attempt; what it was judged to be stays."""
    row = question(interview, number)
    row.attempts[0]["transcript"] = transcript
    row.save()
    return row


def record(interview: InterviewSession, number: int = 1, *, sound: bytes = b"\1\0" * 480) -> uuid.UUID:
    """Put the sound of the first attempt where a recorded call has it."""
    utterance_id = uuid.UUID(question(interview, number).attempts[0]["utterance_id"])
    folder = recording_folder(Call.objects.get(room__interview=interview))
    make_folder(folder)
    append_wav(folder / "utterances" / f"{utterance_id}.wav", sound, data_bytes=len(sound))
    return utterance_id
