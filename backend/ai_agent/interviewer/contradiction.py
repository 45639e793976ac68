"""Which clauses of an answer say the opposite? Wrong statements of the bank, and points that are denied.

    nearer to a wrong statement than to every point, by meaning and by signed words   ──> contradicts the point
                                                                                          that the statement is about
    near to a point, and what the point says stands behind a "not"                    ──> contradicts that point

    what the points say of the other thing that the question names                    ──> contradicts that point
    its steps in another order                                                        ──> contradicts that point

A clause that contradicts supports nothing. The rest of the answer is scored as if it had not been said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from ai_agent.interviewer.clauses import Clause, Word, clauses_of, sentences_of, spoken_words, stems_of, words_of
from ai_agent.interviewer.polarity import Signed, agreement, is_negated, signed_stems, turns_of
from ai_agent.interviewer.roles import swapped_point
from ai_agent.interviewer.sequence import is_out_of_order

Rows = npt.NDArray[np.floating]

NEAR_TO_WRONG: Final = 0.55
"""A cosine below this is about something else."""
NEAR_TO_WRONG_IF_SHORT: Final = 0.72
"""The same for a clause of hardly any words: those are near to much."""
SHORT: Final = 2
"""Words of meaning."""
NEARER_BY: Final = 0.13
"""How much nearer to the wrong statement than to any point."""
REPEATED: Final = 0.93
"""A wrong statement that is said nearly as it is written counts when it is nearer by meaning at all."""
SIGNED_WEIGHT: Final = 0.20
"""What the signed words are worth beside the cosine."""
OPPOSED: Final = 2.0
"""A word with the other sign counts so many times."""
NEAR_TO_DENIED: Final = 0.50
"""A cosine from which a "not" is about the point."""
DENIED: Final = 0.34
"""The share of a point's words that stand behind the "not"."""
AS_WRITTEN: Final = 0.75
"""The share of a point's words, each with its own sign, from which it is said nearly as it is written."""
_NOT_A_VERB: Final = frozenset("in on at to by with from for as the a an this that its their".split())
CONTRAST: Final = 2
"""So many words of a point before the "not", and it only sets the point off: "in the body, not in the address"."""
LEXICAL_NEAR: Final = 0.5
LEXICAL_BY: Final = 0.25
"""The same without an embedding, in shares of signed words,"""
LEXICAL_SHARED: Final = 3
"""of which so many at least are said: a single word that a short wrong clause has too is no wrong statement."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A clause that says the opposite of a point."""

    clause: int
    point: int


@dataclass(frozen=True, slots=True)
class Meanings:
    """Cosines of each clause (row) with each point (column, the best of its wordings) and each wrong statement."""

    points: Rows
    wrong: Rows
    wrong_to_points: Rows
    """Of each wrong statement (row) with each point: which point it is about."""


def contradictions(
    clauses: Sequence[Clause],
    points: Sequence[Sequence[str]],
    misconceptions: Sequence[str],
    meanings: Meanings | None,
    *,
    question: str = "",
) -> tuple[Contradiction, ...]:
    """The clauses that contradict, each with the point. `points`: the wordings of each."""
    found: list[Contradiction] = []
    for number, clause in enumerate(clauses):
        point = _by_wrong_statement(number, clause, points, misconceptions, meanings)
        if point is None:
            point = swapped_point(clause, stems_of(question), points)
        if point is None and is_negated(clause) and not _is_a_point(clause, points):
            point = _by_denial(number, clause, points, meanings)
        if point is not None:
            found.append(Contradiction(clause=number, point=point))
    return tuple(found)


def out_of_order(
    words: Sequence[Word], clauses: Sequence[Clause], points: Sequence[Sequence[str]]
) -> tuple[Contradiction, ...]:
    """Points whose steps are told in another order, each with all the clauses that tell one of them."""
    swapped = [number for number, wordings in enumerate(points) if any(is_out_of_order(one, words) for one in wordings)]
    return tuple(
        Contradiction(clause=at, point=number)
        for number in swapped
        for at, clause in enumerate(clauses)
        if any(clause.stems() & stems_of(wording) for wording in points[number])
    )


