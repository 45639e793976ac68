"""When is it time, by a call's clock? For its engine, which names one moment at a time, and for whoever waits.

The clock stands still while the line is down, so nobody is woken then: who waits looks again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from ai_agent.call_clock import CallClock

SHORTEST_WAIT_SECONDS: Final = 0.1
"""While the call's clock stands still, it is looked at no more often."""


class CallTimer:
    """One alarm, set anew after every fact. Construct on the event loop."""

    def __init__(self, clock: CallClock, *, on_due: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._clock = clock
        self._on_due = on_due
        self._due: float | None = None
        self._alarm: asyncio.TimerHandle | None = None

    @property
    def is_set(self) -> bool:
        return self._due is not None

    def set(self, due: float | None) -> None:
        """Call `on_due` at this time of the call and at no other; None, or a clock that stands still: not at all."""
        if not self._clock.is_running:
            due = None
        if due == self._due:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._due, self._alarm = due, None
        if due is not None:
            self._alarm = self._loop.call_later(max(0.0, due - self._clock.now()), self._ring)

    def _ring(self) -> None:
        self._due = None
        self._on_due()

    async def until(self, at: float) -> None:
        """Wait for this time on the call's clock, which may stand still in between."""
        left = at - self._clock.now()
        while left > 0:
            await asyncio.sleep(max(left, SHORTEST_WAIT_SECONDS))
            left = at - self._clock.now()
