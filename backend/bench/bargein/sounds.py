"""What is heard that nobody said? Hums, laughs, coughs, doors and music, made here, the same on every machine.

Each maker gets a seeded generator and gives one sound without silence around it, 48 kHz mono; the level is the case's.
The coughs, keys and knocks are those of the tests, the rooms those of the conditioning bench.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
from scipy.signal import lfilter

from ai_agent.audio_format import SAMPLE_RATE_HZ as RATE
from bench.bargein.voices import Sound, cached
from bench.conditioning.clips import babble as crowd
from bench.conditioning.clips import brown, fan, hum, traffic
from tests.core.noises import NOISES, band, decay

Maker = Callable[[np.random.Generator], Sound]

# ── made with a voice, and still no words ─────────────────────────────────────────────────────────


def _curve(points: list[tuple[float, float]], seconds: float) -> Sound:
    """Straight lines between (second, value) points."""
    t = np.arange(int(seconds * RATE)) / RATE
    return np.interp(t, [at for at, _ in points], [value for _, value in points])


def _voiced(rng: np.random.Generator, pitch_hz: Sound, formants: list[tuple[float, float, float]]) -> Sound:
    """A glottal buzz of this pitch through resonances (Hz, bandwidth, gain); a little unsteady, as voices are."""
    wobble = lfilter([0.002], [1, -0.998], rng.standard_normal(len(pitch_hz))) * 0.06
    phase = np.cumsum(pitch_hz * (1 + wobble)) / RATE
    pulses = np.diff(np.floor(phase), prepend=0.0)
    source = lfilter([1.0], [1, -1.9, 0.9025], pulses)  # falls 12 dB an octave, as a glottis does
    out = np.zeros(len(source))
    for hz, bandwidth, gain in formants:
        radius = np.exp(-np.pi * bandwidth / RATE)
        a = [1, -2 * radius * np.cos(2 * np.pi * hz / RATE), radius**2]
        out += gain * lfilter([1 - radius], a, source)
    out = lfilter([1, -0.97], [1], out)
    return np.asarray(out / (np.abs(out).max() + 1e-9))


_NASAL: Final = [(260.0, 60.0, 1.0), (1000.0, 150.0, 0.15), (2200.0, 200.0, 0.08)]
_OPEN: Final = [(680.0, 90.0, 1.0), (1150.0, 110.0, 0.6), (2500.0, 160.0, 0.25)]
_SCHWA: Final = [(520.0, 80.0, 1.0), (1400.0, 120.0, 0.5), (2450.0, 160.0, 0.2)]


def mm_hm(rng: np.random.Generator, *, pitch_hz: float, seconds: float) -> Sound:
    """Two hums, the second higher, with a breath between."""
    pitch = pitch_hz * _curve([(0, 1.0), (0.4 * seconds, 0.92), (0.55 * seconds, 1.15), (seconds, 1.3)], seconds)
    loud = _curve([(0, 0), (0.06, 1), (0.36 * seconds, 0.9), (0.44 * seconds, 0.05), (0.52 * seconds, 0.05),
                   (0.6 * seconds, 0.9), (0.85 * seconds, 0.8), (seconds, 0)], seconds)  # fmt: skip
    breath = (
        band(rng.standard_normal(len(pitch)), 600, 3000)
        * 0.05
        * _curve([(0, 0), (0.42 * seconds, 0), (0.48 * seconds, 1), (0.56 * seconds, 0), (seconds, 0)], seconds)
    )
    return _voiced(rng, pitch, _NASAL) * loud + breath


def mm(rng: np.random.Generator, *, pitch_hz: float) -> Sound:
    """One hum that falls."""
    pitch = pitch_hz * _curve([(0, 1.05), (0.45, 0.85)], 0.45)
    return _voiced(rng, pitch, _NASAL) * _curve([(0, 0), (0.06, 1), (0.3, 0.8), (0.45, 0)], 0.45)


def uh_huh(rng: np.random.Generator, *, pitch_hz: float) -> Sound:
    """Two short vowels with an h between."""
    pitch = pitch_hz * _curve([(0, 1.0), (0.2, 0.95), (0.28, 1.1), (0.55, 1.25)], 0.55)
    loud = _curve([(0, 0), (0.03, 1), (0.17, 0.7), (0.2, 0.0), (0.28, 0.0), (0.32, 1), (0.45, 0.8), (0.55, 0)], 0.55)
    h = band(rng.standard_normal(len(pitch)), 700, 3500) * 0.12
    h *= _curve([(0, 0), (0.19, 0), (0.24, 1), (0.3, 0), (0.55, 0)], 0.55)
    return _voiced(rng, pitch, _SCHWA) * loud + h


def laugh(rng: np.random.Generator, *, pitch_hz: float) -> Sound:
    """Six times "ha", each a little lower and softer."""
    parts = []
    for number in range(6):
        seconds, fall = rng.uniform(0.16, 0.21), 0.95**number
        pitch = pitch_hz * fall * _curve([(0, 1.1), (seconds, 0.9)], seconds)
        vowel = _voiced(rng, pitch, _OPEN) * _curve(
            [(0, 0), (0.35 * seconds, 0), (0.5 * seconds, 1), (0.8 * seconds, 0.6), (seconds, 0)], seconds
        )
        breath = band(rng.standard_normal(len(pitch)), 500, 4500) * 0.2
        breath *= _curve([(0, 0.2), (0.2 * seconds, 1), (0.5 * seconds, 0.2), (seconds, 0.4)], seconds)
        parts.append((vowel + breath) * 0.88**number)
    return np.concatenate(parts)


def throat_clearing(rng: np.random.Generator, *, pitch_hz: float) -> Sound:
    """Two rough, pressed grunts: a creaky buzz in much noise."""
    parts = []
    for seconds in (rng.uniform(0.16, 0.24), rng.uniform(0.22, 0.32)):
        pitch = pitch_hz * _curve([(0, 1.2), (seconds, 0.7)], seconds)
        creak = _voiced(rng, pitch * (1 + 0.25 * rng.standard_normal(len(pitch)).cumsum() / 400), _SCHWA)
        rasp = band(rng.standard_normal(len(pitch)), 300, 3800) * 0.5
        parts.append((0.6 * creak + rasp) * _curve([(0, 0), (0.03, 1), (0.7 * seconds, 0.7), (seconds, 0)], seconds))
        parts.append(np.zeros(int(rng.uniform(0.05, 0.09) * RATE)))
    return np.concatenate(parts)


def sneeze(rng: np.random.Generator) -> Sound:
    """A breath in, then a burst."""
    intake = band(rng.standard_normal(int(0.35 * RATE)), 900, 5000) * _curve([(0, 0), (0.3, 0.25), (0.35, 0)], 0.35)
    pitch = 230 * _curve([(0, 1.3), (0.12, 0.8)], 0.12)
    voiced = 0.5 * _voiced(rng, pitch, _OPEN) * _curve([(0, 0), (0.02, 1), (0.12, 0)], 0.12)
    burst = band(decay(rng, 0.45, 90), 700, 9000)
    burst[: len(voiced)] += voiced
    return np.concatenate([intake, burst])


def breath(rng: np.random.Generator, *, seconds: float, low_hz: float, high_hz: float) -> Sound:
    swell = _curve([(0, 0), (0.4 * seconds, 1), (0.7 * seconds, 0.7), (seconds, 0)], seconds)
    return band(rng.standard_normal(int(seconds * RATE)), low_hz, high_hz) * swell


# ── made by things ────────────────────────────────────────────────────────────────────────────────


def door_slam(rng: np.random.Generator) -> Sound:
    """A latch, a blow, and the room's answer."""
    latch = np.zeros(int(0.08 * RATE))
    click = band(decay(rng, 0.03, 3), 1500, 6000) * 0.2
    latch[: len(click)] += click
    blow = band(decay(rng, 0.7, 45), 40, 400) * 3 + band(decay(rng, 0.7, 25), 200, 3000) * 0.6
    return np.concatenate([latch, blow])