def _by_wrong_statement(
    number: int,
    clause: Clause,
    points: Sequence[Sequence[str]],
    misconceptions: Sequence[str],
    meanings: Meanings | None,
) -> int | None:
    if not misconceptions:
        return None
    said = signed_stems(clause.words)
    to_points = [max(_net(said, wording) for wording in wordings) for wordings in points]
    to_wrong = [_net(said, statement) - _denied(said, statement) for statement in misconceptions]
    if meanings is None:
        best = int(np.argmax(to_wrong))
        shared = len(clause.stems() & stems_of(misconceptions[best]))
        if shared < LEXICAL_SHARED or to_wrong[best] < max(LEXICAL_NEAR, max(to_points) + LEXICAL_BY):
            return None
        signed = signed_stems(words_of(misconceptions[best]))
        return int(np.argmax([max(_net(signed, wording) for wording in wordings) for wordings in points]))
    repeated = int(meanings.wrong[number].argmax())
    if meanings.wrong[number, repeated] >= max(REPEATED, float(meanings.points[number].max()) + 0.01):
        return int(meanings.wrong_to_points[repeated].argmax())
    nearer = meanings.wrong[number] + SIGNED_WEIGHT * np.array(to_wrong)
    best = int(nearer.argmax())
    right = float((meanings.points[number] + SIGNED_WEIGHT * np.array(to_points)).max())
    least = NEAR_TO_WRONG if len(clause.stems()) > SHORT else NEAR_TO_WRONG_IF_SHORT
    if meanings.wrong[number, best] < least or float(nearer[best]) - right < NEARER_BY:
        return None
    return int(meanings.wrong_to_points[best].argmax())


def _by_denial(number: int, clause: Clause, points: Sequence[Sequence[str]], meanings: Meanings | None) -> int | None:
    """A point whose words stand behind the clause's "not", where the point has none before them.

    Who denies a wrong statement denies no point.
    """
    denied = signed_stems(_behind_a_not(clause))
    if meanings is None:
        near = [max(_share(denied, wording) for wording in wordings) for wordings in points]
        nearest = int(np.argmax(near))
        is_near = near[nearest] >= LEXICAL_NEAR
    else:
        nearest = int(meanings.points[number].argmax())
        nearness = float(meanings.points[number, nearest])
        is_near = nearness >= max(NEAR_TO_DENIED, float(meanings.wrong[number].max(initial=-1.0)))
    if not is_near or _only_sets_off(clause, points):
        return None
    shares = [agreement(denied, part) for part in _all_parts(points[nearest])]
    if any(agree > 0 for agree, _ in shares):
        return None
    return nearest if any(oppose >= DENIED for _, oppose in shares) else None


def _is_a_point(clause: Clause, points: Sequence[Sequence[str]]) -> bool:
    """It says a point nearly as it is written, the "not" included: it denies no other one."""
    said = signed_stems(clause.words)
    parts = [part for wordings in points for part in _all_parts(wordings)]
    return any(sum(said.get(stem) == sign for stem, sign in part.items()) >= AS_WRITTEN * len(part) for part in parts)


def _only_sets_off(clause: Clause, points: Sequence[Sequence[str]]) -> bool:
    """A point has been said already, and the "not" belongs to a place or a thing: "in the body, not in the address"."""
    first = turns_of(clause.words).index(-1)
    behind = clause.words[first + 1].text if first + 1 < len(clause.words) else ""
    affirmed = set(signed_stems(clause.words[:first]))
    return behind in _NOT_A_VERB and any(
        len(affirmed & set(part)) >= CONTRAST for wordings in points for part in _all_parts(wordings)
    )


def _behind_a_not(clause: Clause) -> tuple[Word, ...]:
    return clause.words[turns_of(clause.words).index(-1) :]


def _all_parts(wordings: Sequence[str]) -> list[Signed]:
    return [part for wording in wordings for part in _parts(wording)]


@lru_cache(maxsize=8_192)
def _parts(wording: str) -> tuple[Signed, ...]:
    """What each clause of a wording says."""
    return tuple(
        signed_stems(clause.words)
        for sentence in sentences_of(spoken_words(words_of(wording)))
        for clause in clauses_of(sentence)
    )


def _net(said: Signed, wording: str) -> float:
    """How much of a wording is said, less what is said with the other sign; of its clauses the best."""
    return max(
        (agree - OPPOSED * oppose for agree, oppose in (agreement(said, part) for part in _parts(wording))), default=0.0
    )


def _denied(said: Signed, statement: str) -> float:
    """What counts against a wrong statement having been said: a part of it that is only denied."""
    shares = (agreement(said, part) for part in _parts(statement))
    return OPPOSED * max((oppose for agree, oppose in shares if agree == 0), default=0.0)


def _share(said: Signed, wording: str) -> float:
    return max((sum(agreement(said, part)) for part in _parts(wording)), default=0.0)
