"""Does this process take a call now? Its name, its slots, whether it is warm, late, or about to end."""

from __future__ import annotations

import asyncio
import os
import socket
import time
import uuid
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from typing import Final

CALLS_ON_A_REFERENCE_CORE: Final = 8
"""Calls that one 2.5 GHz x86-64 core drives with room to spare; one event loop uses one core."""
REFERENCE_PROBE_SECONDS: Final = 0.007
"""CPU seconds that `_probe` takes on that core."""
MAX_MEASURED_SLOTS: Final = 64
RETRY_AFTER_SECONDS: Final = 20
"""What a caller is told to wait when every line is busy."""
LATE_MS: Final = 500.0
"""An event loop that is held up for longer than this is late: the sound of every call has a gap."""
LATE_MEMORY_SECONDS: Final = 5.0
"""For so long after it was late, a load balancer is asked to place calls elsewhere."""


class Readiness(StrEnum):
    """What `/api/v1/health/` says of this process."""

    OK = "ok"
    FULL = "full"
    DRAINING = "draining"
    STARTING = "starting"
    MISCONFIGURED = "misconfigured"


_WORDS: Final = {
    Readiness.OK: "Ready for calls.",
    Readiness.FULL: "All lines are busy.",
    Readiness.DRAINING: "The server is about to end and takes no new call.",
    Readiness.STARTING: "The models are still being loaded.",
    Readiness.MISCONFIGURED: "This server is not set up for calls.",
}


class ServerProcess:
    """One running server: how many calls it has and takes. An open socket is a slot; all of one room's are one.

    All but the end of the warm-up happens on the event loop.
    """

    def __init__(self, *, slots: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self.name: Final = f"{socket.gethostname()[:80]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.slots = slots
        self._clock = clock
        self._sockets: Counter[str] = Counter()
        """Room → its open sockets."""
        self._late_at: float | None = None
        self._is_draining = False
        self._is_warm = False
        self._misconfigured: str | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def calls(self) -> int:
        """Rooms that hold a slot."""
        return len(self._sockets)

    @property
    def is_draining(self) -> bool:
        return self._is_draining

    @property
    def readiness(self) -> Readiness:
        if self._is_draining:
            return Readiness.DRAINING
        if self._misconfigured is not None:
            return Readiness.MISCONFIGURED
        if not self._is_warm:
            return Readiness.STARTING
        return Readiness.FULL if self.calls >= self.slots else Readiness.OK

    @property
    def detail(self) -> str:
        """The readiness in words for a person."""
        return self._misconfigured or _WORDS[self.readiness]

    @property
    def is_late(self) -> bool:
        """The event loop was held up just now: its calls heard a gap, and another call is better placed elsewhere."""
        return self._late_at is not None and self._clock() - self._late_at < LATE_MEMORY_SECONDS

    def take_slot(self, room_id: str) -> bool:
        """Take a slot for a socket of this room, if there is one.

        A room that has its slot already needs no other: neither a full house nor a drain stands in the way of the
        browser that comes back to its call.
        """
        if room_id not in self._sockets and self.readiness is not Readiness.OK:
            return False
        self._sockets[room_id] += 1
        self._idle.clear()
        return True

    def give_slot_back(self, room_id: str) -> None:
        """A socket of this room is gone; with the last one goes the slot."""
        if room_id not in self._sockets:
            raise RuntimeError("a slot was given back that nobody held")
        self._sockets[room_id] -= 1
        if self._sockets[room_id] == 0:
            del self._sockets[room_id]
        if not self._sockets:
            self._idle.set()

    def note_lag(self, lag_ms: float) -> None:
        """The event loop came back this much later than it was asked to."""
        if lag_ms > LATE_MS:
            self._late_at = self._clock()

    def warm_up_succeeded(self) -> None:
        """Everything is loaded: calls may come."""
        self._is_warm = True

    def warm_up_failed(self, reason: str) -> None:
        """No call can be taken; `reason` is one plain line for the operator."""
        self._misconfigured = reason

    def start_draining(self) -> None:
        """No new call from now on."""
        self._is_draining = True

    async def until_idle(self, *, timeout_seconds: float) -> bool:
        """Wait for the last call to end; False where one is left after `timeout_seconds`."""
        try:
            await asyncio.wait_for(self._idle.wait(), timeout_seconds)
        except TimeoutError:
            return False
        return True


def measured_slots(*, uses_local_models: bool, probe: Callable[[], float] | None = None) -> int:
    """How many calls this machine can drive, from a tenth of a second of work at start.

    Models on this machine take their share: then no more than one call a core.

    >>> measured_slots(uses_local_models=False, probe=lambda: REFERENCE_PROBE_SECONDS)
    8
    >>> measured_slots(uses_local_models=False, probe=lambda: 10 * REFERENCE_PROBE_SECONDS)
    1
    """
    seconds = min((probe or _probe)() for _ in range(5))
    slots = int(CALLS_ON_A_REFERENCE_CORE * REFERENCE_PROBE_SECONDS / max(seconds, 1e-6))
    most = (os.cpu_count() or 1) if uses_local_models else MAX_MEASURED_SLOTS
    return max(1, min(slots, most))


def _probe() -> float:
    """CPU seconds of a fixed piece of interpreter work, as a call's loop callbacks are."""
    started = time.thread_time()
    total = 0
    for number in range(200_000):
        total += number & 0xFF
    return time.thread_time() - started


THIS_PROCESS: Final = ServerProcess()
"""The one that this interpreter is."""
