"""Are these the same words? What recognisers write, made comparable, and phrases looked for in it.

Recognisers write one word in many ways: "Mm-hmm.", "mhm" and "M-hm", "OK" and "ok...", "1 second" and "one second",
"Stooop!", "[BLANK_AUDIO]". Compared are tuples of plain words:

>>> normalise("Okay… WAIT, that’s 1 second! [BLANK_AUDIO]")
('okay', 'wait', 'thats', 'one', 'second')
>>> normalise("Mm-hmm. Hmmm, M-hm? Stooop!"), normalise("Never mind. Never mind. Never mind.")
(('mhm', 'hmm', 'mhm', 'stop'), ('never', 'mind'))
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ai_agent.spoken_numbers import cardinal

Words = tuple[str, ...]

SPOKEN_DIGITS: Final = 4
"""A number with more digits is compared as it is written."""
LONGEST_HUM: Final = 24
LOOP_TIMES: Final = 3
LONGEST_LOOP: Final = 4
"""Up to so many words that come so many times running are one loop, written once."""

_SOUND: Final = re.compile(
    r"\[[^\[\]]{0,80}\]|\([^()]{0,80}\)|\*[^*]{1,80}\*|<[^<>]{0,80}>|【[^【】]{0,80}】|♪[^♪]{1,200}♪"
)
"""Sounds, not words: "[BLANK_AUDIO]", "(laughs)", "*coughs*", "♪ la la ♪"."""
_DROPPED: Final = str.maketrans({"ँ": "ं"} | dict.fromkeys("'’‘ʼ`´′़\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Apostrophes and joiners stand between nothing; Hindi's two nasal signs are one, its dots below are often left out."""
_PREFIX: Final = re.compile(r"\bnon-(?=\w)")
"""A part of its word: "non-stop" is no stop word."""
_LENGTHENED: Final = re.compile(r"(\w)\1{2,}")
_HUMS: Final = (
    (re.compile(r"h*m+h?"), "hmm"),
    (re.compile(r"m+h+(?:[ua]*m+|[ua]+h)|u+h+(?:u+h+|h+u*m+|u+m+)|a+h+a+h*"), "mhm"),
    (re.compile(r"(?:ha|he|hi){2,}h?"), "haha"),
)
_PARTS_OF_HUMS: Final = {("hmm", "hmm"), ("uh", "huh"), ("ah", "ha"), ("hmm", "huh")}
_DOUBLED: Final = frozenset(
    "accha all alright call cool free good haan hello look need ooh see sorry still tell too well will".split()  # noqa: SIM905
)
"""Words whose double letter is kept where somebody drew it out: "coooool"."""


def normalise(text: str) -> Words:
    """The words of `text`, comparable with any other normalised words. Of what is no word nothing is left."""
    words: list[str] = []
    for piece in _SOUND.sub(" ", _plain(text)).split():
        words.extend(_words_of(piece))
    return tuple(_without_loops(_with_whole_hums(words)))


