"""What is written of an interview? Its rows as the core reads them: a list's scores, one question with its reviews."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from ai_agent.interviewer.packing import parse_attempt, parse_evaluation, parse_hints, parse_question
from ai_agent.interviewer.question_bank import Stage
from ai_agent.interviewer.report import overall
from ai_agent.interviewer.report_shapes import Practice, QuestionRecord, Score
from ai_agent.interviewer.reviewing import Kind, Review
from ai_agent.interviewer.scoring import Outcome, QuestionRow
from ai_agent.interviewer.state import Doubt, QuestionState
from ai_agent.interviewer.state import QuestionStatus as Status
from ai_agent.models import (
    AnswerReview,
    InterviewQuestionState,
    InterviewSession,
    PracticeAnswer,
    QuestionOutcome,
    QuestionStatus,
    ReviewKind,
    Turn,
)

CORRECTABLE_FOR: Final = timedelta(days=30)
"""After this a transcript is not put right any more."""


def interviews_of(user: User) -> QuerySet[InterviewSession]:
    """A person's own, newest first."""
    own = InterviewSession.objects.filter(room__owner=user)
    return own.select_related("persona", "persona_version", "room__call", "room__owner").order_by("-started_at", "id")


@dataclass(frozen=True, slots=True)
class Rows:
    """All that the score of an interview depends on."""

    now: tuple[QuestionRow, ...]
    as_heard: tuple[QuestionRow, ...] | None
    """Without reviews; None where there are none."""
    next_question: int | None
    next_stage: str | None

    def score(self, interview: InterviewSession) -> Score:
        return overall(self.now, is_over=not interview.is_open, as_heard=self.as_heard)


def rows_of(interview_ids: Iterable[UUID]) -> dict[UUID, Rows]:
    """The rows of several interviews, in two queries."""
    ids = list(interview_ids)
    reviews = _latest_reviews(ids)
    lived = InterviewQuestionState.objects.filter(session_id__in=ids).order_by("session_id", "number")
    columns = (
        "id",
        "session_id",
        "number",
        "stage",
        "status",
        "outcome",
        "is_asked",
        "first_outcome",
        "second_outcome",
        "hint_asked_first",
    )
    by_interview: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in lived.values(*columns):
        by_interview[row["session_id"]].append(row)
    return {interview_id: _rows(by_interview[interview_id], reviews) for interview_id in ids}


def _rows(lived: Sequence[dict[str, Any]], reviews: Mapping[int, _Latest]) -> Rows:
    as_heard = tuple(_row(row) for row in lived)
    now = tuple(
        reviews[row["id"]].over(heard) if row["id"] in reviews else heard
        for row, heard in zip(lived, as_heard, strict=True)
    )
    standing = next((row for row in lived if row["status"] != QuestionStatus.DONE), None)
    return Rows(
        now=now,
        as_heard=as_heard if any(row["id"] in reviews for row in lived) else None,
        next_question=standing["number"] if standing else None,
        next_stage=standing["stage"] if standing else None,
    )


def _row(row: Mapping[str, Any]) -> QuestionRow:
    return QuestionRow(
        asked=row["is_asked"],
        finished=row["status"] == QuestionStatus.DONE,
        first=row["first_outcome"] or None,
        second=row["second_outcome"] or None,
        hint_before_first=row["hint_asked_first"],
        not_scorable=row["outcome"] == QuestionOutcome.UNSCORABLE,
    )


@dataclass(slots=True)
class _Latest:
    """What the reviews of a question come to."""

    first: Any = None
    second: Any = None
    is_seen: bool = False
    is_set_aside: bool = False
    has_points: bool = False
    """Also where the call could not give any."""

    def over(self, heard: QuestionRow) -> QuestionRow:
        row = replace(heard, first=self.first, second=self.second) if self.is_seen else heard
        return replace(row, not_scorable=self.is_set_aside or (heard.not_scorable and not self.has_points))


def _latest_reviews(interview_ids: Sequence[UUID]) -> dict[int, _Latest]:
    latest: dict[int, _Latest] = defaultdict(_Latest)
    rows = AnswerReview.objects.filter(question__session_id__in=interview_ids).order_by("id")
    columns = ("question_id", "kind", "first_outcome", "second_outcome", "points")
    for question_id, kind, first, second, points in rows.values_list(*columns):
        one = latest[question_id]
        one.has_points |= points is not None
        if kind in {ReviewKind.UNSCORABLE, ReviewKind.SCORABLE}:
            one.is_set_aside = kind == ReviewKind.UNSCORABLE
        else:
            one.is_seen, one.first, one.second = True, first or None, second or None
    return dict(latest)


def question_record(row: InterviewQuestionState) -> QuestionRecord:
    """One question as it was lived, with what came after; its reviews and practice are prefetched."""
    attempts = [(parse_attempt(packed), packed.get("counts", True)) for packed in row.attempts]
    lived = QuestionState(
        question_id=row.question_id,
        stage=cast("Stage", row.stage),
        status=Status(row.status),
        is_asked=row.is_asked,
        attempts=tuple(attempt for attempt, counts in attempts if counts),
        unclear=tuple(attempt for attempt, counts in attempts if not counts),
        hints=parse_hints(row.hints),
        clarifications=row.clarifications,
        repeats=row.repeats,
        silences=row.silences,
        unscorable=cast("Doubt | None", row.unscorable_reason or None),
    )
    return QuestionRecord(
        number=row.number,
        question=parse_question(row.entry),
        lived=lived,
        reviews=tuple(_review(review) for review in row.reviews.all()),
        practice=tuple(practice_of(answer) for answer in row.practice.all()),
        asked_at=iso(row.asked_at),
        done_at=iso(row.done_at),
    )


def _review(row: AnswerReview) -> Review:
    return Review(
        kind=cast("Kind", row.kind),
        attempt=row.attempt,
        transcript=row.transcript,
        evaluation=None if row.evaluation is None else parse_evaluation(row.evaluation),
        outcome=cast("Outcome | None", row.outcome or None),
        at=row.created_at.isoformat(),
    )


def practice_of(row: PracticeAnswer) -> Practice:
    return Practice(row.id, row.answer, parse_evaluation(row.evaluation), row.created_at.isoformat())


def is_correctable(interview: InterviewSession) -> bool:
    """It is over, and not for too long."""
    if interview.is_open or interview.finished_at is None:
        return False
    return timezone.now() - interview.finished_at <= CORRECTABLE_FOR


def spoken_ms(turn: Turn) -> float | None:
    """From the first sound of the user's to the last; None: typed, or nobody knows."""
    waited = turn.metrics.get("end_of_turn_ms")
    if turn.ended_at is None or waited is None:
        return None
    lasted = (turn.ended_at - turn.started_at) * 1000 - waited
    return round(lasted, 1) if lasted > 0 else None


def iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
