"""Who does what? A question that compares two things has answers in which they are swapped.

    points: "TCP establishes a connection", "UDP has less overhead"      answer: "UDP establishes a connection"
            what is said of the one is what the points say of the other alone

Both things are named in the question, and points begin with either.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from ai_agent.interviewer.clauses import STOP_WORDS, Clause, Word, clauses_of, content_stems, sentences_of, words_of
from ai_agent.interviewer.polarity import is_negated

MIN_SHARED: Final = 2
"""Words that the statement shares with the point of the other thing."""
MIN_SHARE: Final = 0.6
"""Of what is said in the clause."""


class Statement(NamedTuple):
    subject: str
    predicate: frozenset[str]
    is_negated: bool


def swapped_point(clause: Clause, question: frozenset[str], points: Sequence[Sequence[str]]) -> int | None:
    """The point whose words the clause says of the other thing; `question`: its stems."""
    said = _statement(clause)
    meant = [[one for wording in wordings for one in _statements_in(wording)] for wordings in points]
    subjects = {one.subject for statements in meant for one in statements} & question
    if said is None or said.is_negated or said.subject not in subjects or len(subjects) < 2:
        return None
    others = [
        (_shared(said, one), number)
        for number, statements in enumerate(meant)
        for one in statements
        if one.subject in subjects - {said.subject} and not one.is_negated
    ]
    own = max(
        (_shared(said, one) for statements in meant for one in statements if one.subject == said.subject), default=0
    )
    most, number = max(others, default=(0, 0))
    is_swapped = most >= MIN_SHARED and most >= MIN_SHARE * len(said.predicate) and own == 0
    return number if is_swapped else None


def _shared(said: Statement, meant: Statement) -> int:
    return len(said.predicate & meant.predicate)


def _statement(clause: Clause) -> Statement | None:
    """The first word of meaning, and the others."""
    content: list[Word] = [word for word in clause.words if word.text not in STOP_WORDS]
    if not content:
        return None
    subject = sorted(content_stems(content[:1]))
    predicate = content_stems(content[1:]) - set(subject)
    return Statement(subject[0], predicate, is_negated(clause)) if subject else None


@lru_cache(maxsize=4_096)
def _statements_in(wording: str) -> tuple[Statement, ...]:
    clauses = [clause for sentence in sentences_of(words_of(wording)) for clause in clauses_of(sentence)]
    return tuple(found for clause in clauses if (found := _statement(clause)) is not None)
