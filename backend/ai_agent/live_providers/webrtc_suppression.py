"""Who takes the room away, where ours is not wanted? WebRTC's suppressor (`pywebrtc-audio`, optional) in our step 4.

It is delayed until it is as late as our own, so that nothing else in the call knows which of them works.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME
from ai_agent.levels import Samples
from ai_agent.noise_suppression import OVERLAP
from ai_agent.providers import ProviderError

OWN_LATENCY_SAMPLES: Final = 334
WEBRTC_FRAME: Final = SAMPLE_RATE_HZ // 100
MEDIUM: Final = 1
"""Of its four strengths."""
PACKAGE: Final = "pywebrtc_audio"


class WebRtcSuppression:
    """One microphone's. What it has learned cannot be stored: after a resume it learns anew."""

    latency_samples = OVERLAP

    def __init__(self) -> None:
        if find_spec(PACKAGE) is None:
            line = "NOISE_SUPPRESSION=webrtc needs a package that is not installed: pip install pywebrtc-audio"
            raise ProviderError("webrtc", line, retryable=False)
        self.reset()

    def reset(self) -> None:
        self._suppressor: Any = import_module(PACKAGE).NoiseSuppressor(SAMPLE_RATE_HZ, 1, MEDIUM)
        self.speech_probability: float | None = None
        self.settle()

    def settle(self) -> None:
        self._late: Samples = np.zeros(OVERLAP - OWN_LATENCY_SAMPLES, np.float32)
        self._plain: Samples = np.zeros(OVERLAP, np.float32)

    def process(
        self,
        samples: Samples,
        *,
        speech_probability: float | None = None,
        learns: bool = True,
        is_aside: bool = False,
    ) -> Samples:
        """One frame. It is suppressed in any case, so that nothing jumps when the browser's own ends."""
        pcm = np.clip(np.rint(samples), -32_768, 32_767).astype(np.int16)
        halves = [self._suppressor.process(pcm[start : start + WEBRTC_FRAME]) for start in (0, WEBRTC_FRAME)]
        late = np.concatenate([self._late, np.concatenate(halves).astype(np.float32)])
        plain = np.concatenate([self._plain, samples.astype(np.float32, copy=False)])
        self._late, self._plain = late[SAMPLES_PER_FRAME:], plain[SAMPLES_PER_FRAME:]
        return (plain if is_aside else late)[:SAMPLES_PER_FRAME]

    @property
    def power(self) -> Samples | None:
        """Its picture of the room is its own affair."""
        return None

    def know(self, power: Samples) -> None:
        """It learns anew."""

    @property
    def state(self) -> Mapping[str, object]:
        return {"late": self._late.copy(), "plain": self._plain.copy()}

    @state.setter
    def state(self, state: Mapping[str, object]) -> None:
        self._late = np.array(state["late"], np.float32).reshape(self._late.shape)
        self._plain = np.array(state["plain"], np.float32).reshape(self._plain.shape)
