"""What of this sound is the room? Step 4 of the conditioning: a gain between −25 dB and 0 for each 25 Hz of each frame.

    frame ─▶ spectra ─▶ power P ─▶ noise N ─▶ P/N ─▶ a-priori SNR ─▶ gain ─▶ spectra × gain ─▶ frame, 10 ms later
                            │         ▲         smoothed in the cepstrum
                            └─────────┘ only where speech is unlikely

Noise: speech presence probability (Gerkmann and Hendriks, "Unbiased MMSE-based noise power estimation with low
complexity and low tracking delay", 2012), held up by minimum statistics (Martin 2001). SNR: temporal smoothing in the
cepstrum, little where the vocal tract is, much elsewhere (Breithaupt, Gerkmann and Martin, "A novel a priori SNR
estimation approach based on selective cepstro-temporal smoothing", 2008). Gain: log-spectral amplitude
(Ephraim and Malah 1985) under speech presence uncertainty (Cohen and Berdugo 2001): a bin is more likely empty where
the whole frame is (likelihood ratio of Sohn, Kim and Sung 1999). Windows: asymmetric (Mauler and
Martin 2007): 40 ms to look through, 20 ms to speak with, so that fine bins cost only 10 ms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import fft  # type: ignore[import-untyped]
from scipy.special import exp1  # type: ignore[import-untyped]

from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME

Samples = npt.NDArray[np.float32]
Spectrum = npt.NDArray[np.complex64]

HOP: Final = SAMPLES_PER_FRAME // 2
HOPS: Final = 2
"""In a frame. Each has a look of its own; what they have in common is the power, and so the gain."""
ANALYSIS_SAMPLES: Final = 4 * HOP
SYNTHESIS_SAMPLES: Final = 2 * HOP
BIN_HZ: Final = SAMPLE_RATE_HZ / ANALYSIS_SAMPLES

LOWEST_POWER: Final = 1e-2
"""Of a bin, in squared steps of int16 under the window: below what 16 bits can hold."""
QUIET_POWER: Final = 30.0
"""The noise that is assumed before anything was heard."""
FIRST_FRAMES: Final = 5
"""The first so many frames with sound in them are taken for the room."""
DEAD_FRAMES: Final = 3
"""A stream that began with so much digital silence has a quiet room: its first sound is not learned from."""

SPEECH_SNR_DB: Final = 15.0
"""How far speech is expected to stand out in a bin where there is any."""
EVIDENCE: Final = 1.5
"""Two overlapping looks at a bin tell so much more than one."""
NOISE_SHARE: Final = 0.15
"""How much of a frame without speech goes into the noise."""
STUCK_SHARE: Final = 0.1
STUCK_PROBABILITY: Final = 0.99
"""Where speech was certain for long, a little is learned all the same: nobody speaks that long in one bin."""
SMOOTHED_SHARE: Final = 0.5
MINIMUM_BLOCK_FRAMES: Final = 8
MINIMUM_BLOCKS: Final = 8
FEWEST_BLOCKS: Final = 4
MINIMUM_SHARE: Final = 0.2
"""Noise is not under this share of the smallest power of the last 1.3 s."""

LOWEST_ML_SNR: Final = 0.003
HIGHEST_POSTERIOR: Final = 1e4
LOWEST_SNR: Final = 0.002
SNR_BIAS: Final = 1.3
"""What an average of logarithms lacks to the logarithm of the average."""
ENVELOPE_SECONDS: Final = (0.00025, 0.0015)
"""Cepstrum: up to here the coarse shape of the spectrum, up to there the vocal tract, then the rest."""
SMOOTHING: Final = (0.05, 0.35, 0.8)
"""How much of the last frame stays, in each of the three."""

GAIN_FLOOR_DB: Final = -25.0
ABSENCE_PRIOR: Final = 0.15
"""How likely a bin has no speech while somebody speaks, before anything is known of it."""
PAUSE_PRIOR: Final = 0.9
"""The same while nobody does: what is left of the room is even, and further down than any speech."""
EVIDENCE_RANGE: Final = (0.1, 1.0)
"""Of speech in a frame: the log-likelihood ratio of its bins, on average. Up to the first there is none, from the
second on it is sure."""
SPEECH_STAYS: Final = 0.95
"""A frame: somebody who spoke goes away so slowly, within half a second."""
CLEAN_SNR_DB: Final = 30.0
"""Sound whose peaks stand so far out is clean already: the floor rises, and above it little is touched."""
CLEAN_SNR_FALL_DB: Final = 0.02
PRESENCE_HZ: Final = (100.0, 4_000.0)

_TABLE_SHIFT: Final = 17
"""A float32 without its last 17 bits: 64 steps for each doubling."""
_TABLE_RANGE: Final = (2.0**-14, 2.0**6)


def bins_up_to(top_hz: float) -> int:
    """How many bins are looked at, from 0 Hz on.

    >>> bins_up_to(8_000)
    321
    """
    return round(top_hz / BIN_HZ) + 1


def _table_place(value: float) -> int:
    return int(np.float32(value).view(np.int32)) >> _TABLE_SHIFT


_TABLE_START: Final = _table_place(_TABLE_RANGE[0])
_TABLE_LAST: Final = _table_place(_TABLE_RANGE[1]) - _TABLE_START


_EDGES: Final = ((np.arange(_TABLE_LAST + 2, dtype=np.int32) + _TABLE_START) << _TABLE_SHIFT).view(np.float32)
_STEPS: Final = (_EDGES[:-1] + _EDGES[1:]) / 2
_HALF_EXPONENTIAL_INTEGRAL: Final = np.asarray(0.5 * exp1(_STEPS), np.float32)
"""E1(v)/2 in the middle of each step of v."""
_UNLIKELINESS: Final = np.asarray(np.exp(-_STEPS), np.float32)
"""exp(−v)."""
_LOG_SNR_BIAS: Final = math.log(SNR_BIAS)
_LOG_LOWEST_SNR: Final = math.log(LOWEST_SNR)
_LOG_LOWEST_ML_SNR: Final = math.log(LOWEST_ML_SNR)
_LOG_ODDS_IN_PAUSES: Final = math.log(PAUSE_PRIOR / (1 - PAUSE_PRIOR))
_LOG_ODDS_IN_SPEECH: Final = math.log(ABSENCE_PRIOR / (1 - ABSENCE_PRIOR))
_LOG_EVIDENCE: Final = tuple(math.log(evidence) for evidence in EVIDENCE_RANGE)


def _windows() -> tuple[Samples, Samples]:
    """To look with and to speak with: their product, laid over itself every hop, is one everywhere."""
    rise = np.sin(np.pi / 2 * (np.arange(3 * HOP) + 0.5) / (3 * HOP))
    fall = np.cos(np.pi / 2 * (np.arange(HOP) + 0.5) / HOP)
    analysis = np.concatenate([rise, fall])
    hann = np.sin(np.pi * (np.arange(SYNTHESIS_SAMPLES) + 0.5) / SYNTHESIS_SAMPLES) ** 2
    return analysis.astype(np.float32), (hann / analysis[-SYNTHESIS_SAMPLES:]).astype(np.float32)


_ANALYSIS, _SYNTHESIS = _windows()


class NoisePower:
    """N: how much power each bin has when nobody speaks. All arrays hold one float32 a bin."""

    def __init__(self, bins: int, *, known: Samples | None = None) -> None:
        self._bins = bins
        self._known = known
        prior = 10 ** (SPEECH_SNR_DB / 10)
        self._slope = np.float32(-EVIDENCE * prior / (1 + prior))
        self._odds = np.float32((1 + prior) ** EVIDENCE)
        self.reset()

    def reset(self) -> None:
        bins = self._bins
        self.power = np.full(bins, QUIET_POWER, np.float32) if self._known is None else self._known.copy()
        self._presence = np.full(bins, 0.5, np.float32)
        self._smoothed = self.power.copy()
        self._block = np.full(bins, np.inf, np.float32)
        self._minima = np.full((MINIMUM_BLOCKS, bins), np.inf, np.float32)
        self._counts = [0 if self._known is None else FIRST_FRAMES, 0, 0]
        """Frames with sound (as far as they matter), frames of digital silence before them, frames in all."""

    def know(self, power: Samples) -> None:
        """Go on with what was learned before; of another band nothing is taken."""
        if power.shape == self.power.shape:
            self.power = power.copy()
            self._smoothed = power.copy()
            self._counts[0] = FIRST_FRAMES

    def skip(self) -> None:
        """A frame of digital silence teaches nothing."""
        self._counts[1] += 1

    def learn(self, power: Samples, *, share: float = NOISE_SHARE) -> None:
        """One frame's mean power in each bin; of a bin without speech, `share` goes into the noise."""
        noise = self.power
        if self._counts[0] < FIRST_FRAMES:
            if self._counts[1] < DEAD_FRAMES:
                noise += (power - noise) / (self._counts[0] + 1)
            self._smoothed[:] = power
            self._counts[0] += 1
        self._follow_minimum(power)
        speech = power / noise
        speech *= self._slope
        np.maximum(speech, -50.0, out=speech)
        np.exp(speech, out=speech)
        speech *= self._odds
        speech += 1.0
        np.reciprocal(speech, out=speech)
        self._presence += STUCK_SHARE * (speech - self._presence)
        np.minimum(speech, STUCK_PROBABILITY, out=speech, where=self._presence > STUCK_PROBABILITY)
        np.subtract(1.0, speech, out=speech)
        speech *= share
        speech *= power - noise
        noise += speech
        if self._counts[2] >= FEWEST_BLOCKS * MINIMUM_BLOCK_FRAMES:
            np.maximum(noise, self._floor, out=noise)

    def _follow_minimum(self, power: Samples) -> None:
        self._smoothed += SMOOTHED_SHARE * (power - self._smoothed)
        np.minimum(self._block, self._smoothed, out=self._block)
        self._counts[2] += 1
        block, place = divmod(self._counts[2], MINIMUM_BLOCK_FRAMES)
        if place == 0:
            self._minima[block % MINIMUM_BLOCKS] = self._block
            self._block[:] = self._smoothed
            self._set_floor()

    def _set_floor(self) -> None:
        self._floor = self._minima.min(axis=0) * MINIMUM_SHARE

    @property
    def state(self) -> dict[str, object]:
        arrays = {
            "power": self.power,
            "presence": self._presence,
            "smoothed": self._smoothed,
            "block": self._block,
            "minima": self._minima,
        }
        return {**{name: array.copy() for name, array in arrays.items()}, "counts": list(self._counts)}

    @state.setter
    def state(self, state: Mapping[str, object]) -> None:
        self.power = _like(state["power"], self.power)
        self._presence = _like(state["presence"], self._presence)
        self._smoothed = _like(state["smoothed"], self._smoothed)
        self._block = _like(state["block"], self._block)
        self._minima = _like(state["minima"], self._minima)
        frames, dead_frames, all_frames = np.array(state["counts"])
        self._counts = [int(frames), int(dead_frames), int(all_frames)]
        self._set_floor()


