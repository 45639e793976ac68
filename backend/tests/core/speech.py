"""Where does real speech come from in the tests? Recordings that Debian's pocketsphinx-testdata installs.

All of it is 48 kHz mono float in [-1, 1].
"""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from ai_agent.audio_format import BYTES_PER_FRAME, SAMPLE_RATE_HZ
from tests.core.noises import Sound

FOLDER = Path("/usr/share/pocketsphinx/test/data")

RECORDINGS = {
    "go forward ten meters": "goforward.raw",
    "one two three": "numbers.raw",
    "something": "something.raw",
    "a card": "cards/001.wav",
    "another card": "cards/002.wav",
    "a third card": "cards/003.wav",
    "a fourth card": "cards/004.wav",
    "a fifth card": "cards/005.wav",
    "digits": "tidigits/dhd.2934z.raw",
    "a novel": "librivox/sense_and_sensibility_01_austen_64kb-0870.wav",
    "the novel goes on": "librivox/sense_and_sensibility_01_austen_64kb-0890.wav",
    "the novel still goes on": "librivox/sense_and_sensibility_01_austen_64kb-0920.wav",
}
"""Every clip is 16 kHz mono s16, with or without a header."""

SPEECH_DEPTH_DB = 25.0
"""The last speech sample lies in the last 10 ms that are at most so much under the loudest 10 ms of the clip."""


AUDIBLE_SNR_DB = 3.0
"""What is not so much louder than the noise at the same moment cannot be told from it."""


def recording(name: str) -> Sound:
    path = FOLDER / RECORDINGS[name]
    if path.suffix == ".wav":
        with wave.open(str(path)) as clip:
            pcm = clip.readframes(clip.getnframes())
    else:
        pcm = path.read_bytes()
    return np.asarray(resample_poly(np.frombuffer(pcm, dtype="<i2") / 32_768, 3, 1))


def speech_span(clip: Sound, *, noise: Sound | None = None) -> tuple[float, float]:
    """When speech begins and ends in a clip, in seconds; with noise, as far as it can be heard over that."""
    power = _power(clip)
    audible = np.full(len(power), power.max() * 10 ** (-SPEECH_DEPTH_DB / 10))
    if noise is not None:
        audible = np.maximum(audible, _power(noise[: len(clip)]) * 10 ** (AUDIBLE_SNR_DB / 10))
    loud = np.nonzero(power > audible)[0]
    return float(loud[0]) / 100, float(loud[-1] + 1) / 100


def _power(clip: Sound) -> Sound:
    """Of each 10 ms."""
    step = SAMPLE_RATE_HZ // 100
    return np.asarray((clip[: len(clip) // step * step].reshape(-1, step) ** 2).mean(axis=1))


def quiet(seconds: float) -> Sound:
    return np.zeros(int(seconds * SAMPLE_RATE_HZ))


def in_a_room(sound: Sound, *, room_dbfs: float = -65.0) -> Sound:
    """With the quiet noise that every room has."""
    noise = np.random.default_rng(11).standard_normal(len(sound))
    return np.asarray(sound + noise * 10 ** (room_dbfs / 20))


def to_frames(sound: Sound) -> list[bytes]:
    pcm = (np.clip(sound, -1, 0.9999) * 32_768).astype("<i2").tobytes()
    return [pcm[start : start + BYTES_PER_FRAME] for start in range(0, len(pcm) - BYTES_PER_FRAME + 1, BYTES_PER_FRAME)]
