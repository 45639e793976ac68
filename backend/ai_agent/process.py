"""Does this process take a call now? Its name, its slots, whether it is warm, whether it is ending."""

from __future__ import annotations

import asyncio
import os
import socket
import time
import uuid
from collections.abc import Callable
from enum import StrEnum
from typing import Final

CALLS_ON_A_REFERENCE_CORE: Final = 8
"""Calls that one 2.5 GHz x86-64 core drives with room to spare; one event loop uses one core."""
REFERENCE_PROBE_SECONDS: Final = 0.007
"""CPU seconds that `_probe` takes on that core."""
MAX_MEASURED_SLOTS: Final = 64


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
    """One running server: how many calls it has and takes. The socket is the slot: it lives as long as its call.

    All but the end of the warm-up happens on the event loop.
    """

    def __init__(self, *, slots: int = 1) -> None:
        self.name: Final = f"{socket.gethostname()[:80]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self.slots = slots
        self._calls = 0
        self._is_draining = False
        self._is_warm = False
        self._misconfigured: str | None = None
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def calls(self) -> int:
        """Sockets that hold a slot."""
        return self._calls

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
        return Readiness.FULL if self._calls >= self.slots else Readiness.OK

    @property
    def detail(self) -> str:
        """The readiness in words for a person."""
        return self._misconfigured or _WORDS[self.readiness]

    def take_slot(self, *, replaces: bool = False) -> bool:
        """Take a slot for a socket, if there is one.

        `replaces`: the room's older socket is held here and will give its slot back, so a full house is no obstacle;
        nor is a drain, for that call is one of those that may go on.
        """
        if self.readiness is not Readiness.OK and not (replaces and self._is_warm):
            return False
        self._calls += 1
        self._idle.clear()
        return True

    def give_slot_back(self) -> None:
        """The socket is gone."""
        if self._calls == 0:
            raise RuntimeError("a slot was given back that nobody held")
        self._calls -= 1
        if self._calls == 0:
            self._idle.set()

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
