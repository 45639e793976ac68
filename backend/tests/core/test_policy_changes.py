"""Which settings can a replay be given, and what is said of those that it cannot?"""

from __future__ import annotations

import doctest
from dataclasses import fields

import pytest

from ai_agent import policy_changes
from ai_agent.persona_behaviors import MANNERS, BargeInPolicy, TurnPolicy
from ai_agent.policy_changes import BARGE_IN_RANGES, TURN_RANGES, ChangesRefused, Policies

RECORDED = Policies(TurnPolicy(), MANNERS["balanced"])


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(policy_changes).failed == 0


@pytest.mark.parametrize(
    ("ranges", "policies"), [(TURN_RANGES, [TurnPolicy()]), (BARGE_IN_RANGES, list(MANNERS.values()))]
)
def test_every_number_of_both_policies_has_a_range_and_every_usual_value_lies_in_it(
    ranges: dict[str, tuple[float, float]], policies: list[TurnPolicy | BargeInPolicy]
) -> None:
    numbers = {field.name for field in fields(policies[0]) if str(field.type).split(" ")[0] in {"int", "float"}}
    assert numbers == set(ranges)
    for policy in policies:
        for name, (low, high) in ranges.items():
            value = getattr(policy, name)
            assert value is None or low <= value <= high, name


def test_numbers_words_and_choices_are_set_and_the_rest_stays() -> None:
    changed = RECORDED.changed(
        [
            "hold_ms=900",
            "silence_duration_ms=1200",
            "stop_words=Basta, halt",
            "exclamations=stops",
            "barge_in.snr_db=12",
        ]
    )
    assert (changed.turns.silence_duration_ms, changed.barge_in.hold_ms) == (1_200, 900)
    assert changed.barge_in.stop_words == ("basta", "halt")
    assert (changed.barge_in.exclamations, changed.barge_in.snr_db) == ("stops", 12)
    assert (changed.turns.snr_db, changed.barge_in.content_words) == (3, 2)
    assert RECORDED.changed([]) == RECORDED


def test_what_may_never_be_is_written_so() -> None:
    changed = RECORDED.changed(["hold_ms=never", "content_words=None"]).barge_in
    assert (changed.hold_ms, changed.content_words) == (None, None)


def test_a_manner_is_all_of_its_numbers_under_those_that_are_named_and_keeps_the_personas_words() -> None:
    recorded = Policies(TurnPolicy(), RECORDED.changed(["stop_words=basta", "hold_ms=300"]).barge_in)
    changed = recorded.changed(["content_words=1", "manner=patient"]).barge_in
    assert (changed.hold_ms, changed.content_words, changed.stop_words) == (640, 1, ("basta",))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("hold_sm=300", "hold_sm: there is no such setting; the nearest is hold_ms"),
        ("silence_ms=900", "silence_ms: there is no such setting; the nearest is silence_duration_ms"),
        ("turns.hold_ms=300", "turns.hold_ms: there is no such setting; the nearest is "),
        ("hold_ms", "write hold_ms=value"),
        ("", "write name=value"),
        ("hold_ms=40", "hold_ms=40: it goes from 160 to 2000"),
        ("hold_ms=soon", "hold_ms=soon: it is a whole number from 160 to 2000, or never"),
        ("hold_ms=480.5", "hold_ms=480.5: it is a whole number"),
        ("silence_duration_ms=never", "silence_duration_ms=never: it is a whole number from 500 to 10000"),
        ("complete_probability=nan", "complete_probability=nan: it goes from 0.5 to 1"),
        ("duck_gain_db=3", "duck_gain_db=3: it goes from -60 to 0"),
        ("exclamations=loud", "exclamations=loud: it is one of stops, asking_words_stop, carries_on"),
        ("manner=rude", "manner=rude: it is one of eager, balanced, patient, stop-words-only"),
        ("snr_db=9", "snr_db: turns and interruptions both have one; write turns.snr_db or barge_in.snr_db"),
    ],
)
def test_what_cannot_be_set_is_said_in_one_line(change: str, problem: str) -> None:
    with pytest.raises(ChangesRefused) as refused:
        RECORDED.changed([change])
    [said] = refused.value.problems
    assert said.startswith(problem)
    assert "\n" not in said


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ChangesRefused) as refused:
        RECORDED.changed(["hold_sm=1", "hold_ms=1", "manner=rude", "max_probes=2"])
    assert len(refused.value.problems) == 3


def test_what_differs_is_told_in_words() -> None:
    changed = RECORDED.changed(["barge_in.snr_db=12", "hold_ms=never", "stop_words=basta"])
    assert RECORDED.differences(changed) == ["barge_in.snr_db 9 → 12", "hold_ms 480 → never", "stop_words – → basta"]
    assert RECORDED.differences(RECORDED) == []


@pytest.mark.parametrize("change", ["manner=", "language=", "language=klingon", "language=EN"])
def test_nothing_is_no_manner_and_not_every_word_is_a_language(change: str) -> None:
    with pytest.raises(ChangesRefused, match=r"one of|as in en or en-IN"):
        RECORDED.changed([change])


def test_a_language_may_have_a_region() -> None:
    assert RECORDED.changed(["language=en-IN"]).barge_in.language == "en-IN"
