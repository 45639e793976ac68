"""What of an interview must outlive its call? The chosen questions and where it stands: `call_store`'s part for rooms
that hold an interview, async by the same door and under the same epoch.

    first call of a room   open_interview ─ chosen, written ─ save_interview ─ save_interview ─ …
    the next one           open_interview ─ the same ten, as they stood
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from channels.db import database_sync_to_async
from django.db import transaction

from ai_agent.call_records import InterviewRecord
from ai_agent.call_store import database_now, leased
from ai_agent.interviewer.packing import (
    pack_attempt,
    pack_evaluation,
    pack_hints,
    pack_interview,
    pack_question,
    parse_interview,
    parse_question,
)
from ai_agent.interviewer.question_bank import Question
from ai_agent.interviewer.scoring import score_of
from ai_agent.interviewer.state import InterviewState, QuestionState, new_interview
from ai_agent.models import (
    OPEN_INTERVIEWS,
    OPEN_STATUSES,
    Call,
    InterviewQuestionState,
    InterviewSession,
    InterviewStatus,
    QuestionStatus,
)

KEPT: Final = timedelta(hours=24)
"""An interview that nobody has gone on with for so long is abandoned."""


@dataclass(frozen=True, slots=True)
class ChosenQuestions:
    """What an interview that begins will ask."""

    bank: str
    bank_version: str
    questions: tuple[Question, ...]


Choose = Callable[[UUID], ChosenQuestions]
"""From a room's id to its questions. Called inside a transaction: it waits for nothing."""


@database_sync_to_async
def open_interview(call_id: UUID | str, epoch: int, choose: Choose) -> InterviewRecord:
    """The interview of the call's room: as it stands, or a new one.

    Raises:
        LeaseLost: another session drives this call.
        Whatever `choose` raises: there was no interview, and there is none now.
    """
    with transaction.atomic():
        call = leased(call_id, epoch)
        interview = InterviewSession.objects.select_for_update().filter(room_id=call.room_id).first()
        if interview is None:
            interview = _begin(call, choose(call.room_id))
        elif interview.is_open:
            interview.active_at = database_now()
            interview.save(update_fields=["active_at"])
        entries = interview.questions.values_list("entry", flat=True)
        return InterviewRecord(
            interview_id=interview.id,
            questions=tuple(parse_question(entry) for entry in entries),
            state=parse_interview(interview.state),
        )


@database_sync_to_async
def save_interview(call_id: UUID | str, epoch: int, state: Mapping[str, Any]) -> None:
    """Where the interview stands now: one row for it, and one for each question that has changed.

    One that is over is not changed any more.

    Raises:
        LeaseLost: another session drives this call.
        InterviewRefused: this is no state of an interview.
    """
    after = parse_interview(state)
    with transaction.atomic():
        call = leased(call_id, epoch)
        interview = InterviewSession.objects.select_for_update().get(room_id=call.room_id)
        if not interview.is_open:
            return
        before, now = parse_interview(interview.state), database_now()
        _write_interview(interview, after, now)
        for number, (old, new) in enumerate(zip(before.questions, after.questions, strict=True), 1):
            if old != new:
                _write_question(interview, number, new, now)


def abandon_interviews(moment: datetime) -> int:
    """End those that nobody has gone on with; answers how many."""
    forgotten = InterviewSession.objects.select_for_update().filter(
        status__in=OPEN_INTERVIEWS, active_at__lt=moment - KEPT
    )
    return forgotten.exclude(room__calls__status__in=OPEN_STATUSES).update(
        status=InterviewStatus.ABANDONED, finished_at=moment
    )


def _begin(call: Call, chosen: ChosenQuestions) -> InterviewSession:
    state = new_interview([(question.id, question.stage) for question in chosen.questions])
    interview = InterviewSession.objects.create(
        room_id=call.room_id,
        persona_id=call.persona_id,
        persona_version_id=call.persona_version_id,
        question_bank=chosen.bank,
        bank_version=chosen.bank_version,
        question_ids=[question.id for question in chosen.questions],
        state=pack_interview(state),
        active_at=database_now(),
    )
    InterviewQuestionState.objects.bulk_create(
        InterviewQuestionState(
            session=interview,
            number=number,
            question_id=question.id,
            topic=question.topic,
            stage=question.stage,
            entry=pack_question(question),
        )
        for number, question in enumerate(chosen.questions, 1)
    )
    return interview


def _write_interview(interview: InterviewSession, state: InterviewState, now: datetime) -> None:
    score = score_of(question.row for question in state.questions)
    done = sum(question.is_done for question in state.questions)
    interview.state = pack_interview(state)
    interview.status = _status_of(state)
    interview.score, interview.score_out_of, interview.asked_count = score.points, score.asked_maximum, score.asked
    interview.done_count, interview.completion_percent = done, round(100 * done / len(state.questions))
    interview.active_at = now
    interview.finished_at = now if state.is_over else None
    interview.save()


def _status_of(state: InterviewState) -> InterviewStatus:
    if state.is_over:
        return InterviewStatus.FINISHED
    return InterviewStatus.PAUSED if state.is_paused else InterviewStatus.ACTIVE


def _write_question(interview: InterviewSession, number: int, question: QuestionState, now: datetime) -> None:
    row = interview.questions.get(number=number)
    evaluation = question.evaluation
    row.status = QuestionStatus(question.status.value)
    row.outcome = question.ending or ""
    row.is_asked = question.is_asked
    row.attempts = [{**pack_attempt(one), "counts": True} for one in question.attempts]
    row.attempts += [{**pack_attempt(one), "counts": False} for one in question.unclear]
    row.evaluation = None if evaluation is None else pack_evaluation(evaluation)
    row.first_outcome, row.second_outcome = question.row.first or "", question.row.second or ""
    row.hints = pack_hints(question.hints)
    row.hint_given, row.hint_asked_first = bool(question.hints), question.has_early_hint
    row.clarifications, row.repeats, row.silences = question.clarifications, question.repeats, question.silences
    row.unclear_count, row.unscorable_reason = len(question.unclear), question.unscorable or ""
    row.points = question.points
    row.asked_at = row.asked_at or (now if question.is_asked else None)
    row.done_at = (row.done_at or now) if question.is_done else None
    row.save()
