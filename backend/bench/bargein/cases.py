"""Which cases are there, and what should each persona make of them? `cases.toml`, read and checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

CASES: Final = Path(__file__).with_name("cases.toml")
MORE_CASES: Final = Path(__file__).with_name("more_cases.toml")
"""In other voices and words: do the rules hold where they were not chosen?"""

PRESETS: Final = ("helpful-assistant", "technical-expert", "technical-interviewer", "empathetic-coach")
Expectation = Literal["stops", "carries_on", "either", "answers", "one_turn", "no_reply"]
ReplyName = Literal["long", "short", "question", "none"]

STOP_WORDS: Final = ("stop_word",)
INTERRUPTIONS: Final = (
    "stop_word", "question", "correction", "content", "takeover", "quiet_caller", "near_end", "over_echo"
)  # fmt: skip
"""Tags of bids for the floor; the others are what should pass, or is no bid at all."""
TAGS: Final = (
    *INTERRUPTIONS, "backchannel", "noise", "echo", "far_voice", "closing_answer", "pause", "noise_alone"
)  # fmt: skip

USUAL_DBFS: Final = -26.0

_PAUSE: Final = re.compile(r"\{([\d.]+)\}")


class CasesRefused(ValueError):
    """The list of cases is not one that can be run; the message says where."""


@dataclass(frozen=True, slots=True)
class Echo:
    """How the agent's own sound comes back into the microphone."""

    db: float
    """Its level under the agent's."""
    ms: float
    harsh: bool = False
    """Through a small loudspeaker that distorts."""
    frozen: bool = False
    """A recording of it: it does not follow when the agent is ducked."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who speaks, and with which engine."""

    name: str
    engine: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that happens while the agent speaks."""

    id: str
    tag: str
    expect: Mapping[str, Expectation]
    """For each preset."""
    at: float = 0.0
    words: str = ""
    voice: Voice | None = None
    sound: str = ""
    reply: ReplyName = "long"
    room: str = "quiet"
    snr: float = 0.0
    dbfs: float = USUAL_DBFS
    far: float | None = None
    echo: Echo | None = None
    soft: float = 0.0
    new: bool = False
    then: Mapping[str, Any] = field(default_factory=dict)
    during: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_interruption(self) -> bool:
        return self.tag in INTERRUPTIONS

    @property
    def is_about_turns(self) -> bool:
        """Nobody speaks meanwhile: what counts is the caller's own turn."""
        return self.reply == "none"

    @property
    def said(self) -> list[str | float]:
        """What is said, and between it the pauses in seconds."""
        return split_pauses(self.words)


def split_pauses(words: str) -> list[str | float]:
    """What is said and, between it, for how long nothing is.

    >>> split_pauses("Okay. {0.4} Stop.")
    ['Okay.', 0.4, 'Stop.']
    """
    parts = _PAUSE.split(words)
    return [float(part) if number % 2 else part.strip() for number, part in enumerate(parts) if part.strip()]


@cache
def load_cases(path: Path = CASES) -> tuple[Case, ...]:
    """Every case, in the order of the file.

    Raises:
        CasesRefused: a name is unknown, or said twice.
    """
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    voices = {name: _read_voice(name, line) for name, line in written["voices"].items()}
    expectations = {name: _read_expectation(name, line) for name, line in written["expectations"].items()}
    cases = tuple(
        _read_case(line, group, voices=voices, expectations=expectations)
        for group in written["groups"]
        for line in group["cases"]
    )
    ids = [case.id for case in cases]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise CasesRefused(f"said twice: {', '.join(twice)}")
    return cases


def choose_cases(cases: Sequence[Case], *, wanted: Sequence[str] = (), of_tags: Sequence[str] = ()) -> tuple[Case, ...]:
    """Those with one of these ids or tags; all where nothing is wanted.

    Raises:
        CasesRefused: there is no such case.
    """
    if not wanted and not of_tags:
        return tuple(cases)
    known = {case.id for case in cases} | set(TAGS)
    if unknown := [name for name in (*wanted, *of_tags) if name not in known]:
        raise CasesRefused(f"no case and no tag: {', '.join(unknown)}")
    return tuple(case for case in cases if case.id in wanted or case.tag in (*wanted, *of_tags))


def _read_voice(name: str, line: Mapping[str, Any]) -> Voice:
    return Voice(name, line["engine"], {key: value for key, value in line.items() if key != "engine"})


def _read_expectation(name: str, line: Mapping[str, Any]) -> Mapping[str, Expectation]:
    if set(line) != set(PRESETS):
        raise CasesRefused(f"expectation {name!r}: one for each of {', '.join(PRESETS)}")
    if odd := [value for value in line.values() if value not in get_args(Expectation)]:
        raise CasesRefused(f"expectation {name!r}: {odd[0]!r} is not one of {', '.join(get_args(Expectation))}")
    return dict(line)


def _read_case(
    line: Mapping[str, Any],
    group: Mapping[str, Any],
    *,
    voices: Mapping[str, Voice],
    expectations: Mapping[str, Mapping[str, Expectation]],
) -> Case:
    values = dict(line)
    name = str(values.get("id"))
    try:
        expect = expectations[values.pop("expect", group["expect"])]
        voice = voices[values.pop("voice")] if "voice" in values else None
        if "echo" in values:
            values["echo"] = Echo(**values["echo"])
        if then := values.get("then"):
            values["then"] = {**then, "voice": voices[then["voice"]]}
        case = Case(tag=group["tag"], expect=expect, voice=voice, **values)
    except (KeyError, TypeError) as error:
        raise CasesRefused(f"case {name!r}: {error}") from error
    if case.tag not in TAGS:
        raise CasesRefused(f"case {name!r}: no tag {case.tag!r}")
    if case.reply not in get_args(ReplyName):
        raise CasesRefused(f"case {name!r}: no reply {case.reply!r}")
    if bool(case.words) != (case.voice is not None) or not (case.words or case.sound or case.echo):
        raise CasesRefused(f"case {name!r}: words with a voice, a sound or an echo")
    return case
