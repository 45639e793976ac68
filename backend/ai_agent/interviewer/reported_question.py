"""What does the report say of one question? Its attempts, its key points with receipts, how its points came about.

A question that is not over in an interview that goes on gives nothing away.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ai_agent.interviewer.evaluator import KeyPoint
from ai_agent.interviewer.lines import given_hint
from ai_agent.interviewer.question_bank import Question
from ai_agent.interviewer.receipts import Part, Receipt, SpokenTurns, receipt_of
from ai_agent.interviewer.report_shapes import (
    AsHeard,
    Hint,
    InterviewRecord,
    Practice,
    PracticePoint,
    QuestionRecord,
    ReportedAttempt,
    ReportedPoint,
    ReportedPractice,
    ReportedQuestion,
)
from ai_agent.interviewer.report_words import doubt_words, sentence
from ai_agent.interviewer.reviewing import Review
from ai_agent.interviewer.scoring import MOST, Outcome, points_of, why
from ai_agent.interviewer.state import Attempt, QuestionState
from ai_agent.interviewer.verdicts import PointVerdict

MOST_PRACTICE: Final = 20
"""So often one question may be practised."""

CORRECTABLE: Final[frozenset[Outcome]] = frozenset({"correct", "partial", "incorrect", "dont_know", "skipped"})
"""An attempt with one of these had words."""


def told(interview: InterviewRecord, record: QuestionRecord, turns: SpokenTurns) -> ReportedQuestion:
    """One question of the report."""
    return _Told(interview, record, turns).question()


def hints_of(record: QuestionRecord) -> tuple[Hint, ...]:
    """The hints that were given, as they were spoken: after a wrong answer only what to think about."""
    points = {point.id: point for point in record.question.points}
    return tuple(
        Hint(hint.after, hint.is_asked, hint.point, given_hint(points[hint.point], is_full=hint.is_full))
        for hint in record.lived.hints
        if hint.point in points
    )


class _Told:
    """One question of the report."""

    def __init__(self, interview: InterviewRecord, record: QuestionRecord, turns: SpokenTurns) -> None:
        self._record = record
        self._interview = interview
        self._lived = record.lived
        self._now = record.now
        self._is_over = interview.is_over or record.lived.is_done
        """Nothing of it can be given away any more."""
        self._parts = [turns.parts_of(one.transcript, one.utterance_id) for one in record.lived.attempts]
        self._turns = turns

    def question(self) -> ReportedQuestion:
        record, now, lived = self._record, self._now, self._lived
        is_shown = self._is_over or now.is_asked
        is_judged = now.is_asked and now.unscorable is None
        evaluation = now.evaluation if self._is_over and is_judged else None
        return ReportedQuestion(
            number=record.number,
            question_id=record.question.id,
            topic=record.question.topic,
            stage=now.stage,
            is_shown=is_shown,
            text=record.question.text if is_shown else "",
            clarification=record.question.clarification if is_shown and now.clarifications else "",
            status=now.status.value,
            outcome=now.ending,
            is_asked=now.is_asked,
            points=self._points_of(now),
            maximum=MOST,
            why=self._why(now),
            is_corrected=any(review.kind == "correction" for review in record.reviews),
            is_reviewed=any(review.kind != "correction" for review in record.reviews),
            as_heard=AsHeard(self._points_of(lived), self._why(lived)) if record.reviews else None,
            unscorable=now.unscorable,
            unscorable_words=doubt_words(now.unscorable),
            evaluator=evaluation.evaluator if evaluation else None,
            coverage=round(evaluation.coverage, 3) if evaluation else None,
            hints=hints_of(self._record),
            clarifications=now.clarifications,
            repeats=now.repeats,
            silences=now.silences,
            attempts=tuple(self._attempt(number) for number in range(1, len(lived.attempts) + 1)),
            unclear=tuple(self._unclear(attempt) for attempt in lived.unclear),
            key_points=self._key_points() if self._is_over and is_judged else (),
            model_answer=record.question.model_answer if self._is_over else "",
            asked_at=record.asked_at,
            done_at=record.done_at,
            practice=tuple(practised(record.question, one) for one in record.practice) if self._is_over else (),
            can_practise=self._interview.is_over and len(record.practice) < MOST_PRACTICE,
        )

    def _points_of(self, state: QuestionState) -> int | None:
        """None too where it may still get some."""
        return points_of(state.row) if self._is_over else None

    def _why(self, state: QuestionState) -> str:
        if not self._is_over:
            return "Not finished: no points yet." if state.is_asked else "Not asked yet."
        return sentence(why(state.row))

    # ── attempts ──────────────────────────────────────────────────────────────────────────────────

    def _attempt(self, number: int) -> ReportedAttempt:
        lived, now = self._lived.attempts[number - 1], self._now.attempts[number - 1]
        correction = self._correction_of(number)
        evaluation = now.evaluation if self._is_over else None
        told = self._unclear(lived, parts=self._parts[number - 1])
        return replace(
            told,
            number=number,
            corrected_transcript=correction.transcript if correction else None,
            corrected_at=correction.at if correction else None,
            outcome=now.outcome if self._is_over else None,
            outcome_as_heard=lived.outcome if self._is_over else None,
            coverage=round(evaluation.coverage, 3) if evaluation else None,
            covered=len(evaluation.covered) if evaluation else None,
            evaluator=evaluation.evaluator if evaluation else None,
            can_correct=self._interview.is_correctable and correction is None and is_correctable(self._lived, number),
        )

    def _unclear(self, attempt: Attempt, *, parts: tuple[Part, ...] | None = None) -> ReportedAttempt:
        """Words with nothing said of them."""
        parts = self._turns.parts_of(attempt.transcript, attempt.utterance_id) if parts is None else parts
        return ReportedAttempt(
            number=0,
            utterance_id=attempt.utterance_id or None,
            call_id=parts[-1].call_id if parts else None,
            transcript=attempt.transcript,
            corrected_transcript=None,
            corrected_at=None,
            outcome=None,
            outcome_as_heard=None,
            coverage=None,
            covered=None,
            evaluator=None,
            doubt=attempt.doubt,
            doubt_words=doubt_words(attempt.doubt),
            parts=parts,
            can_correct=False,
        )

    def _correction_of(self, number: int) -> Review | None:
        own = [one for one in self._record.reviews if one.kind == "correction" and one.attempt == number]
        return own[-1] if own else None

    # ── key points ────────────────────────────────────────────────────────────────────────────────

    def _key_points(self) -> tuple[ReportedPoint, ...]:
        evaluation = self._now.evaluation
        verdicts = {} if evaluation is None else {verdict.point: verdict for verdict in evaluation.points}
        return tuple(self._key_point(point, verdicts.get(point.id)) for point in self._record.question.points)

    def _key_point(self, point: KeyPoint, verdict: PointVerdict | None) -> ReportedPoint:
        return ReportedPoint(
            id=point.id,
            name=point.name,
            wording=point.wordings[0],
            status=verdict.status if verdict else "missed",
            score=round(verdict.score, 3) if verdict else 0.0,
            quote=self._receipt(verdict) if verdict and verdict.quote and verdict.status != "missed" else None,
            hinted=self._lived.leads_to(point.id),
        )

    def _receipt(self, verdict: PointVerdict) -> Receipt:
        """The place of a verdict's quote: in the attempt whose verdict it is."""
        said = [
            number
            for number, attempt in enumerate(self._now.attempts, 1)
            if attempt.evaluation is not None and verdict in attempt.evaluation.points
        ]
        number = said[0] if said else 1
        lived, now = self._lived.attempts[number - 1], self._now.attempts[number - 1]
        heard = lived.transcript if now.transcript != lived.transcript else ""
        return receipt_of(verdict.quote, now.transcript, self._parts[number - 1], attempt=number, heard=heard)


def is_correctable(lived: QuestionState, number: int) -> bool:
    """Whether the words of this attempt (from 1) can be put right: there were some, and they came to something."""
    if not lived.is_done or not 1 <= number <= len(lived.attempts):
        return False
    attempt = lived.attempts[number - 1]
    return bool(attempt.transcript) and attempt.outcome in CORRECTABLE


def practised(question: Question, practice: Practice) -> ReportedPractice:
    """One more answer, as the page shows it."""
    evaluation = practice.evaluation
    points = {point.id: point for point in question.points}
    return ReportedPractice(
        id=practice.id,
        answer=practice.answer,
        label=evaluation.label,
        coverage=round(evaluation.coverage, 3),
        covered=len(evaluation.covered),
        evaluator=evaluation.evaluator,
        created_at=practice.created_at,
        points=tuple(
            PracticePoint(point.id, point.name, point.wordings[0], verdict.status, verdict.quote)
            for verdict in evaluation.points
            if (point := points.get(verdict.point)) is not None
        ),
    )
