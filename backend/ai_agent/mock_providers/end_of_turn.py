"""A listener to whom everything sounds equally finished."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from ai_agent.mock_providers.faults import LATE_SECONDS, Fault, FaultScript
from ai_agent.providers import CancelToken

FINISHED = 0.99


class MockEndOfTurnModel:
    """Answers `probability` for any sound after `delay_ms`; no sound at all is 0."""

    name = "mock"

    def __init__(
        self,
        *,
        delay_ms: float = 0,
        probability: float = FINISHED,
        faults: Iterable[Fault] = (),
        late_seconds: float = LATE_SECONDS,
    ) -> None:
        self._delay_ms = delay_ms
        self._probability = probability
        self._script = FaultScript(faults, late_seconds=late_seconds)
        self.calls: list[int] = []
        """The length in bytes of each sound it was given, in order."""

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def predict(self, audio: bytes, *, cancel: CancelToken) -> float:
        self.calls.append(len(audio))
        await asyncio.sleep(self._delay_ms / 1000)
        fault = self._script.next_fault()
        await self._script.suffer(fault, self.name)
        if cancel.is_cancelled or not audio or fault == "empty":
            return 0.0
        return float("nan") if fault == "garbage" else self._probability

    async def close(self) -> None:
        """Nothing to let go."""
