"""How did a question's points come about? What was asked, said, heard of it, judged, and seen otherwise since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from ai_agent.call_deletion import recording_folder
from ai_agent.interview_rows import question_record
from ai_agent.interviewer.evaluator import Evaluation
from ai_agent.interviewer.packing import InterviewRefused
from ai_agent.interviewer.report_shapes import QuestionRecord
from ai_agent.interviewer.reported_question import hints_of
from ai_agent.interviewer.reviewing import reviewed
from ai_agent.interviewer.scoring import why
from ai_agent.interviewer.state import QuestionState
from ai_agent.models import AnswerReview, AttemptOutcome, Call, InterviewQuestionState, Turn
from ai_agent.recording_folders import open_utterance
from ai_agent.reviewer_decisions import is_left_out

WHAT_CAME_AFTER: Final = (Prefetch("reviews", AnswerReview.objects.select_related("by")), "practice")
"""With a question, in two queries for all of them."""

MARKS: Final = {"covered": "✓", "missed": "✗", "contradicted": "≠"}
NO_WORDS_OF: Final = {
    "low_snr": "the room was too loud",
    "clipping": "the microphone was overdriven",
    "doubtful_transcript": "the recogniser was not sure of the words",
    "recogniser_failed": "the recogniser failed",
    "evaluator_failed": "the evaluator failed",
    "no_words": "no words were made out",
    "reviewer": "a reviewer has left it out",
}
_SAID: Final[Mapping[str, str]] = dict(AttemptOutcome.choices)


@dataclass(frozen=True, slots=True)
class PointLine:
    """What became of one key point."""

    status: str
    mark: str
    name: str
    wording: str
    quote: str
    percent: int
    is_hinted: bool


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """What the candidate said once."""

    title: str
    transcript: str
    corrected: str
    """What the candidate says was said; empty: as it was heard."""
    outcome: str
    doubt: str
    coverage_percent: int | None
    clip: str
    """Where it can be heard; empty: nowhere."""


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """What somebody saw otherwise, the old result beside the new one."""

    review: AnswerReview
    before: str
    after: str
    points_before: tuple[PointLine, ...]


def record_of(question: InterviewQuestionState) -> QuestionRecord | None:
    """The question as the core reads it, its reviews and practice being prefetched; None where nobody can read it."""
    try:
        return question_record(question)
    except (InterviewRefused, KeyError, TypeError, ValueError):
        return None


def evidence(question: InterviewQuestionState, *, may_leave_out: bool) -> SafeString:
    """All of it, as a part of a page."""
    record = record_of(question)
    if record is None:
        return render_to_string("ai_agent/admin/question.html", {"question": question, "is_unreadable": True})
    now = record.now
    evaluation = now.evaluation
    content = {
        "question": question,
        "asked": record.question.text,
        "clarification": record.question.clarification,
        "model_answer": record.question.model_answer,
        "points": _points(record, evaluation),
        "attempts": _attempts(question, record, now),
        "earned": now.points,
        "why": why(now.row),
        "unscorable": NO_WORDS_OF.get(now.unscorable or "", now.unscorable or ""),
        "hints": hints_of(record),
        "evaluator": evaluation.evaluator if evaluation else "",
        "percent": _percent(evaluation.coverage) if evaluation else None,
        "is_second_missing": _is_second_missing(record.lived, now),
        "reviews": [_review_line(record, number, row) for number, row in enumerate(question.reviews.all())],
        "mark_url": _mark_url(question, record)
        if may_leave_out and now.is_done and not question.session.is_open
        else "",
        "is_left_out": is_left_out(record),
    }
    return render_to_string("ai_agent/admin/question.html", content)


def add_clips(questions: Iterable[InterviewQuestionState]) -> None:
    """Find with one query which attempts of all of them can be heard: `question.clips`, from utterance to address."""
    questions = list(questions)
    wanted = {key for question in questions for key in _utterances(question)}
    turns = Turn.objects.filter(utterance_id__in=wanted).values_list("utterance_id", "call_id", "call__room_id")
    found = {
        utterance_id
        for utterance_id, call_id, room_id in (turns if wanted else ())
        if open_utterance(recording_folder(Call(id=call_id, room_id=room_id)), utterance_id) is not None
    }
    for question in questions:
        question.clips = {
            str(key): reverse("admin:ai_agent_interviewsession_clip", args=[question.session_id, key])
            for key in _utterances(question)
            if key in found
        }


def _utterances(question: InterviewQuestionState) -> Iterable[UUID]:
    for attempt in question.attempts:
        try:
            yield UUID(attempt["utterance_id"])
        except ValueError:  # nothing was said
            continue


def _attempts(question: InterviewQuestionState, record: QuestionRecord, now: QuestionState) -> list[AttemptLine]:
    if not hasattr(question, "clips"):
        add_clips([question])
    lines = []
    for number, (lived, seen) in enumerate(zip(record.lived.attempts, now.attempts, strict=True), 1):
        lines.append(
            AttemptLine(
                title=f"Attempt {number}",
                transcript=lived.transcript,
                corrected=seen.transcript if seen.transcript != lived.transcript else "",
                outcome=_SAID.get(seen.outcome or "", "not evaluated"),
                doubt=NO_WORDS_OF.get(lived.doubt or "", ""),
                coverage_percent=_percent(seen.evaluation.coverage) if seen.evaluation else None,
                clip=question.clips.get(lived.utterance_id, ""),
            )
        )
    for unclear in record.lived.unclear:
        doubt, clip = NO_WORDS_OF.get(unclear.doubt or "", ""), question.clips.get(unclear.utterance_id, "")
        lines.append(
            AttemptLine("Not made out, does not count", unclear.transcript, "", "", doubt, None, clip),
        )
    return lines


def _points(record: QuestionRecord, evaluation: Evaluation | None) -> tuple[PointLine, ...]:
    if evaluation is None:
        return ()
    entries = {point.id: point for point in record.question.points}
    lived = record.lived
    return tuple(
        PointLine(
            status=verdict.status,
            mark=MARKS[verdict.status],
            name=entries[verdict.point].name if verdict.point in entries else verdict.point,
            wording=entries[verdict.point].wordings[0] if verdict.point in entries else "",
            quote=verdict.quote,
            percent=_percent(verdict.score),
            is_hinted=lived.leads_to(verdict.point),
        )
        for verdict in evaluation.points
    )


def _review_line(record: QuestionRecord, number: int, review: AnswerReview) -> ReviewLine:
    before = reviewed(record.lived, record.reviews[:number])
    after = reviewed(record.lived, record.reviews[: number + 1])
    return ReviewLine(review, _result(before), _result(after), _points(record, before.evaluation))


def _result(state: QuestionState) -> str:
    """A result in one line: `partly correct, then correct: 7 points (67 % covered)`."""
    words = ", then ".join(_SAID[one.outcome] for one in state.attempts if one.outcome) or "nothing judged"
    if state.unscorable is not None:
        return f"{words}: could not be scored"
    covered = f" ({_percent(state.evaluation.coverage)} % covered)" if state.evaluation else ""
    return f"{words}: {state.points} point{'' if state.points == 1 else 's'}{covered}"


def _is_second_missing(lived: QuestionState, now: QuestionState) -> bool:
    """The first answer was right in the call and is not today: nobody has asked for a second one."""
    was_right = bool(lived.attempts) and lived.attempts[0].outcome == "correct"
    return was_right and now.unscorable is None and now.attempts[0].outcome != "correct"


def _percent(share: float) -> int:
    return round(100 * share)


def _mark_url(question: InterviewQuestionState, record: QuestionRecord) -> str:
    if is_left_out(record):
        return reverse("admin:ai_agent_interviewquestionstate_take_back_this", args=[question.pk])
    if record.now.unscorable is not None:
        return ""
    return reverse("admin:ai_agent_interviewquestionstate_leave_out_this", args=[question.pk])
