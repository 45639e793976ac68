"""What is done to the microphone before anybody listens? A raw frame in, a `ConditionedFrame` out.

    raw ─▶ 1 DC ─▶ 2 high-pass ─▶ 3 low-pass ─┬─▶ 7 peak ─▶ 8 clip ────────────────────────────────▶ filtered
     │                                        └─▶ 4 suppression ─▶ 5 AGC ─▶ 6 emphasis ─▶ 7 ─▶ 8 ──▶ conditioned
     └─▶ levels, the noise floor, SNR, flatness, clipping                                        ──▶ metrics

Recognisers and the neural VAD hear `filtered`: strong suppression deletes words. The energy gate and the recording get
`conditioned`. Everything that is measured is measured on the raw frame, before anything adaptive touches it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, overload

import numpy as np
import numpy.typing as npt

from ai_agent.audio_format import BYTES_PER_SAMPLE, SAMPLES_PER_FRAME, SILENT_FRAME, frames_in, require_frame
from ai_agent.automatic_gain import PEAK_GAINS, TARGET_DBFS, AutomaticGain, ClipPrevention, PeakNormalisation
from ai_agent.conditioning_filters import RecursiveFilter, SpeechBand, SpeechEmphasis
from ai_agent.levels import (
    FrameMetrics,
    NoiseFloor,
    Pcm,
    clipping_percent,
    energy_dbfs,
    snr_db,
    spectral_flatness,
    stored_number,
    to_samples,
    without_mean,
)
from ai_agent.noise_profile import NoiseProfile, parse_noise_profile
from ai_agent.noise_suppression import NoiseSuppression, bins_up_to
from ai_agent.packed_state import pack, unpack
from ai_agent.suppression import NoSuppression, Suppression

Tap = Literal["raw", "filtered", "conditioned"]

TOP_HZ: Final = 8_000.0
"""Nothing is suppressed, or left, above it, unless the low-pass lets more through."""
SPEECH_SNR_DB: Final = 9.0
"""Where step 4 makes no estimate of its own, sound so far above the room is speech."""
LIKELY: Final = 0.5
"""While the agent speaks, a frame less likely to be speech may be its echo."""
SETTLED_MS: Final = 1_000
"""After so much digital silence the filters have nothing left to say: they rest."""


@dataclass(frozen=True, slots=True)
class ConditioningConfig:
    """What one call wants of its conditioning."""

    stt_tap: Tap = "filtered"
    """Which signal is transcribed: recognisers get worse with strong suppression."""
    noise_suppression: Literal["classic", "webrtc", "off"] = "classic"
    """Step 4: our own, another one that is passed to the conditioner, or none."""
    high_pass_hz: float = 70.0
    low_pass_hz: float = 7_900.0
    """16,000 for a recording of the full band."""
    target_dbfs: float = TARGET_DBFS
    """The level of speech at the conditioned tap."""
    emphasis_db: float = 2.5
    """How far 3 kHz is lifted."""

    @property
    def band(self) -> list[float]:
        """What the filters are made of: the sound of one is of no use to another."""
        return [self.high_pass_hz, self.low_pass_hz, self.emphasis_db]


class Step(Protocol):
    """One that remembers what it has heard."""

    def reset(self) -> None: ...


@dataclass(frozen=True, slots=True)
class BrowserProcessing:
    """What the browser itself did to the microphone before it was sent: it is not done twice."""

    noise_suppression: bool = False
    auto_gain_control: bool = False


@dataclass(frozen=True, slots=True)
class ConditionedFrame:
    """One frame, 1,920 bytes at each tap."""

    raw: bytes
    filtered: bytes
    conditioned: bytes
    metrics: FrameMetrics
    gain_db: float = 0.0
    """Of step 5, inside `conditioned`."""

    def tap(self, name: Tap) -> bytes:
        match name:
            case "raw":
                return self.raw
            case "filtered":
                return self.filtered
            case "conditioned":
                return self.conditioned


class AudioConditioner:
    """The conditioning of one microphone. Two of them never share anything."""

    def __init__(
        self,
        config: ConditioningConfig = ConditioningConfig(),
        noise_profile: NoiseProfile | None = None,
        *,
        suppression: Suppression | None = None,
    ) -> None:
        """`noise_profile`: what an earlier call learned of this room. `suppression` stands in for our own step 4.

        Raises:
            ValueError: the configuration names another suppression than ours, and it was not given.
        """
        self.config = config
        self._noise_profile = noise_profile
        self._band = SpeechBand(config.high_pass_hz, config.low_pass_hz)
        self._suppression = suppression or _own_suppression(config, noise_profile)
        self._agc = AutomaticGain(target_dbfs=config.target_dbfs)
        self._emphasis = SpeechEmphasis(config.emphasis_db)
        self._peak, self._filtered_peak = PeakNormalisation(), PeakNormalisation()
        self._clip = ClipPrevention()
        self.reset()

    @property
    def latency_samples(self) -> int:
        """How much later than the raw frame a sound leaves at the conditioned tap; at the filtered one the band's
        share of it: 2 samples of the usual one."""
        return self._band.latency_samples + self._suppression.latency_samples

    def reset(self) -> None:
        """Equal to a new one, from the next frame on."""
        steps: tuple[Step, ...] = (*self._filters, self._suppression, self._agc, self._peak, self._filtered_peak)
        for step in steps:
            step.reset()
        profile = self._noise_profile
        self._noise_floor = NoiseFloor(starts_at_dbfs=profile.noise_floor_dbfs) if profile else NoiseFloor()
        self.browser_processing = BrowserProcessing()
        self._silent_frames = 0
        self._remember(np.zeros(SAMPLES_PER_FRAME, np.int16))

    @property
    def _filters(self) -> tuple[RecursiveFilter, ...]:
        return self._band, self._emphasis

    @property
    def gain_db(self) -> float:
        """Of step 5, by now."""
        return self._agc.applied_db

    @property
    def noise_profile(self) -> NoiseProfile:
        """What this room taught so far."""
        power = self._suppression.power
        return NoiseProfile(self._noise_floor.dbfs, b"" if power is None else power.astype("<f4").tobytes())

    @property
    def metrics(self) -> FrameMetrics:
        """Of the last raw frame."""
        floor_dbfs = self._noise_floor.dbfs
        return FrameMetrics(
            energy_dbfs=self._last_dbfs,
            noise_floor_dbfs=floor_dbfs,
            snr_db=snr_db(self._last_dbfs, floor_dbfs),
            spectral_flatness=spectral_flatness(self._last_samples),
            clipping_percent=clipping_percent(self._last_pcm),
        )

    def set_browser_processing(self, *, noise_suppression: bool, auto_gain_control: bool) -> None:
        """What the browser does already is not done again: steps 4 and 5 stand aside."""
        self.browser_processing = BrowserProcessing(noise_suppression, auto_gain_control)

    @overload
    def process(
        self, frame: bytes, *, speech_probability: float | None = None, agent_speaking: bool = False
    ) -> bytes: ...
    @overload
    def process(self, frame: Pcm, *, speech_probability: float | None = None, agent_speaking: bool = False) -> Pcm: ...
    def process(
        self, frame: bytes | Pcm, *, speech_probability: float | None = None, agent_speaking: bool = False
    ) -> bytes | Pcm:
        """One frame through all eight steps; the answer is of the same kind, and the input is left as it is.

        Args and errors are those of `condition`; one of the two is called for a frame.
        """
        pcm = _as_pcm(frame)
        self._learn(pcm, speech_probability, agent_speaking=agent_speaking)
        if self._is_settled(pcm):
            conditioned = np.zeros(SAMPLES_PER_FRAME, np.int16)
        else:
            conditioned = self._finish(self._filter(pcm), speech_probability, agent_speaking=agent_speaking)
        return conditioned.tobytes() if isinstance(frame, bytes) else conditioned

    def condition(
        self, frame: bytes | Pcm, *, speech_probability: float | None = None, agent_speaking: bool = False
    ) -> ConditionedFrame:
        """One frame with its taps and metrics.

        Args:
            speech_probability: how likely the *previous* frame was speech; None where no VAD is at hand.
            agent_speaking: the agent's echo may be in it: the room is not learned, and the gain stays, unless the user
                speaks.

        Raises:
            ValueError: it is not one frame: 1,920 bytes, or 960 samples of int16; or the probability is no number from
                0 to 1. Nothing was learned from it.
        """
        pcm = _as_pcm(frame)
        raw = frame if isinstance(frame, bytes) else pcm.tobytes()
        self._learn(pcm, speech_probability, agent_speaking=agent_speaking)
        if self._is_settled(pcm):
            return ConditionedFrame(raw, SILENT_FRAME, SILENT_FRAME, self.metrics)
        samples = self._filter(pcm)
        filtered = self._clip.process(self._filtered_peak.process(samples)).tobytes()
        conditioned = self._finish(samples, speech_probability, agent_speaking=agent_speaking).tobytes()
        return ConditionedFrame(raw, filtered, conditioned, self.metrics, self._agc.applied_db)

    def flush(self) -> bytes:
        """What of the conditioned sound has not left yet: the last `latency_samples`. Nothing is heard after this."""
        return self.process(SILENT_FRAME)[: self.latency_samples * BYTES_PER_SAMPLE]

    def _learn(self, pcm: Pcm, speech_probability: float | None, *, agent_speaking: bool) -> None:
        """Level and noise floor of a raw frame: the first thing that is done with it."""
        _require_probability(speech_probability)
        self._remember(pcm.copy())
        if not agent_speaking:
            self._noise_floor.update(self._last_dbfs, speech_probability=speech_probability)

    def _remember(self, pcm: Pcm) -> None:
        """The last raw frame, and what is measured of it in any case."""
        self._last_pcm = pcm
        self._last_samples = without_mean(to_samples(pcm))
        self._last_dbfs = energy_dbfs(self._last_samples)

    def _is_settled(self, pcm: Pcm) -> bool:
        """Whether this frame and so many before it are digital silence that nothing sounds any more."""
        self._silent_frames = 0 if pcm.any() else self._silent_frames + 1
        if self._silent_frames == frames_in(SETTLED_MS):
            for step in self._filters:
                step.reset()
            self._suppression.settle()
        return self._silent_frames >= frames_in(SETTLED_MS)

    def _filter(self, pcm: Pcm) -> npt.NDArray[np.float64]:
        """Steps 1 to 3."""
        return self._band.process(pcm.astype(np.float64))

    def _finish(
        self, samples: npt.NDArray[np.float64], speech_probability: float | None, *, agent_speaking: bool
    ) -> Pcm:
        """Steps 4 to 8."""
        browser = self.browser_processing
        only_agent_speaks = agent_speaking and self._speech_probability(speech_probability) < LIKELY
        suppressed = self._suppression.process(
            samples.astype(np.float32),
            speech_probability=speech_probability,
            learns=self._silent_frames == 0 and not only_agent_speaks,
            is_aside=browser.noise_suppression,
        )
        probability = self._speech_probability(speech_probability)
        levelled = self._agc.process(
            suppressed,
            speech_probability=probability,
            is_frozen=self._silent_frames > 0 or (agent_speaking and probability < LIKELY),
            is_aside=browser.auto_gain_control,
        )
        return self._clip.process(self._peak.process(self._emphasis.process(levelled)))

    def _speech_probability(self, told: float | None) -> float:
        """The VAD's word, or else step 4's own, or else the level's."""
        if told is not None:
            return told
        if self._suppression.speech_probability is not None:
            return self._suppression.speech_probability
        return 1.0 if snr_db(self._last_dbfs, self._noise_floor.dbfs) >= SPEECH_SNR_DB else 0.0

    def learned(self) -> dict[str, object]:
        """What a call that goes on after a break should still know: small, for it is stored at every turn."""
        return {
            "noise_floor": self._noise_floor.snapshot(),
            "noise_profile": self.noise_profile.to_json(),
            "agc": self._agc.state,
        }

    def go_on_with(self, learned: Mapping[str, object]) -> None:
        """Begin with what was learned before a break.

        Raises:
            KeyError, TypeError, ValueError: `learned` did not write this.
        """
        noise_floor, agc = learned["noise_floor"], learned["agc"]
        power = parse_noise_profile(learned["noise_profile"]).as_power()
        if not (isinstance(noise_floor, Mapping) and isinstance(agc, Mapping)):
            raise TypeError("what was learned has a noise floor and a gain")
        floor = NoiseFloor.restored(noise_floor)
        self._agc.state = agc
        self._noise_floor = floor
        if power is not None:
            self._suppression.know(power)

    def snapshot(self) -> dict[str, object]:
        """All that was learned and all that sounds on, as JSON can hold it."""
        return {
            "noise_floor": self._noise_floor.snapshot(),
            "browser": [self.browser_processing.noise_suppression, self.browser_processing.auto_gain_control],
            "step_four": self.config.noise_suppression,
            "band": self.config.band,
            "filters": [pack(step.state) for step in self._filters],
            "suppression": pack(self._suppression.state),
            "agc": self._agc.state,
            "peaks": [self._peak.state, self._filtered_peak.state],
            "silent_frames": self._silent_frames,
            "last_frame": pack(self._last_pcm),
        }

    def restore(self, snapshot: Mapping[str, object]) -> None:
        """Go on exactly where the snapshot was taken. Where another suppression was at work then, this one begins anew.

        Raises:
            KeyError, TypeError, ValueError: `snapshot` did not write this; the conditioner stays as it was.
        """
        before = self.snapshot()
        try:
            self._restore(snapshot)
        except Exception:
            self._restore(before)
            raise

    def _restore(self, snapshot: Mapping[str, object]) -> None:
        noise_floor, filters, peaks, agc = (snapshot[name] for name in ("noise_floor", "filters", "peaks", "agc"))
        suppression, last_pcm = unpack(snapshot["suppression"]), unpack(snapshot["last_frame"])
        if not (isinstance(noise_floor, Mapping) and isinstance(suppression, Mapping)):
            raise TypeError("a conditioner's snapshot has a noise floor and the state of its suppression")
        if not (isinstance(filters, list) and isinstance(peaks, list) and isinstance(agc, Mapping)):
            raise TypeError("a conditioner's snapshot has lists of filters and of peaks, and the state of its gain")
        if snapshot["band"] != self.config.band:
            raise ValueError(f"it was taken in another band: {snapshot['band']}")
        self._noise_floor = NoiseFloor.restored(noise_floor)
        for step, state in zip(self._filters, map(unpack, filters), strict=True):
            step.state = np.asarray(state, np.float64).reshape(step.state.shape)
        if snapshot["step_four"] == self.config.noise_suppression:
            self._suppression.state = suppression
        else:
            self._suppression.reset()
        if not isinstance(browser := snapshot["browser"], list):
            raise TypeError("a conditioner's snapshot has what the browser did")
        suppresses, controls_gain = browser
        self.browser_processing = BrowserProcessing(bool(suppresses), bool(controls_gain))
        self._agc.state = agc
        self._peak.state, self._filtered_peak.state = (stored_number(gain, within=PEAK_GAINS) for gain in peaks)
        if (silent_frames := int(str(snapshot["silent_frames"]))) < 0:
            raise ValueError(f"silence lasts for {silent_frames} frames")
        self._silent_frames = silent_frames
        self._remember(_as_pcm(np.asarray(last_pcm)))