def door_creak(rng: np.random.Generator) -> Sound:
    """A hinge that sticks and slips: a slow pulse train through two narrow resonances."""
    seconds = 1.3
    pitch = _curve([(0, 60), (0.5, 130), (0.9, 90), (seconds, 150)], seconds)
    return _voiced(rng, pitch * 3, [(900.0, 60.0, 1.0), (2100.0, 80.0, 0.7), (3300.0, 120.0, 0.4)]) * _curve(
        [(0, 0), (0.2, 1), (1.0, 0.7), (seconds, 0)], seconds
    )


def _note(hz: float, seconds: float, *, half_life_ms: float, partials: int = 6) -> Sound:
    t = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * hz * k * t) / k**1.3 for k in range(1, partials + 1))
    return np.asarray(tone * 0.5 ** (t * 1000 / half_life_ms) * np.minimum(1.0, t / 0.01))


def music_chords(rng: np.random.Generator) -> Sound:
    """Four bars: chords, a bass and a hi-hat."""
    out = np.zeros(int(4.0 * RATE))
    for bar, root in enumerate((220.0, 174.6, 261.6, 196.0)):
        for beat in range(4):
            start = int((bar + beat / 4) * RATE)
            sound = sum(_note(root * ratio, 0.24, half_life_ms=180) for ratio in (0.5, 1.0, 1.26, 1.5))
            hat = 0.3 * band(decay(rng, 0.24, 12), 5000, 12000)
            sound = sound + hat[: len(sound)]
            out[start : start + len(sound)] += sound
    return out


