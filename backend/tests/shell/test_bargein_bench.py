"""Does a persona do with what is said over it what its cases promise? In virtual time, and in eight real calls."""

from __future__ import annotations

import pytest

from bench.bargein.__main__ import QUICK
from bench.bargein.cases import PRESETS, choose_cases, load_cases
from bench.bargein.known import in_rotation, known_misses, unexpected
from bench.bargein.live import plan_calls, run_live
from bench.bargein.runner import run_cases
from bench.bargein.voices import missing_engines

pytestmark = pytest.mark.models

CASES = load_cases()
OTHERWISE_HEARD = 2
LEFT_OUT = {name for ids in missing_engines(CASES).values() for name in ids}
"""Cases whose voices are not installed here."""
HEARD = tuple(case for case in CASES if case.id not in LEFT_OUT)


@pytest.mark.parametrize("preset", PRESETS)
def test_in_virtual_time_every_case_is_decided_as_it_should_be(preset: str) -> None:
    """But for a few whose words another processor hears a little otherwise."""
    cases = [case for case in in_rotation(CASES, preset) if case.id not in LEFT_OUT]
    wrong = unexpected(run_cases(cases, [preset]))
    assert len(wrong) <= OTHERWISE_HEARD, wrong


def test_what_is_known_to_go_wrong_are_cases_that_there_are() -> None:
    assert {name for _, name in known_misses()} <= {case.id for case in CASES}


def test_a_case_about_the_start_of_a_call_has_a_call_of_its_own() -> None:
    plans = plan_calls(CASES, ["technical-expert"])
    assert all(len(plan.cases) == 1 for plan in plans if plan.cases[0].new)
    assert sorted(case.id for plan in plans for case in plan.cases) == sorted(case.id for case in CASES)


@pytest.mark.real_time
def test_in_real_calls_a_few_cases_of_each_kind_are_decided_as_they_should_be() -> None:
    results = run_live(choose_cases(HEARD, wanted=QUICK), ["helpful-assistant"], at_once=1)
    assert len(results) == len(QUICK)
    wrong = [f"{result.id}: {result.verdict} {result.story}" for result in results if result.verdict != "right"]
    assert len(wrong) <= OTHERWISE_HEARD, wrong
    assert not [line for line in wrong if "false_stop" in line]
    assert all(result.turns <= 1 for result in results)