def require_own_band(profile: NoiseProfile, config: ConditioningConfig) -> None:
    """What was learned of a room is of use only in the bins that it was learned in.

    Raises:
        ValueError: this configuration's own step 4 has others.
    """
    own_bins = bins_up_to(_top_hz(config))
    if config.noise_suppression == "classic" and profile.bins not in {0, own_bins}:
        raise ValueError(f"it was learned in {profile.bins} bins, and this call has {own_bins}")


def _top_hz(config: ConditioningConfig) -> float:
    return max(TOP_HZ, config.low_pass_hz)


def _own_suppression(config: ConditioningConfig, profile: NoiseProfile | None) -> Suppression:
    if config.noise_suppression == "off":
        return NoSuppression()
    if config.noise_suppression != "classic":
        raise ValueError(f"the suppression {config.noise_suppression!r} that stands in for our own has to be given")
    return NoiseSuppression(top_hz=_top_hz(config), known=profile.as_power() if profile else None)


def _require_probability(speech_probability: float | None) -> None:
    if speech_probability is not None and not 0.0 <= speech_probability <= 1.0:
        raise ValueError(f"a probability is between 0 and 1, not {speech_probability}")


def _as_pcm(frame: bytes | Pcm) -> Pcm:
    if isinstance(frame, bytes):
        return np.frombuffer(require_frame(frame), dtype=np.int16)
    if not isinstance(frame, np.ndarray) or frame.dtype != np.int16 or frame.shape != (SAMPLES_PER_FRAME,):
        what = f"{frame.dtype}{frame.shape}" if isinstance(frame, np.ndarray) else type(frame).__name__
        raise ValueError(f"a frame is {SAMPLES_PER_FRAME} samples of int16, not {what}")
    return frame
