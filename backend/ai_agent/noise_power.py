"""How loud is the room in each bin, when nobody speaks? Learned from every frame, as far as it is no speech.

Speech presence probability (Gerkmann and Hendriks, "Unbiased MMSE-based noise power estimation with low complexity and
low tracking delay", 2012), held up by minimum statistics (Martin 2001). Power is in squared steps of int16.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

QUIET_POWER: Final = 30.0
"""The noise that is assumed before anything was heard."""
FIRST_FRAMES: Final = 5
"""The first so many frames with sound in them are taken for the room."""
DEAD_FRAMES: Final = 10
"""A stream that began with so much digital silence, which is more than a line needs to begin, has a quiet room: its
first sound is not learned from."""

SPEECH_SNR_DB: Final = 15.0
"""How far speech is expected to stand out in a bin where there is any."""
EVIDENCE: Final = 1.5
"""Two overlapping looks at a bin tell so much more than one."""
NOISE_SHARE: Final = 0.15
"""How much of a frame without speech goes into the noise."""
STUCK_SHARE: Final = 0.1
STUCK_PROBABILITY: Final = 0.99
"""Where speech was certain for long, a little is learned all the same: nobody speaks that long in one bin."""
BLOCK_FRAMES: Final = 8
BLOCKS: Final = 8
FEWEST_BLOCKS: Final = 4
MINIMUM_SHARE: Final = 0.2
"""Noise is not under this share of the smallest power of the last 1.3 s."""
FAR_LOUDER: Final = 0.2
"""A room whose smallest power, times that share, is over this part of the noise became louder, or is another one: the
smallest power of a known one lies 7 dB under its mean."""


def constant(value: float) -> Samples:
    """An array of one: NumPy takes it twice as fast as a number."""
    return np.array(value, np.float32)


_ONE: Final = constant(1.0)
_HALF: Final = constant(0.5)
_STUCK_SHARE: Final = constant(STUCK_SHARE)
_PRIOR: Final = 10 ** (SPEECH_SNR_DB / 10)
_SLOPE: Final = constant(-EVIDENCE * _PRIOR / (1 + _PRIOR))
_ODDS: Final = constant((1 + _PRIOR) ** EVIDENCE)


class NoisePower:
    """N: how much power each bin has when nobody speaks. All arrays hold one float32 a bin."""

    def __init__(self, bins: int, *, known: Samples | None = None) -> None:
        self._bins = bins
        self._known = known
        self.reset()

    def reset(self) -> None:
        bins = self._bins
        self.power = np.full(bins, QUIET_POWER, np.float32) if self._known is None else self._known.copy()
        self._presence = np.full(bins, 0.5, np.float32)
        self._most = np.ones(bins, np.float32)
        """The largest probability of speech that is believed."""
        self._smoothed = self.power.copy()
        self._block = np.full(bins, np.inf, np.float32)
        self._minima = np.full((BLOCKS, bins), np.inf, np.float32)
        self._floor = np.zeros(bins, np.float32)
        self._counts = [0 if self._known is None else FIRST_FRAMES, 0, 0]
        """Frames with sound (as far as they matter), frames of digital silence, frames in all."""

    def know(self, power: Samples) -> None:
        """Go on with what was learned before; of another band nothing is taken."""
        if power.shape == self.power.shape:
            self.power = power.copy()
            self._smoothed = power.copy()
            self._counts[0] = FIRST_FRAMES

    def skip(self) -> None:
        """A frame of digital silence teaches nothing."""
        self._counts[1] += 1

    def learn(self, power: Samples, *, share: float = NOISE_SHARE, is_room: bool = False) -> None:
        """One frame's mean power in each bin; of a bin without speech, `share` goes into the noise.

        `is_room`: the sound has not moved for long. Where it was far louder than the noise all that time, it is the
        room now, and no bin has any speech, however far it stands out.
        """
        noise = self.power
        if self._counts[0] < FIRST_FRAMES:
            if self._counts[1] < DEAD_FRAMES:
                noise += (power - noise) / (self._counts[0] + 1)
            self._smoothed[:] = power
            self._counts[0] += 1
        self._follow_minimum(power)
        speech = power / noise
        speech *= _SLOPE
        np.exp(speech, out=speech)
        speech *= _ODDS
        speech += _ONE
        np.reciprocal(speech, out=speech)
        news = speech - self._presence
        news *= _STUCK_SHARE
        self._presence += news
        np.minimum(speech, self._most, out=speech)
        np.subtract(_ONE, speech, out=speech)
        if is_room and float(np.add.reduce(self._floor)) > FAR_LOUDER * float(np.add.reduce(noise)):
            speech[:] = _ONE
        speech *= constant(share)
        np.subtract(power, noise, out=news)
        news *= speech
        noise += news
        np.maximum(noise, self._floor, out=noise)

    def _follow_minimum(self, power: Samples) -> None:
        self._smoothed += power
        self._smoothed *= _HALF
        np.minimum(self._block, self._smoothed, out=self._block)
        self._counts[2] += 1
        block, place = divmod(self._counts[2], BLOCK_FRAMES)
        if place == 0:
            self._minima[block % BLOCKS] = self._block
            self._block[:] = self._smoothed
            self._most = np.where(self._presence > STUCK_PROBABILITY, constant(STUCK_PROBABILITY), _ONE)
            if block >= FEWEST_BLOCKS:
                np.multiply(self._minima.min(axis=0), MINIMUM_SHARE, out=self._floor)

    @property
    def _arrays(self) -> dict[str, Samples]:
        return {
            "power": self.power,
            "presence": self._presence,
            "most": self._most,
            "smoothed": self._smoothed,
            "block": self._block,
            "minima": self._minima,
            "floor": self._floor,
        }

    @property
    def state(self) -> dict[str, object]:
        return {**{name: array.copy() for name, array in self._arrays.items()}, "counts": list(self._counts)}

    @state.setter
    def state(self, state: Mapping[str, object]) -> None:
        stored = {name: like(state[name], array) for name, array in self._arrays.items()}
        frames, dead_frames, all_frames = np.array(state["counts"])
        for name, array in self._arrays.items():
            array[:] = stored[name]
        self._counts = [int(frames), int(dead_frames), int(all_frames)]


def like(value: object, pattern: Samples) -> Samples:
    """A stored array, where it has the shape of this one.

    Raises:
        ValueError: it has not: it was stored for another band, or is none.
    """
    array = np.array(value, np.float32)
    if array.shape != pattern.shape:
        raise ValueError(f"an array of shape {pattern.shape} was expected, not {array.shape}")
    return array
