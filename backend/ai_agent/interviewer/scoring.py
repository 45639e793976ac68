"""How many points is a question worth, and an interview? One table, applied to rows. No model has a say in it.

    first \\ second        correct   partial   incorrect, don't know, skip, silence
    correct               9  (7 with a hint before it)
    partial               7         5         5
    incorrect             4         1         1

Skipped or silent at once: 1. Never reached: 0. What could not be scored is left out of the maximum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Outcome = Literal["correct", "partial", "incorrect", "dont_know", "skipped", "no_answer"]
"""What an attempt came to. The last three count as incorrect."""

QUESTIONS: Final = 10
MOST: Final = 9
"""Points of one question."""
AFTER_HINT: Final = 7
FLOOR: Final = 1
"""A question that was asked and finished gives this at least."""

Worth = Literal["correct", "partial", "incorrect"]

SECOND: Final[dict[tuple[Worth, Worth], int]] = {
    ("partial", "correct"): 7,
    ("partial", "partial"): 5,
    ("partial", "incorrect"): 5,
    ("incorrect", "correct"): 4,
    ("incorrect", "partial"): 1,
    ("incorrect", "incorrect"): 1,
}


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """What is written of a question: all that its points depend on."""

    asked: bool = False
    """The candidate heard it."""
    finished: bool = False
    first: Outcome | None = None
    second: Outcome | None = None
    hint_before_first: bool = False
    """A hint was asked for, and given, before the first answer."""
    not_scorable: bool = False
    """Nobody could hear what was said, or a reviewer has said so."""


@dataclass(frozen=True, slots=True)
class InterviewScore:
    """What the rows of an interview come to."""

    points: int
    maximum: int
    """90, less 9 for each question that could not be scored."""
    asked_maximum: int
    """9 for each question that was asked and could be scored."""
    asked: int
    scored: int
    not_scorable: int
    by_question: tuple[int | None, ...]

    @property
    def of_all_percent(self) -> float | None:
        return 100 * self.points / self.maximum if self.maximum else None

    @property
    def of_asked_percent(self) -> float | None:
        return 100 * self.points / self.asked_maximum if self.asked_maximum else None


def points_of(row: QuestionRow) -> int | None:
    """The points of a question; None while it is open, or where it could not be scored.

    >>> points_of(QuestionRow(asked=True, finished=True, first="partial", second="correct"))
    7
    >>> points_of(QuestionRow(asked=True, finished=True, first="skipped"))
    1
    >>> points_of(QuestionRow())
    0
    """
    if row.not_scorable:
        return None
    if not row.asked:
        return 0
    if not row.finished:
        return None
    first = _worth(row.first)
    if first == "correct":
        return AFTER_HINT if row.hint_before_first else MOST
    return SECOND[first, _worth(row.second)]


def why(row: QuestionRow) -> str:
    """How the points of a question came about, in words.

    >>> why(QuestionRow(asked=True, finished=True, first="incorrect", second="correct"))
    'incorrect at first, correct after a hint: 4 points'
    """
    points = points_of(row)
    if row.not_scorable:
        return "could not be scored: left out of the maximum"
    if not row.asked:
        return "never asked: 0 points"
    if points is None:
        return "not finished: no points yet"
    given = f"{points} point{'' if points == 1 else 's'}"
    if _worth(row.first) == "correct":
        return f"correct after a hint: {given}" if row.hint_before_first else f"correct at once: {given}"
    first = _SAID[row.first or "no_answer"]
    if row.second is None:
        return f"{first}: {given}"
    return f"{first} at first, {_SAID[row.second]} after a hint: {given}"


_SAID: Final[dict[Outcome, str]] = {
    "correct": "correct",
    "partial": "partly correct",
    "incorrect": "incorrect",
    "dont_know": "“I don't know”",
    "skipped": "skipped",
    "no_answer": "no answer",
}


def score_of(rows: Iterable[QuestionRow]) -> InterviewScore:
    """The score of an interview: the same rows, the same score."""
    rows = tuple(rows)
    by_question = tuple(points_of(row) for row in rows)
    lost = sum(row.not_scorable for row in rows)
    asked = sum(row.asked and not row.not_scorable for row in rows)
    return InterviewScore(
        points=sum(points or 0 for points in by_question),
        maximum=MOST * (max(QUESTIONS, len(rows)) - lost),
        asked_maximum=MOST * asked,
        asked=asked,
        scored=sum(row.asked and points is not None for row, points in zip(rows, by_question, strict=True)),
        not_scorable=lost,
        by_question=by_question,
    )


def _worth(outcome: Outcome | None) -> Worth:
    return outcome if outcome == "correct" or outcome == "partial" else "incorrect"  # noqa: PLR1714 - narrows
