"""Are the guide's figures of barge-in those that the bench wrote, and does a bar say what it means?"""

from __future__ import annotations

import json

from bench.bargein.guide import GUIDE, PLACE, RESULTS, bars_table, written_tables
from bench.bargein.outcome import Decided, Result, story
from bench.bargein.report import Bar, bars_of, wrong_lines


def result(name: str, tag: str, expect: str, verdict: str, **figures: object) -> Result:
    return Result(name, tag, "helpful-assistant", "quiet", expect, verdict, **figures)  # type: ignore[arg-type]


def test_the_guide_has_the_tables_that_the_bench_wrote() -> None:
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    (written,) = PLACE.findall(GUIDE.read_text(encoding="utf-8"))
    assert written == written_tables(results)


def test_a_missed_stop_word_misses_its_bar_and_the_table_shows_it() -> None:
    results = [
        result("stop-1", "stop_word", "stops", "missed"),
        result("stop-2", "stop_word", "stops", "right", duck_ms=180.0, silence_ms=420.0, accepted_ms=900.0),
        result("yeah", "backchannel", "carries_on", "right"),
    ]
    bars = {bar.name: bar for bar in bars_of("helpful-assistant", results)}
    assert not bars["stop words missed"].is_met
    assert bars["stop words missed"].told() == "MISSED stop words missed: 1 of 2 (at most 0)"
    assert bars["interruptions missed"].is_met
    assert bars["onset → silence, p50"].value == 420.0
    assert "| stop words missed | ≤ 0 | **1 of 2** |" in bars_table({"helpful-assistant": list(bars.values())})


def test_what_was_not_measured_is_neither_met_nor_shown_as_a_figure() -> None:
    assert "not measured" in Bar("onset → duck, p50", None, 250, "ms").told()


def test_a_case_that_went_wrong_is_told_with_what_was_decided_and_why() -> None:
    decided = [Decided(3.1, "suspected", "near_end_speech"), Decided(3.9, "rejected", "noise", ("It half.",), 240)]
    (line,) = wrong_lines([result("enough", "stop_word", "stops", "missed", story=story(decided))])
    assert "enough" in line and "the agent talked on" in line
    assert line.endswith("3.10 suspected: near_end_speech; 3.90 rejected: noise 240 ms [It half.]")
