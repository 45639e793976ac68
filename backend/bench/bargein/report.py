"""Which promises did these results keep? The bars of each persona, and the cases that went wrong."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.bargein.cases import INTERRUPTIONS, PRESETS
from bench.bargein.outcome import Result

WRONG: Final = {
    "missed": "the agent talked on",
    "false_stop": "stopped for nothing",
    "split": "split into several turns",
    "answered_noise": "noise was answered",
    "lost_words": "its words were lost",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One promise: a figure, and the most or the least that it may be."""

    name: str
    value: float | None
    limit: float
    unit: str = ""
    is_least: bool = False
    of: int | None = None
    """Of how many cases."""

    @property
    def is_met(self) -> bool:
        if self.value is None:
            return True
        return self.value >= self.limit if self.is_least else self.value <= self.limit

    def told(self) -> str:
        """`met    onset → duck, p50: 180 ms (at most 250)`"""
        unit = self.unit if self.of is None else f"of {self.of}"
        value = "not measured" if self.value is None else f"{self.value:.4g} {unit}".strip()
        word = "at least" if self.is_least else "at most"
        return f"{'met   ' if self.is_met else 'MISSED'} {self.name}: {value} ({word} {self.limit:g})"


def bars_of(preset: str, results: Sequence[Result]) -> list[Bar]:
    """What one persona promises, and what it did."""
    own = [result for result in results if result.preset == preset]
    bids = [result for result in own if result.tag in INTERRUPTIONS and result.expect in {"stops", "answers"}]
    eager = preset == "helpful-assistant"
    silent_p50, silent_p95 = (550, 900) if eager else (850, 1300)
    heard = [result for result in bids if result.verdict == "right" and result.expect == "stops"]
    carried = [result for result in own if result.expect == "carries_on" and result.verdict == "right"]
    lowered = [result for result in carried if not result.was_held]
    held = [result for result in carried if result.was_held]
    spoken = [result for result in heard if result.in_turn is not None]
    turns = [result for result in own if result.expect == "one_turn" and result.tag == "pause"]
    ends = [result.turn_end_ms for result in turns if result.room == "quiet" and result.turn_end_ms is not None]
    noisy_ends = [result.turn_end_ms for result in turns if result.room != "quiet" and result.turn_end_ms is not None]
    return [
        _wrongs("interruptions missed", bids, max(1, len(bids) // 47)),
        _wrongs("stop words missed", _of(own, "stop_word"), 0),
        *(
            _wrongs(f"stopped by {name}", _of(own, tag, "carries_on"), limit)
            for tag, name, limit in (
                ("backchannel", "backchannels", 1),
                ("noise", "noises", 0),
                ("echo", "echoes", 1),
                ("far_voice", "far voices", 1),
                ("content", "bids with too few words", 1),
            )
        ),
        _wrongs("answers that were not taken for one", _of(own, "closing_answer"), 0),
        Bar("onset → duck, p50", _p50(result.duck_ms for result in heard), 250, "ms"),
        Bar("onset → duck, p95", _p95(result.duck_ms for result in heard), 400, "ms"),
        Bar("onset → silence, p50", _p50(result.silence_ms for result in heard), silent_p50, "ms"),
        Bar("onset → silence, p95", _p95(result.silence_ms for result in heard), silent_p95, "ms"),
        Bar("onset → accepted, p50", _p50(result.accepted_ms for result in heard), 1200, "ms"),
        Bar("onset → accepted, p95", _p95(result.accepted_ms for result in heard), 1900, "ms"),
        Bar("lowered only: full again after the burst, most", _most(r.full_after_burst_ms for r in lowered), 700, "ms"),
        Bar("held: full again after the verdict, most", _most(r.full_after_verdict_ms for r in held), 200, "ms"),
        Bar("held: full again after the burst, most", _most(r.full_after_burst_ms for r in held), 1600, "ms"),
        Bar("of the agent's speech lost, most", _most(result.lost_ms for result in carried), 60, "ms"),
        Bar("of the agent's speech said twice, most", _most(result.repeated_ms for result in carried), 400, "ms"),
        Bar("words by which the history is wrong, most", _most(map(_size, (r.words_off for r in heard))), 1),
        Bar("of the caller's samples in the turn, least", _least(r.in_turn for r in spoken), 0.99, is_least=True),
        Bar("of the first 300 ms in the turn, least", _least(r.beginning_in_turn for r in spoken), 0.99, is_least=True),
        Bar("STT calls a turn, most", _most(result.turns for result in spoken), 1),
        _wrongs("turns with pauses that were split", turns, 0),
        Bar("end of the turn, least", _least(ends), 2450, "ms", is_least=True),
        Bar("end of the turn, most", _most(ends), 2650, "ms"),
        Bar("end of the turn in noise, most", _most(noisy_ends), 3000, "ms"),
        _wrongs("replies to noise", _of(own, "noise_alone"), 0),
    ]  # fmt: skip


def print_report(results: Sequence[Result]) -> int:
    """Everything, for a terminal; how many bars were missed."""
    missed = 0
    for preset in PRESETS:
        if not any(result.preset == preset for result in results):
            continue
        print(f"\n── {preset} ──")
        for bar in bars_of(preset, results):
            print(bar.told())
            missed += not bar.is_met
    print("\n── what went wrong ──")
    for line in wrong_lines(results):
        print(line)
    return missed


def wrong_lines(results: Iterable[Result]) -> list[str]:
    """One line a case that went wrong: which, how, and what was decided why."""
    wrong = [result for result in results if result.verdict != "right"]
    return [
        f"{result.preset:<22} {result.id:<22} {result.tag:<14} {WRONG[result.verdict]:<24} "
        f"{result.story or 'not noticed'}"
        for result in wrong
    ]


def _of(results: Sequence[Result], tag: str, expect: str | None = None) -> list[Result]:
    return [result for result in results if result.tag == tag and expect in {None, result.expect}]


def _wrongs(name: str, results: Sequence[Result], limit: float) -> Bar:
    """How many of these went wrong."""
    wrong = [result for result in results if result.verdict != "right"]
    return Bar(name, float(len(wrong)) if results else None, limit, of=len(results))


def _known(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _figure(values: Iterable[float | None], choose: Callable[[list[float]], float]) -> float | None:
    known = _known(values)
    return choose(known) if known else None


def _size(value: float | None) -> float | None:
    return None if value is None else abs(value)


def _p50(values: Iterable[float | None]) -> float | None:
    return _figure(values, statistics.median)


def _p95(values: Iterable[float | None]) -> float | None:
    return _figure(values, lambda known: sorted(known)[min(len(known) - 1, int(0.95 * len(known)))])


def _most(values: Iterable[float | None]) -> float | None:
    return _figure(values, max)


def _least(values: Iterable[float | None]) -> float | None:
    return _figure(values, min)
