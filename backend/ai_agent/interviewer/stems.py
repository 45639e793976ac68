"""What is the stem of an English word? Porter's algorithm (1980), so that "retrieves" meets "retrieval".

>>> stem("retrieves") == stem("retrieval"), stem("relational"), stem("mutable") == stem("immutable")
(True, 'relat', False)
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Final

_STEP_2: Final = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
    ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
_STEP_3: Final = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_STEP_4: Final = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
)  # fmt: skip
_VOWELS: Final = frozenset("aeiou")
_SHORTEST: Final = 3

IRREGULAR: Final = {
    "kept": "keep", "held": "hold", "sent": "send", "took": "take", "taken": "take", "given": "give", "gave": "give",
    "made": "make", "found": "find", "went": "go", "gone": "go", "ran": "run", "written": "write", "wrote": "write",
    "read": "read", "thrown": "throw", "threw": "throw", "chosen": "choose", "chose": "choose", "built": "build",
    "left": "left", "children": "child", "indices": "index", "indexes": "index", "vertices": "vertex",
    "matrices": "matrix", "data": "data", "changed": "chang", "fewer": "few", "faster": "fast", "slower": "slow",
    "cheaper": "cheap", "quicker": "quick", "lighter": "light", "smaller": "small", "larger": "larg",
    "bigger": "big", "higher": "high", "lower": "low", "fastest": "fast", "smallest": "small", "largest": "larg",
    "logarithmic": "log", "logarithm": "log", "logs": "log",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a word in small letters."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha():
        return word
    word = _step_1(word)
    word = _replaced(word, _STEP_2, more_than=0)
    word = _replaced(word, _STEP_3, more_than=0)
    word = _step_4(word)
    return _step_5(word)


def _is_consonant(word: str, at: int) -> bool:
    letter = word[at]
    if letter in _VOWELS:
        return False
    return letter != "y" or at == 0 or not _is_consonant(word, at - 1)


def _measure(word: str) -> int:
    """How often a vowel is followed by a consonant."""
    kinds = [_is_consonant(word, at) for at in range(len(word))]
    return sum(not before and after for before, after in pairwise(kinds))


def _has_vowel(word: str) -> bool:
    return any(not _is_consonant(word, at) for at in range(len(word)))


def _ends_double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _is_consonant(word, len(word) - 1)


def _ends_cvc(word: str) -> bool:
    if len(word) < _SHORTEST or word[-1] in "wxy":
        return False
    last = len(word) - 1
    return _is_consonant(word, last) and not _is_consonant(word, last - 1) and _is_consonant(word, last - 2)


def _step_1(word: str) -> str:
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    word = _step_1b(word)
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    return word


def _step_1b(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        if word.endswith(ending) and _has_vowel(word[: -len(ending)]):
            word = word[: -len(ending)]
            if word.endswith(("at", "bl", "iz")):
                return word + "e"
            if _ends_double(word) and word[-1] not in "lsz":
                return word[:-1]
            return word + "e" if _measure(word) == 1 and _ends_cvc(word) else word
    return word


def _replaced(word: str, table: tuple[tuple[str, str], ...], *, more_than: int) -> str:
    for ending, instead in table:
        if word.endswith(ending):
            head = word[: -len(ending)]
            return head + instead if _measure(head) > more_than else word
    return word


def _step_4(word: str) -> str:
    for ending in sorted(_STEP_4, key=len, reverse=True):
        if word.endswith(ending):
            head = word[: -len(ending)]
            if _measure(head) > 1 and (ending != "ion" or head.endswith(("s", "t"))):
                return head
            return word
    return word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        head = word[:-1]
        if _measure(head) > 1 or (_measure(head) == 1 and not _ends_cvc(head)):
            word = head
    if word.endswith("ll") and _measure(word) > 1:
        word = word[:-1]
    return word
