"""Which cases may go wrong, for now? `known_misses.toml`: a case that is not in it must be right, in tests too."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from bench.bargein.cases import PRESETS, Case
from bench.bargein.outcome import Result

KNOWN: Final = Path(__file__).with_name("known_misses.toml")


def known_misses() -> frozenset[tuple[str, str]]:
    """(preset, case) of each."""
    written = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    return frozenset((preset, name) for preset in PRESETS for name in written["offline"].get(preset, ()))


def unexpected(results: Iterable[Result]) -> list[str]:
    """What went wrong and should not, a line each."""
    known = known_misses()
    return [
        f"{result.preset}, {result.id}: {result.verdict} ({result.story or 'not noticed'})"
        for result in results
        if result.verdict != "right" and (result.preset, result.id) not in known
    ]


def in_rotation(cases: Sequence[Case], preset: str) -> tuple[Case, ...]:
    """A quarter of the cases for each preset, so that every case is played with one: what the tests have time for."""
    return tuple(cases[PRESETS.index(preset) :: len(PRESETS)])
