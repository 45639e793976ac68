"""Levels: energy, the one noise floor, SNR, flatness, clipping."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from ai_agent import levels
from ai_agent.levels import (
    LOWEST_NOISE_FLOOR_DBFS,
    SILENCE_DBFS,
    NoiseFloor,
    SlidingQuantile,
    clipping_percent,
    energy_dbfs,
    frame_dbfs,
    snr_db,
    spectral_flatness,
    to_samples,
    without_mean,
)

SPEECH, NOISE = 0.9, 0.05


def sine(hz: float, amplitude: float = 0.5) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(960) / 48_000)).astype(np.float32)


def white(seed: int = 1) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(960)).astype(np.float32)


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(levels).failed == 0


def test_a_full_scale_sine_is_three_db_under_full_scale() -> None:
    assert energy_dbfs(sine(1_000, 1.0)) == pytest.approx(-3.01, abs=0.01)


def test_an_offset_is_not_loudness() -> None:
    assert frame_dbfs(np.full(960, 8_000, dtype=np.int16).tobytes()) == SILENCE_DBFS


def test_white_noise_is_flat_a_tone_is_not_and_silence_is_nothing() -> None:
    mean = np.mean([spectral_flatness(without_mean(white(seed))) for seed in range(50)])
    assert mean == pytest.approx(0.56, abs=0.06)
    assert spectral_flatness(sine(1_013)) < 0.02
    assert spectral_flatness(np.zeros(960, dtype=np.float32)) == 0


def test_clipping_is_the_share_of_samples_at_the_rails() -> None:
    pcm = np.zeros(960, dtype=np.int16)
    pcm[:48] = 32_767
    pcm[48:96] = -32_768
    assert clipping_percent(pcm) == pytest.approx(10.0)


def test_samples_lie_between_minus_one_and_one() -> None:
    assert to_samples(np.array([-32_768, 16_384], dtype=np.int16)).tolist() == [-1.0, 0.5]


@pytest.mark.parametrize("truth_db", [3.0, 10.0, 20.0])
def test_snr_is_the_sound_without_its_noise_over_the_noise(truth_db: float) -> None:
    level = -50 + 10 * np.log10(10 ** (truth_db / 10) + 1)
    assert snr_db(level, -50) == pytest.approx(truth_db, abs=0.01)


def test_any_quantile_of_the_last_values() -> None:
    window = SlidingQuantile(5)
    for value in (9.0, 1.0, 5.0, 2.0, 4.0, 3.0):
        window.add(value)
    assert window.values == [1.0, 5.0, 2.0, 4.0, 3.0]
    assert (window.quantile(0.0), window.quantile(0.5), window.quantile(1.0)) == (1.0, 3.0, 5.0)


def test_the_floor_is_the_median_of_what_was_no_speech() -> None:
    floor = NoiseFloor()
    for _ in range(20):
        floor.update(-50.0, speech_probability=NOISE)
        floor.update(-20.0, speech_probability=SPEECH)
    assert floor.dbfs == -50.0


def test_a_call_that_begins_in_mid_speech_does_not_take_it_for_the_room() -> None:
    floor = NoiseFloor()
    for _ in range(3):
        floor.update(-20.0, speech_probability=0.0)
    assert floor.dbfs == LOWEST_NOISE_FLOOR_DBFS


def test_typing_does_not_lift_the_floor() -> None:
    floor = NoiseFloor()
    for index in range(150):
        floor.update(-30.0 if index % 10 == 0 else -60.0, speech_probability=NOISE)
    assert floor.dbfs == -60.0


def test_the_floor_follows_a_fan_that_starts_within_three_seconds() -> None:
    floor = NoiseFloor()
    for level in [-60.0] * 150 + [-40.0] * 80:
        floor.update(level, speech_probability=NOISE)
    assert floor.dbfs == -40.0


def test_digital_silence_is_not_learned_from() -> None:
    floor = NoiseFloor()
    for level in [-50.0] * 20 + [SILENCE_DBFS] * 200:
        floor.update(level, speech_probability=NOISE)
    assert floor.dbfs == -50.0


def test_a_very_quiet_room_is_called_no_quieter_than_the_lowest_floor() -> None:
    floor = NoiseFloor()
    for _ in range(20):
        floor.update(-90.0, speech_probability=NOISE)
    assert floor.dbfs == LOWEST_NOISE_FLOOR_DBFS


def test_without_a_vad_the_quietest_tenth_is_the_room() -> None:
    floor = NoiseFloor()
    for index in range(100):
        floor.update(-55.0 if index % 4 == 0 else -20.0, speech_probability=None)
    assert floor.dbfs == -55.0


def test_a_restored_floor_goes_on_to_the_bit() -> None:
    one = NoiseFloor()
    rng = np.random.default_rng(3)
    for _ in range(200):
        one.update(float(rng.uniform(-60, -40)), speech_probability=NOISE)
    other = NoiseFloor.restored(one.snapshot())
    for _ in range(200):
        level = float(rng.uniform(-60, -40))
        one.update(level, speech_probability=NOISE)
        other.update(level, speech_probability=NOISE)
        assert one.dbfs == other.dbfs
    with pytest.raises(TypeError):
        NoiseFloor.restored({"starts_at_dbfs": "low", "lowest_dbfs": -72.0, "noise": [], "unlabelled": []})
