"""Are the steps told in their order? A point with "then" in it says one; an answer may say another.

point:  the left subtree, then the root, then the right subtree      left < root < right
answer: first the root, then right, then left                        root < right < left: the opposite
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ai_agent.interviewer.clauses import Word, content_stems, sentences_of, words_of

MIN_STEPS: Final = 3
"""Two steps are swapped too easily by a way of putting it."""

_THEN: Final = frozenset({"then"})
_TELLS_ORDER: Final = frozenset("then first next afterwards finally last lastly".split())
_TURNS_ORDER: Final = frozenset("before after between until once when while".split())
"""With one of these the order of words is not that of the steps."""


def is_out_of_order(wording: str, said: Sequence[Word]) -> bool:
    """The answer tells all steps of the wording, and tells them in another order.

    >>> wording = "traverse the left subtree, then the root, then the right subtree"
    >>> is_out_of_order(wording, words_of("starts with the root then does right then left"))
    True
    >>> is_out_of_order(wording, words_of("first left, then the root, then right"))
    False
    """
    steps = _steps_of(wording)
    if len(steps) < MIN_STEPS:
        return False
    told = [places for sentence in sentences_of(said) if (places := _places_in(sentence, steps))]
    return bool(told) and all(places != sorted(places) for places in told)


def _places_in(sentence: Sequence[Word], steps: Sequence[frozenset[str]]) -> list[int]:
    """Where a sentence that tells an order has each of the steps; empty where one is missing."""
    texts = {word.text for word in sentence}
    if not texts & _TELLS_ORDER or texts & _TURNS_ORDER:
        return []
    places = [next((at for at, word in enumerate(sentence) if content_stems((word,)) & step), None) for step in steps]
    return [] if None in places else [at for at in places if at is not None]


@lru_cache(maxsize=4_096)
def _steps_of(wording: str) -> tuple[frozenset[str], ...]:
    """Of each step the words that no other step has."""
    pieces: list[list[Word]] = [[]]
    for word in words_of(wording):
        if word.text in _THEN:
            pieces.append([])
        else:
            pieces[-1].append(word)
    stems = [content_stems(piece) for piece in pieces]
    own = [one - frozenset().union(*(stems[:at] + stems[at + 1 :])) for at, one in enumerate(stems)]
    return tuple(own) if all(own) else ()
