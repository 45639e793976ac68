"""Where does a candidate's clause begin and end? Words with their places, clauses and sentences, fillers set aside.

    "um a list can change, and a tuple, a tuple can't."
        └ filler            └ clause        └ restart: said twice, counts once

Every clause knows its place in the answer, so that what is quoted is what was said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from ai_agent.interviewer.stems import stem

MAX_WORDS: Final = 4_000
"""What is said beyond this is not looked at: no answer has it."""
MAX_CHARACTERS: Final = 40_000
MIN_CLAUSE_WORDS: Final = 3
"""A shorter piece stays with its neighbour,"""
MIN_WORDS_AT_STOP: Final = 2
"""unless a comma parts them."""
MAX_CLAUSE_WORDS: Final = 28
"""A recogniser may write no stop at all: here a clause is cut."""
MAX_SENTENCE_WORDS: Final = 60

FILLERS: Final = frozenset(
    "um umm uhm uh uhh er erm ah eh hm hmm mm mhm mmm oh aha mmhm mmhmm m-hm mm-hm mm-hmm hm-hm hmm-hmm uh-huh".split()
)
"""Sounds of thinking and of listening: never part of what is said."""
FILLER_PHRASES: Final = (
    ("you", "know"), ("i", "mean"), ("kind", "of"), ("sort", "of"), ("let", "me", "think"), ("let", "me", "see"),
)  # fmt: skip
SOFT_FILLERS: Final = frozenset(
    "so okay ok well like basically actually right just yeah yes really and but then or also".split()
)
"""Empty at the beginning of a clause."""

STOP_WORDS: Final = frozenset(
    (
        "a about again all also am an and any are as at be because been being both but by can could did do does doing "
        "done each either else even ever for from get gets getting got had has have having he her here him his how i "
        "if in into is it its itself just kind let lets like lot many may me might more most much must my of off okay "
        "on one ones only or other our out over own per please quite rather really same shall she should since so some "
        "something sort such than that the their them then there these they thing things this those though through "
        "thus to too under up us use used uses using very via want was way we well were what when where whether which "
        "while who whole whom whose why will with within would yes you your yours im ive id its thats theyre youre "
        "dont doesnt isnt arent cant wont not no nor never neither without cannot actually basically simply means mean "
        "called e.g i.e etc s t re ve ll d m"
    ).split()
)

NUMBERS: Final = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
    if word != "one"
}
"""Read as figures; "one" is hardly ever a number."""

CLAUSE_WORDS: Final = frozenset(
    (
        "and but because so while whereas although though which whereby then or however therefore unless if when since"
    ).split()
)
"""A clause may begin here."""

_WORD = re.compile(r"[^\W_]+(?:['’\-./+#][^\W_]+)*[+#]{0,2}|&|\*")
_STOP = re.compile(r"[.!?;:,\n()–—]")
_SENTENCE_STOP = re.compile(r"[.!?;\n]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the answer and its place."""

    text: str
    """In small letters, without the apostrophe."""
    start: int
    end: int
    stop_before: str
    """The strongest stop between it and the word before: "", "," or "."."""

    @property
    def is_content(self) -> bool:
        return self.text not in STOP_WORDS and self.text not in FILLERS


@dataclass(frozen=True, slots=True)
class Clause:
    """Some words in a row."""

    words: tuple[Word, ...]

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    @property
    def text(self) -> str:
        """As it is compared: without fillers and restarts."""
        return " ".join(word.text for word in self.words)

    def stems(self) -> frozenset[str]:
        return content_stems(self.words)

    def quote(self, answer: str) -> str:
        return " ".join(answer[self.start : self.end].split())


def words_of(text: str) -> tuple[Word, ...]:
    """
    >>> [word.text for word in words_of("It's O(log n), you-know: pass-by-reference.")]
    ['its', 'o', 'log', 'n', 'you-know', 'pass-by-reference']
    """
    found: list[Word] = []
    text = text[:MAX_CHARACTERS]
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        stop = "." if _SENTENCE_STOP.search(between) else "," if _STOP.search(between) else ""
        written = match.group().lower().replace("'", "").replace("’", "")
        found.append(Word(text=written, start=match.start(), end=match.end(), stop_before=stop))
        end = match.end()
        if len(found) == MAX_WORDS:
            break
    return tuple(found)


def content_stems(words: Iterable[Word]) -> frozenset[str]:
    """The stems of what carries meaning; the parts of "pass-by-reference" each."""
    return frozenset(
        NUMBERS.get(part) or stem(part)
        for word in words
        for part in (re.split(r"[-/.]", word.text) if "-" in word.text or "/" in word.text else (word.text,))
        if part and part not in STOP_WORDS and part not in FILLERS
    )


@lru_cache(maxsize=8_192)
def stems_of(text: str) -> frozenset[str]:
    """The stems of a text of a bank: it is asked for again and again.

    >>> sorted(stems_of("The lists are mutable"))
    ['list', 'mutabl']
    """
    return content_stems(words_of(text))


def spoken_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """Without fillers, and what was said twice in a row once.

    >>> " ".join(word.text for word in spoken_words(words_of("um the last the last thing is is you know first")))
    'the last thing is first'
    """
    kept: list[Word] = []
    at = 0
    while at < len(words):
        skipped = _filler_length(words, at)
        if skipped:
            at += skipped
            continue
        kept.append(words[at])
        _drop_restart(kept)
        at += 1
    return tuple(kept)


def _filler_length(words: Sequence[Word], at: int) -> int:
    if words[at].text in FILLERS:
        return 1
    for phrase in FILLER_PHRASES:
        if tuple(word.text for word in words[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _drop_restart(kept: list[Word]) -> None:
    for length in (3, 2, 1):
        if len(kept) < 2 * length:
            continue
        before, after = kept[-2 * length : -length], kept[-length:]
        if all(one.text == other.text for one, other in zip(before, after, strict=True)) and not any(
            word.stop_before == "." for word in after
        ):
            del kept[-2 * length : -length]
            return


def sentences_of(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """The words between two full stops."""
    return _between_stops(words, ".")


def pieces_of(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """The words between two stops of any kind."""
    return _between_stops(words, ".,")


def _between_stops(words: Sequence[Word], stops: str) -> list[tuple[Word, ...]]:
    runs: list[list[Word]] = []
    for word in words:
        if not runs or (word.stop_before and word.stop_before in stops):
            runs.append([])
        runs[-1].append(word)
    return [tuple(run) for run in runs]


def clauses_of(sentence: Sequence[Word]) -> list[Clause]:
    """
    >>> [clause.text for clause in clauses_of(words_of("a list can be changed but a tuple is fixed, ok"))]
    ['a list can be changed', 'a tuple is fixed ok']
    """
    cuts = [0]
    for at in range(1, len(sentence)):
        word = sentence[at]
        shorter = min(at - cuts[-1], len(sentence) - at)
        too_long = at - cuts[-1] >= MAX_CLAUSE_WORDS
        at_stop = word.stop_before and shorter >= MIN_WORDS_AT_STOP
        if too_long or at_stop or (word.text in CLAUSE_WORDS and shorter >= MIN_CLAUSE_WORDS):
            cuts.append(at)
    return [_clause(sentence[start:end]) for start, end in pairwise([*cuts, len(sentence)]) if end > start]


def _clause(words: Sequence[Word]) -> Clause:
    """Without the empty words at its beginning, unless nothing else is there."""
    at = 0
    while at < len(words) - 1 and words[at].text in SOFT_FILLERS:
        at += 1
    return Clause(tuple(words[at:]))
