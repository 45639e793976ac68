"""Where were these words said? From a quote to its characters, its utterance, and about where in that one's clip.

    transcript   "They are in order. They cost memory."
    utterances    └ u-1 ───────────┘ └ u-2 ──────────┘      mostly there is only one
    quote                             └ characters 19–35, in the clip of u-2 from about 0.5 s on

No recogniser tells when each word came: the words of an utterance are laid over the stretches in which somebody is
heard, in proportion to their characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

Stretch = tuple[float, float]
"""From and until, in milliseconds of a clip."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of one utterance, as far as it is kept."""

    duration_ms: float
    stretches: tuple[Stretch, ...]
    """Where somebody is heard in it."""

    @property
    def spoken_ms(self) -> float | None:
        """From the first sound in it to the last."""
        return self.stretches[-1][1] - self.stretches[0][0] if self.stretches else None


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """One utterance as its row has it."""

    utterance_id: str
    call_id: str
    number: int
    """Its place in the call."""
    transcript: str
    started_at_ms: float
    """On the call's clock."""
    duration_ms: float | None
    """From the first sound to the last; None: it was typed, or nobody knows."""
    clip: Clip | None = None

    def with_clip(self, clip: Clip | None) -> SpokenTurn:
        """The same with its sound, which knows best how long it was spoken."""
        spoken_ms = None if clip is None else clip.spoken_ms
        return replace(self, clip=clip, duration_ms=self.duration_ms if spoken_ms is None else spoken_ms)


@dataclass(frozen=True, slots=True)
class Part:
    """What one utterance holds of an answer."""

    utterance_id: str
    start: int
    end: int
    """Its characters in the answer's transcript."""
    call_id: str | None = None
    """None: its call is gone."""
    started_at_ms: float | None = None
    duration_ms: float | None = None
    clip: Clip | None = None

    @property
    def clip_ms(self) -> float | None:
        return None if self.clip is None else self.clip.duration_ms


@dataclass(frozen=True, slots=True)
class Receipt:
    """The candidate's own words, and where they are heard."""

    text: str
    attempt: int
    start: int | None = None
    end: int | None = None
    utterance_id: str | None = None
    call_id: str | None = None
    at_ms: float | None = None
    until_ms: float | None = None


class SpokenTurns:
    """All utterances of an interview's calls, found by their id."""

    def __init__(self, turns: Sequence[SpokenTurn]) -> None:
        self._by_id: Mapping[str, SpokenTurn] = {turn.utterance_id: turn for turn in turns}
        in_order = sorted((turn for turn in turns if turn.transcript), key=lambda turn: (turn.call_id, turn.number))
        self._before = {
            later.utterance_id: earlier for earlier, later in pairwise(in_order) if earlier.call_id == later.call_id
        }

    def parts_of(self, transcript: str, utterance_id: str) -> tuple[Part, ...]:
        """The utterances of an answer, in order. It is kept under the id of its last one."""
        if not utterance_id:
            return ()
        turn = self._by_id.get(utterance_id)
        if turn is None:
            return (Part(utterance_id, 0, len(transcript)),)
        if not turn.transcript or not transcript.endswith(turn.transcript):
            return (_part(turn, 0, len(transcript)),)
        parts: list[Part] = []
        end = len(transcript)
        known: SpokenTurn | None = turn
        while known is not None and end and transcript[:end].endswith(known.transcript):
            start = end - len(known.transcript)
            parts.append(_part(known, start, end))
            end = len(transcript[:start].rstrip())
            known = self._before.get(known.utterance_id)
        return tuple(reversed(parts))


def receipt_of(quote: str, transcript: str, parts: Sequence[Part], *, attempt: int, heard: str = "") -> Receipt:
    """Where the words of a quote stand in this transcript, and where they are heard.

    `heard`: the transcript that the parts are about, where it is another one: words are then looked for at the same
    share of it.
    """
    place = place_of(quote, transcript)
    if place is None:
        return Receipt(quote, attempt)
    start, end = place
    scale = len(heard) / len(transcript) if heard else 1.0
    part = _part_at(parts, start * scale)
    if part is None:
        return Receipt(quote, attempt, start, end)
    at_ms, until_ms = (_moment(part, character * scale) for character in place)
    return Receipt(quote, attempt, start, end, part.utterance_id, part.call_id, at_ms, until_ms)


def place_of(quote: str, transcript: str) -> tuple[int, int] | None:
    """The first characters of a transcript that say this; white space may be another.

    >>> place_of("in order", "They are in  order, mostly.")
    (9, 18)
    >>> place_of("on top", "They are in order.") is None
    True
    """
    words = quote.split()
    found = re.search(r"\s+".join(map(re.escape, words)), transcript) if words else None
    return None if found is None else found.span()


def _part(turn: SpokenTurn, start: int, end: int) -> Part:
    return Part(turn.utterance_id, start, end, turn.call_id, turn.started_at_ms, turn.duration_ms, turn.clip)


def _part_at(parts: Sequence[Part], character: float) -> Part | None:
    return next((part for part in parts if character < part.end), parts[-1] if parts else None)


def _moment(part: Part, character: float) -> float | None:
    """When about this character is spoken, in milliseconds of the part's clip."""
    if part.clip is None or not part.clip.stretches or part.end <= part.start:
        return None
    share = min(1.0, max(0.0, (character - part.start) / (part.end - part.start)))
    left = share * sum(until - since for since, until in part.clip.stretches)
    for since, until in part.clip.stretches:
        if left <= until - since:
            return round(since + left, 1)
        left -= until - since
    return round(part.clip.stretches[-1][1], 1)
