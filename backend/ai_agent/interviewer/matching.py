"""How near does an answer come to a key point? A few numbers for each point, which the weights make a score of.

    cosine      of the nearest statement, by meaning
    recall      the share of the point's own words that were said at all; a slip of the recogniser counts nearly whole
    together    of one statement: meaning and words at once

Each is a maximum or a share over what was said: saying more never lowers it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from ai_agent.interviewer.clauses import stems_of
from ai_agent.interviewer.statements import Heard

Rows = npt.NDArray[np.floating]

SLIP: Final = 0.8
"""What a word is worth that was written almost right."""
SHORTEST_SLIP: Final = 5
"""Letters; below, one letter makes another word."""


FEATURES: Final = ("cosine", "recall", "together", "topical")


@dataclass(frozen=True, slots=True)
class Nearness:
    """A point against an answer. `at`: which statement decided it, or -1."""

    cosine: float
    recall: float
    together: float
    topical: float
    """How near the question itself is to the point: so much says an answer that only keeps to the subject."""
    at: int
    most: float = 1.0
    """Its score at most."""

    @property
    def value(self) -> float:
        return 0.6 * self.cosine + 0.4 * self.recall


@lru_cache(maxsize=8_192)
def wanted_stems(wording: str, question: str) -> frozenset[str]:
    """The words of a wording that the question has not said already; all of them where none is left."""
    stems = stems_of(wording)
    return stems - stems_of(question) or stems


def nearness(
    wordings: Sequence[str], question: str, heard: Heard, cosines: Rows | None, topical: Rows | None
) -> Nearness:
    """`cosines`: a row a wording, a column a statement; `None` without an embedding, as `topical`, one a wording."""
    found = [
        _of_wording(
            wanted_stems(wording, question),
            heard,
            None if cosines is None else cosines[number],
            0.0 if topical is None else float(topical[number]),
        )
        for number, wording in enumerate(wordings)
    ]
    return max(found, key=lambda one: one.value)


def _of_wording(wanted: frozenset[str], heard: Heard, cosines: Rows | None, topical: float) -> Nearness:
    recall = share_said(wanted, heard.stems)
    if not heard.statements:
        return Nearness(cosine=0.0, recall=recall, together=0.0, topical=topical, at=-1)
    words = np.array([share_said(wanted, statement.stems()) for statement in heard.statements])
    meaning = words if cosines is None else np.asarray(cosines, np.float64)
    both = 0.6 * meaning + 0.4 * words
    return Nearness(
        cosine=float(meaning.max()),
        recall=recall,
        together=float(both.max()),
        topical=topical,
        at=int(both.argmax()),
    )


SAYS_THIS: Final = 0.5
"""A nearness from which a clause says the point."""
BESIDE_AT_MOST: Final = 0.2
"""The score of a point beside the one that the only clause says."""
WORDLESS_AT_MOST: Final = 0.45
"""The score of a point where not a word of any point was said."""


def with_limits(
    found: Sequence[Nearness], points: Sequence[Sequence[str]], question: str, heard: Heard
) -> tuple[Nearness, ...]:
    """What meaning alone cannot show. `points`: the wordings of each.

    One clause says one thing: "Tuples can be keys" is near to all that is said of tuples, and says nothing of the rest
    unless it has a word of it. And who uses no word of any point keeps to the subject, whatever he means.
    Both end with the next thing that is said, so that saying more never lowers a point.
    """
    if len(found) < 2:
        return tuple(found)
    if all(one.recall <= 0 for one in found):
        return tuple(replace(one, most=WORDLESS_AT_MOST) for one in found)
    best = max(range(len(found)), key=lambda number: found[number].value)
    if len(heard.clauses) > 1 or found[best].value < SAYS_THIS:
        return tuple(found)
    own = _all_wanted(points[best], question)
    return tuple(
        one
        if number == best
        or any(
            _said(stem, heard.stems) and not _said(stem, own) for stem in _all_wanted(points[number], question) - own
        )
        else replace(one, most=BESIDE_AT_MOST)
        for number, one in enumerate(found)
    )


def _all_wanted(wordings: Sequence[str], question: str) -> frozenset[str]:
    return frozenset(stem for wording in wordings for stem in wanted_stems(wording, question))


def share_said(wanted: Iterable[str], said: frozenset[str]) -> float:
    """
    >>> share_said({"push", "element"}, frozenset({"push", "elemant"}))
    0.9
    """
    wanted = tuple(wanted)
    if not wanted:
        return 0.0
    return sum(_said(stem, said) for stem in wanted) / len(wanted)


def _said(stem: str, said: frozenset[str]) -> float:
    if stem in said:
        return 1.0
    if len(stem) < SHORTEST_SLIP:
        return 0.0
    return SLIP if any(is_slip(stem, other) for other in said) else 0.0


@lru_cache(maxsize=65_536)
def is_slip(one: str, other: str) -> bool:
    """One letter was exchanged, left out, put in, or two neighbours swapped; or one word is the beginning of the other.

    >>> is_slip("retriev", "retreiv"), is_slip("mutabl", "immutabl"), is_slip("enqueu", "dequeu")
    (True, False, False)
    """
    if min(len(one), len(other)) < SHORTEST_SLIP or abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    first, second = one[start:], other[start:]
    return first[1:] == second[1:] or first[1:] == second or first == second[1:] or first[1::-1] + first[2:] == second
