"""How loud is it, how loud is it when nobody speaks, and what kind of sound is it? Numbers only, no judgement.

Levels are dBFS: 0 is a full-scale square wave, a full-scale sine is −3. All are measured on the raw frame with its
mean removed, before anything adaptive touches it. There is one noise floor in a call, and one way to find it:
`NoiseFloor`, below, by which the gain of step 5 also follows what step 4 leaves of the room.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME, frames_in

Pcm = npt.NDArray[np.int16]
Samples = npt.NDArray[np.float32]

FULL_SCALE: Final = 32_768.0
SILENCE_DBFS: Final = -96.0
"""The level of digital silence: what 16 bits cannot show is not measured."""

CLIPPING_LEVEL: Final = 32_700
"""A sample at or beyond this has met the rail."""

LOWEST_NOISE_FLOOR_DBFS: Final = -72.0
"""A quieter room is called this quiet, so that the gate above the floor never sinks into dither."""

NOISE_WINDOW_MS: Final = 3_000
"""The noise floor is the median over this much sound without speech."""

NOISE_PROBABILITY: Final = 0.3
"""A frame less likely to be speech than this tells about the room."""

NOISE_BELIEVED_MS: Final = 200
"""So much sound without speech must have been heard before its median is believed."""

UNLABELLED_QUANTILE: Final = 0.1
"""Where nobody says what is speech, the quietest tenth of the last seconds is surely the room,"""
UNLABELLED_RANGE_DB: Final = 4.0
"""and so is what lies so little above it; the median of both is the floor."""

LEVEL_DIGITS: Final = 2
"""What is kept of a level behind the point: nobody hears a hundredth of a decibel."""

LEVELS_DBFS: Final = (-120.0, 0.0)
STORED_LEVELS_DBFS: Final = (-120.0, 40.0)
"""A filter rings over full scale, and a gain lifts it."""

HIGHEST_SNR_DB: Final = 90.0

FLATNESS_LOW_HZ: Final = 100
FLATNESS_HIGH_HZ: Final = 8_000

_HANN: Final = np.hanning(SAMPLES_PER_FRAME).astype(np.float32)
_BIN_HZ: Final = SAMPLE_RATE_HZ / SAMPLES_PER_FRAME
_FLATNESS_BINS: Final = slice(round(FLATNESS_LOW_HZ / _BIN_HZ), round(FLATNESS_HIGH_HZ / _BIN_HZ) + 1)


@dataclass(frozen=True, slots=True)
class FrameMetrics:
    """What was measured on one raw frame."""

    energy_dbfs: float
    noise_floor_dbfs: float
    snr_db: float
    """Level of what stands above the noise, over the noise; 0 where nothing does."""
    spectral_flatness: float
    """0 for a tone, 0.56 for white noise, between 100 and 8,000 Hz; 0 for silence."""
    clipping_percent: float


def to_samples(pcm: Pcm) -> Samples:
    """PCM as float32 between −1 and 1."""
    return pcm.astype(np.float32) / np.float32(FULL_SCALE)


def without_mean(samples: Samples) -> Samples:
    """The samples with their mean taken away: an offset is not loudness."""
    mean = np.add.reduce(samples) / np.float32(len(samples))
    return np.asarray(samples - mean, dtype=np.float32)


def energy_dbfs(samples: npt.NDArray[np.floating], *, full_scale: float = 1.0) -> float:
    """The RMS level of samples between −`full_scale` and `full_scale`, not under `SILENCE_DBFS`.

    >>> round(energy_dbfs(np.full(960, 0.5, dtype=np.float32)), 2)
    -6.02
    >>> energy_dbfs(np.zeros(960, dtype=np.float32))
    -96.0
    """
    power = float(np.dot(samples, samples)) / len(samples) / full_scale**2
    if power <= 0.0:
        return SILENCE_DBFS
    return max(SILENCE_DBFS, 10.0 * math.log10(power))


def frame_dbfs(frame: bytes) -> float:
    """The RMS level of a frame as it travels, mean removed: what the speaker reports of the frame that it sent."""
    return energy_dbfs(without_mean(to_samples(np.frombuffer(frame, dtype=np.int16))))


def clipping_percent(pcm: Pcm) -> float:
    """The share of samples at the rails, in percent."""
    at_rails = np.count_nonzero((pcm >= CLIPPING_LEVEL) | (pcm <= -CLIPPING_LEVEL))
    return 100.0 * float(at_rails) / len(pcm)


def spectral_flatness(samples: Samples) -> float:
    """Geometric over arithmetic mean of the power spectrum, 100 to 8,000 Hz, of one frame without its mean."""
    spectrum = np.fft.rfft(samples * _HANN)[_FLATNESS_BINS]
    power = spectrum.real**2 + spectrum.imag**2
    mean = float(np.add.reduce(power)) / len(power)
    if mean < 1e-12:
        return 0.0
    return math.exp(float(np.add.reduce(np.log(power + 1e-20))) / len(power)) / mean


def snr_db(level_dbfs: float, noise_floor_dbfs: float) -> float:
    """The level of the sound without the noise in it, over that noise.

    >>> round(snr_db(-20.0, -60.0), 2)
    40.0
    >>> round(snr_db(-56.99, -60.0), 1)
    0.0
    >>> snr_db(-60.0, -60.0)
    0.0
    """
    above = 10.0 ** ((level_dbfs - noise_floor_dbfs) / 10.0) - 1.0
    if above <= 1.0:
        return 0.0
    return min(HIGHEST_SNR_DB, 10.0 * math.log10(above))


class SlidingQuantile:
    """Any quantile of the last values, without sorting them again for each."""

    def __init__(self, length: int, values: Sequence[float] = ()) -> None:
        self._in_order_of_arrival: deque[float] = deque(maxlen=length)
        self._sorted: list[float] = []
        for value in values:
            self.add(value)

    def __len__(self) -> int:
        return len(self._sorted)

    def add(self, value: float) -> None:
        arrived = self._in_order_of_arrival
        if len(arrived) == arrived.maxlen:
            del self._sorted[bisect_left(self._sorted, arrived[0])]
        arrived.append(value)
        insort(self._sorted, value)

    def quantile(self, share: float) -> float:
        """The value that `share` of the others are under. At least one value must have been added."""
        return self._sorted[min(len(self._sorted) - 1, int(share * len(self._sorted)))]

    def median_up_to(self, highest: float) -> float:
        """The median of the values that are not above `highest`. At least one must be."""
        return self._sorted[bisect_right(self._sorted, highest) // 2]

    @property
    def values(self) -> list[float]:
        """In order of arrival, oldest first."""
        return list(self._in_order_of_arrival)


class NoiseFloor:
    """N: the level of the room when nobody speaks.

    The median of the last 3 s of frames that the VAD holds for no speech; where there is no VAD, of the quietest tenth
    of all and of what lies little above it. A follower of the minimum of energy alone fails on steps in level and on
    typing. Digital silence is not learned from: it is a lost packet or a closed microphone, not a room.
    """

    def __init__(
        self, *, starts_at_dbfs: float = LOWEST_NOISE_FLOOR_DBFS, lowest_dbfs: float = LOWEST_NOISE_FLOOR_DBFS
    ) -> None:
        """`starts_at_dbfs`: what is said before anything was heard; nothing under `lowest_dbfs` is."""
        self._starts_at_dbfs, self._lowest_dbfs = starts_at_dbfs, lowest_dbfs
        self._noise = SlidingQuantile(frames_in(NOISE_WINDOW_MS))
        self._unlabelled = SlidingQuantile(frames_in(NOISE_WINDOW_MS))

    @property
    def dbfs(self) -> float:
        if len(self._noise) >= frames_in(NOISE_BELIEVED_MS):
            floor = self._noise.quantile(0.5)
        elif len(self._unlabelled) >= frames_in(NOISE_BELIEVED_MS):
            quiet = self._unlabelled.quantile(UNLABELLED_QUANTILE)
            floor = self._unlabelled.median_up_to(quiet + UNLABELLED_RANGE_DB)
        else:
            floor = self._starts_at_dbfs
        return max(self._lowest_dbfs, floor)

    def update(self, level_dbfs: float, *, speech_probability: float | None) -> None:
        """Learn from a frame. `speech_probability` is the previous frame's; None where no VAD is at hand."""
        if level_dbfs <= SILENCE_DBFS:
            return
        if speech_probability is None:
            self._unlabelled.add(round(level_dbfs, LEVEL_DIGITS))
        elif speech_probability < NOISE_PROBABILITY:
            self._noise.add(round(level_dbfs, LEVEL_DIGITS))

    def snapshot(self) -> dict[str, object]:
        return {
            "starts_at_dbfs": self._starts_at_dbfs,
            "lowest_dbfs": self._lowest_dbfs,
            "noise": self._noise.values,
            "unlabelled": self._unlabelled.values,
        }

    @classmethod
    def restored(cls, snapshot: Mapping[str, object]) -> NoiseFloor:
        starts_at_dbfs, lowest_dbfs = _numbers([snapshot["starts_at_dbfs"], snapshot["lowest_dbfs"]])
        floor = cls(starts_at_dbfs=starts_at_dbfs, lowest_dbfs=lowest_dbfs)
        floor._noise = SlidingQuantile(frames_in(NOISE_WINDOW_MS), _numbers(snapshot["noise"]))
        floor._unlabelled = SlidingQuantile(frames_in(NOISE_WINDOW_MS), _numbers(snapshot["unlabelled"]))
        return floor


def stored_number(value: object, *, within: tuple[float, float] = (-math.inf, math.inf)) -> float:
    """A number of a stored state: one that can be calculated with, and that can have been there.

    Raises:
        TypeError, ValueError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"a stored state has numbers, not {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"a stored state has finite numbers, not {value}")
    if not within[0] <= value <= within[1]:
        raise ValueError(f"a stored number is between {within[0]:g} and {within[1]:g}, not {value}")
    return float(value)


def _numbers(values: object) -> list[float]:
    if not isinstance(values, (list, tuple)):
        raise TypeError(f"levels are a list, not {type(values).__name__}")
    return [stored_number(value, within=STORED_LEVELS_DBFS) for value in values]
