"""The conditioner's promises about format, memory and metrics."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ai_agent.audio_conditioning import AudioConditioner, BrowserProcessing, ConditioningConfig, NoiseProfile
from ai_agent.audio_format import SILENT_FRAME
from tests.timeline import tone


def frames(count: int, dbfs: float, seed: int = 5) -> list[bytes]:
    rng = np.random.default_rng(seed)
    scale = 32_768 * 10 ** (dbfs / 20)
    return [(rng.standard_normal(960) * scale).clip(-32_768, 32_767).astype(np.int16).tobytes() for _ in range(count)]


def test_a_frame_of_bytes_gives_bytes_and_an_array_gives_an_array() -> None:
    conditioner = AudioConditioner()
    frame = tone(-20)
    out = conditioner.process(frame)
    assert isinstance(out, bytes) and len(out) == 1_920
    pcm = np.frombuffer(frame, dtype=np.int16)
    processed = conditioner.process(pcm)
    assert processed.dtype == np.int16 and processed.shape == (960,)
    assert processed is not pcm


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        bytes(1_919),
        bytes(3_840),
        bytearray(1_920),
        np.zeros(960, dtype=np.float32),
        np.zeros((1, 960), dtype=np.int16),
        np.zeros(959, dtype=np.int16),
        "frame",
        None,
    ],
)
def test_anything_else_is_refused_and_nothing_is_learned_from_it(wrong: object) -> None:
    conditioner = AudioConditioner()
    before = conditioner.snapshot()
    with pytest.raises(ValueError, match="a frame is"):
        conditioner.process(wrong)  # type: ignore[call-overload]
    assert conditioner.snapshot() == before


def test_the_input_is_left_as_it_is() -> None:
    pcm = np.frombuffer(tone(-10), dtype=np.int16).copy()
    before = pcm.copy()
    AudioConditioner().process(pcm)
    assert np.array_equal(pcm, before)


def test_silence_stays_silence_and_teaches_nothing() -> None:
    conditioner = AudioConditioner()
    before = conditioner.snapshot()
    conditioned = conditioner.condition(SILENT_FRAME, speech_probability=0.0)
    assert conditioned.conditioned == SILENT_FRAME
    assert conditioned.metrics.energy_dbfs == -96
    assert conditioned.metrics.spectral_flatness == 0
    assert conditioner.snapshot() == before


@pytest.mark.parametrize("value", [32_767, -32_768])
def test_extreme_input_does_no_harm(value: int) -> None:
    conditioner = AudioConditioner()
    metrics = conditioner.condition(np.full(960, value, dtype=np.int16).tobytes()).metrics
    assert metrics.clipping_percent == 100
    assert all(np.isfinite([metrics.energy_dbfs, metrics.snr_db, metrics.spectral_flatness]))


@pytest.mark.parametrize("truth_db", [5.0, 10.0, 20.0])
def test_the_snr_is_within_two_db_of_the_truth_after_two_seconds_of_noise(truth_db: float) -> None:
    conditioner = AudioConditioner()
    for frame in frames(100, -50):
        conditioner.condition(frame, speech_probability=0.05)
    loud = [np.frombuffer(frame, dtype=np.int16).astype(np.int32) for frame in frames(20, -50 + truth_db, seed=6)]
    noise = [np.frombuffer(frame, dtype=np.int16) for frame in frames(20, -50, seed=7)]
    mixed = [(a + b).clip(-32_768, 32_767).astype(np.int16).tobytes() for a, b in zip(loud, noise, strict=True)]
    measured = [conditioner.condition(frame, speech_probability=0.9).metrics.snr_db for frame in mixed]
    assert np.median(measured) == pytest.approx(truth_db, abs=2)


def test_the_room_is_not_learned_while_the_agents_echo_may_be_in_it() -> None:
    conditioner = AudioConditioner()
    for frame in frames(50, -30):
        conditioner.condition(frame, speech_probability=0.05, agent_speaking=True)
    assert conditioner.noise_profile.noise_floor_dbfs == -72


def test_two_conditioners_share_nothing_and_reset_equals_new() -> None:
    one, other = AudioConditioner(), AudioConditioner()
    for frame in frames(50, -30):
        one.condition(frame, speech_probability=0.05)
    assert other.snapshot() == AudioConditioner().snapshot()
    one.reset()
    assert one.snapshot() == AudioConditioner().snapshot()


def test_a_snapshot_is_json_and_goes_on_exactly() -> None:
    one, other = AudioConditioner(), AudioConditioner()
    for frame in frames(60, -45):
        one.condition(frame, speech_probability=0.05)
    other.restore(json.loads(json.dumps(one.snapshot())))
    for frame in frames(60, -40, seed=9):
        ours = one.condition(frame, speech_probability=0.05)
        assert ours == other.condition(frame, speech_probability=0.05)
    with pytest.raises(TypeError):
        other.restore({"noise_floor": 3})


def test_a_known_room_is_known_from_the_first_frame() -> None:
    known = AudioConditioner(noise_profile=NoiseProfile(noise_floor_dbfs=-48))
    assert known.condition(tone(-40)).metrics.noise_floor_dbfs == -48


def test_the_declared_latency_is_the_measured_one() -> None:
    conditioner = AudioConditioner()
    sound = b"".join(frames(10, -20))
    out = b"".join(conditioner.process(sound[start : start + 1_920]) for start in range(0, len(sound), 1_920))
    ours, raw = (np.frombuffer(pcm, dtype=np.int16).astype(float) for pcm in (out, sound))
    lag = int(np.argmax(np.correlate(ours, raw, "full"))) - (len(raw) - 1)
    assert lag == conditioner.latency_samples


def test_each_tap_can_be_chosen_and_the_browsers_own_processing_is_known() -> None:
    conditioner = AudioConditioner(ConditioningConfig(stt_tap="raw"))
    conditioned = conditioner.condition(tone(-20))
    assert conditioned.tap("raw") == conditioned.raw
    assert conditioned.tap("filtered") == conditioned.filtered
    assert conditioned.tap("conditioned") == conditioned.conditioned
    conditioner.set_browser_processing(BrowserProcessing(noise_suppression=True))
    assert conditioner.browser_processing.noise_suppression
