"""How near are the labels and coverages to people's? Pearson, macro-F1, quadratic kappa, and the two grave errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ai_agent.interviewer.evaluator import Label

LABELS: Final[tuple[Label, ...]] = ("incorrect", "partial", "correct")
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Agreement:
    """The figures of a set."""

    r: float
    macro_f1: float
    kappa: float
    correct_called_incorrect: float
    incorrect_called_correct: float

    def __str__(self) -> str:
        return (
            f"r {self.r:.3f}  macro-F1 {self.macro_f1:.3f}  kappa {self.kappa:.3f}  "
            f"correct called incorrect {100 * self.correct_called_incorrect:.1f} %  "
            f"incorrect called correct {100 * self.incorrect_called_correct:.1f} %"
        )


def agreement(coverages: Array, grades: Array, found: Sequence[Label], wanted: Sequence[Label]) -> Agreement:
    """The figures for coverages and labels (`found`) against grades and labels of people (`wanted`)."""
    table = confusion(found, wanted)
    return Agreement(
        r=pearson(coverages, grades),
        macro_f1=macro_f1(table),
        kappa=quadratic_kappa(table),
        correct_called_incorrect=_share(table[2, 0], table[2].sum()),
        incorrect_called_correct=_share(table[0, 2], table[0].sum()),
    )


def confusion(found: Sequence[Label], wanted: Sequence[Label]) -> Array:
    """Rows: what people say, columns: what was found; from incorrect to correct."""
    table = np.zeros((len(LABELS), len(LABELS)))
    for ours, theirs in zip(found, wanted, strict=True):
        table[LABELS.index(theirs), LABELS.index(ours)] += 1
    return table


def pearson(one: Array, other: Array) -> float:
    """
    >>> round(pearson(np.array([0.0, 0.5, 1.0]), np.array([1.0, 2.0, 3.0])), 6)
    1.0
    """
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def macro_f1(table: Array) -> float:
    """
    >>> macro_f1(np.diag([3.0, 3.0, 3.0]))
    1.0
    """
    hits = np.diag(table)
    return float(np.mean(2 * hits / np.maximum(1, table.sum(axis=0) + table.sum(axis=1))))


def quadratic_kappa(table: Array) -> float:
    """
    >>> quadratic_kappa(np.diag([3.0, 3.0, 3.0])), quadratic_kappa(np.ones((3, 3)))
    (1.0, 0.0)
    """
    places = np.arange(len(table))
    cost = (places[:, None] - places[None, :]) ** 2
    by_chance = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    return float(1 - (cost * table).sum() / (cost * by_chance).sum())


def _share(count: float, total: float) -> float:
    return float(count / total) if total else 0.0
