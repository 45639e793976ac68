"""What does each of the eight steps do, and what is measured of the microphone? A story in two tables.

    python test_audio_conditioning.py         prints both tables, and fails where something is not as it should be
    python -m pytest test_audio_conditioning.py -v

Each step is shown on the sound that it is there for: a number before it, the same number after it. Metrics are of the
raw frame, its mean removed. What all eight together are worth is in AUDIO_CONDITIONING_README.md.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest

from ai_agent.audio_conditioning import AudioConditioner, ConditionedFrame
from ai_agent.audio_format import BYTES_PER_FRAME, SAMPLES_PER_FRAME, SILENT_FRAME, split_frames
from ai_agent.automatic_gain import AutomaticGain, ClipPrevention, PeakNormalisation
from ai_agent.conditioning_filters import DcRemoval, HighPass, LowPass, SpeechEmphasis
from ai_agent.noise_suppression import NoiseSuppression
from tests.golden.make_golden import GOLDEN, Expected, read_pcm

Sound = npt.NDArray[np.float64]
"""48 kHz, in steps of int16: full scale is 32,768."""
FULL_SCALE = 32_768.0


# ── the sounds that the steps are for ─────────────────────────────────────────────────────────────


def tone(hz: float, *, dbfs: float = -20.0, seconds: float = 3.0) -> Sound:
    t = np.arange(int(seconds * 48_000)) / 48_000
    return np.asarray(np.sin(2 * np.pi * hz * t) * np.sqrt(2) * FULL_SCALE * 10 ** (dbfs / 20))


def fan(*, dbfs: float, seconds: float = 3.0) -> Sound:
    return np.random.default_rng(1).standard_normal(int(seconds * 48_000)) * FULL_SCALE * 10 ** (dbfs / 20)


def voice(*, dbfs: float, seconds: float) -> Sound:
    """A buzz of 140 Hz that comes and goes like syllables."""
    t = np.arange(int(seconds * 48_000)) / 48_000
    buzz = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 20)) * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * t))
    return np.asarray(buzz / np.std(buzz) * FULL_SCALE * 10 ** (dbfs / 20))


# ── the numbers that tell ─────────────────────────────────────────────────────────────────────────


def level_dbfs(sound: Sound) -> float:
    """Of the last second."""
    return float(10 * np.log10(np.mean(sound[-48_000:] ** 2) / FULL_SCALE**2 + 1e-12))


def offset_percent(sound: Sound) -> float:
    return float(100 * abs(sound[-48_000:].mean()) / FULL_SCALE)


def peak_dbfs(sound: Sound) -> float:
    return float(20 * np.log10(np.abs(sound[-48_000:]).max() / FULL_SCALE))


def wrapped_percent(sound: Sound) -> float:
    """Samples that a plain conversion to 16 bits would turn upside down."""
    return float(100 * np.mean(np.abs(sound[-48_000:]) > 32_767))


# ── the eight steps ───────────────────────────────────────────────────────────────────────────────

Process = Callable[[npt.NDArray[np.floating]], npt.NDArray[np.generic]]


@dataclass(frozen=True)
class Step:
    name: str
    sound: str
    """In words."""
    make_sound: Callable[[], Sound]
    make_step: Callable[[], Process]
    measure: Callable[[Sound], float]
    unit: str
    lowest: float
    highest: float
    """Where the number lies afterwards."""


def agc() -> Process:
    step = AutomaticGain()
    return lambda frame: step.process(frame, speech_probability=1.0)


def suppression() -> Process:
    step = NoiseSuppression(top_hz=8_000)
    return lambda frame: step.process(frame.astype(np.float32))


STEPS = [
    Step("1 DC removal", "a tone on an offset of 5 %", lambda: tone(300) + 0.05 * FULL_SCALE,
         lambda: DcRemoval().process, offset_percent, "% offset", 0, 0.01),
    Step("2 high-pass", "a rumble of 30 Hz", lambda: tone(30), lambda: HighPass(80).process, level_dbfs, "dBFS",
         -40, -36),
    Step("3 low-pass", "a whistle at 15 kHz", lambda: tone(15_000), lambda: LowPass(7_900).process, level_dbfs, "dBFS",
         -60, -40),
    Step("4 noise suppression", "a fan", lambda: fan(dbfs=-45), suppression, level_dbfs, "dBFS", -80, -62),
    Step("5 AGC", "a quiet voice, after 5 s", lambda: voice(dbfs=-38, seconds=6), agc, level_dbfs, "dBFS", -22, -18),
    Step("6 speech emphasis", "3 kHz, where consonants are", lambda: tone(3_000),
         lambda: SpeechEmphasis(2.5).process, level_dbfs, "dBFS", -17.6, -17.4),
    Step("7 peak normalisation", "a shout over full scale", lambda: tone(500, dbfs=3),
         lambda: PeakNormalisation().process, peak_dbfs, "dBFS peak", -1.1, -0.9),
    Step("8 clip prevention", "what is still too loud", lambda: tone(500, dbfs=3),
         lambda: ClipPrevention().process, wrapped_percent, "% wrapped", 0, 0),
]  # fmt: skip


def before_and_after(step: Step) -> tuple[float, float]:
    sound, process = step.make_sound(), step.make_step()
    after = np.concatenate([process(frame) for frame in sound.reshape(-1, SAMPLES_PER_FRAME)])
    return step.measure(sound), step.measure(after.astype(np.float64))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_step_does_what_it_is_there_for(step: Step) -> None:
    before, after = before_and_after(step)
    assert not step.lowest <= before <= step.highest
    assert step.lowest <= after <= step.highest


def test_a_voice_stays_while_the_fan_beside_it_goes() -> None:
    talk, process = voice(dbfs=-22, seconds=2), suppression()
    mixed = fan(dbfs=-45, seconds=4)
    mixed[96_000:] += talk
    out = np.concatenate([process(frame) for frame in mixed.reshape(-1, SAMPLES_PER_FRAME)]).astype(np.float64)
    assert level_dbfs(out[:96_000]) < level_dbfs(mixed[:96_000]) - 14
    assert level_dbfs(out) == pytest.approx(level_dbfs(talk), abs=1.0)


# ── what is measured ──────────────────────────────────────────────────────────────────────────────


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


# ── the two tables ────────────────────────────────────────────────────────────────────────────────


def print_steps() -> int:
    """How many steps do not do what they are there for."""
    print(f"{'step':<21} {'shown on':<28} {'before':>10} {'after':>10}")
    failed = 0
    for step in STEPS:
        before, after = before_and_after(step)
        is_good = step.lowest <= after <= step.highest
        failed += not is_good
        mark = "✅" if is_good else f"❌ not within {step.lowest:g} and {step.highest:g}"
        print(f"{step.name:<21} {step.sound:<28} {before:>10.2f} {after:>10.2f}  {step.unit:<10} {mark}")
    return failed


def print_metrics() -> int:
    """How many sounds are measured wrongly."""
    print(f"\n{'sound':<18} {'energy dBFS':>12} {'flatness':>9} {'clipping %':>11}")
    failed = 0
    for name, expected in GOLDEN.items():
        energy, flatness, clipping = measure(name)
        wrong = problems(name, expected)
        failed += bool(wrong)
        verdict = f"❌ {'; '.join(wrong)}" if wrong else "✅"
        print(f"{name:<18} {energy:>12.2f} {flatness:>9.3f} {clipping:>11.2f}  {verdict}")
    return failed


def main() -> int:
    failed = print_steps() + print_metrics()
    count = len(STEPS) + len(GOLDEN)
    print(f"\n📊 {count - failed} of {count} steps and known sounds are as they should be")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