def _plain(text: str) -> str:
    """One way to write each letter: no capitals, no wide or joined forms, no apostrophes."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _PREFIX.sub("non", folded.translate(_DROPPED))


def _words_of(piece: str) -> Iterator[str]:
    """What stands between two spaces: mostly one word with its punctuation."""
    if hum := _hum_of("".join(filter(str.isalpha, piece))):
        yield hum
        return
    for word in "".join(sign if _is_written(sign) else " " for sign in piece).split():
        if word.isdecimal() and len(word) <= SPOKEN_DIGITS:
            yield from cardinal(int(word)).replace("-", " ").split()
        elif any(map(str.isalnum, word)):
            yield _hum_of(word) or _unlengthened(word)


def _is_written(sign: str) -> bool:
    """Letters, digits and the marks on them."""
    return sign.isalnum() or unicodedata.category(sign).startswith("M")


def _hum_of(letters: str) -> str | None:
    """A hum in its usual spelling; None where it is none."""
    if not letters or len(letters) > LONGEST_HUM:
        return None
    return next((usual for pattern, usual in _HUMS if pattern.fullmatch(letters)), None)


def _unlengthened(word: str) -> str:
    """Drawn out letters as they are usually written.

    >>> _unlengthened("stoooop"), _unlengthened("coooool"), _unlengthened("no")
    ('stop', 'cool', 'no')
    """
    twice = _LENGTHENED.sub(r"\1\1", word)
    return twice if twice in _DOUBLED else _LENGTHENED.sub(r"\1", word)


def _with_whole_hums(words: Sequence[str]) -> list[str]:
    """Hums that were written in two words are one: "uh huh", "mm hm"."""
    whole: list[str] = []
    for word in words:
        if whole and (whole[-1], word) in _PARTS_OF_HUMS:
            whole[-1] = "mhm"
        else:
            whole.append(word)
    return whole


def _without_loops(words: Sequence[str]) -> list[str]:
    """What is written again and again is written once; twice may be meant.

    >>> _without_loops("no no no no wait wait".split())
    ['no', 'wait', 'wait']
    """
    kept = list(words)
    for size in range(1, LONGEST_LOOP + 1):
        position, once = 0, []
        while position < len(kept):
            pattern, end = kept[position : position + size], position + size
            while kept[end : end + size] == pattern:
                end += size
            is_loop = end - position >= LOOP_TIMES * size
            taken = size if is_loop else 1
            once += kept[position : position + taken]
            position = end if is_loop else position + 1
        kept = once
    return kept


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words and short runs of words that are looked for in others, the longest first."""

    phrases: frozenset[Words]
    longest: int = 0

    @classmethod
    def of(cls, *written: str) -> Phrases:
        """Phrases as people write them; what is no word is none.

        >>> sorted(Phrases.of("Hold on!", "stop", "...").phrases)
        [('hold', 'on'), ('stop',)]
        """
        phrases = frozenset(filter(None, map(normalise, written)))
        return cls(phrases, max(map(len, phrases), default=0))

    @classmethod
    def just(cls, words: Words) -> Phrases:
        """One phrase, of words that are normalised."""
        return cls(frozenset({words}), len(words))

    def __or__(self, other: Phrases) -> Phrases:
        return Phrases(self.phrases | other.phrases, max(self.longest, other.longest))

    def __sub__(self, other: Phrases) -> Phrases:
        return Phrases(self.phrases - other.phrases, self.longest)

    def __contains__(self, words: Words) -> bool:
        return words in self.phrases

    def begin(self, words: Words) -> int:
        """How many words the longest phrase has with which `words` begin; 0 where none does."""
        return next((size for size in range(min(self.longest, len(words)), 0, -1) if words[:size] in self.phrases), 0)

    def end(self, words: Words) -> int:
        """The same for how `words` end."""
        sizes = range(min(self.longest, len(words)), 0, -1)
        return next((size for size in sizes if words[-size:] in self.phrases), 0)

    def spans(self, words: Words) -> list[range]:
        """Where the phrases stand, from the left, none over another.

        >>> Phrases.of("hold on", "on", "stop").spans(("stop", "hold", "on", "now"))
        [range(0, 1), range(1, 3)]
        """
        found, position = [], 0
        while position < len(words):
            size = self.begin(words[position : position + self.longest])
            if size:
                found.append(range(position, position + size))
            position += size or 1
        return found

    def within(self, words: Words) -> bool:
        """Whether a phrase stands anywhere in `words`."""
        return bool(self.spans(words))

    def without(self, words: Words) -> Words:
        """The words that are part of no phrase."""
        taken = {position for span in self.spans(words) for position in span}
        return tuple(word for position, word in enumerate(words) if position not in taken)

    def cover(self, words: Words) -> bool:
        """Whether `words` are nothing but phrases, and at least one.

        >>> Phrases.of("of course", "yes").cover(("yes", "of", "course")), Phrases.of("yes").cover(())
        (True, False)
        """
        return bool(words) and not self.without(words)


def is_passage(words: Words, text: Words, *, share: float) -> bool:
    """Whether so much of `words` stands close together, and in their order, in `text`.

    >>> text = tuple("we have slots between nine and one on monday".split())
    >>> is_passage(("slots", "between", "mine", "and", "one"), text, share=0.7)
    True
    >>> is_passage(("we", "want", "monday"), text, share=0.7)
    False
    """
    wanted = share * len(words)
    if wanted > len(text):
        return False
    span = len(words) + max(1, len(words) // 2)
    starts = range(max(1, len(text) - span + 1))
    return any(_longest_common(words, text[start : start + span]) >= wanted for start in starts)


def _longest_common(one: Words, other: Words) -> int:
    """The length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for left in one:
        before, row = row, [0]
        for index, right in enumerate(other):
            row.append(before[index] + 1 if left == right else max(row[index], before[index + 1]))
    return row[-1]
