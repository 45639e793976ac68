"""Does a clause say a thing, or its opposite? Words with a sign: negations turn it, and so do opposites.

    "a tuple cannot be changed"   ──> {tupl: +, chang: −}
    "a tuple is mutable"          ──> {tupl: +, chang: +}        (opposites and synonyms share an axis)

No embedding sees this: "not last in first out" lies next to "last in first out".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from ai_agent.interviewer.clauses import Clause, Word, content_stems
from ai_agent.interviewer.stems import stem

NEGATIONS: Final = frozenset(
    (
        "not no never neither nor cannot cant dont doesnt didnt isnt arent wasnt "
        "werent wont wouldnt shouldnt couldnt hasnt havent hadnt mustnt neednt aint"
    ).split()
)
SOFTENERS: Final = frozenset(
    (
        "avoid avoids avoiding avoided prevent prevents preventing prevented skip skips skipping skipped lack lacks fail "
        "fails unable forbidden forbids instead rather unlike without none nothing nobody "
        "nowhere hardly"
    ).split()
)
"""What follows one of these may be meant either way: it has no sign."""
_NOT_NEGATED: Final = re.compile(
    r"\bnot (?:only|just|necessarily|more than|less than)\b|\bno (?:matter|wonder|more than|less than|fewer than)\b|"
    r"\bwhy not\b|^(?:if|unless|until|when|whether|in case|as long as)\b|"
    r"\bif (?:it|there|they|you|the|no|not|none)\b|\bor not\b"
)
"""A "not" that denies nothing: of degree, or in a condition."""

_AXES: Final = (
    # what is meant by "+", and by "−"
    ("mutable changeable modifiable editable", "immutable fixed constant frozen unchangeable readonly unmodifiable"),
    ("fast faster quick quicker quickly speed speeds", "slow slower slowly slows"),
    ("cheap cheaper lightweight lighter light", "expensive costly heavier heavyweight heavy"),
    ("first earliest oldest", "last latest newest"),
    ("more greater larger bigger higher increase increases increased increasing grows", "less fewer smaller lower decrease decreases decreased decreasing reduces shrinks"),
    ("before precedes", "after follows"),
    ("top above", "bottom below"),
    ("front head beginning start", "back rear tail"),
    ("left", "right"),
    ("sorted ordered", "unsorted unordered"),
    ("same identical equal", "different distinct"),
    ("shared share shares sharing", "separate isolated private"),
    ("safe secure", "unsafe insecure"),
    ("synchronous blocking", "asynchronous nonblocking non-blocking"),
    ("static compile-time", "dynamic runtime"),
    ("strong strongly", "weak weakly"),
    ("unique", "duplicate duplicates repeated"),
    ("always", "sometimes"),
    ("read reads reading lookup lookups retrieve retrieves retrieved", "write writes writing"),
    ("linear", "logarithmic log"),
    ("encrypted", "plaintext unencrypted"),
    ("reliable", "unreliable"),
    ("stateful", "stateless"),
    ("connection-oriented", "connectionless"),
    ("public", "hidden"),
    ("minimum smallest", "maximum largest"),
    ("allowed permitted possible", "impossible disallowed"),
    ("true", "false"),
    ("hashable", "unhashable"),
    ("automatic automatically", "manual manually"),
    ("inside local internal", "outside global external"),
    ("client clients", "server servers"),
    ("local", "remote"),
    ("horizontal horizontally", "vertical vertically"),
    ("optimistic", "pessimistic"),
    ("upper", "lower"),
    ("ascending", "descending"),
    ("include includes included", "exclude excludes excluded"),
    ("add adds added insert inserts", "remove removes removed delete deletes"),
    ("acquire acquires", "release releases"),
    ("open opens", "close closes"),
    ("success succeeds", "failure fails"),
)  # fmt: skip

Signed = Mapping[str, int]
"""What a clause says, by stem or axis: +1, −1, or 0 where it says both."""


def _axis_table() -> dict[str, tuple[str, int]]:
    table: dict[str, tuple[str, int]] = {}
    for plus, minus in _AXES:
        name = f"±{plus.split()[0]}"
        for words, sign in ((plus, 1), (minus, -1)):
            for word in words.split():
                table.setdefault(word, (name, sign))
                table.setdefault(stem(word), (name, sign))
    return table


AXES: Final[Mapping[str, tuple[str, int]]] = _axis_table()


def signed_stems(words: Sequence[Word]) -> dict[str, int]:
    """What the words say, each with its sign. A negation turns what follows it.

    >>> from ai_agent.interviewer.clauses import words_of
    >>> signed_stems(words_of("a tuple cannot be sorted"))
    {'tupl': 1, 'sort': -1, '±sorted': -1}
    """
    signs: dict[str, int] = {}
    for word, turn in zip(words, turns_of(words), strict=True):
        for name, own in _names_of(word):
            signs[name] = own * turn if signs.get(name, own * turn) == own * turn else 0
    return signs


def turns_of(words: Sequence[Word]) -> list[int]:
    """For each word +1, or −1 where a negation before it turns it; 0 where that is uncertain."""
    is_turned = _NOT_NEGATED.search(" ".join(word.text for word in words)) is None
    sign = 1
    turns: list[int] = []
    for word in words:
        if word.text in SOFTENERS:
            sign = 0
        elif word.text in NEGATIONS and is_turned:
            sign = -sign
        turns.append(sign)
    return turns


def _names_of(word: Word) -> list[tuple[str, int]]:
    if word.text in NEGATIONS or word.text in SOFTENERS:
        return []
    names = [(one, 1) for one in sorted(content_stems((word,)))]
    return names + [AXES[one] for one in dict.fromkeys((word.text, *(name for name, _ in names))) if one in AXES][:1]


def agreement(said: Signed, meant: Signed) -> tuple[float, float]:
    """The share of `meant` that is said with its sign, and the share that is said with the other."""
    agree = sum(said.get(name, 0) * sign > 0 for name, sign in meant.items())
    oppose = sum(said.get(name, 0) * sign < 0 for name, sign in meant.items())
    return agree / max(1, len(meant)), oppose / max(1, len(meant))


def is_negated(clause: Clause) -> bool:
    return -1 in turns_of(clause.words)
