"""What of an answer is heard? Its statements, after fillers, restarts, orders, slips and echoes are set aside.

answer ──without questions──> words ──> spoken ──> sentences ──guards──> statements: clauses, and the sentences around
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from ai_agent.interviewer.clauses import (
    MAX_SENTENCE_WORDS,
    STOP_WORDS,
    Clause,
    Word,
    clauses_of,
    sentences_of,
    spoken_words,
    stems_of,
    words_of,
)
from ai_agent.interviewer.guards import is_echo, is_heap, without_orders, without_questions, without_taken_back

MAX_CLAUSES: Final = 14
MAX_SENTENCES: Final = 6
"""So many are compared at most, the ones with the most words of the matter first: an embedding takes its time."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer as it is compared."""

    clauses: tuple[Clause, ...]
    sentences: tuple[Clause, ...]
    """Those with more than one clause."""
    stems: frozenset[str]
    is_heap: bool

    @property
    def statements(self) -> tuple[Clause, ...]:
        return self.clauses + self.sentences


def heard_words(answer: str) -> tuple[Word, ...]:
    """The words of an answer without fillers, orders and slips."""
    return tuple(word for sentence in _sentences(answer) for word in sentence)


def hear(answer: str, question: str, matter: Sequence[str]) -> Heard:
    """An answer to a question, as it is compared. `matter`: what it may be about, as text."""
    asked = stems_of(question)
    wanted = frozenset(stem for text in matter for stem in stems_of(text))
    initials = _initials_of(tuple(matter))
    clauses: list[Clause] = []
    sentences: list[Clause] = []
    for sentence in _sentences(answer):
        own = [clause for clause in clauses_of(spelt_out(sentence, initials)) if not is_echo(clause, asked, wanted)]
        clauses += own
        words = tuple(word for clause in own for word in clause.words)
        if len(own) > 1 and len(words) <= MAX_SENTENCE_WORDS:
            sentences.append(Clause(words))
    return Heard(
        clauses=_most_telling(clauses, wanted, MAX_CLAUSES),
        sentences=_most_telling(sentences, wanted, MAX_SENTENCES),
        stems=frozenset(stem for clause in clauses for stem in clause.stems()),
        is_heap=_is_mostly_heap([clause.words for clause in clauses]),
    )


def _is_mostly_heap(clauses: Sequence[Sequence[Word]]) -> bool:
    """Half of the words, or more, stand in sentences that are heaps."""
    sentences = sentences_of([word for words in clauses for word in words])
    heaped = sum(len(sentence) for sentence in sentences if is_heap(sentence))
    return 0 < heaped >= sum(map(len, sentences)) / 2


def without(heard: Heard, dropped: Sequence[Clause]) -> Heard:
    """The answer as if some clauses had not been said."""
    if not dropped:
        return heard
    places = [(clause.start, clause.end) for clause in dropped]

    def stays(statement: Clause) -> bool:
        return not any(statement.start < end and start < statement.end for start, end in places)

    clauses = tuple(clause for clause in heard.clauses if stays(clause))
    return replace(
        heard,
        clauses=clauses,
        sentences=tuple(sentence for sentence in heard.sentences if stays(sentence)),
        stems=frozenset(stem for clause in clauses for stem in clause.stems()),
    )


@lru_cache(maxsize=4_096)
def parts_of(text: str) -> tuple[str, ...]:
    """The clauses of a text that has more than one.

    >>> parts_of("A list can be changed, a tuple cannot be changed.")
    ('a list can be changed', 'a tuple cannot be changed')
    """
    clauses = [clause for sentence in sentences_of(words_of(text)) for clause in clauses_of(sentence)]
    return tuple(clause.text for clause in clauses) if len(clauses) > 1 else ()


# ── initials ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_SHORTEST_INITIALS: Final = 3
_LONGEST_INITIALS: Final = 6


@lru_cache(maxsize=512)
def _initials_of(matter: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The runs of words in the matter, by their initials."""
    found: dict[str, tuple[str, ...]] = {}
    for text in matter:
        words = [word.text for word in words_of(text)]
        for length in range(_SHORTEST_INITIALS, _LONGEST_INITIALS + 1):
            for at in range(len(words) - length + 1):
                run = tuple(words[at : at + length])
                found.setdefault("".join(word[0] for word in run), run)
    return found


def spelt_out(words: Sequence[Word], initials: dict[str, tuple[str, ...]]) -> tuple[Word, ...]:
    """With the words that initials stand for.

    >>> [word.text for word in spelt_out(words_of("LIFO with push"), {"lifo": ("last", "in", "first", "out")})]
    ['last', 'in', 'first', 'out', 'with', 'push']
    """
    kept: list[Word] = []
    for word in words:
        if word.text in STOP_WORDS or word.text not in initials:
            kept.append(word)
            continue
        meant = initials[word.text]
        kept.append(replace(word, text=meant[0]))
        kept += [replace(word, text=text, stop_before="") for text in meant[1:]]
    return tuple(kept)


@lru_cache(maxsize=64)
def _sentences(answer: str) -> tuple[tuple[Word, ...], ...]:
    sentences = without_orders(sentences_of(spoken_words(words_of(without_questions(answer)))))
    return tuple(kept for sentence in sentences if (kept := without_taken_back(sentence)))


def _most_telling(statements: Sequence[Clause], wanted: frozenset[str], most: int) -> tuple[Clause, ...]:
    """At most so many statements, in their order: those with the most words that are wanted, then the earliest."""
    if len(statements) <= most:
        return tuple(statements)
    order = sorted(range(len(statements)), key=lambda at: (-len(statements[at].stems() & wanted), at))
    return tuple(statements[at] for at in sorted(order[:most]))
