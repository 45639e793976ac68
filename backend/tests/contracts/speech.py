"""Speech with known words, noise, and how far a transcript is from what was said. Sound is 48 kHz s16 mono."""

from __future__ import annotations

import re
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jiwer
import numpy as np
import soxr

from ai_agent.spoken_numbers import read_numbers

RECORDINGS = Path("/usr/share/pocketsphinx/test/data")
"""Debian's `pocketsphinx-testdata`: public-domain readings and commands, 16 kHz."""


@dataclass(frozen=True, slots=True)
class Recording:
    path: str
    words: str

    @property
    def audio(self) -> bytes:
        return load_recording(RECORDINGS / self.path)


READ_ALOUD = tuple(
    Recording(f"librivox/sense_and_sensibility_01_austen_64kb-{number}.wav", words)
    for number, words in (
        ("0870", "and mister john dashwood had then leisure to consider how much there might be prudently in his power "
                 "to do for them"),
        ("0880", "he was not an ill disposed young man"),
        ("0890", "unless to be rather cold hearted and rather selfish is to be ill disposed"),
        ("0920", "had he married a more amiable woman he might have been made still more respectable than he was"),
        ("0930", "he might even have been made amiable himself"),
    )
)  # fmt: skip
COMMANDS = (
    Recording("goforward.raw", "go forward ten meters"),
    Recording("something.raw", "go somewhere and do something"),
)


@cache
def load_recording(path: Path) -> bytes:
    """A mono recording (WAV of any rate, or raw samples at 16 kHz) at 48 kHz."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: install Debian's pocketsphinx-testdata (setup.sh does)")
    if path.suffix == ".wav":
        with wave.open(str(path), "rb") as recording:
            rate_hz, content = recording.getframerate(), recording.readframes(recording.getnframes())
    else:
        rate_hz, content = 16_000, path.read_bytes()
    samples = np.frombuffer(content, "<i2").astype(np.float32) / 32768
    return to_pcm(soxr.resample(samples, rate_hz, 48_000))


def to_pcm(samples: np.ndarray) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def noise(seconds: float, *, dbfs: float, seed: int) -> bytes:
    """White noise of a given level."""
    samples = np.random.default_rng(seed).standard_normal(int(seconds * 48_000))
    return to_pcm(samples * 10 ** (dbfs / 20))


def level_dbfs(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768
    return float(10 * np.log10(np.mean(samples**2) + 1e-12))


def word_error_rate(said: list[str], heard: list[str]) -> float:
    """Over all utterances together; spelling of numbers, titles and contractions does not count."""
    return float(jiwer.wer([_normal(text) for text in said], [_normal(text) for text in heard]))


def _normal(text: str) -> str:
    text = re.sub(r"\bmr\b\.?", "mister", text.lower())
    for contraction, words in (("i'm", "i am"), ("it's", "it is"), ("that's", "that is"), ("don't", "do not")):
        text = text.replace(contraction, words)
    return " ".join(re.findall(r"\w+", read_numbers(text).lower()))