@cache
def _cosines(bins: int) -> tuple[Samples, Samples]:
    """The first quefrencies' cosines: to look with, weighted by what each has of its own, and to speak with."""
    steps_a_second = 2 * (bins - 1) * BIN_HZ
    shape, tract = (round(seconds * steps_a_second) for seconds in ENVELOPE_SECONDS)
    quefrencies = np.arange(tract)
    cosines = np.cos(np.pi * np.outer(quefrencies, np.arange(bins)) / (bins - 1))
    ends = np.where((np.arange(bins) == 0) | (np.arange(bins) == bins - 1), 0.5, 1.0)
    own = np.where(quefrencies < shape, SMOOTHING[0], SMOOTHING[1])
    share = (SMOOTHING[2] - own) * np.where(quefrencies == 0, 1.0, 2.0) / (bins - 1)
    return (share[:, None] * cosines * ends).astype(np.float32), cosines.astype(np.float32)


class PriorSnr:
    """ξ: speech over noise in each bin, before this frame. Smoothed in the cepstrum, so that no bin rings alone.

    Only the first quefrencies have a smoothing of their own, so their cosines are all that is computed:

        log ξ += (1 − s) · new  +  Σ (s − s_q) · cos_q ⟨cos_q, new⟩        new = log(P/N − 1) − log ξ
    """

    def __init__(self, bins: int) -> None:
        self._coarse, self._cosines = _cosines(bins)
        self._bins = bins
        self.reset()

    def reset(self) -> None:
        self._log = np.full(self._bins, _LOG_LOWEST_ML_SNR, np.float32)

    def process(self, posterior: Samples) -> Samples:
        """A frame's power over noise in, log ξ out, one float32 a bin."""
        news = posterior - 1.0
        np.maximum(news, LOWEST_ML_SNR, out=news)
        np.log(news, out=news)
        news -= self._log
        coarse = self._coarse @ news
        news *= 1.0 - SMOOTHING[2]
        news += coarse @ self._cosines
        self._log += news
        prior: Samples = np.maximum(self._log + _LOG_SNR_BIAS, _LOG_LOWEST_SNR)
        return prior

    @property
    def state(self) -> dict[str, object]:
        return {"log": self._log.copy()}

    @state.setter
    def state(self, state: Mapping[str, object]) -> None:
        self._log = _like(state["log"], self._log)


