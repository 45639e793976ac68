"""What is done to the microphone before anybody listens? A raw frame in, a `ConditionedFrame` out.

The three taps are the same sound for now; what is real is the format, the promises about it and the metrics, which
are measured on the raw frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np

from ai_agent.audio_format import SAMPLES_PER_FRAME, require_frame
from ai_agent.levels import (
    FrameMetrics,
    NoiseFloor,
    Pcm,
    clipping_percent,
    energy_dbfs,
    snr_db,
    spectral_flatness,
    to_samples,
    without_mean,
)

Tap = Literal["raw", "filtered", "conditioned"]


@dataclass(frozen=True, slots=True)
class ConditioningConfig:
    """What one call wants of its conditioning."""

    stt_tap: Tap = "filtered"
    """Which signal is transcribed: recognisers get worse with strong suppression."""


@dataclass(frozen=True, slots=True)
class NoiseProfile:
    """What is known of a room before its first frame."""

    noise_floor_dbfs: float


@dataclass(frozen=True, slots=True)
class BrowserProcessing:
    """What the browser itself did to the microphone before it was sent."""

    echo_cancellation: bool = True
    noise_suppression: bool = False
    auto_gain_control: bool = False


@dataclass(frozen=True, slots=True)
class ConditionedFrame:
    """One frame, 1,920 bytes at each tap."""

    raw: bytes
    filtered: bytes
    conditioned: bytes
    metrics: FrameMetrics

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

    latency_samples = 0
    """How much later than the raw frame a sound leaves at the conditioned tap."""

    def __init__(
        self, config: ConditioningConfig = ConditioningConfig(), noise_profile: NoiseProfile | None = None
    ) -> None:
        self.config = config
        self._noise_profile = noise_profile
        self.browser_processing = BrowserProcessing()
        self.reset()

    def reset(self) -> None:
        """Equal to a new one, from the next frame on."""
        profile = self._noise_profile
        self._noise_floor = NoiseFloor(starts_at_dbfs=profile.noise_floor_dbfs) if profile else NoiseFloor()

    @property
    def noise_profile(self) -> NoiseProfile:
        """What this room taught so far."""
        return NoiseProfile(noise_floor_dbfs=self._noise_floor.dbfs)

    def set_browser_processing(self, processing: BrowserProcessing) -> None:
        """What the browser does already is not done again."""
        self.browser_processing = processing

    @overload
    def process(self, frame: bytes) -> bytes: ...
    @overload
    def process(self, frame: Pcm) -> Pcm: ...
    def process(self, frame: bytes | Pcm) -> bytes | Pcm:
        """One frame through all steps; the answer is of the same kind, and the input is left as it is.

        Raises:
            ValueError: it is not one frame: 1,920 bytes, or 960 samples of int16.
        """
        pcm = _as_pcm(frame)
        conditioned = self.condition(pcm.tobytes()).conditioned
        return conditioned if isinstance(frame, bytes) else np.frombuffer(conditioned, dtype=np.int16).copy()

    def condition(
        self, frame: bytes, *, speech_probability: float | None = None, agent_speaking: bool = False
    ) -> ConditionedFrame:
        """One frame with its taps and metrics.

        Args:
            speech_probability: how likely the *previous* frame was speech; None where no VAD is at hand.
            agent_speaking: the room is not learned while the agent's echo may be in it.

        Raises:
            ValueError: it is not one frame; nothing was learned from it.
        """
        pcm = _as_pcm(require_frame(frame))
        metrics = self._measure(pcm, speech_probability=speech_probability, learns=not agent_speaking)
        return ConditionedFrame(raw=frame, filtered=frame, conditioned=frame, metrics=metrics)

    def _measure(self, pcm: Pcm, *, speech_probability: float | None, learns: bool) -> FrameMetrics:
        samples = without_mean(to_samples(pcm))
        level_dbfs = energy_dbfs(samples)
        if learns:
            self._noise_floor.update(level_dbfs, speech_probability=speech_probability)
        floor_dbfs = self._noise_floor.dbfs
        return FrameMetrics(
            energy_dbfs=level_dbfs,
            noise_floor_dbfs=floor_dbfs,
            snr_db=snr_db(level_dbfs, floor_dbfs),
            spectral_flatness=spectral_flatness(samples),
            clipping_percent=clipping_percent(pcm),
        )

    def snapshot(self) -> dict[str, object]:
        """All that was learned, as JSON can hold it."""
        return {"noise_floor": self._noise_floor.snapshot()}

    def restore(self, snapshot: Mapping[str, object]) -> None:
        """Go on exactly where the snapshot was taken."""
        noise_floor = snapshot["noise_floor"]
        if not isinstance(noise_floor, Mapping):
            raise TypeError("a conditioner's snapshot has a noise floor")
        self._noise_floor = NoiseFloor.restored(noise_floor)


def _as_pcm(frame: bytes | Pcm) -> Pcm:
    if isinstance(frame, bytes):
        return np.frombuffer(require_frame(frame), dtype=np.int16)
    if not isinstance(frame, np.ndarray) or frame.dtype != np.int16 or frame.shape != (SAMPLES_PER_FRAME,):
        what = f"{frame.dtype}{frame.shape}" if isinstance(frame, np.ndarray) else type(frame).__name__
        raise ValueError(f"a frame is {SAMPLES_PER_FRAME} samples of int16, not {what}")
    return frame
