"""How long does each callback hold the event loop? Thread CPU time of all of them, written to a file once a second.

On a virtual machine that shares its processors, what the neighbours take is in thread CPU time too: read our figure
beside the reference's, from the same run.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import threading
import time
from pathlib import Path

WARM_UP_SECONDS = 10.0
"""Callbacks before this are the start, not the calls."""


def meter_loop() -> None:
    """From now on, write what callbacks cost to the file that LOOP_REPORT names; nothing without one."""
    if "LOOP_REPORT" in os.environ:
        LoopMeter(Path(os.environ["LOOP_REPORT"])).install()


class LoopMeter:
    """Thread CPU time of every callback on the event loop, in milliseconds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._started = time.monotonic()
        self._over_5_ms: list[tuple[float, str]] = []
        self._slowest = 0.0
        self._count = 0
        self._collected_ms = 0.0
        self._collecting_since = 0.0

    def install(self) -> None:
        """Wrap the one function that runs a callback."""
        run = asyncio.Handle._run
        meter = self

        def measured(handle: asyncio.Handle) -> None:
            meter._collected_ms = 0.0
            began = time.thread_time()
            run(handle)
            meter.note((time.thread_time() - began) * 1000, handle)

        asyncio.Handle._run = measured  # type: ignore[method-assign]
        gc.callbacks.append(self._on_collection)
        threading.Thread(target=self._write_for_ever, daemon=True).start()

    def _on_collection(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._collecting_since = time.thread_time()
        else:
            self._collected_ms += (time.thread_time() - self._collecting_since) * 1000

    def note(self, cost_ms: float, handle: asyncio.Handle) -> None:
        if time.monotonic() - self._started < WARM_UP_SECONDS:
            return
        self._count += 1
        self._slowest = max(self._slowest, cost_ms)
        if cost_ms > 5.0:
            self._over_5_ms.append(
                (round(cost_ms, 2), f"{_name(handle)}, of it {self._collected_ms:.1f} ms garbage collection")
            )

    def _write_for_ever(self) -> None:
        while True:
            time.sleep(1)
            report = {"callbacks": self._count, "slowest_ms": self._slowest, "over_5_ms": self._over_5_ms[-500:]}
            part = self._path.with_suffix(".part")
            part.write_text(json.dumps(report))
            part.replace(self._path)  # whoever reads finds all of it


def _name(handle: asyncio.Handle) -> str:
    """The coroutine that is waking up, else the callback."""
    task = getattr(handle._callback, "__self__", None)
    return repr(task.get_coro())[:120] if isinstance(task, asyncio.Task) else repr(handle._callback)[:120]
