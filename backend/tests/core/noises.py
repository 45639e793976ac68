"""What is not speech? Twenty generated clips of typing, fans, coughs and clicks, the same ones on every machine.

Each is 48 kHz mono float in [-1, 1]; `NOISES` maps a name to a function of a seeded generator.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, lfilter

RATE = 48_000
Sound = npt.NDArray[np.float64]
Maker = Callable[[np.random.Generator], Sound]


def band(noise: Sound, low_hz: float, high_hz: float) -> Sound:
    b, a = butter(2, [low_hz, high_hz], btype="band", fs=RATE)
    return np.asarray(lfilter(b, a, noise))


def at_level(sound: Sound, dbfs: float) -> Sound:
    """Scaled so that its loudest 20 ms have this RMS level."""
    frames = sound[: len(sound) // 960 * 960].reshape(-1, 960)
    loudest = np.sqrt((frames**2).mean(axis=1).max())
    return np.clip(sound * (10 ** (dbfs / 20) / loudest), -0.99, 0.99)


def decay(rng: np.random.Generator, seconds: float, half_life_ms: float) -> Sound:
    t = np.arange(int(seconds * RATE)) / RATE
    return np.asarray(rng.standard_normal(len(t)) * 0.5 ** (t * 1000 / half_life_ms))


def typing(keys_a_second: float, dbfs: float) -> Maker:
    """Key clicks: a press and a softer release, 2 to 9 kHz, at uneven distances."""

    def make(rng: np.random.Generator) -> Sound:
        out = np.zeros(5 * RATE)
        at = 0.1
        while at < 4.7:
            for offset, gain in ((0.0, 1.0), (rng.uniform(0.06, 0.11), 0.5)):
                click = gain * rng.uniform(0.5, 1.0) * band(decay(rng, 0.05, rng.uniform(2, 5)), 1500, 9000)
                thump = 0.4 * gain * band(decay(rng, 0.05, 8), 120, 500)
                start = int((at + offset) * RATE)
                out[start : start + len(click)] += click + thump
            at += rng.exponential(1 / keys_a_second) * 0.5 + 0.5 / keys_a_second
        return at_level(out, dbfs)

    return make


def fan(dbfs: float, *, hum_hz: float, low_hz: float = 60, high_hz: float = 3000) -> Maker:
    """A steady blower: coloured noise, a blade tone and a slow swell."""

    def make(rng: np.random.Generator) -> Sound:
        t = np.arange(5 * RATE) / RATE
        noise = band(rng.standard_normal(len(t)), low_hz, high_hz)
        tone = 0.4 * noise.std() * np.sin(2 * np.pi * hum_hz * t) + 0.2 * noise.std() * np.sin(4 * np.pi * hum_hz * t)
        return at_level((noise + tone) * (1 + 0.1 * np.sin(2 * np.pi * 0.7 * t)), dbfs)

    return make


def cough(bursts: int, dbfs: float, *, pitch_hz: float) -> Maker:
    """Coughs as they are made: an explosive opening, a noisy stretch, and a short voiced end that falls in pitch."""

    def one(rng: np.random.Generator) -> Sound:
        opening = band(decay(rng, 0.06, 12), 300, 6000)
        stretch_s = rng.uniform(0.12, 0.2)
        stretch = band(decay(rng, stretch_s, 70), 400, 4500) * 0.6
        voiced_s = rng.uniform(0.06, 0.11)
        t = np.arange(int(voiced_s * RATE)) / RATE
        phase = 2 * np.pi * np.cumsum(pitch_hz * (1 - 0.25 * t / voiced_s)) / RATE
        harmonics = sum(np.sin(k * phase) / k for k in range(1, 12))
        voiced = (
            band(harmonics * np.hanning(2 * len(t))[len(t) :] + 0.5 * rng.standard_normal(len(t)), 250, 3000) * 0.35
        )
        return np.concatenate([opening, stretch, voiced])

    def make(rng: np.random.Generator) -> Sound:
        out = np.zeros(5 * RATE)
        at = 0.4
        for _ in range(bursts):
            burst = one(rng)
            start = int(at * RATE)
            out[start : start + len(burst)] += burst
            at += rng.uniform(0.35, 0.6)
        return at_level(out, dbfs)

    return make


def clicks(count: int, dbfs: float, *, ring_hz: float, half_life_ms: float) -> Maker:
    """Mouse clicks, a pen on the desk, a cup put down: a knock that rings."""

    def make(rng: np.random.Generator) -> Sound:
        out = np.zeros(5 * RATE)
        for at in np.sort(rng.uniform(0.2, 4.6, count)):
            t = np.arange(int(0.2 * RATE)) / RATE
            knock = decay(rng, 0.2, half_life_ms / 2) + np.sin(2 * np.pi * ring_hz * t) * 0.5 ** (
                t * 1000 / half_life_ms
            )
            start = int(at * RATE)
            out[start : start + len(knock)] += knock
        return at_level(out, dbfs)

    return make


NOISES: dict[str, Maker] = {
    "typing, slow and quiet": typing(3, -45),
    "typing, steady": typing(6, -36),
    "typing, fast": typing(9, -30),
    "typing, loud": typing(5, -22),
    "typing, hammering": typing(11, -25),
    "fan, far": fan(-55, hum_hz=95),
    "fan, laptop": fan(-45, hum_hz=180, low_hz=200, high_hz=6000),
    "fan, desk": fan(-40, hum_hz=120),
    "fan, strong": fan(-32, hum_hz=75),
    "fan, hair dryer": fan(-26, hum_hz=240, low_hz=150, high_hz=9000),
    "cough, one": cough(1, -20, pitch_hz=170),
    "cough, two": cough(2, -18, pitch_hz=130),
    "cough, high": cough(1, -22, pitch_hz=280),
    "cough, fit": cough(5, -20, pitch_hz=150),
    "cough, quiet": cough(2, -35, pitch_hz=210),
    "clicks, mouse": clicks(8, -38, ring_hz=3200, half_life_ms=3),
    "clicks, pen": clicks(5, -28, ring_hz=1800, half_life_ms=8),
    "clicks, cup": clicks(3, -22, ring_hz=900, half_life_ms=25),
    "clicks, desk knocks": clicks(6, -20, ring_hz=210, half_life_ms=18),
    "clicks, many": clicks(30, -30, ring_hz=2600, half_life_ms=4),
}


def noise_clip(name: str, seed: int | None = None) -> Sound:
    """The clip of this name, equal on every run; another one with each seed."""
    if seed is None:
        seed = int.from_bytes(name.encode(), "big") % 2**32
    return NOISES[name](np.random.default_rng(seed))
