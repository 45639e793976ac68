"""Which frequencies pass? Steps 1, 2, 3 and 6 of the conditioning: recursive filters that remember the frame before.

Samples are float64 in steps of int16 (full scale is 32,768). Second-order forms are Butterworth (1930) responses by the
bilinear transform; the emphasis is the peaking equaliser of R. Bristow-Johnson's "Cookbook formulae for audio EQ biquad
filter coefficients" (1994).
"""

from __future__ import annotations

import math
from functools import cache, reduce
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, lfilter  # type: ignore[import-untyped]

from ai_agent.audio_format import SAMPLE_RATE_HZ

Samples = npt.NDArray[np.float64]

DC_HZ: Final = 2.0
"""What is slower is no sound."""
EMPHASIS_HZ: Final = 3_000.0
EMPHASIS_Q: Final = 0.8


@cache
def _butterworth(order: int, cutoff_hz: float, kind: str) -> tuple[Samples, Samples]:
    b, a = butter(order, cutoff_hz, kind, fs=SAMPLE_RATE_HZ)
    return b, a


class RecursiveFilter:
    """y from x by a difference equation, its memory carried from frame to frame."""

    def __init__(self, b: Samples, a: Samples) -> None:
        self.b, self.a = b, a
        self.reset()

    def reset(self) -> None:
        """Forget all sound, as new."""
        self.state: Samples = np.zeros(len(self.a) - 1)

    def process(self, samples: npt.NDArray[np.floating]) -> Samples:
        """As many samples out as in."""
        filtered: Samples
        filtered, self.state = lfilter(self.b, self.a, samples, zi=self.state)
        return filtered


class DcRemoval(RecursiveFilter):
    """Step 1: a cheap sound card's offset goes (Butterworth 1930, first order): of 5 %, 0.01 % are left after 1 s."""

    def __init__(self) -> None:
        super().__init__(*_butterworth(1, DC_HZ, "high"))


class HighPass(RecursiveFilter):
    """Step 2: steps on the floor and the rumble of a desk go (Butterworth 1930, second order)."""

    def __init__(self, cutoff_hz: float) -> None:
        super().__init__(*_butterworth(2, cutoff_hz, "high"))


class LowPass(RecursiveFilter):
    """Step 3: what recognisers and telephones never hear goes (Butterworth 1930, fourth order)."""

    def __init__(self, cutoff_hz: float) -> None:
        super().__init__(*_butterworth(4, cutoff_hz, "low"))

    @property
    def delay_samples(self) -> float:
        """By so much speech leaves later: the group delay at 0 Hz, which hardly grows up to half of the cutoff."""
        return _centre(self.b) - _centre(self.a)


def _centre(coefficients: Samples) -> float:
    return float(np.dot(np.arange(len(coefficients)), coefficients) / coefficients.sum())


@cache
def _band_polynomials(high_pass_hz: float, low_pass_hz: float) -> tuple[Samples, Samples]:
    steps = DcRemoval(), HighPass(high_pass_hz), LowPass(low_pass_hz)
    b, a = (reduce(np.polymul, polynomials) for polynomials in zip(*((step.b, step.a) for step in steps), strict=True))
    return b, a


class SpeechBand(RecursiveFilter):
    """Steps 1 to 3 in one pass: calling a filter costs more than its arithmetic.

    Their polynomials are multiplied. In float64 that is safe here: the difference lies 170 dB under full scale, also
    after ten minutes.
    """

    def __init__(self, high_pass_hz: float, low_pass_hz: float) -> None:
        super().__init__(*_band_polynomials(high_pass_hz, low_pass_hz))
        self.latency_samples = round(LowPass(low_pass_hz).delay_samples)
        """Of speech: the low-pass delays it, the high-pass hardly."""


class SpeechEmphasis(RecursiveFilter):
    """Step 6: consonants stand out (Bristow-Johnson 1994: a broad peak of so many dB at 3 kHz)."""

    def __init__(self, gain_db: float) -> None:
        amplitude = 10 ** (gain_db / 40)
        angle = 2 * math.pi * EMPHASIS_HZ / SAMPLE_RATE_HZ
        width, cosine = math.sin(angle) / (2 * EMPHASIS_Q), math.cos(angle)
        b = np.array([1 + width * amplitude, -2 * cosine, 1 - width * amplitude])
        a = np.array([1 + width / amplitude, -2 * cosine, 1 - width / amplitude])
        super().__init__(b / a[0], a / a[0])
