"""What is measured of the microphone, and what is promised about its frames? A table of known sounds.

    python test_audio_conditioning.py         prints the table, and fails where a measurement is wrong
    python -m pytest test_audio_conditioning.py -v

Metrics are of the raw frame, its mean removed. The three taps carry the same sound; the format is held at each.
"""

from __future__ import annotations

import sys

import numpy as np
import pytest

from ai_agent.audio_conditioning import AudioConditioner, ConditionedFrame
from ai_agent.audio_format import BYTES_PER_FRAME, SAMPLES_PER_FRAME, SILENT_FRAME, split_frames
from tests.golden.make_golden import GOLDEN, Expected, read_pcm


def conditioned(name: str) -> list[ConditionedFrame]:
    """A known sound, frame by frame."""
    conditioner = AudioConditioner()
    return [conditioner.condition(frame) for frame in split_frames(read_pcm(name))]


def measure(name: str) -> tuple[float, float, float]:
    """The median energy, flatness and clipping of a known sound."""
    metrics = [frame.metrics for frame in conditioned(name)]
    return (
        float(np.median([m.energy_dbfs for m in metrics])),
        float(np.median([m.spectral_flatness for m in metrics])),
        float(np.median([m.clipping_percent for m in metrics])),
    )


def problems(name: str, expected: Expected) -> list[str]:
    energy, flatness, clipping = measure(name)
    checks = [
        ("energy", energy, expected.energy_dbfs, expected.energy_within),
        ("flatness", flatness, expected.spectral_flatness, expected.flatness_within),
        ("clipping", clipping, expected.clipping_percent, expected.clipping_within),
    ]
    return [f"{what} is {got:.2f}, not {wanted:.2f}" for what, got, wanted, by in checks if abs(got - wanted) > by]


@pytest.mark.parametrize("name", GOLDEN)
def test_a_known_sound_has_its_known_metrics(name: str) -> None:
    assert problems(name, GOLDEN[name]) == []


@pytest.mark.parametrize("name", GOLDEN)
def test_every_tap_is_a_frame_of_960_samples(name: str) -> None:
    for frame in conditioned(name):
        assert {len(frame.raw), len(frame.filtered), len(frame.conditioned)} == {BYTES_PER_FRAME}


def test_a_frame_in_is_a_frame_out_of_the_same_kind() -> None:
    conditioner = AudioConditioner()
    assert conditioner.process(SILENT_FRAME) == SILENT_FRAME
    out = conditioner.process(np.zeros(SAMPLES_PER_FRAME, dtype=np.int16))
    assert out.dtype == np.int16 and out.shape == (SAMPLES_PER_FRAME,)


def test_anything_else_is_refused() -> None:
    for wrong in (b"", bytes(1_919), np.zeros(960, dtype=np.float32), np.zeros((960, 1), dtype=np.int16)):
        with pytest.raises(ValueError, match="a frame is"):
            AudioConditioner().process(wrong)  # type: ignore[call-overload]


def test_the_room_is_learned_and_speech_stands_out_of_it() -> None:
    conditioner, rng = AudioConditioner(), np.random.default_rng(4)

    def noise(dbfs: float) -> bytes:
        return (rng.standard_normal(960) * 32_768 * 10 ** (dbfs / 20)).astype(np.int16).tobytes()

    for _ in range(100):
        conditioner.condition(noise(-50), speech_probability=0.05)
    loud = conditioner.condition(noise(-30), speech_probability=0.9).metrics
    assert loud.noise_floor_dbfs == pytest.approx(-50, abs=1)
    assert loud.snr_db == pytest.approx(20, abs=2)


def main() -> int:
    """Print the table; how many sounds are measured wrongly."""
    print(f"{'sound':<18} {'energy dBFS':>12} {'flatness':>9} {'clipping %':>11}")
    failed = 0
    for name, expected in GOLDEN.items():
        energy, flatness, clipping = measure(name)
        wrong = problems(name, expected)
        failed += bool(wrong)
        verdict = f"❌ {'; '.join(wrong)}" if wrong else "✅"
        print(f"{name:<18} {energy:>12.2f} {flatness:>9.3f} {clipping:>11.2f}  {verdict}")
    print(f"\n📊 {len(GOLDEN) - failed} of {len(GOLDEN)} known sounds are measured as they should be")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
