"""How far does speech stand out of the room in each bin? ξ, the a-priori SNR of step 4's gain.

Two estimates, decision-directed (Ephraim and Malah 1984) and smoothed in the cepstrum (Breithaupt, Gerkmann and Martin
2008), and a weighed mean of them: `PriorSnr`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np

from ai_agent.noise_power import Samples, constant, like

LOWEST_ML_SNR: Final = 0.003
"""Of one frame: less does not stand out,"""
LOWEST_SNR: Final = 0.002
"""and of the smooth estimate."""
SNR_BIAS: Final = 1.3
"""What an average of logarithms lacks to the logarithm of the average."""
ENVELOPE_SECONDS: Final = (0.00025, 0.0015)
"""Cepstrum: up to here the coarse shape of the spectrum, up to there the vocal tract, then the rest."""
SMOOTHING: Final = (0.2, 0.5, 0.7)
"""How much of the last frame stays, in each of the three."""
SPEECH_LEFT_SHARE: Final = 0.88
"""Decision-directed: so much counts what was left of the last frame, the rest is what stands out of this one."""
CEPSTRAL_SHARE: Final = 0.6
"""Of the logarithm of the SNR; the rest is decision-directed."""

_ONE: Final = constant(1.0)
_LOWEST_ML_SNR: Final = constant(LOWEST_ML_SNR)
_LOG_SNR_BIAS: Final = constant(math.log(SNR_BIAS))
_LOG_LOWEST_SNR: Final = constant(math.log(LOWEST_SNR))
_NEW_SHARE: Final = constant(1.0 - SMOOTHING[2])
_LEFT_SHARE, _OUTSTANDING_SHARE = constant(SPEECH_LEFT_SHARE), constant(1.0 - SPEECH_LEFT_SHARE)
_CEPSTRAL_SHARE: Final = constant(CEPSTRAL_SHARE)


@cache
def _cosines(bins: int, bin_hz: float) -> tuple[Samples, Samples]:
    """The first quefrencies' cosines: to look with, weighted by what each has of its own, and to speak with."""
    steps_a_second = 2 * (bins - 1) * bin_hz
    shape, tract = (round(seconds * steps_a_second) for seconds in ENVELOPE_SECONDS)
    quefrencies = np.arange(tract)
    cosines = np.cos(np.pi * np.outer(quefrencies, np.arange(bins)) / (bins - 1))
    ends = np.where((np.arange(bins) == 0) | (np.arange(bins) == bins - 1), 0.5, 1.0)
    own = np.where(quefrencies < shape, SMOOTHING[0], SMOOTHING[1])
    share = (SMOOTHING[2] - own) * np.where(quefrencies == 0, 1.0, 2.0) / (bins - 1)
    return (share[:, None] * cosines * ends).astype(np.float32), cosines.astype(np.float32)


class PriorSnr:
    """ξ: speech over noise in each bin: a weighed geometric mean of two estimates.

    Decision-directed: what was left of the last frame, and a little of what stands out of this one. Where it was speech
    it goes on as speech, so that a voice in noise is not thinned out.

    Smoothed in the cepstrum, so that no bin rings alone. Only the first quefrencies have a smoothing of their own, so
    their cosines are all that is computed:

        log ξ += (1 − s) · new  +  Σ (s − s_q) · cos_q ⟨cos_q, new⟩        new = log(P/N − 1) − log ξ
    """

    def __init__(self, bins: int, *, bin_hz: float) -> None:
        self._coarse, self._cosines = _cosines(bins, bin_hz)
        self._bins = bins
        self.reset()

    def reset(self) -> None:
        self._log = np.full(self._bins, math.log(LOWEST_ML_SNR), np.float32)
        self._left = np.zeros(self._bins, np.float32)

    def process(self, posterior: Samples) -> Samples:
        """A frame's power over noise in, log ξ out, one float32 a bin."""
        outstanding = posterior - _ONE
        np.maximum(outstanding, _LOWEST_ML_SNR, out=outstanding)
        cepstral = self._smooth(np.log(outstanding))
        directed = outstanding
        directed *= _OUTSTANDING_SHARE
        directed += self._left
        np.maximum(directed, _LOWEST_ML_SNR, out=directed)
        prior: Samples = np.log(directed, out=directed)
        cepstral -= prior
        cepstral *= _CEPSTRAL_SHARE
        prior += cepstral
        return prior

    def _smooth(self, news: Samples) -> Samples:
        """log(P/N − 1) of this frame in, its log ξ by the cepstrum out. `news` is used up."""
        news -= self._log
        coarse = self._coarse.dot(news)
        news *= _NEW_SHARE
        news += coarse.dot(self._cosines)
        self._log += news
        smooth: Samples = np.add(self._log, _LOG_SNR_BIAS, out=news)
        return np.maximum(smooth, _LOG_LOWEST_SNR, out=smooth)

    def remember(self, posterior: Samples, gain: Samples) -> None:
        """What is left of the frame, over its noise: the next one's estimate begins with it."""
        np.multiply(gain, gain, out=self._left)
        self._left *= posterior
        self._left *= _LEFT_SHARE

    @property
    def state(self) -> dict[str, object]:
        return {"log": self._log.copy(), "left": self._left.copy()}

    @state.setter
    def state(self, state: Mapping[str, object]) -> None:
        log, left = like(state["log"], self._log), like(state["left"], self._left)
        self._log, self._left = log, left
