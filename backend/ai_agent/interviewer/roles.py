"""Who does what? A question that compares two things has answers in which they are swapped.

    points: "TCP establishes a connection", "UDP has less overhead"      answer: "UDP establishes a connection"
            what is said of the one is what the points say of the other alone

Points begin with either thing. Both are named in the question, or the points say opposite things of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from ai_agent.interviewer.clauses import STOP_WORDS, Clause, Word, clauses_of, content_stems, sentences_of, words_of
from ai_agent.interviewer.polarity import Signed, is_negated, signed_stems

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
    named = {one.subject for statements in meant for one in statements}
    subjects = named & question
    if said is not None and said.subject in named - question:
        subjects = {said.subject} | _opposites_of(said.subject, points)
    if said is None or said.is_negated or said.subject not in subjects or len(subjects) < 2:
        return None
    mine = frozenset().union(
        *(one.predicate for statements in meant for one in statements if one.subject == said.subject)
    )
    others = [
        (len(said.predicate & one.predicate - mine), number)
        for number, statements in enumerate(meant)
        for one in statements
        if one.subject in subjects - {said.subject} and not one.is_negated
    ]
    own = max(
        (
            len(said.predicate & one.predicate - _of_others(meant, said.subject, subjects))
            for statements in meant
            for one in statements
            if one.subject == said.subject
        ),
        default=0,
    )
    most, number = max(others, default=(0, 0))
    is_swapped = most >= MIN_SHARED and most >= MIN_SHARE * len(said.predicate) and own == 0
    return number if is_swapped else None


def _of_others(meant: Sequence[Sequence[Statement]], subject: str, subjects: set[str]) -> frozenset[str]:
    """What the points say of the other things."""
    return frozenset().union(
        *(one.predicate for statements in meant for one in statements if one.subject in subjects - {subject})
    )


def _opposites_of(subject: str, points: Sequence[Sequence[str]]) -> set[str]:
    """The things of which a point says the opposite: "push adds on top", "pop removes from the top"."""
    told = [(one.subject, _told_of(wording)) for wordings in points for wording in wordings for one in _first(wording)]
    mine = [said for name, said in told if name == subject]
    return {name for name, said in told if name != subject and any(_is_opposite(said, one) for one in mine)}


def _first(wording: str) -> tuple[Statement, ...]:
    return _statements_in(wording)[:1]


def _told_of(wording: str) -> Signed:
    """What a wording says of its subject, with signs."""
    words = words_of(wording)
    after = next((at for at, word in enumerate(words, 1) if word.text not in STOP_WORDS), 0)
    return signed_stems(words[after:])


def _is_opposite(one: Signed, other: Signed) -> bool:
    """They have words in common, and differ in sign somewhere."""
    return any(name in other for name in one if not name.startswith("±")) and any(
        sign * other.get(name, 0) < 0 for name, sign in one.items()
    )


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
