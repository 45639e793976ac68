"""How can a provider fail? The five ways that a stand-in can play, one a call, so that tests can ask for each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Literal

from ai_agent.providers import ProviderError

Fault = Literal["hang", "error", "empty", "late", "garbage"]

LATE_SECONDS = 3600.0
"""An answer that comes after every deadline of a call."""


class FaultScript:
    """The faults still to be played. Once they are used up the stand-in works.

    >>> script = FaultScript(["error"])
    >>> script.next_fault(), script.next_fault()
    ('error', None)
    """

    def __init__(self, faults: Iterable[Fault] = (), *, late_seconds: float = LATE_SECONDS) -> None:
        self._faults: Iterator[Fault] = iter(faults)
        self._late_seconds = late_seconds

    def next_fault(self) -> Fault | None:
        return next(self._faults, None)

    async def suffer(self, fault: Fault | None, provider: str) -> None:
        """Play the faults that come before any result: never answer, answer too late, or raise."""
        if fault == "hang":
            await asyncio.Event().wait()
        elif fault == "late":
            await asyncio.sleep(self._late_seconds)
        elif fault == "error":
            raise ProviderError(provider, "the stand-in was told to fail", retryable=True)
