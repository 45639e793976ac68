"""Does an interview come back from its JSON as it was, and is anything else refused?"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from ai_agent.interviewer.packing import (
    SCHEMA_VERSION,
    InterviewRefused,
    pack_evaluation,
    pack_interview,
    pack_plan,
    pack_question,
    parse_evaluation,
    parse_hints,
    parse_interview,
    parse_plan,
    parse_question,
)
from ai_agent.interviewer.state import Attempt, InterviewState, QuestionEvent
from tests.core.interviews import judged, plan, question

HINT = {"point": "cost", "after": 1, "is_full": True, "is_asked": False}


def lived() -> InterviewState:
    """An interview with something in every field."""
    state = plan().state
    asked = state.question.moved(QuestionEvent.BEGUN).moved(QuestionEvent.SPOKEN)
    unclear = asked.made_unclear(Attempt("u-1", "Mumble.", doubt="low_snr"))
    partly = unclear.answered(Attempt("u-2", "They are in order.")).judged(judged("partial")).hinted("cost")
    return replace(state.with_question(partly), silent_in_a_row=1, is_leaving=True)


def through_json(packed: object) -> Any:
    return json.loads(json.dumps(packed, allow_nan=False))


def test_an_interview_comes_back_as_it_was() -> None:
    assert parse_interview(through_json(pack_interview(lived()))) == lived()


def test_a_plan_an_entry_and_an_evaluation_come_back_as_they_were() -> None:
    assert parse_plan(through_json(pack_plan(plan()))) == plan()
    assert parse_question(through_json(pack_question(question(3)))) == question(3)
    for evaluation in (judged("partial"), replace(judged("partial"), is_checked=True)):
        assert parse_evaluation(through_json(pack_evaluation(evaluation))) == evaluation


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": SCHEMA_VERSION + 1},
        {"number": 11},
        {"number": -1},
        {"number": True},
        {"questions": None},
        {"questions": [{}]},
        {"is_paused": "no"},
    ],
)
def test_what_is_no_interview_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InterviewRefused):
        parse_interview({**pack_interview(lived()), **change})


@pytest.mark.parametrize("hints", [None, "cost", [3], [{"point": "cost"}], [{**HINT, "after": -1}]])
def test_what_are_no_hints_are_refused(hints: object) -> None:
    with pytest.raises(InterviewRefused):
        parse_hints(hints)


@pytest.mark.parametrize("packed", [None, [], "interview", 3, {}])
def test_what_is_no_object_of_ours_is_refused(packed: object) -> None:
    for parse in (parse_interview, parse_evaluation, parse_question, parse_plan):
        with pytest.raises(InterviewRefused):
            parse(packed)


@pytest.mark.parametrize("change", [{"label": "superb"}, {"coverage": "0.5"}, {"points": [{"point": "order"}]}])
def test_what_is_no_evaluation_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InterviewRefused):
        parse_evaluation({**pack_evaluation(judged("partial")), **change})


def test_a_state_of_other_questions_is_refused() -> None:
    packed = through_json(pack_plan(plan()))
    packed["questions"] = packed["questions"][:9]
    with pytest.raises(InterviewRefused, match="other questions"):
        parse_plan(packed)
