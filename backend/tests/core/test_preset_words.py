"""Are the four personas that come with the product who they should be?"""

from __future__ import annotations

import re

import pytest

from ai_agent.persona_behaviors import PRESET_OVERRIDES, read_behavior
from ai_personas.builder import PRESET_IDS, load_template
from ai_personas.schema import PersonaConfig

PRESETS = {preset_id: load_template(preset_id) for preset_id in PRESET_IDS}
each_preset = pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)


@pytest.mark.parametrize(
    ("preset_id", "name", "manner"),
    [
        ("helpful-assistant", "Juno", "eager"),
        ("technical-expert", "Anselm", "balanced"),
        ("technical-interviewer", "Mira", "balanced"),
        ("empathetic-coach", "Sol", "patient"),
    ],
)
def test_each_has_its_name_its_shape_and_its_manner(preset_id: str, name: str, manner: str) -> None:
    preset = PRESETS[preset_id]
    assert (preset.name, preset.look.shape, preset.barge_in.manner) == (name, name.lower(), manner)


@pytest.mark.parametrize(
    ("preset_id", "snr_db", "hold_ms", "content_words", "fallback_voiced_ms"),
    [
        ("helpful-assistant", 8, 320, 1, 700),
        ("technical-expert", 9, 480, 2, 900),
        ("technical-interviewer", 10, 560, 3, 1_200),
        ("empathetic-coach", 10, 640, 3, 1_200),
    ],
)
def test_each_takes_interruptions_in_its_own_way(
    preset_id: str, snr_db: float, hold_ms: int, content_words: int, fallback_voiced_ms: int
) -> None:
    written = PRESETS[preset_id].as_json()
    policy = read_behavior(written).barge_in_policy()

    assert (policy.snr_db, policy.hold_ms) == (snr_db, hold_ms)
    assert (policy.content_words, policy.fallback_voiced_ms) == (content_words, fallback_voiced_ms)
    assert written["barge_in"]["overrides"] == PRESET_OVERRIDES[preset_id]


def test_no_two_share_a_shape_or_a_voice() -> None:
    assert len({preset.look.shape for preset in PRESETS.values()}) == len(PRESETS)
    assert len({preset.voice.voice_id for preset in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("preset_id", PRESET_IDS)
def test_a_preset_descends_from_itself(preset_id: str) -> None:
    assert PRESETS[preset_id].metadata.source_template_id == preset_id


@each_preset
def test_a_preset_leaves_the_silence_that_ends_a_turn_to_the_installation(preset: PersonaConfig) -> None:
    assert preset.turn_taking.silence_duration_ms is None


@each_preset
def test_a_prompt_is_short_enough_for_a_small_model_and_shows_how_to_answer(preset: PersonaConfig) -> None:
    assert len(preset.prompt.system) <= 400
    assert len(preset.prompt.examples) >= 3
    for example in preset.prompt.examples:
        assert len(re.findall(r"[.?!]", example.assistant)) <= preset.prompt.max_sentences
        assert len(example.assistant) <= 160


@each_preset
def test_a_greeting_is_short_enough_to_start_at_once(preset: PersonaConfig) -> None:
    assert 0 < len(preset.lines.greeting) <= 80


@each_preset
def test_every_line_is_the_personas_own_and_can_be_spoken(preset: PersonaConfig) -> None:
    lines = preset.lines.model_dump(exclude={"acknowledgements"})
    for name, line in lines.items():
        assert name in preset.lines.model_fields_set
        assert not re.search(r"[*_#`<>\[\]()]", line)
