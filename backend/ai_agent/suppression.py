"""Who takes the room's noise away? Step 4 as the conditioner sees it, whoever does it, and the one who does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ai_agent.levels import Samples


class Suppression(Protocol):
    """Step 4, whoever does it. Samples are float32 in steps of int16."""

    @property
    def latency_samples(self) -> int:
        """How much later sound leaves."""

    @property
    def speech_probability(self) -> float | None:
        """Of the last frame, between 0 and 1; None where it makes no estimate."""

    def process(
        self,
        samples: Samples,
        *,
        speech_probability: float | None = None,
        learns: bool = True,
        is_aside: bool = False,
    ) -> Samples: ...
    def reset(self) -> None: ...
    def settle(self) -> None:
        """Forget the sound on the way, and keep what was learned."""

    @property
    def power(self) -> Samples | None:
        """The noise of the room, as `NoiseProfile` keeps it."""

    def know(self, power: Samples) -> None:
        """Go on with the noise of a room that was learned before."""

    state: Mapping[str, object]


class NoSuppression:
    """Step 4, switched off."""

    latency_samples = 0
    speech_probability: float | None = None
    power: Samples | None = None

    def __init__(self) -> None:
        self.state: Mapping[str, object] = {}

    def process(
        self,
        samples: Samples,
        *,
        speech_probability: float | None = None,
        learns: bool = True,
        is_aside: bool = False,
    ) -> Samples:
        return samples

    def reset(self) -> None:
        """It remembers nothing."""

    def settle(self) -> None:
        """It has nothing on the way."""

    def know(self, power: Samples) -> None:
        """It takes nothing away."""
