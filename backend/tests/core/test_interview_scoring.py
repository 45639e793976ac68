"""Is an interview worth what the table says?"""

from __future__ import annotations

import pytest

from ai_agent.interviewer.scoring import Outcome, QuestionRow, points_of, score_of, why


def row(first: Outcome | None, second: Outcome | None = None, **more: bool) -> QuestionRow:
    return QuestionRow(asked=True, finished=True, first=first, second=second, **more)


@pytest.mark.parametrize(
    ("first", "second", "points"),
    [
        ("correct", None, 9),
        ("partial", "correct", 7),
        ("partial", "partial", 5),
        ("partial", "incorrect", 5),
        ("partial", "dont_know", 5),
        ("partial", "skipped", 5),
        ("partial", "no_answer", 5),
        ("incorrect", "correct", 4),
        ("incorrect", "partial", 1),
        ("incorrect", "incorrect", 1),
        ("dont_know", "correct", 4),
        ("dont_know", "skipped", 1),
        ("incorrect", "no_answer", 1),
        ("skipped", None, 1),
        ("no_answer", None, 1),
    ],
)
def test_a_question_is_worth_what_the_table_says(first: Outcome, second: Outcome | None, points: int) -> None:
    assert points_of(row(first, second)) == points
    assert f"{points} point" in why(row(first, second))


def test_a_hint_before_a_correct_answer_costs_two_points() -> None:
    assert points_of(row("correct", hint_before_first=True)) == 7


def test_what_was_never_asked_is_worth_nothing_and_what_is_open_is_not_scored_yet() -> None:
    assert points_of(QuestionRow()) == 0
    assert points_of(QuestionRow(asked=True, first="partial")) is None


def test_ten_at_once_are_ninety() -> None:
    score = score_of([row("correct")] * 10)
    assert (score.points, score.maximum, score.asked_maximum, score.scored) == (90, 90, 90, 10)
    assert score.of_all_percent == score.of_asked_percent == 100


def test_what_could_not_be_scored_is_left_out_of_the_maximum() -> None:
    rows = [row("correct")] * 8 + [row("correct", not_scorable=True), QuestionRow()]
    score = score_of(rows)
    assert (score.points, score.maximum, score.asked_maximum) == (72, 81, 72)
    assert (score.asked, score.scored, score.not_scorable) == (8, 8, 1)
    assert score.by_question[8:] == (None, 0)
    assert "left out" in why(rows[8])


def test_an_interview_without_a_question_that_could_be_scored_has_no_percentage() -> None:
    score = score_of([row("correct", not_scorable=True)] * 10)
    assert (score.maximum, score.of_all_percent, score.of_asked_percent) == (0, None, None)
