"""Is a persona's JSON read as it is meant, and is everything that is wrong with it told at once?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_agent.persona_behaviors import MANNERS, RANGES, read_behavior
from ai_personas.refusal import PersonaRefused
from ai_personas.schema import (
    MAX_CONFIGURATION_BYTES,
    MAX_PROMPT_CHARACTERS,
    PersonaConfig,
    parse_persona,
    persona_json_schema,
)

EXAMPLES = Path(__file__).parents[3] / "contracts" / "personas"
VALID = sorted((EXAMPLES / "valid").glob("*.json"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.json"))


def smallest() -> dict[str, Any]:
    return json.loads((EXAMPLES / "valid" / "smallest.json").read_text())


def problems_of(written: Any) -> dict[str, list[str]]:
    with pytest.raises(PersonaRefused) as refusal:
        parse_persona(written)
    return refusal.value.by_path


@pytest.mark.parametrize("example", VALID, ids=lambda path: path.stem)
def test_a_valid_example_is_accepted_and_keeps_what_was_written(example: Path) -> None:
    written = json.loads(example.read_text())

    kept = parse_persona(example.read_bytes()).as_json()

    assert_holds(kept, written)
    assert parse_persona(kept).as_json() == kept
    assert parse_persona(json.dumps(kept)).as_json() == kept


def assert_holds(kept: Any, written: Any) -> None:
    """Every key that was written has its value in what was kept."""
    if isinstance(written, dict):
        for key, value in written.items():
            assert_holds(kept[key], value)
    else:
        assert kept == written


@pytest.mark.parametrize("example", INVALID, ids=lambda path: path.stem)
def test_an_invalid_example_is_refused_with_every_path_and_its_words(example: Path) -> None:
    case = json.loads(example.read_text())

    problems = problems_of(case["configuration"])

    assert set(problems) == set(case["errors"])
    for path, words in case["errors"].items():
        assert words in " | ".join(problems[path])


@pytest.mark.parametrize("example", VALID, ids=lambda path: path.stem)
def test_what_is_accepted_can_be_understood_as_manners(example: Path) -> None:
    configuration = parse_persona(example.read_bytes()).as_json()

    behavior = read_behavior(configuration)

    policy = behavior.barge_in_policy()
    for name, value in configuration["barge_in"]["overrides"].items():
        assert getattr(policy, name) == value


def test_an_override_that_is_not_written_stays_the_manners() -> None:
    configuration = {**smallest(), "barge_in": {"manner": "patient", "overrides": {"hold_ms": 700}}}

    policy = read_behavior(parse_persona(configuration).as_json()).barge_in_policy()

    assert policy.hold_ms == 700
    assert policy.content_words == MANNERS["patient"].content_words


@pytest.mark.parametrize("path", sorted(RANGES))
def test_both_ends_of_every_range_are_accepted_and_what_lies_beyond_is_not(path: str) -> None:
    low, high = RANGES[path]
    for value in (low, high):
        parse_persona(with_value(path, value))
    for value in (low - 1, high + 1):
        assert set(problems_of(with_value(path, value))) == {path}


def with_value(path: str, value: Any) -> dict[str, Any]:
    """The smallest configuration with one value more."""
    configuration = smallest()
    *parents, last = path.split(".")
    place = configuration
    for parent in parents:
        place = place.setdefault(parent, {})
    place[last] = value
    return configuration


def test_the_longest_prompt_is_accepted_and_one_character_more_is_not() -> None:
    parse_persona(with_value("prompt.system", "a" * MAX_PROMPT_CHARACTERS))

    problems = problems_of(with_value("prompt.system", "a" * (MAX_PROMPT_CHARACTERS + 1)))

    assert problems == {"prompt.system": ["8001 characters, at most 8000"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1, column 2"),
        ("", "line 1, column 1"),
        ("[" * 100_000, "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        ("9" * 5_000, "is not JSON"),
        ("null", "null is not an object"),
        ('"' + "a" * MAX_CONFIGURATION_BYTES + '"', "at most 131072"),
    ],
)
def test_what_is_no_configuration_at_all_is_refused_in_words(text: str | bytes, words: str) -> None:
    assert words in problems_of(text)[""][0]


def test_half_a_character_is_refused_where_it_stands() -> None:
    assert set(problems_of(json.dumps(with_value("lines.greeting", "Hi \ud83d")))) == {"lines.greeting"}


def test_numbers_without_an_end_are_refused() -> None:
    assert set(
        problems_of(
            '{"schema_version": 1, "name": "Ada", "metadata": {"source_template_id": "blank"},'
            ' "prompt": {"system": "Hi.", "temperature": Infinity}}'
        )
    ) == {"prompt.temperature"}


def test_a_configuration_cannot_be_changed_after_it_was_read() -> None:
    config = parse_persona(smallest())
    with pytest.raises(ValueError, match="frozen"):
        config.name = "Bob"  # type: ignore[misc]


def test_the_schema_names_every_key_with_its_range_and_its_length() -> None:
    definitions = persona_json_schema()["$defs"]

    assert definitions["Lines"]["properties"]["apology"]["maxLength"] == 400
    assert definitions["Prompt"]["properties"]["system"]["maxLength"] == 8000
    assert definitions["BargeInOverrides"]["properties"]["snr_db"] == {
        "description": "Sound this much above the room's noise may be an interruption.",
        "maximum": 24,
        "minimum": 3,
        "title": "Snr Db",
        "type": "number",
    }
    assert set(persona_json_schema()["required"]) == {"schema_version", "name", "metadata", "prompt"}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(sorted(PersonaConfig.model_fields)) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(written=json_values, key=st.sampled_from(sorted(PersonaConfig.model_fields)))
def test_whatever_is_written_is_read_or_refused_with_a_path(written: Any, key: str) -> None:
    for configuration in (written, {**smallest(), key: written}):
        try:
            config = parse_persona(configuration)
        except PersonaRefused as refusal:
            assert all(problem.message for problem in refusal.problems)
        else:
            assert parse_persona(config.as_json()) == config
