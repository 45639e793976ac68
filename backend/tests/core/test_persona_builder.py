"""Is a persona that was built from another one valid, and does it know where it comes from?"""

from __future__ import annotations

from importlib.resources import files

import pytest

from ai_personas.builder import BLANK, PRESET_IDS, Change, diff, from_template, load_template
from ai_personas.refusal import PersonaRefused


@pytest.mark.parametrize("template_id", [*PRESET_IDS, BLANK])
def test_a_copy_of_a_template_is_valid_and_remembers_it(template_id: str) -> None:
    copy = from_template(template_id, name="Orla")

    assert copy.name == "Orla"
    assert copy.metadata.source_template_id == template_id


def test_there_is_a_file_for_each_preset_and_no_other() -> None:
    assert {entry.name for entry in files("ai_personas").joinpath("presets").iterdir()} == {
        f"{preset_id}.json" for preset_id in PRESET_IDS
    }


def test_only_what_is_named_changes() -> None:
    coach = load_template("empathetic-coach")

    calm = from_template(
        "empathetic-coach", voice={"voice_id": "soft", "pace": 0.85}, barge_in={"stop_words": ["hush"]}
    )

    assert diff(coach, calm) == (
        Change("voice.voice_id", "warm", "soft"),
        Change("voice.pace", 0.92, 0.85),
        Change("barge_in.stop_words", ["let me breathe"], ["hush"]),
    )


def test_a_template_is_not_changed_by_what_is_built_from_it() -> None:
    before = load_template("helpful-assistant").as_json()

    from_template("helpful-assistant", voice={"pace": 1.5}, lines={"greeting": ""})

    assert load_template("helpful-assistant").as_json() == before


def test_where_it_comes_from_cannot_be_changed() -> None:
    copy = from_template("technical-expert", metadata={"source_template_id": "blank", "tags": ["databases"]})

    assert copy.metadata.source_template_id == "technical-expert"
    assert copy.metadata.tags == ("databases",)


def test_changes_that_are_not_valid_are_refused_all_at_once() -> None:
    with pytest.raises(PersonaRefused) as refusal:
        from_template("helpful-assistant", voice={"pace": 9}, look="round", greeting="Hi.")

    assert set(refusal.value.by_path) == {"voice.pace", "look", "greeting"}


def test_changing_the_origin_into_something_else_is_refused() -> None:
    with pytest.raises(PersonaRefused) as refusal:
        from_template("helpful-assistant", metadata="blank")

    assert set(refusal.value.by_path) == {"metadata"}


def test_a_template_that_does_not_exist_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(PersonaRefused, match='did you mean "empathetic-coach"'):
        from_template("empathic-coach")
    with pytest.raises(PersonaRefused, match="known are helpful-assistant"):
        from_template("../settings")


def test_a_value_that_is_no_longer_written_is_told_apart_from_one_that_is_null() -> None:
    written = from_template(BLANK, barge_in={"overrides": {"hold_ms": None}})

    assert diff(written, from_template(BLANK)) == (Change("barge_in.overrides.hold_ms", None, None),)


def test_two_that_say_the_same_do_not_differ() -> None:
    assert diff(load_template("technical-expert"), from_template("technical-expert")) == ()
