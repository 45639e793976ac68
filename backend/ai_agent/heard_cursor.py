"""How much of the reply has left for the listener's ear? Samples in, words out.

A sentence's words are laid over its sound in proportion to their characters; a word is heard when its end has left.

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
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class SpokenSentence:
    text: str
    samples: int
    """How long its sound is, at 48 kHz."""


class HeardCursor:
    """The sentences of one reply, in the order in which their sound was queued."""

    def __init__(self) -> None:
        self._sentences: list[SpokenSentence] = []

    def add_sentence(self, text: str, samples: int) -> None:
        """All of this sentence's sound was handed to the speaker."""
        if samples < 0:
            raise ValueError(f"a sentence's sound has no negative length: {samples}")
        if stripped := text.strip():
            self._sentences.append(SpokenSentence(stripped, samples))

    @property
    def planned_text(self) -> str:
        """All that was queued for speech."""
        return " ".join(sentence.text for sentence in self._sentences)

    @property
    def planned_samples(self) -> int:
        return sum(sentence.samples for sentence in self._sentences)

    def heard_text(self, samples_heard: int) -> str:
        """The words that ended within the first `samples_heard` samples: always a beginning of `planned_text`."""
        heard: list[str] = []
        left = samples_heard
        for sentence in self._sentences:
            if left < sentence.samples:
                heard.append(_words_ended(sentence, left))
                break
            heard.append(sentence.text)
            left -= sentence.samples
        return " ".join(heard).strip()


def _words_ended(sentence: SpokenSentence, samples: int) -> str:
    ended_at = 0
    for word in _WORD.finditer(sentence.text):
        if word.end() * sentence.samples > samples * len(sentence.text):
            break
        ended_at = word.end()
    return sentence.text[:ended_at]
