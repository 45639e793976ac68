"""How is an answer looked at again? The candidate's own words put right, or one more answer to practise.

The evaluation is done by a thread of its own, never on the event loop. What was lived is not changed.
"""

from __future__ import annotations

import asyncio
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from accounts.models import User
from ai_agent.answer_evaluation import AnswerEvaluator
from ai_agent.interview_rows import is_correctable, question_record, rows_of, spoken_ms
from ai_agent.interviewer.clauses import words_of
from ai_agent.interviewer.evaluator import Evaluation
from ai_agent.interviewer.packing import pack_evaluation
from ai_agent.interviewer.question_bank import Question
from ai_agent.interviewer.report_shapes import QuestionRecord
from ai_agent.interviewer.reported_question import MOST_PRACTICE
from ai_agent.interviewer.reported_question import is_correctable as has_words
from ai_agent.interviewer.reviewing import NoAnswer, Review, outcome_of, reviewed
from ai_agent.interviewer.scoring import score_of
from ai_agent.live_calls import ENGINES
from ai_agent.models import (
    AnswerReview,
    InterviewQuestionState,
    InterviewSession,
    PracticeAnswer,
    Turn,
)
from ai_agent.providers import ProviderError
from config.errors import ApiError

EVALUATION_SECONDS: Final = 10.0
RETRY_AFTER_SECONDS: Final = 5
WORDS_A_SECOND: Final = 6
"""Nobody speaks faster."""
WORDS_MORE: Final = 20
"""So many words a recogniser may miss of the shortest answer."""

_EVALUATOR = AnswerEvaluator()


def correct_transcript(interview: InterviewSession, number: int, *, attempt: int, transcript: str, by: User) -> None:
    """The candidate says what was really said: the attempt is graded again, once.

    Raises:
        ApiError: there is no such answer, it is too late or too early, it was done already, or the words cannot be
            graded.
    """
    _require_over(interview)
    row = _question(interview, number)
    record = question_record(row)
    _require_correctable(interview, record, attempt=attempt, transcript=transcript)
    try:
        outcome = outcome_of(transcript, record.question.text)
    except NoAnswer:
        words = "These words ask for something or say nothing: they cannot be graded as an answer."
        raise ApiError(422, "no_answer", words, errors={"transcript": [words]}) from None
    evaluation = None if outcome else _evaluate(record.question, transcript)
    review = Review("correction", attempt, transcript, evaluation, outcome)
    with transaction.atomic():
        _lock(interview)
        row = _question(interview, number)  # as it is now: another one may have been faster
        record = question_record(row)
        _require_correctable(interview, record, attempt=attempt, transcript=transcript)
        write_review(interview, row, record, review, by=by)


def write_review(
    interview: InterviewSession,
    row: InterviewQuestionState,
    record: QuestionRecord,
    review: Review,
    *,
    by: User,
    note: str = "",
) -> AnswerReview:
    """Keep one more look at a question, and the score that the interview has from here on. Inside a transaction."""
    now = reviewed(record.lived, [*record.reviews, review])
    written = AnswerReview.objects.create(
        question=row,
        kind=review.kind,
        by=by,
        attempt=review.attempt,
        transcript=review.transcript,
        evaluation=None if review.evaluation is None else pack_evaluation(review.evaluation),
        outcome=review.outcome or "",
        first_outcome=now.row.first or "",
        second_outcome=now.row.second or "",
        points=now.points,
        note=note,
    )
    score = score_of(rows_of([interview.id])[interview.id].now)
    InterviewSession.objects.filter(id=interview.id).update(
        score=score.points, score_out_of=score.asked_maximum, asked_count=score.asked
    )
    return written


def practise(interview: InterviewSession, number: int, answer: str) -> tuple[InterviewQuestionState, PracticeAnswer]:
    """One more answer to a question: graded, kept beside the others, never counted.

    Raises:
        ApiError: there is no such question, the interview goes on, or it was practised often enough.
    """
    _require_over(interview)
    row = _question(interview, number)
    _require_room_for_practice(row)
    evaluation = _evaluate(question_record(row).question, answer)
    with transaction.atomic():
        _lock(interview)
        _require_room_for_practice(row)
        return row, PracticeAnswer.objects.create(question=row, answer=answer, evaluation=pack_evaluation(evaluation))