def music_melody(rng: np.random.Generator) -> Sound:
    """A flute-like tune, with breath and vibrato."""
    parts = []
    for semitone in (0, 4, 7, 12, 11, 7, 9, 5, 7, 0):
        seconds = 0.35
        t = np.arange(int(seconds * RATE)) / RATE
        phase = 2 * np.pi * 440 * 2 ** (semitone / 12) * t + 0.6 * np.sin(2 * np.pi * 5.5 * t)
        tone = np.sin(phase) + 0.25 * np.sin(2 * phase) + 0.1 * np.sin(3 * phase)
        air = 0.05 * band(rng.standard_normal(len(t)), 1000, 6000)
        parts.append((tone + air) * np.minimum(1.0, np.minimum(t, seconds - t) / 0.04))
    return np.concatenate(parts)


def clap(rng: np.random.Generator) -> Sound:
    return band(decay(rng, 0.25, 9), 600, 6000) + 0.2 * band(decay(rng, 0.25, 60), 500, 3000)


def clapping(rng: np.random.Generator) -> Sound:
    """Five claps, as after a joke."""
    out = np.zeros(int(1.9 * RATE))
    for number in range(5):
        one, start = clap(rng) * rng.uniform(0.6, 1.0), int((number * 0.32 + rng.uniform(0, 0.04)) * RATE)
        out[start : start + len(one)] += one
    return out


def _of_tests(name: str) -> Maker:
    """One of the tests' clips, from its first to its last audible sample."""

    def make(rng: np.random.Generator) -> Sound:
        sound = NOISES[name](rng)
        loud = np.flatnonzero(np.abs(sound) > np.abs(sound).max() * 0.02)
        return np.asarray(sound[loud[0] : loud[-1] + 1])

    return make


def _steady(make: Callable[[np.random.Generator, int], Sound], seconds: float) -> Maker:
    def made(rng: np.random.Generator) -> Sound:
        count = int(seconds * RATE)
        return make(rng, count) * np.minimum(1.0, np.minimum(np.arange(count), np.arange(count)[::-1]) / (0.1 * RATE))

    return made


SOUNDS: Final[dict[str, Maker]] = {
    "mm-hm, low": partial(mm_hm, pitch_hz=115, seconds=0.6),
    "mm-hm, high": partial(mm_hm, pitch_hz=205, seconds=0.55),
    "mm-hm, long": partial(mm_hm, pitch_hz=140, seconds=0.85),
    "mm, low": partial(mm, pitch_hz=120),
    "mm, high": partial(mm, pitch_hz=210),
    "uh-huh, low": partial(uh_huh, pitch_hz=125),
    "laugh, low": partial(laugh, pitch_hz=170),
    "laugh, high": partial(laugh, pitch_hz=290),
    "throat clearing, low": partial(throat_clearing, pitch_hz=85),
    "throat clearing, high": partial(throat_clearing, pitch_hz=130),
    "sneeze": sneeze,
    "breath, in": partial(breath, seconds=0.7, low_hz=900, high_hz=6000),
    "breath, out": partial(breath, seconds=1.0, low_hz=300, high_hz=4000),
    "door, slammed": door_slam,
    "door, creaking": door_creak,
    "music, chords": music_chords,
    "music, melody": music_melody,
    "babble": _steady(crowd, 4.0),
    "babble, near": _steady(crowd, 3.0),
    "mains hum": _steady(hum, 3.0),
    "clap": clap,
    "clapping": clapping,
    **{name: _of_tests(name) for name in NOISES},
}

ROOMS: Final = {"fan": fan, "hum": hum, "brown": brown, "traffic": traffic}


def make_sound(name: str) -> Sound:
    """The sound of this name, as it is on every run."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    return cached(f"sound {name}", lambda: _at_full_scale(SOUNDS[name](rng)))


def room_noise(name: str, count: int, *, seed: str) -> Sound:
    """So many samples of a room's noise, at an RMS level of one."""
    rng = np.random.default_rng(zlib.crc32(f"{name} {seed}".encode()))
    noise = rng.standard_normal(count) if name == "quiet" else ROOMS[name](rng, count)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))


def _at_full_scale(sound: Sound) -> Sound:
    return np.asarray(0.9 * sound / np.abs(sound).max())
