"""How does a reviewer change a result? By another evaluation, or by leaving a question out; nobody writes points.

    what was said ─ evaluate_answer ─▶ a review of each attempt ─ the table ─▶ points        (reevaluate)
    a review "unscorable" ─▶ no points, nine less in the maximum                             (leave_out, count_again)

Only interviews that are over are reviewed: the questions of one that goes on belong to its call. What was lived is not
changed, so that the old result stays beside the new one. Synchronous, and an evaluation takes tens of milliseconds:
never from the event loop.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db import transaction

from accounts.models import User
from ai_agent.answer_evaluation import evaluate_answer
from ai_agent.interview_reviews import write_review
from ai_agent.interview_rows import question_record
from ai_agent.interviewer.evaluator import union
from ai_agent.interviewer.packing import InterviewRefused
from ai_agent.interviewer.quote_check import with_shown
from ai_agent.interviewer.report_shapes import QuestionRecord
from ai_agent.interviewer.reviewing import Review
from ai_agent.interviewer.scoring import Outcome
from ai_agent.interviewer.state import Attempt
from ai_agent.models import InterviewQuestionState, InterviewSession, QuestionStatus

JUDGED: Final[frozenset[Outcome | None]] = frozenset({"correct", "partial", "incorrect", None})
"""Outcomes of an answer that was judged, or whose judge failed."""

_one_at_a_time = threading.Lock()
"""Reviewers wait for each other, so that calls keep the rest of the machine."""

Reviews = Sequence[Review]


class ReviewRefused(Exception):
    """This cannot be reviewed, and why, for the reviewer to read."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review of one interview came to."""

    changed: int
    """Questions that have another result now."""
    score_before: str
    score_after: str

    def __str__(self) -> str:
        if not self.changed:
            return f"nothing changed, {self.score_after} points"
        questions = f"{self.changed} question{'' if self.changed == 1 else 's'} changed"
        if self.score_before == self.score_after:
            return f"{questions}, still {self.score_after} points"
        return f"{questions}, {self.score_before} → {self.score_after} points"


def is_left_out(record: QuestionRecord) -> bool:
    """A reviewer has marked it as not scorable, and nobody has taken that back."""
    return record.now.unscorable == "reviewer"


def reevaluate(interview_id: UUID, *, by: User, note: str = "") -> Reviewed:
    """Judge what was said with the evaluator of today, and apply the table. The same evaluator: nothing changes.

    Raises:
        ReviewRefused: the interview goes on, is gone, has changed meanwhile, or could not be evaluated.
    """
    _require_over(InterviewSession.objects.filter(pk=interview_id).first())
    read = {row.pk: record for row, record in _finished(interview_id)}
    with _one_at_a_time:
        judged = {pk: _judged_again(record) for pk, record in read.items()}

    def again(row: InterviewQuestionState, record: QuestionRecord) -> Reviews:
        known = read.get(row.pk)
        if known is None or (known.lived, known.reviews) != (record.lived, record.reviews):
            raise ReviewRefused("it was changed by somebody else meanwhile")
        return judged[row.pk]

    return _review(interview_id, again, by=by, note=note)


def leave_out(interview_id: UUID, question_ids: Collection[int], *, by: User, note: str = "") -> Reviewed:
    """Mark these questions as not scorable: no points, and the maximum is nine less for each.

    Raises:
        ReviewRefused: the interview goes on, or is gone.
    """

    def left_out(row: InterviewQuestionState, record: QuestionRecord) -> Reviews:
        is_meant = row.pk in question_ids and record.now.unscorable is None
        return [Review("unscorable")] if is_meant else []

    return _review(interview_id, left_out, by=by, note=note)


def count_again(interview_id: UUID, question_ids: Collection[int], *, by: User, note: str = "") -> Reviewed:
    """Take back that a reviewer has marked these as not scorable: the table's points, from what is stored.

    Raises:
        ReviewRefused: the interview goes on, or is gone.
    """

    def counted(row: InterviewQuestionState, record: QuestionRecord) -> Reviews:
        return [Review("scorable")] if row.pk in question_ids and is_left_out(record) else []

    return _review(interview_id, counted, by=by, note=note)


# ── one review ────────────────────────────────────────────────────────────────────────────────────


def _review(
    interview_id: UUID,
    look: Callable[[InterviewQuestionState, QuestionRecord], Reviews],
    *,
    by: User,
    note: str,
) -> Reviewed:
    """Write what `look` sees in each finished question, and the new score: all or nothing."""
    with transaction.atomic():
        interview = _require_over(InterviewSession.objects.select_for_update().filter(pk=interview_id).first())
        score_before, changed = _score_in_words(interview), 0
        for row, record in _finished(interview_id):
            reviews = look(row, record)
            for review in reviews:
                write_review(interview, row, record, review, by=by, note=note)
                record = replace(record, reviews=(*record.reviews, review))
            changed += bool(reviews)
        interview.refresh_from_db(fields=["score", "score_out_of"])
    return Reviewed(changed, score_before, _score_in_words(interview))


def _require_over(interview: InterviewSession | None) -> InterviewSession:
    if interview is None:
        raise ReviewRefused("it is not there any more")
    if interview.is_open:
        raise ReviewRefused("it is not over: its questions are still judged in its calls")
    return interview


def _finished(interview_id: UUID) -> list[tuple[InterviewQuestionState, QuestionRecord]]:
    """Its questions that are over, as rows and as the core reads them.

    Raises:
        ReviewRefused: one cannot be read.
    """
    rows = InterviewQuestionState.objects.filter(session_id=interview_id, status=QuestionStatus.DONE)
    found = []
    for row in rows.prefetch_related("reviews", "practice"):
        try:
            found.append((row, question_record(row)))
        except (InterviewRefused, KeyError, TypeError, ValueError) as refused:
            raise ReviewRefused(f"question {row.number} cannot be read: {refused}") from refused
    return found


def _score_in_words(interview: InterviewSession) -> str:
    return f"{interview.score}/{interview.score_out_of}"


# ── one question ──────────────────────────────────────────────────────────────────────────────────


def _judged_again(record: QuestionRecord) -> Reviews:
    """A review of each attempt that is judged otherwise today.

    Raises:
        ReviewRefused: the evaluator failed.
    """
    reviews: list[Review] = []
    first = None
    for number, attempt in enumerate(record.now.attempts, 1):
        evaluation = attempt.evaluation
        if attempt.transcript and attempt.outcome in JUDGED:
            question = record.question
            try:
                evaluation = evaluate_answer(
                    question.text, question.points, attempt.transcript, question.misconceptions
                )
            except Exception as error:
                raise ReviewRefused(f"question {record.number} could not be evaluated: {error!r}") from error
            if attempt.evaluation is not None:
                evaluation = with_shown(
                    evaluation,
                    attempt.evaluation,
                    attempt.transcript,
                    question=question.text,
                    key_points=question.points,
                )
            together = evaluation if first is None else union(first, evaluation)
            if _may_be_misheard(attempt) and together.label != "correct":
                evaluation = attempt.evaluation
            elif evaluation != attempt.evaluation:
                reviews.append(Review("reevaluation", number, evaluation=evaluation))
        first = first or evaluation
    return reviews


def _may_be_misheard(attempt: Attempt) -> bool:
    """Words of this kind raise a result, and never lower it."""
    return attempt.doubt is not None and attempt.evaluation is not None
