"""A persona's words about turns and interruptions, understood as numbers."""

from __future__ import annotations

import dataclasses
import doctest

import pytest

from ai_agent import persona_behaviors
from ai_agent.persona_behaviors import (
    MANNER_WORDS,
    MANNERS,
    PRESET_OVERRIDES,
    RANGES,
    BehaviorRefused,
    manner_of,
    read_behavior,
)


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(persona_behaviors).failed == 0


@pytest.mark.parametrize(
    ("manner", "snr_db", "hold_ms", "content_words", "fallback_voiced_ms"),
    [
        ("eager", 8, 320, 1, 700),
        ("balanced", 9, 480, 2, 900),
        ("patient", 10, 640, 3, 1_200),
        ("stop-words-only", 12, None, None, None),
    ],
)
def test_each_manner_is_its_line_of_numbers(
    manner: str, snr_db: float, hold_ms: int | None, content_words: int | None, fallback_voiced_ms: int | None
) -> None:
    policy = read_behavior({"barge_in": {"manner": manner}}).barge_in_policy()
    assert (policy.snr_db, policy.hold_ms, policy.content_words) == (snr_db, hold_ms, content_words)
    assert policy.fallback_voiced_ms == fallback_voiced_ms
    assert manner_of(policy) == manner


def test_the_interviewer_is_balanced_with_overrides() -> None:
    overrides = dict(PRESET_OVERRIDES["technical-interviewer"])
    policy = read_behavior({"barge_in": {"manner": "balanced", "overrides": overrides}}).barge_in_policy()
    assert (policy.snr_db, policy.hold_ms, policy.content_words, policy.fallback_voiced_ms) == (10, 560, 3, 1_200)
    assert policy.exclamations == "carries_on"
    assert policy.closing_answer == "is_the_answer"
    assert manner_of(policy) is None


def test_a_configuration_that_says_nothing_is_balanced_with_the_usual_silence() -> None:
    behavior = read_behavior({})
    assert behavior.manner == "balanced"
    assert behavior.turn_policy().silence_duration_ms == 2_500


def test_a_persons_own_silence_beats_the_personas() -> None:
    behavior = read_behavior({"turn_taking": {"silence_duration_ms": 3_000, "idle_prompt_seconds": 20}})
    assert behavior.turn_policy().silence_duration_ms == 3_000
    mine = behavior.turn_policy(4_000)
    assert (mine.silence_duration_ms, mine.idle_prompt_seconds) == (4_000, 20)
    with pytest.raises(BehaviorRefused, match="100 is under 500"):
        behavior.turn_policy(100)


def test_a_policy_cannot_be_changed_during_a_call() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        read_behavior({}).turn_policy().silence_duration_ms = 1  # type: ignore[misc]


def test_every_problem_is_named_at_once_with_its_path() -> None:
    config = {
        "turn_taking": {"silence_duration_ms": 100, "max_turn_seconds": "long"},
        "barge_in": {
            "manner": "rude",
            "overrides": {"hold_ms": 40, "loudness": 3, "exclamations": "sometimes", "snr_db": None},
            "stop_words": "stop",
        },
    }
    with pytest.raises(BehaviorRefused) as refused:
        read_behavior(config)
    assert refused.value.problems == {
        "turn_taking.silence_duration_ms": "100 is under 500",
        "turn_taking.max_turn_seconds": "'long' is not a number",
        "barge_in.manner": "'rude' is not one of eager, balanced, patient, stop-words-only",
        "barge_in.overrides.hold_ms": "40 is under 160",
        "barge_in.overrides.loudness": (
            "is not one of snr_db, hold_ms, content_words, fallback_voiced_ms, exclamations, closing_answer"
        ),
        "barge_in.overrides.exclamations": "'sometimes' is not one of stops, asking_words_stop, carries_on",
        "barge_in.overrides.snr_db": "None is not a number",
        "barge_in.stop_words": "must be a list of words",
    }


@pytest.mark.parametrize("name", ["stop_words", "backchannels", "protected"])
def test_what_holds_no_word_can_never_be_heard(name: str) -> None:
    with pytest.raises(BehaviorRefused) as refused:
        read_behavior({"barge_in": {name: ["fine", "…"]}})
    assert refused.value.problems == {f"barge_in.{name}": "'…' holds no word"}


@pytest.mark.parametrize("value", [float("nan"), True, 2_500.5])
def test_a_silence_is_a_whole_number(value: object) -> None:
    with pytest.raises(BehaviorRefused):
        read_behavior({"turn_taking": {"silence_duration_ms": value}})


def test_a_hold_may_be_never() -> None:
    policy = read_behavior({"barge_in": {"manner": "patient", "overrides": {"hold_ms": None}}}).barge_in_policy()
    assert policy.hold_ms is None


def test_a_section_that_is_no_object_is_refused() -> None:
    with pytest.raises(BehaviorRefused, match="barge_in: must be an object"):
        read_behavior({"barge_in": ["eager"]})


def test_every_usual_value_lies_in_its_range_and_every_manner_has_words() -> None:
    turns = read_behavior({}).turn_policy()
    for path, (low, high) in RANGES.items():
        section, name = path.split(".")[0], path.split(".")[-1]
        if section == "turn_taking":
            assert low <= getattr(turns, name) <= high
        for policy in MANNERS.values() if section == "barge_in" else ():
            value = getattr(policy, name)
            assert value is None or low <= value <= high
    assert MANNER_WORDS.keys() == MANNERS.keys()