class NoiseSuppression:
    """Step 4. Sound leaves 480 samples later, whatever is done to it."""

    latency_samples: Final = HOP

    def __init__(self, *, top_hz: float, known: Samples | None = None) -> None:
        """`top_hz`: nothing is left above it (the low-pass). `known`: the noise of this room, from an earlier call."""
        self._bins = bins_up_to(top_hz)
        self._known = known if known is not None and len(known) == self._bins else None
        self.noise = NoisePower(self._bins, known=self._known)
        self._prior = PriorSnr(self._bins)
        self._presence = slice(round(PRESENCE_HZ[0] / BIN_HZ), round(PRESENCE_HZ[1] / BIN_HZ) + 1)
        self._heard = np.zeros(ANALYSIS_SAMPLES + HOP, np.float32)
        self._windowed = np.zeros((HOPS, ANALYSIS_SAMPLES), np.float32)
        self._looks = np.lib.stride_tricks.sliding_window_view(self._heard, ANALYSIS_SAMPLES)[::HOP]
        self.reset()

    def reset(self) -> None:
        self.noise.reset()
        self._prior.reset()
        self._heard[:] = 0.0
        self._rest = np.zeros(HOP, np.float32)
        """Of the last look, what the next one is laid over."""
        self.speech_probability: float | None = 0.0
        """This step's own estimate of its last frame, between 0 and 1."""
        self._somebody_speaks = 0.0
        """How surely, or a moment ago: between 0 and 1."""
        self._peak_snr_db = 0.0

    def process(
        self,
        samples: Samples,
        *,
        speech_probability: float | None = None,
        learns: bool = True,
        is_aside: bool = False,
    ) -> Samples:
        """One frame of float32 in steps of int16.

        `speech_probability`: a VAD's word, which keeps a voice from being learned as the room. `learns`: False where
        the microphone gave nothing, or the agent's echo may be in it. `is_aside`: the frame passes as it is, and
        nothing is learned or estimated.
        """
        self._heard[: ANALYSIS_SAMPLES - HOP] = self._heard[SAMPLES_PER_FRAME:]
        self._heard[ANALYSIS_SAMPLES - HOP :] = samples
        spectrum: Spectrum = fft.rfft(np.multiply(self._looks, _ANALYSIS, out=self._windowed), axis=1)
        if is_aside:
            self.speech_probability = None
        else:
            self._suppress(spectrum, told=speech_probability or 0.0, learns=learns)
        return self._spoken(spectrum)

    def _suppress(self, spectrum: Spectrum, *, told: float, learns: bool) -> None:
        """In place. `told`: a VAD's word of how likely there is speech, or 0."""
        bins = spectrum[:, : self._bins]
        squares = np.square(bins.real)
        squares += np.square(bins.imag)
        power = squares[0] + squares[1]
        power *= 1 / HOPS
        power += LOWEST_POWER
        total = float(np.add.reduce(power))
        if total < 2 * LOWEST_POWER * self._bins:
            self.noise.skip()
            self.speech_probability = 0.0
            return
        if learns:
            self.noise.learn(power, share=NOISE_SHARE * (1.0 - told))
        bins *= self._gain(power, total, told=told)
        spectrum[:, self._bins :] = 0.0

    def _gain(self, power: Samples, total: float, *, told: float) -> Samples:
        """A factor for each bin. `power` is used up."""
        noise = self.noise.power
        posterior = power
        posterior /= noise
        np.minimum(posterior, HIGHEST_POSTERIOR, out=posterior)
        log_prior = self._prior.process(posterior)
        self._estimate_speech(log_prior)
        prior = np.exp(log_prior)
        more = prior + 1.0
        exponent = posterior
        exponent *= prior
        exponent /= more
        place = _table_places(exponent)
        log_more = np.log(more)
        log_gain = log_prior
        log_gain -= log_more
        log_gain += _HALF_EXPONENTIAL_INTEGRAL.take(place)
        emptiness = _UNLIKELINESS.take(place)
        emptiness *= more
        emptiness *= self._odds_of_emptiness(exponent, log_more, told=told)
        emptiness += 1.0
        log_floor = self._log_floor(total / float(np.add.reduce(noise)))
        log_gain -= log_floor
        log_gain /= emptiness
        log_gain += log_floor
        np.maximum(log_gain, log_floor, out=log_gain)
        np.minimum(log_gain, 0.0, out=log_gain)
        return np.exp(log_gain, out=log_gain)

    def _estimate_speech(self, log_prior: Samples) -> None:
        """Speech has many bins that stand out; the mean of log ξ tells it from a click or a hum."""
        heard = log_prior[self._presence]
        loudness = float(np.add.reduce(heard)) / len(heard) / math.log(10)
        self.speech_probability = min(1.0, max(0.0, (loudness + 1.2) * 1.1))

    def _odds_of_emptiness(self, exponent: Samples, log_more: Samples, *, told: float) -> float:
        """That a bin is empty before it is looked at: small while somebody speaks, large in a pause."""
        ratios = exponent[self._presence] - log_more[self._presence]
        least, most = _LOG_EVIDENCE
        evidence = max(EVIDENCE_RANGE[0], float(np.add.reduce(ratios)) / len(ratios))
        heard = min(1.0, (math.log(evidence) - least) / (most - least))
        self._somebody_speaks = max(heard, told, self._somebody_speaks * SPEECH_STAYS)
        return math.exp(_LOG_ODDS_IN_PAUSES + self._somebody_speaks * (_LOG_ODDS_IN_SPEECH - _LOG_ODDS_IN_PAUSES))

    def _log_floor(self, snr: float) -> float:
        """The smallest gain, as a logarithm. It rises to 0 in a quiet room, so that clean speech passes untouched."""
        self._peak_snr_db = max(self._peak_snr_db - CLEAN_SNR_FALL_DB, 10 * math.log10(snr))
        floor_db = min(0.0, GAIN_FLOOR_DB + max(0.0, self._peak_snr_db - CLEAN_SNR_DB))
        return floor_db * math.log(10) / 20

    def _spoken(self, spectrum: Spectrum) -> Samples:
        looks: Samples = fft.irfft(spectrum, ANALYSIS_SAMPLES, axis=1, overwrite_x=True)[:, -SYNTHESIS_SAMPLES:]
        looks *= _SYNTHESIS
        spoken = np.empty(SAMPLES_PER_FRAME, np.float32)
        np.add(self._rest, looks[0, :HOP], out=spoken[:HOP])
        np.add(looks[0, HOP:], looks[1, :HOP], out=spoken[HOP:])
        self._rest = looks[1, HOP:].copy()
        return spoken

    def settle(self) -> None:
        """Forget the sound on the way, and keep what was learned."""
        self._heard[:] = 0.0
        self._rest[:] = 0.0
        self.speech_probability = self._somebody_speaks = 0.0

    @property
    def power(self) -> Samples:
        """The noise of each bin, as it is known by now."""
        return self.noise.power

    def know(self, power: Samples) -> None:
        """Go on with the noise of a room that was learned before."""
        self.noise.know(power)

    @property
    def state(self) -> Mapping[str, object]:
        return {
            "noise": self.noise.state,
            "prior": self._prior.state,
            "heard": self._heard.copy(),
            "rest": self._rest.copy(),
            "numbers": [self.speech_probability, self._somebody_speaks, self._peak_snr_db],
        }

    @state.setter
    def state(self, state: Mapping[str, object]) -> None:
        noise, prior = state["noise"], state["prior"]
        if not (isinstance(noise, Mapping) and isinstance(prior, Mapping)):
            raise TypeError("a suppressor's state has its noise and its SNR")
        self.noise.state, self._prior.state = noise, prior
        self._heard[:] = _like(state["heard"], self._heard)
        self._rest = _like(state["rest"], self._rest)
        if not isinstance(numbers := state["numbers"], list):
            raise TypeError("a suppressor's state has its numbers")
        probability, somebody_speaks, peak_snr_db = numbers
        self.speech_probability = None if probability is None else float(probability)
        self._somebody_speaks, self._peak_snr_db = float(somebody_speaks), float(peak_snr_db)


def _like(value: object, pattern: Samples) -> Samples:
    """A stored array, where it has the shape of this one.

    Raises:
        ValueError: it has not: it was stored for another band, or is none.
    """
    array = np.array(value, np.float32)
    if array.shape != pattern.shape:
        raise ValueError(f"an array of shape {pattern.shape} was expected, not {array.shape}")
    return array


def _table_places(values: Samples) -> npt.NDArray[np.int32]:
    """Where the values stand in the tables."""
    place: npt.NDArray[np.int32] = values.view(np.int32) >> _TABLE_SHIFT
    place -= _TABLE_START
    np.maximum(place, 0, out=place)
    return np.minimum(place, _TABLE_LAST, out=place)
