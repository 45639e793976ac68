"""What can be said of an answer? Its key points, what became of each, and the label that follows.

KeyPoint ──(an answer)──> PointVerdict: covered, missed or contradicted, with the candidate's own words
all of them ──> Evaluation: coverage 0..1 and a label
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Status = Literal["covered", "missed", "contradicted"]
Label = Literal["correct", "partial", "incorrect"]
EvaluatorName = Literal["minilm", "lexical"]

CORRECT_FROM: Final = 0.50
"""Half of the key points is correct."""
PARTIAL_FROM: Final = 0.20
COVERED_FROM: Final = 0.50
"""A point's own score from which it counts as said."""
FEWEST_TO_STAND: Final = 3
"""Of so many points or more, one has to be said, or said wrongly, before an answer is partly right."""
NOTHING_STANDS_AT_MOST: Final = 0.19
"""The coverage of an answer that is on the subject and says none of its points."""


@dataclass(frozen=True, slots=True)
class KeyPoint:
    """Something that a good answer says."""

    id: str
    name: str
    """Said aloud in praise and before a hint; does not give the point away."""
    wordings: tuple[str, ...]
    """Ways in which a person says it."""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """What became of one key point."""

    point: str
    """The point's id, or its text where points are given as text."""
    status: Status
    score: float
    """0 to 1: how much of it was said."""
    quote: str
    """The words of the answer that decided it; empty where it was missed."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An answer against its key points."""

    coverage: float
    label: Label
    points: tuple[PointVerdict, ...]
    evaluator: EvaluatorName
    is_checked: bool = False
    """A language model was asked for quotes, and those that were said have counted."""

    @property
    def covered(self) -> tuple[PointVerdict, ...]:
        return self._with("covered")

    @property
    def missed(self) -> tuple[PointVerdict, ...]:
        return self._with("missed")

    @property
    def contradicted(self) -> tuple[PointVerdict, ...]:
        return self._with("contradicted")

    @property
    def is_only_contradicted(self) -> bool:
        """Enough was said: to be correct, nothing is needed but what it contradicts put right."""
        return bool(self.contradicted) and (self.coverage >= CORRECT_FROM or not self.missed)

    @property
    def lacking(self) -> tuple[PointVerdict, ...]:
        """What a second attempt has to say."""
        if self.is_only_contradicted:
            return self.contradicted
        return tuple(point for point in self.points if point.status != "covered")

    def _with(self, status: Status) -> tuple[PointVerdict, ...]:
        return tuple(point for point in self.points if point.status == status)


def coverage_of(points: Sequence[PointVerdict]) -> float:
    """How much of its points an answer says, 0 to 1: their scores' mean. Who says none of them is not partly right.

    >>> missed = PointVerdict("locks", "missed", 0.4, "")
    >>> covered = PointVerdict("threads", "covered", 0.8, "Two threads share it.")
    >>> [round(coverage_of(points), 2) for points in ([missed] * 2, [missed] * 3, [missed, missed, covered])]
    [0.4, 0.19, 0.53]
    """
    mean = sum(point.score for point in points) / len(points) if points else 0.0
    nothing_stands = len(points) >= FEWEST_TO_STAND and all(point.status == "missed" for point in points)
    return min(mean, NOTHING_STANDS_AT_MOST) if nothing_stands else mean


def label_of(coverage: float, *, is_contradicted: bool = False) -> Label:
    """The label of a coverage. A contradiction asks for a second attempt; alone it fails nobody.

    >>> label_of(0.5), label_of(0.2), label_of(0.19), label_of(0.9, is_contradicted=True)
    ('correct', 'partial', 'incorrect', 'partial')
    """
    if coverage >= CORRECT_FROM and not is_contradicted:
        return "correct"
    return "partial" if coverage >= PARTIAL_FROM else "incorrect"


def nothing_said(key_points: Sequence[KeyPoint], evaluator: EvaluatorName) -> Evaluation:
    """The evaluation of silence."""
    points = tuple(PointVerdict(point=point.id, status="missed", score=0.0, quote="") for point in key_points)
    return Evaluation(coverage=0.0, label="incorrect", points=points, evaluator=evaluator)


def union(first: Evaluation, second: Evaluation) -> Evaluation:
    """Both attempts together: after a hint people say only what was missing.

    Of each point the better of its two verdicts counts. A contradiction of the first attempt is forgiven when the
    second says the point; one in the second attempt stands when the first had not said the point either.

    Raises:
        ValueError: the two are not about the same points.
    """
    if [one.point for one in first.points] != [one.point for one in second.points]:
        raise ValueError("the two evaluations are about different points")
    points = tuple(_better(*pair) for pair in zip(first.points, second.points, strict=True))
    coverage = max(first.coverage, second.coverage, coverage_of(points))
    is_contradicted = any(point.status == "contradicted" for point in points)
    return Evaluation(
        coverage=coverage,
        label=label_of(coverage, is_contradicted=is_contradicted),
        points=points,
        evaluator=second.evaluator if first.evaluator == "minilm" else first.evaluator,
        is_checked=first.is_checked or second.is_checked,
    )


def _better(first: PointVerdict, second: PointVerdict) -> PointVerdict:
    rank = {"covered": 2, "contradicted": 1, "missed": 0}
    return max((second, first), key=lambda one: (rank[one.status], one.score))
