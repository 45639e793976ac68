"""How much of the reply has left for the listener's ear? Samples in, words out.

A sentence's words are laid over its sound in proportion to their characters, the last one a little longer, its pauses
left out; a word with a comma that would end close to a pause ends there. A word is heard when its end has left. While a
sentence's sound is still coming, nobody knows its length: the voice's pace so far says what to expect.

    words     |One   two   three.|Four   five   six.    |
    sound     ████████████████████▓▓▓▓▓▓▓░░░░░░░░░░░░░░░
              the first, complete │queued │expected

>>> cursor = HeardCursor()
>>> cursor.add_sentence("One two three.", samples=14_000)
>>> cursor.add_sentence("Four.", samples=5_000)
>>> cursor.planned_text
'One two three. Four.'
>>> cursor.heard_text(8_000)
'One two'
>>> cursor.heard_text(19_000)
'One two three. Four.'
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ai_agent.audio_format import samples_in
from ai_agent.spoken_pauses import Pause

_WORD: Final = re.compile(r"\S+")
LAST_SOUND_CHARACTERS: Final = 3
"""So much longer than it is written is a sentence's last word: a voice slows down before it pauses (Klatt 1975)."""
PAUSE_REACH_MS: Final = 200
"""So far from where a word with a comma would end the voice's pause is believed to be that comma."""
_BEFORE_PAUSE: Final = ",;:.?!—"

CHARACTER_MS: Final = 65.0
"""How long a voice takes for a character, until it has been heard."""
CHARACTERS_OF_DOUBT: Final = 30
"""`CHARACTER_MS` weighs as much as so many characters that were heard: a short word says little about a pace."""


class SpeakingRate:
    """How long does a character last? Learned from the whole sentences of one voice.

    >>> rate = SpeakingRate()
    >>> rate.expected_samples("Yes.") == 4 * samples_in(CHARACTER_MS)
    True
    >>> rate.add_sentence("a" * 970, samples=970 * 5_120)
    >>> rate.expected_samples("Yes.")
    20240
    """

    def __init__(self) -> None:
        self._characters = CHARACTERS_OF_DOUBT
        self._samples = CHARACTERS_OF_DOUBT * samples_in(CHARACTER_MS)

    def add_sentence(self, text: str, samples: int) -> None:
        self._characters += len(text)
        self._samples += samples

    def expected_samples(self, text: str) -> int:
        return round(len(text) * self._samples / self._characters)


@dataclass(frozen=True, slots=True)
class SpokenSentence:
    text: str
    samples: int
    """How much of its sound was queued, at 48 kHz: all of it, or what has come so far."""
    pauses: tuple[Pause, ...] = ()
    """Where the voice is silent in it."""

    def spoken_samples(self, until: int) -> int:
        """How much of the voice itself lies before this sample."""
        return until - sum(max(0, min(end, until) - start) for start, end in self.pauses)

    def text_until(self, sample: int) -> str:
        """The words that have ended by this sample."""
        inner = [self.spoken_samples(start) for start, end in self.pauses if start > 0 and end < self.samples]
        return _words_ended(self.text, self.spoken_samples(self.samples), self.spoken_samples(sample), inner)


