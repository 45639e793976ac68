"""How do an interview's state, its questions and an evaluation travel? As JSON; what is read is checked.

`pack_…` writes what `parse_…` reads. Rows, journals and the answers of the evaluator's pool all hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final, TypeVar, cast, get_args

from ai_agent.interviewer.evaluator import Evaluation, KeyPoint, PointVerdict
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.interviewer.question_bank import STAGES, Question, Stage
from ai_agent.interviewer.scoring import Outcome
from ai_agent.interviewer.state import Attempt, Doubt, GivenHint, InterviewState, QuestionState, QuestionStatus
from ai_agent.interviewer.verdicts import EvaluatorName, Label, Status

SCHEMA_VERSION: Final = 2

Json = dict[str, Any]
T = TypeVar("T")


class InterviewRefused(ValueError):
    """What is stored is no interview that a call can go on with."""


# ── writing ───────────────────────────────────────────────────────────────────────────────────────


def pack_interview(state: InterviewState) -> Json:
    """The whole state."""
    questions = [pack_question_state(question) for question in state.questions]
    return {"schema_version": SCHEMA_VERSION, **_values_of(state), "questions": questions}


def pack_question_state(question: QuestionState) -> Json:
    attempts = [pack_attempt(attempt) for attempt in question.attempts]
    unclear = [pack_attempt(attempt) for attempt in question.unclear]
    hints = pack_hints(question.hints)
    values = {"status": question.status.value, "attempts": attempts, "unclear": unclear, "hints": hints}
    return {**_values_of(question), **values}


def pack_hints(hints: Sequence[GivenHint]) -> list[Json]:
    return [asdict(hint) for hint in hints]


def pack_attempt(attempt: Attempt) -> Json:
    evaluation = None if attempt.evaluation is None else pack_evaluation(attempt.evaluation)
    return {**_values_of(attempt), "evaluation": evaluation}


def pack_evaluation(evaluation: Evaluation) -> Json:
    return {**_values_of(evaluation), "points": [asdict(point) for point in evaluation.points]}


def pack_question(question: Question) -> Json:
    """A bank's entry."""
    points = [{**asdict(point), "wordings": list(point.wordings)} for point in question.points]
    return {**_values_of(question), "points": points, "misconceptions": list(question.misconceptions)}


def pack_plan(plan: InterviewPlan) -> Json:
    return {
        "questions": [pack_question(question) for question in plan.questions],
        "state": pack_interview(plan.state),
        "lines": dict(plan.lines),
    }


def _values_of(written: Any) -> Json:
    """Its fields as they are, one deep."""
    return {field.name: getattr(written, field.name) for field in fields(written)}


# ── reading ───────────────────────────────────────────────────────────────────────────────────────


def parse_interview(packed: object) -> InterviewState:
    """
    Raises:
        InterviewRefused: another schema version, or something is missing or of the wrong kind.
    """
    return _parsed(packed, _interview)


def parse_evaluation(packed: object) -> Evaluation:
    """
    Raises:
        InterviewRefused: it is none.
    """
    return _parsed(packed, _evaluation)


def parse_attempt(packed: object) -> Attempt:
    """
    Raises:
        InterviewRefused: it is none.
    """
    return _parsed(packed, _attempt)


def parse_hints(packed: object) -> tuple[GivenHint, ...]:
    """
    Raises:
        InterviewRefused: there is something else among them.
    """
    return _parsed({"hints": packed}, lambda read: _hints(read["hints"]))


def parse_question(packed: object) -> Question:
    """
    Raises:
        InterviewRefused: it is no bank's entry.
    """
    return _parsed(packed, _question)


def parse_plan(packed: object) -> InterviewPlan:
    """
    Raises:
        InterviewRefused: it is none, or its state is not about its questions.
    """
    return _parsed(packed, _plan)


def make_plan(questions: tuple[Question, ...], state: InterviewState, lines: Mapping[str, str]) -> InterviewPlan:
    """
    Raises:
        InterviewRefused: the state is not about these questions.
    """
    if [question.id for question in questions] != [question.question_id for question in state.questions]:
        raise InterviewRefused("the state of an interview is about other questions")
    return InterviewPlan(questions, state, lines)


def _parsed(packed: object, read: Callable[[Json], T]) -> T:
    try:
        return read(_object(packed))
    except InterviewRefused:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise InterviewRefused(f"this is no part of an interview: {error!r}") from error


def _plan(packed: Json) -> InterviewPlan:
    questions = tuple(_question(_object(one)) for one in _list(packed["questions"]))
    lines = {_text(name): _text(line) for name, line in _object(packed["lines"]).items()}
    return make_plan(questions, _interview(_object(packed["state"])), lines)


