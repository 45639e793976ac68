"""Short sounds whose metrics are known: `python -m tests.golden.make_golden` writes them beside this file.

Each is 0.4 s at 48 kHz, s16, mono. `GOLDEN` says what is to be measured on them, and how nearly.
"""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ai_agent.audio_format import SAMPLE_RATE_HZ, samples_in

FOLDER = Path(__file__).parent
SAMPLES = samples_in(400)

Signal = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Expected:
    """The median over the clip's frames, and how far from it a measurement may be."""

    energy_dbfs: float
    spectral_flatness: float
    clipping_percent: float
    energy_within: float = 0.3
    flatness_within: float = 0.06
    clipping_within: float = 0.01


GOLDEN: dict[str, Expected] = {
    "silence": Expected(energy_dbfs=-96.0, spectral_flatness=0.0, clipping_percent=0.0, flatness_within=0.0),
    "white": Expected(energy_dbfs=-30.0, spectral_flatness=0.56, clipping_percent=0.0),
    "sine": Expected(energy_dbfs=-23.0, spectral_flatness=0.0, clipping_percent=0.0, flatness_within=0.02),
    "sine_with_offset": Expected(energy_dbfs=-23.0, spectral_flatness=0.0, clipping_percent=0.0, flatness_within=0.02),
    "square": Expected(energy_dbfs=0.0, spectral_flatness=0.0, clipping_percent=100.0, flatness_within=0.2),
    "clipped": Expected(energy_dbfs=-1.66, spectral_flatness=0.0, clipping_percent=54.17, clipping_within=0.1),
}


def signal(name: str) -> Signal:
    t = np.arange(SAMPLES) / SAMPLE_RATE_HZ
    sine = np.sin(2 * np.pi * 1_000 * t)
    match name:
        case "silence":
            return np.zeros(SAMPLES)
        case "white":
            noise = np.random.default_rng(7).standard_normal(SAMPLES)
            return np.asarray(noise / noise.std() * 10 ** (-30 / 20))
        case "sine":
            return np.asarray(0.1 * sine)
        case "sine_with_offset":
            return np.asarray(0.1 * sine + 0.3)
        case "square":
            return np.asarray(np.where(sine >= 0, 1.0, -1.0))
        case "clipped":
            return np.asarray(np.sqrt(2.0) * sine)
        case _:
            raise KeyError(name)


def to_pcm(sound: Signal) -> bytes:
    return (sound * 32_768).clip(-32_768, 32_767).astype("<i2").tobytes()


def read_pcm(name: str) -> bytes:
    with wave.open(str(FOLDER / f"{name}.wav")) as clip:
        return clip.readframes(clip.getnframes())


def write(name: str) -> None:
    with wave.open(str(FOLDER / f"{name}.wav"), "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(2)
        clip.setframerate(SAMPLE_RATE_HZ)
        clip.writeframes(to_pcm(signal(name)))


if __name__ == "__main__":
    for golden in GOLDEN:
        write(golden)
