"""What of this sound is the room? Step 4 of the conditioning: a gain between −25 dB and 0 for each 25 Hz of each frame.

    frame ─▶ spectra ─▶ power P ─▶ noise N ─▶ P/N ─▶ a-priori SNR ─▶ gain ─▶ spectra × gain ─▶ frame, 10 ms later
                            │         ▲         what was left of the last frame,
                            └─────────┘         and a smooth cepstrum
                            only where speech is unlikely

Noise: `noise_power`. SNR, between two estimates: decision-directed (Ephraim and Malah 1984), which keeps a voice whole,
and temporal smoothing in the cepstrum, little where the vocal tract is, much elsewhere (Breithaupt, Gerkmann and
Martin, "A novel a priori SNR estimation approach based on selective cepstro-temporal smoothing", 2008), which keeps the
room even. Gain: log-spectral amplitude (Ephraim and Malah 1985) under speech presence uncertainty (Cohen and
Berdugo 2001): a bin is more likely empty where the whole frame is (likelihood ratio of Sohn, Kim and Sung 1999).
Windows: asymmetric (Mauler and Martin 2007): 40 ms to look through, 20 ms to speak with, so that fine bins cost only
10 ms.

A frame costs some eighty calls of NumPy, each of them far more than its arithmetic: arrays are used again in place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import exp1  # type: ignore[import-untyped]

from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME
from ai_agent.levels import stored_number
from ai_agent.noise_power import NOISE_SHARE, NoisePower, Samples, constant, like
from ai_agent.prior_snr import PriorSnr
from ai_agent.steadiness import Steadiness

Spectrum = npt.NDArray[np.complex64]

HOP: Final = SAMPLES_PER_FRAME // 2
HOPS: Final = 2
"""In a frame. Each has a look of its own; what they have in common is the power, and so the gain."""
ANALYSIS_SAMPLES: Final = 4 * HOP
SYNTHESIS_SAMPLES: Final = 2 * HOP
AHEAD_SAMPLES: Final = 2
"""So much less than a hop are two looks laid over each other: sound leaves so much sooner. The filters before this step
take as long, so that all eight take a hop."""
OVERLAP: Final = HOP - AHEAD_SAMPLES
BIN_HZ: Final = SAMPLE_RATE_HZ / ANALYSIS_SAMPLES

LOWEST_POWER: Final = 1e-2
"""Of a bin, in squared steps of int16 under the window: below what 16 bits can hold."""
HIGHEST_POSTERIOR: Final = 1e4
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
"""A frame: a peak is forgotten at 1 dB a second."""
PRESENCE_HZ: Final = (100.0, 4_000.0)

_TABLE_SHIFT: Final = np.array(17, np.int32)
"""A float32 without its last 17 bits: 64 steps for each doubling."""
_TABLE_RANGE: Final = (2.0**-14, 2.0**6)
"""What lies outside is taken for the end that is next to it."""


def bins_up_to(top_hz: float) -> int:
    """How many bins are looked at, from 0 Hz on.

    >>> bins_up_to(8_000)
    321
    """
    return round(top_hz / BIN_HZ) + 1


def _places(values: Samples) -> npt.NDArray[np.intp]:
    """Where positive values stand in the tables."""
    return (values.view(np.int32) >> _TABLE_SHIFT).astype(np.intp)


_FIRST, _LAST = _places(np.array(_TABLE_RANGE, np.float32))
_EDGES: Final = (np.arange(_LAST + 2, dtype=np.int32) << _TABLE_SHIFT).view(np.float32)
_STEPS: Final = np.maximum(_EDGES[:-1] + _EDGES[1:], _EDGES[_FIRST] + _EDGES[_FIRST + 1]) / 2
_HALF_EXPONENTIAL_INTEGRAL: Final = np.asarray(0.5 * exp1(_STEPS), np.float32)
"""E1(v)/2 in the middle of each step of v."""
_UNLIKELINESS: Final = np.asarray(np.exp(-_STEPS), np.float32)
"""exp(−v)."""
_ZERO, _ONE = constant(0.0), constant(1.0)
_HOP_SHARE: Final = constant(1 / HOPS)
_LOWEST_POWER: Final = constant(LOWEST_POWER)
_HIGHEST_POSTERIOR: Final = constant(HIGHEST_POSTERIOR)
_PEAK_STAYS: Final = 10 ** (-CLEAN_SNR_FALL_DB / 10)
_LOG_ODDS_IN_PAUSES: Final = math.log(PAUSE_PRIOR / (1 - PAUSE_PRIOR))
_LOG_ODDS_IN_SPEECH: Final = math.log(ABSENCE_PRIOR / (1 - ABSENCE_PRIOR))
_LOG_EVIDENCE: Final = tuple(math.log(evidence) for evidence in EVIDENCE_RANGE)


def _windows() -> tuple[Samples, Samples]:
    """To look with and to speak with: their product, laid over itself every hop, is what a transform makes of one."""
    rise = np.sin(np.pi / 2 * (np.arange(3 * HOP) + 0.5) / (3 * HOP))
    fall = np.cos(np.pi / 2 * (np.arange(HOP) + 0.5) / HOP)
    analysis = np.concatenate([rise, fall])
    slope = HOP - 2 * AHEAD_SAMPLES
    half = np.sin(np.pi / 2 * (np.arange(slope) + 0.5) / slope) ** 2
    ends, middle = np.zeros(AHEAD_SAMPLES), np.ones(2 * AHEAD_SAMPLES)
    product = np.concatenate([ends, half, middle, half[::-1], ends])
    return analysis.astype(np.float32), (product / analysis[-SYNTHESIS_SAMPLES:] / ANALYSIS_SAMPLES).astype(np.float32)


_ANALYSIS, _SYNTHESIS = _windows()
_NOW, _LATER = slice(AHEAD_SAMPLES, HOP + AHEAD_SAMPLES), slice(HOP + AHEAD_SAMPLES, None)
"""Of a look: what leaves with it, and what the next one is laid over."""


class NoiseSuppression:
    """Step 4. Sound leaves 478 samples later, whatever is done to it. The module names the papers."""

    latency_samples: Final = OVERLAP

    def __init__(self, *, top_hz: float, known: Samples | None = None) -> None:
        """`top_hz`: nothing is left above it (the low-pass). `known`: the noise of this room, from an earlier call."""
        self._bins = bins_up_to(top_hz)
        self._known = known if known is not None and len(known) == self._bins else None
        self.noise = NoisePower(self._bins, known=self._known)
        self._steadiness = Steadiness()
        self._prior = PriorSnr(self._bins, bin_hz=BIN_HZ)
        self._presence = slice(round(PRESENCE_HZ[0] / BIN_HZ), round(PRESENCE_HZ[1] / BIN_HZ) + 1)
        self._heard = np.zeros(ANALYSIS_SAMPLES + HOP, np.float32)
        self._windowed = np.zeros((HOPS, ANALYSIS_SAMPLES), np.float32)
        self._looks = np.lib.stride_tricks.sliding_window_view(self._heard, ANALYSIS_SAMPLES)[::HOP]
        self._spectrum, self._left = (np.zeros((HOPS, ANALYSIS_SAMPLES // 2 + 1), np.complex64) for _ in range(2))
        """Of the present frame's looks, as it was heard and with its gain. Above our bins nothing is left."""
        self._parts, self._left_parts = (
            spectrum.view(np.float32)[:, : 2 * self._bins] for spectrum in (self._spectrum, self._left)
        )
        """The same, real and imaginary parts by turns."""
        self._spoken = np.zeros((HOPS, ANALYSIS_SAMPLES), np.float32)
        self.reset()

    def reset(self) -> None:
        self.noise.reset()
        self._prior.reset()
        self._heard[:] = 0.0
        self._rest = np.zeros(OVERLAP, np.float32)
        """Of the last look, what the next one is laid over."""
        self.speech_probability: float | None = 0.0
        """This step's own estimate of its last frame, between 0 and 1."""
        self._somebody_speaks = 0.0
        """How surely, or a moment ago: between 0 and 1."""
        self._peak_power, self._peak_noise = 0.0, 1.0
        """Of the frame that stood out most, a little less with every frame since; and of the room that it stood in."""
        self._steadiness.reset()

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
        np.multiply(self._looks, _ANALYSIS, out=self._windowed)
        np.fft.rfft(self._windowed, axis=1, out=self._spectrum)  # type: ignore[arg-type]
        if is_aside:
            self.speech_probability = None
            self._steadiness.reset()
            return self._speak(self._spectrum)
        return self._speak(self._suppress(told=speech_probability or 0.0, learns=learns))

    def _suppress(self, *, told: float, learns: bool) -> Spectrum:
        """What is left of the present frame's spectrum. `told`: a VAD's word of how likely there is speech, or 0."""
        power = self._power()
        total = float(np.add.reduce(power))
        if total < 2 * LOWEST_POWER * self._bins:
            self.noise.skip()
            self._steadiness.reset()
            self.speech_probability = 0.0
            return self._spectrum
        if learns:
            self._follow_level(power)
            self.noise.learn(power, share=NOISE_SHARE * (1.0 - told), is_room=self._steadiness.is_steady)
        else:
            self._steadiness.skip()
        np.multiply(self._parts, self._gain(power, total, told=told).repeat(2), out=self._left_parts)
        return self._left

    def _follow_level(self, power: Samples) -> None:
        """By the mean of the logarithms: it is as even in a rumble as in a hiss."""
        heard = np.log(power[self._presence])
        self._steadiness.add(float(np.add.reduce(heard)) / len(heard) * 10 / math.log(10))

    def _power(self) -> Samples:
        """Of each bin, the mean of the frame's looks."""
        squares = self._parts[0] * self._parts[0]
        squares += self._parts[1] * self._parts[1]
        power: Samples = squares[0::2] + squares[1::2]
        power *= _HOP_SHARE
        power += _LOWEST_POWER
        return power

    def _gain(self, power: Samples, total: float, *, told: float) -> Samples:
        """A factor for each bin. `power` is used up."""
        noise = self.noise.power
        posterior = power
        posterior /= noise
        np.minimum(posterior, _HIGHEST_POSTERIOR, out=posterior)
        log_prior = self._prior.process(posterior)
        self._estimate_speech(log_prior)
        prior = np.exp(log_prior)
        more = prior + _ONE
        exponent = posterior * prior
        exponent /= more
        places = _places(exponent)
        log_more = np.log(more)
        log_gain = log_prior
        log_gain -= log_more
        log_gain += _HALF_EXPONENTIAL_INTEGRAL.take(places, mode="clip")
        emptiness = _UNLIKELINESS.take(places, mode="clip")
        emptiness *= more
        emptiness *= constant(self._odds_of_emptiness(exponent, log_more, told=told))
        emptiness += _ONE
        log_floor = constant(self._log_floor(total, float(np.add.reduce(noise))))
        log_gain -= log_floor
        log_gain /= emptiness
        log_gain += log_floor
        np.maximum(log_gain, log_floor, out=log_gain)
        np.minimum(log_gain, _ZERO, out=log_gain)
        gain: Samples = np.exp(log_gain, out=log_gain)
        self._prior.remember(posterior, gain)
        return gain

    def _estimate_speech(self, log_prior: Samples) -> None:
        """Speech has many bins that stand out: the mean of log ξ tells it from a click or a hum.

        And it goes up and down: that tells it from a room which is louder than it was known to be.
        """
        heard = log_prior[self._presence]
        loudness = float(np.add.reduce(heard)) / len(heard) / math.log(10)
        self.speech_probability = min(self._steadiness.modulation, max(0.0, (loudness + 1.2) * 1.1))

    def _odds_of_emptiness(self, exponent: Samples, log_more: Samples, *, told: float) -> float:
        """That a bin is empty before it is looked at: small while somebody speaks, large in a pause."""
        ratios = exponent[self._presence] - log_more[self._presence]
        least, most = _LOG_EVIDENCE
        evidence = max(EVIDENCE_RANGE[0], float(np.add.reduce(ratios)) / len(ratios))
        heard = min(1.0, (math.log(evidence) - least) / (most - least))
        self._somebody_speaks = max(heard, told, self._somebody_speaks * SPEECH_STAYS)
        return math.exp(_LOG_ODDS_IN_PAUSES + self._somebody_speaks * (_LOG_ODDS_IN_SPEECH - _LOG_ODDS_IN_PAUSES))

    def _log_floor(self, total: float, noise: float) -> float:
        """The smallest gain, as a logarithm. It rises to 0 in a quiet room, so that clean speech passes untouched.

        `total`, `noise`: the power of all bins. A peak is kept over the room that it was heard in; where the room turns
        out to be louder, it stands so much less out.
        """
        if self._steadiness.is_steady:
            self._peak_noise = max(self._peak_noise, noise)
        self._peak_power *= _PEAK_STAYS
        if total * self._peak_noise > self._peak_power * noise:
            self._peak_power, self._peak_noise = total, noise
        peak_snr_db = 10 * math.log10(self._peak_power / self._peak_noise)
        floor_db = min(0.0, GAIN_FLOOR_DB + max(0.0, peak_snr_db - CLEAN_SNR_DB))
        return floor_db * math.log(10) / 20

    def _speak(self, spectrum: Spectrum) -> Samples:
        np.fft.irfft(spectrum, ANALYSIS_SAMPLES, axis=1, norm="forward", out=self._spoken)  # type: ignore[arg-type]
        looks = self._spoken[:, -SYNTHESIS_SAMPLES:]
        looks *= _SYNTHESIS
        spoken: Samples = looks[:, _NOW].reshape(SAMPLES_PER_FRAME)
        spoken[:OVERLAP] += self._rest
        spoken[HOP : HOP + OVERLAP] += looks[0, _LATER]
        self._rest[:] = looks[1, _LATER]
        return spoken

    def settle(self) -> None:
        """Forget the sound on the way, and keep what was learned."""
        self._heard[:] = 0.0
        self._rest[:] = 0.0
        self._steadiness.reset()
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
            "steadiness": self._steadiness.state,
            "numbers": [self.speech_probability, self._somebody_speaks, self._peak_power, self._peak_noise],
        }

    @state.setter
    def state(self, state: Mapping[str, object]) -> None:
        noise, prior = state["noise"], state["prior"]
        if not (isinstance(noise, Mapping) and isinstance(prior, Mapping)):
            raise TypeError("a suppressor's state has its noise and its SNR")
        self.noise.state, self._prior.state = noise, prior
        self._heard[:] = like(state["heard"], self._heard)
        self._rest = like(state["rest"], self._rest)
        if not (isinstance(numbers := state["numbers"], list) and isinstance(steady := state["steadiness"], Mapping)):
            raise TypeError("a suppressor's state has its numbers and how steady the sound was")
        self._steadiness.state = steady
        probability, *others = numbers
        if len(others) != 3:
            raise ValueError("a suppressor's state has four numbers")
        somebody_speaks, peak_power, peak_noise = (stored_number(number, within=(0, math.inf)) for number in others)
        if peak_noise == 0.0:
            raise ValueError("a room has some power")
        self._somebody_speaks, self._peak_power, self._peak_noise = somebody_speaks, peak_power, peak_noise
        self.speech_probability = None if probability is None else stored_number(probability, within=(0, 1))