def _interview(packed: Json) -> InterviewState:
    if packed["schema_version"] != SCHEMA_VERSION:
        raise InterviewRefused(f"an interview of schema version {packed['schema_version']}, not {SCHEMA_VERSION}")
    questions = tuple(_question_state(_object(one)) for one in _list(packed["questions"]))
    number = _whole(packed["number"])
    if not 0 <= number <= len(questions):
        raise InterviewRefused(f"question {number} of {len(questions)}")
    return InterviewState(
        questions=questions,
        number=number,
        silent_in_a_row=_whole(packed["silent_in_a_row"]),
        is_paused=_truth(packed["is_paused"]),
        is_leaving=_truth(packed["is_leaving"]),
    )


def _question_state(packed: Json) -> QuestionState:
    return QuestionState(
        question_id=_text(packed["question_id"]),
        stage=cast("Stage", _one_of(STAGES, packed["stage"])),
        status=QuestionStatus(packed["status"]),
        is_asked=_truth(packed["is_asked"]),
        attempts=tuple(_attempt(_object(one)) for one in _list(packed["attempts"])),
        unclear=tuple(_attempt(_object(one)) for one in _list(packed["unclear"])),
        hints=_hints(packed["hints"]),
        clarifications=_whole(packed["clarifications"]),
        repeats=_whole(packed["repeats"]),
        silences=_whole(packed["silences"]),
        unscorable=cast("Doubt | None", _one_of_or_none(get_args(Doubt), packed["unscorable"])),
    )


def _hints(packed: object) -> tuple[GivenHint, ...]:
    return tuple(_hint(_object(one)) for one in _list(packed))


def _hint(packed: Json) -> GivenHint:
    return GivenHint(
        point=_text(packed["point"]),
        after=_whole(packed["after"]),
        is_full=_truth(packed["is_full"]),
        is_asked=_truth(packed["is_asked"]),
    )


def _attempt(packed: Json) -> Attempt:
    evaluation = packed["evaluation"]
    return Attempt(
        utterance_id=_text(packed["utterance_id"]),
        transcript=_text(packed["transcript"]),
        doubt=cast("Doubt | None", _one_of_or_none(get_args(Doubt), packed["doubt"])),
        outcome=cast("Outcome | None", _one_of_or_none(get_args(Outcome), packed["outcome"])),
        evaluation=None if evaluation is None else _evaluation(_object(evaluation)),
    )


def _evaluation(packed: Json) -> Evaluation:
    return Evaluation(
        coverage=_number(packed["coverage"]),
        label=cast("Label", _one_of(get_args(Label), packed["label"])),
        points=tuple(_verdict(_object(one)) for one in _list(packed["points"])),
        evaluator=cast("EvaluatorName", _one_of(get_args(EvaluatorName), packed["evaluator"])),
        is_checked=_truth(packed.get("is_checked", False)),
    )


def _verdict(packed: Json) -> PointVerdict:
    return PointVerdict(
        point=_text(packed["point"]),
        status=cast("Status", _one_of(get_args(Status), packed["status"])),
        score=_number(packed["score"]),
        quote=_text(packed["quote"]),
    )


def _question(packed: Json) -> Question:
    return Question(
        id=_text(packed["id"]),
        topic=_text(packed["topic"]),
        stage=cast("Stage", _one_of(STAGES, packed["stage"])),
        text=_text(packed["text"]),
        clarification=_text(packed["clarification"]),
        points=tuple(_point(_object(one)) for one in _list(packed["points"])),
        misconceptions=_texts(packed["misconceptions"]),
        model_answer=_text(packed["model_answer"]),
    )


def _point(packed: Json) -> KeyPoint:
    return KeyPoint(
        id=_text(packed["id"]),
        name=_text(packed["name"]),
        wordings=_texts(packed["wordings"]),
        hint=_text(packed["hint"]),
    )


# ── values ────────────────────────────────────────────────────────────────────────────────────────


def _object(value: object) -> Json:
    if not isinstance(value, Mapping):
        raise TypeError(f"an object was expected, not {type(value).__name__}")
    return dict(value)


def _list(value: object) -> list[object]:
    if not isinstance(value, (list, tuple)):
        raise TypeError(f"a list was expected, not {type(value).__name__}")
    return list(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {type(value).__name__}")
    return value


def _texts(value: object) -> tuple[str, ...]:
    return tuple(_text(one) for one in _list(value))


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"true or false was expected, not {type(value).__name__}")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"a number was expected, not {type(value).__name__}")
    return float(value)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(f"a whole number was expected, not {value!r}")
    return value


def _one_of(known: tuple[str, ...], value: object) -> str:
    if value not in known:
        raise ValueError(f"{value!r} is not one of {', '.join(known)}")
    return _text(value)


def _one_of_or_none(known: tuple[str, ...], value: object) -> str | None:
    return None if value is None else _one_of(known, value)