def delete_interview(interview: InterviewSession, *, by: User) -> None:
    """What was said and scored goes; that it did is in the log. Its room holds no other interview; calls are deleted by
    themselves.

    Raises:
        ApiError: it still goes on.
    """
    with transaction.atomic():
        locked = _lock(interview)
        _require_over(locked)
        room = locked.room
        room.is_active = False
        room.save(update_fields=["is_active"])
        LogEntry.objects.create(
            user=by,
            content_type=ContentType.objects.get_for_model(InterviewSession),
            object_id=str(locked.pk),
            object_repr=f"interview {locked.pk}",
            action_flag=DELETION,
            change_message="Deleted by the candidate, with everything that was said, scored and reviewed.",
        )
        locked.delete()


# ── what must hold ────────────────────────────────────────────────────────────────────────────────


def _lock(interview: InterviewSession) -> InterviewSession:
    """Its row, for this transaction: two who look again do so one after the other."""
    locked = InterviewSession.objects.select_for_update(of=("self",)).filter(id=interview.id).first()
    if locked is None:
        raise ApiError(404, "not_found", "There is no such thing, or it is not yours.")
    return locked


def _question(interview: InterviewSession, number: int) -> InterviewQuestionState:
    questions = InterviewQuestionState.objects.prefetch_related("reviews", "practice")
    row = questions.filter(session=interview, number=number).first()
    if row is None:
        raise ApiError(404, "no_such_question", "There is no such question in this interview.")
    return row


def _require_over(interview: InterviewSession) -> None:
    if interview.is_open:
        raise ApiError(409, "interview_is_open", "This interview still goes on. Finish it first.")


def _require_correctable(interview: InterviewSession, record: QuestionRecord, *, attempt: int, transcript: str) -> None:
    if not is_correctable(interview):
        raise ApiError(409, "too_late", "This interview is over for too long: its transcripts stay as they are.")
    if not has_words(record.lived, attempt):
        raise ApiError(404, "no_such_attempt", "There are no words of yours in this attempt.")
    if any(review.kind == "correction" and review.attempt == attempt for review in record.reviews):
        raise ApiError(409, "already_corrected", "This transcript was put right already.")
    heard = record.lived.attempts[attempt - 1]
    if heard.transcript.split() == transcript.split():
        raise ApiError(409, "nothing_changed", "This is what was heard.")
    count, most = len(words_of(transcript)), _most_words(heard.transcript, heard.utterance_id)
    if count > most:
        words = f"That is more than can have been said in that time: {count} words, at most {most}."
        raise ApiError(422, "too_long_for_its_time", words, errors={"transcript": [words]})


def _most_words(heard: str, utterance_id: str) -> int:
    """How many words an answer can have had."""
    turn = Turn.objects.filter(utterance_id=utterance_id).first() if utterance_id else None
    seconds = (spoken_ms(turn) or 0.0) / 1000 if turn else 0.0
    return WORDS_MORE + max(2 * len(words_of(heard)), round(WORDS_A_SECOND * seconds))


def _require_room_for_practice(row: InterviewQuestionState) -> None:
    if PracticeAnswer.objects.filter(question=row).count() >= MOST_PRACTICE:
        raise ApiError(409, "practised_enough", f"This question was practised {MOST_PRACTICE} times already.")


# ── grading ───────────────────────────────────────────────────────────────────────────────────────


def _evaluate(question: Question, answer: str) -> Evaluation:
    """By who judges answers now. Nobody's call waits for it.

    Raises:
        ApiError: 503, too many are waiting, or it failed.
    """
    try:
        return async_to_sync(_in_time)(question.text, question.points, answer, question.misconceptions)
    except (ProviderError, TimeoutError):
        words = "The answer could not be judged just now. Try again in a moment."
        raise ApiError(503, "evaluator_busy", words, retry_after=RETRY_AFTER_SECONDS) from None


async def _in_time(*asked: Any) -> Evaluation:
    async with asyncio.timeout(EVALUATION_SECONDS):
        return await ENGINES.checking_quotes(_EVALUATOR).evaluate(*asked)