class HeardCursor:
    """The sentences of one reply, in the order in which their sound was queued. The last may still be coming."""

    def __init__(self, rate: SpeakingRate | None = None) -> None:
        """`rate` is the voice's, where earlier replies have shown it."""
        self._sentences: list[SpokenSentence] = []
        self._coming: SpokenSentence | None = None
        self._rate = rate or SpeakingRate()

    def begin_sentence(self, text: str) -> None:
        """This sentence's sound begins to come; one that was coming before is over."""
        self._keep_coming()
        self._coming = SpokenSentence(text.strip(), 0)

    def add_sound(self, samples: int) -> None:
        """The next piece of the coming sentence's sound was handed to the speaker."""
        coming = self._coming or SpokenSentence("", 0)
        self._coming = SpokenSentence(coming.text, coming.samples + _length(samples))

    def add_sentence(self, text: str, samples: int, pauses: Iterable[Pause] = ()) -> None:
        """All of this sentence's sound was handed to the speaker; in `pauses` of it the voice is silent."""
        self._coming = None
        if stripped := text.strip():
            written = tuple((int(start), int(end)) for start, end in pauses)
            self._sentences.append(SpokenSentence(stripped, _length(samples), written))
            self._rate.add_sentence(stripped, samples)

    def _keep_coming(self) -> None:
        if self._coming is not None:
            self._sentences.append(self._coming)
            self._coming = None

    @property
    def planned_text(self) -> str:
        """All that was meant to be heard: the sentences whose sound was queued, and the one that is coming."""
        return " ".join(sentence.text for sentence in self._all if sentence.text)

    @property
    def planned_samples(self) -> int:
        """All the sound that was queued."""
        return sum(sentence.samples for sentence in self._all)

    @property
    def _all(self) -> list[SpokenSentence]:
        return [*self._sentences, self._coming] if self._coming else self._sentences

    def sentence_at(self, samples: int) -> tuple[str, int]:
        """The sentence of which this sample is, and how many samples of it are left, as far as can be told.

        After the last one it is the last one, of which nothing is left.
        """
        left, sentence = samples, SpokenSentence("", 0)
        for sentence in self._sentences:
            if left < sentence.samples:
                return sentence.text, sentence.samples - left
            left -= sentence.samples
        if self._coming is not None:
            return self._coming.text, max(0, self._expected_of(self._coming) - left)
        return sentence.text, 0

    def words_around(self, samples: int, *, before: int, after: int) -> tuple[str, ...]:
        """The last words whose beginning has left by this sample, and the next ones of what is planned.

        >>> cursor = HeardCursor()
        >>> cursor.add_sentence("One two three.", samples=14_000)
        >>> cursor.words_around(7_500, before=2, after=0)
        ('two', 'three.')
        """
        planned = self.planned_text.split()
        heard = len(self.heard_text(samples).split())
        begun = min(len(planned), heard + 1) if samples else 0
        return tuple(planned[max(0, begun - before) : begun + after])

    def words_between(self, start: int, end: int) -> tuple[str, ...]:
        """The words of which something left between these samples.

        >>> cursor = HeardCursor()
        >>> cursor.add_sentence("One two three.", samples=14_000)
        >>> cursor.words_between(4_000, 5_000)
        ('two',)
        """
        planned = self.planned_text.split()
        return tuple(planned[len(self.heard_text(start).split()) : len(self.heard_text(end).split()) + 1])

    def heard_text(self, samples_heard: int) -> str:
        """The words that ended within the first `samples_heard` samples: always a beginning of `planned_text`."""
        heard: list[str] = []
        left = samples_heard
        for sentence in self._sentences:
            if left < sentence.samples:
                heard.append(sentence.text_until(left))
                return " ".join(filter(None, heard))
            heard.append(sentence.text)
            left -= sentence.samples
        if self._coming is not None:
            expected = self._expected_of(self._coming)
            heard.append(_words_ended(self._coming.text, expected, min(left, self._coming.samples)))
        return " ".join(filter(None, heard))

    def _expected_of(self, coming: SpokenSentence) -> int:
        return max(coming.samples, self._rate.expected_samples(coming.text))


def _length(samples: int) -> int:
    if samples < 0:
        raise ValueError(f"a sentence's sound has no negative length: {samples}")
    return samples


def _words_ended(text: str, samples: int, samples_heard: int, pauses: Sequence[int] = ()) -> str:
    """The words of a sentence of so many voiced samples that ended in the first ones; `pauses` lie between those."""
    words = [match.end() for match in _WORD.finditer(text)]
    length = len(text) + LAST_SOUND_CHARACTERS
    ends = [(end if end < len(text) else length) * samples / length for end in words]
    expected, known = [0.0], [0.0]
    for written, end in zip(words, ends, strict=True):
        if written == len(text) or text[written - 1] not in _BEFORE_PAUSE:
            continue
        pause = min((pause for pause in pauses if pause > known[-1]), key=lambda at: abs(at - end), default=None)
        if pause is not None and abs(pause - end) < samples_in(PAUSE_REACH_MS):
            expected.append(end)
            known.append(float(pause))
    heard = bisect_right(np.interp(ends, [*expected, samples], [*known, samples]), samples_heard)
    return text[: words[heard - 1]] if heard else ""
