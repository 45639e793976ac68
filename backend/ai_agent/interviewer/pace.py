"""How were the answers spoken? Words a minute, pauses, fillers: counted. Nothing about how anybody felt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ai_agent.interviewer.clauses import FILLERS, Word, words_of
from ai_agent.interviewer.receipts import Clip, SpokenTurn

PAUSE_MS: Final = 1_000
"""A silence as long as this is a pause."""
PHRASES: Final = (("you", "know"), ("i", "mean"), ("kind", "of"), ("sort", "of"))
"""Fillers in two words."""
NO_FILLER_AFTER: Final = frozenset({"a", "an", "the", "this", "that", "some", "any", "what", "which", "one", "every"})
"""After these, "kind of" names something: "a kind of tree"; and "what I mean" is said on purpose."""


@dataclass(frozen=True, slots=True)
class FillerCount:
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How some answers were spoken."""

    answers: int
    words: int
    speaking_seconds: float
    words_a_minute: float | None
    fillers: int
    filler_words: tuple[FillerCount, ...]
    pauses: int | None
    """None: no answer was recorded."""
    longest_pause_ms: float | None
    recorded_answers: int
    pause_from_ms: int = PAUSE_MS


def pace_of(turns: Iterable[SpokenTurn]) -> Pace:
    """All of these utterances together. What was typed was not spoken, and is left out."""
    spoken = [turn for turn in turns if turn.duration_ms]
    timed_words = sum(len(words_of(turn.transcript)) for turn in spoken)
    seconds = sum(turn.duration_ms or 0.0 for turn in spoken) / 1000
    counted = Counter(filler for turn in spoken for filler in fillers_in(turn.transcript))
    clips = [turn.clip for turn in spoken if turn.clip is not None]
    silences = [silence for clip in clips for silence in silences_in(clip) if silence >= PAUSE_MS]
    return Pace(
        answers=len(spoken),
        words=timed_words,
        speaking_seconds=round(seconds, 1),
        words_a_minute=round(60 * timed_words / seconds, 1) if seconds and timed_words else None,
        fillers=counted.total(),
        filler_words=tuple(FillerCount(word, count) for word, count in sorted(counted.items(), key=_most_first)),
        pauses=len(silences) if clips else None,
        longest_pause_ms=max(silences, default=None),
        recorded_answers=len(clips),
    )


def fillers_in(transcript: str) -> Iterator[str]:
    """Each filler that the recogniser has written; many leave most of them out.

    >>> list(fillers_in("Um, it is, you know, a kind of tree, uh, sort of."))
    ['um', 'you know', 'uh', 'sort of']
    """
    words = words_of(transcript)
    for at, word in enumerate(words):
        if word.text in FILLERS:
            yield word.text
        elif (phrase := _phrase_at(words, at)) is not None:
            yield " ".join(phrase)


def silences_in(clip: Clip) -> list[float]:
    """The silences between its first and its last sound, in milliseconds.

    >>> silences_in(Clip(4_000, ((500, 1_000), (2_400, 3_500))))
    [1400]
    """
    return [later[0] - earlier[1] for earlier, later in pairwise(clip.stretches)]


def _phrase_at(words: Sequence[Word], at: int) -> tuple[str, str] | None:
    before = words[at - 1].text if at else ""
    if before in NO_FILLER_AFTER:
        return None
    return next((phrase for phrase in PHRASES if tuple(word.text for word in words[at : at + 2]) == phrase), None)


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
