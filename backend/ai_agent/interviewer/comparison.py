"""Where does an answer stand to the key points of its question? All that is measured, before anything is decided.

answer ──hear──> statements ──(wrong statements, denials)──> which clauses contradict which points
                            └─(the others) × points ──> a Nearness for each point
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ai_agent.interviewer.contradiction import REPEATED, Contradiction, Meanings, contradictions, out_of_order
from ai_agent.interviewer.matching import Nearness, nearness, with_limits
from ai_agent.interviewer.polarity import is_negated
from ai_agent.interviewer.statements import Heard, hear, heard_words, parts_of, without
from ai_agent.interviewer.verdicts import KeyPoint

Embed = Callable[[list[str]], npt.NDArray[np.floating]]
"""Texts to rows of length 1."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An answer against the points of its question."""

    heard: Heard
    kept: Heard
    """What was heard, without the clauses that contradict."""
    against: tuple[Contradiction, ...]
    nearness: tuple[Nearness, ...]
    """One a point."""


def compare(
    question: str,
    points: Sequence[KeyPoint],
    answer: str,
    *,
    misconceptions: Sequence[str] = (),
    embed: Embed | None = None,
) -> Comparison:
    """What can be measured of an answer. Without `embed` by words alone."""
    matter = [wording for point in points for wording in point.wordings]
    heard = hear(answer, question, (*matter, *misconceptions))
    against: tuple[Contradiction, ...] = ()
    if heard.clauses:
        steps = out_of_order(heard_words(answer), heard.clauses, [point.wordings for point in points])
        against = (*_contradictions(question, points, heard, misconceptions, embed), *steps)
    kept = without(heard, [heard.clauses[one.clause] for one in against])
    near = [_nearness(point, question, kept, embed) for point in points]
    limited = with_limits(near, [point.wordings for point in points], question, kept)
    return Comparison(heard=heard, kept=kept, against=against, nearness=limited)


def _nearness(point: KeyPoint, question: str, kept: Heard, embed: Embed | None) -> Nearness:
    cosines = topical = None
    if embed is not None:
        topical = _cosines(embed, point.wordings, [question])[:, 0]
        if kept.statements:
            cosines = _cosines(embed, point.wordings, [statement.text for statement in kept.statements])
    return nearness(point.wordings, question, kept, cosines, topical)


def _cosines(embed: Embed, left: Sequence[str], right: Sequence[str]) -> npt.NDArray[np.float64]:
    rows, columns = embed(list(left)), embed(list(right))
    return np.asarray(rows, np.float64) @ np.asarray(columns, np.float64).T


def _contradictions(
    question: str, points: Sequence[KeyPoint], heard: Heard, misconceptions: Sequence[str], embed: Embed | None
) -> tuple[Contradiction, ...]:
    wordings = [point.wordings for point in points]
    needs_meaning = misconceptions or any(is_negated(clause) for clause in heard.clauses)
    if embed is None or not needs_meaning:
        return contradictions(heard.clauses, wordings, misconceptions, None, question=question)
    said = [clause.text for clause in heard.clauses]
    meant = [_with_parts(one) for one in wordings]
    wrong = [(statement,) for statement in misconceptions]
    meanings = Meanings(
        points=_nearest(embed, said, meant),
        wrong=_nearest(embed, said, wrong),
        wrong_to_points=_nearest(embed, list(misconceptions), meant),
    )
    found = contradictions(heard.clauses, wordings, misconceptions, meanings, question=question)
    return (*found, *_repeated_sentences(heard, misconceptions, embed, meant, meanings))


def _repeated_sentences(
    heard: Heard, misconceptions: Sequence[str], embed: Embed, meant: Sequence[Sequence[str]], meanings: Meanings
) -> list[Contradiction]:
    """Wrong statements that were said in a whole sentence: every clause of it contradicts."""
    if not heard.sentences or not misconceptions:
        return []
    said = [sentence.text for sentence in heard.sentences]
    wrong, right = _cosines(embed, said, misconceptions), _nearest(embed, said, meant)
    return [
        Contradiction(clause=at, point=int(meanings.wrong_to_points[int(wrong[number].argmax())].argmax()))
        for number, sentence in enumerate(heard.sentences)
        if wrong[number].max() >= max(REPEATED, float(right[number].max()) + 0.01)
        for at, clause in enumerate(heard.clauses)
        if sentence.start <= clause.start < sentence.end
    ]


def _with_parts(texts: Sequence[str]) -> list[str]:
    """The texts, and the clauses of those that have several: people say one at a time."""
    return [*texts, *(part for text in texts for part in parts_of(text))]


def _nearest(embed: Embed, left: Sequence[str], right: Sequence[Sequence[str]]) -> npt.NDArray[np.float64]:
    """For each text on the left (row) and each group on the right (column) the cosine of the group's nearest."""
    if not left or not right:
        return np.zeros((len(left), len(right)))
    return np.stack([_cosines(embed, left, group).max(axis=1) for group in right], axis=1)
