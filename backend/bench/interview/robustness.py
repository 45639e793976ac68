"""Does the label stay when the same thing is said less well? Fillers, restarts and slips of a recogniser, by rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from ai_agent.interviewer.evaluator import Embed, evaluate
from bench.interview.answers import Graded

FILLERS: Final = ("um", "uh", "you know", "er")
SLIP_LETTERS: Final = 5
SAMPLE: Final = 120


def with_fillers(answer: str, chance: np.random.Generator) -> str:
    """A filler before about every sixth word."""
    return " ".join(
        f"{FILLERS[chance.integers(len(FILLERS))]} {word}" if chance.random() < 1 / 6 else word
        for word in answer.split()
    )


def with_restart(answer: str, chance: np.random.Generator) -> str:
    """Two words in a row are said twice."""
    words = answer.split()
    at = int(chance.integers(max(1, len(words) - 1)))
    return " ".join([*words[:at], *words[at : at + 2], *words[at:]])


def with_slip(answer: str, chance: np.random.Generator) -> str:
    """One longer word in ten loses a letter, or has two swapped."""
    return " ".join(_slipped(word, chance) if chance.random() < 1 / 10 else word for word in answer.split())


def _slipped(word: str, chance: np.random.Generator) -> str:
    if len(word) < SLIP_LETTERS or not word.isalpha():
        return word
    at = int(chance.integers(1, len(word) - 1))
    if chance.random() < 1 / 2:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


Change = Callable[[str, np.random.Generator], str]
CHANGES: Final[dict[str, Change]] = {"fillers": with_fillers, "a restart": with_restart, "slips": with_slip}


def share_unchanged(rows: Sequence[Graded], change: Change, embed: Embed | None) -> float:
    """Of the answers, how many keep their label."""
    chance = np.random.default_rng(7)
    kept = 0
    for one in rows:
        before = evaluate(one.question, one.points, one.answer, misconceptions=one.misconceptions, embed=embed)
        changed = change(one.answer, chance)
        after = evaluate(one.question, one.points, changed, misconceptions=one.misconceptions, embed=embed)
        kept += before.label == after.label
    return kept / len(rows)


def lowered_by_a_point(rows: Sequence[Graded], embed: Embed | None) -> int:
    """How many answers are worth less when one of the points is added to them in its own words."""
    lower = 0
    for number, one in enumerate(rows):
        before = evaluate(one.question, one.points, one.answer, misconceptions=one.misconceptions, embed=embed)
        added = f"{one.answer.rstrip()}. {one.points[number % len(one.points)]}"
        after = evaluate(one.question, one.points, added, misconceptions=one.misconceptions, embed=embed)
        order = ("incorrect", "partial", "correct")
        lower += after.coverage < before.coverage - 1e-9 or order.index(after.label) < order.index(before.label)
    return lower


def print_figures(rows: Sequence[Graded], embed: Embed | None) -> None:
    sample = rows[:: max(1, len(rows) // SAMPLE)]
    for name, change in CHANGES.items():
        print(f"{name}: {100 * share_unchanged(sample, change, embed):.0f} % of {len(sample)} labels stay")
    print(f"a right point added: {lowered_by_a_point(sample, embed)} of {len(sample)} answers are worth less")
