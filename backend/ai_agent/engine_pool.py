"""Who may use an engine now? Threads of its own for each engine, a short queue, and a limit to the waiting.

    caller (event loop)          queue (bounded)              thread of the engine
    run(work) ───────────────>   |work|work|   ───────────>   work(stop)   stop() is true: nobody waits any more
              <──────────────────────────── result or ProviderError

The event loop's default executor is never used, so that one slow engine holds up nothing else.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from ai_agent.providers import CancelToken, ProviderError

T = TypeVar("T")

StopCheck = Callable[[], bool]
"""True when the result is not wanted any more: the work should end early, with any result."""


class EnginePool:
    """The threads of one engine. Safe to use from several event loops."""

    def __init__(self, name: str, *, threads: int = 1, max_waiting: int = 4, wait_seconds: float = 5.0) -> None:
        self.name = name
        self._wait_seconds = wait_seconds
        self._places = threading.BoundedSemaphore(threads + max_waiting)
        self._executor = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=f"engine-{name}")

    async def run(self, work: Callable[[StopCheck], T], *, cancel: CancelToken, waits: bool = True) -> T:
        """The result of `work(stop)`, done in a thread of the engine.

        `waits=False` grants as long as it takes to begin (loading at start).

        Raises:
            ProviderError: the queue is full, the work did not begin in time, or it failed.
        """
        abandoned = threading.Event()
        future = self._submit(lambda: work(lambda: abandoned.is_set() or cancel.is_cancelled))
        outcome = asyncio.wrap_future(future)
        try:
            await asyncio.wait({outcome}, timeout=self._wait_seconds if waits else None)
            if not outcome.done() and future.cancel():
                raise ProviderError(self.name, f"busy: did not begin within {self._wait_seconds} s", retryable=True)
            return await outcome
        finally:
            abandoned.set()
            outcome.cancel()

    async def stream(
        self, work: Callable[[Callable[[T], None], StopCheck], None], *, cancel: CancelToken
    ) -> AsyncGenerator[T, None]:
        """What `work(emit, stop)` emits, as it comes. Errors as in `run`."""
        loop = asyncio.get_running_loop()
        items: asyncio.Queue[tuple[T] | None] = asyncio.Queue()

        def emit(item: T) -> None:
            loop.call_soon_threadsafe(items.put_nowait, (item,))

        running = loop.create_task(self.run(lambda stop: work(emit, stop), cancel=cancel))
        running.add_done_callback(lambda _: items.put_nowait(None))
        try:
            while (boxed := await items.get()) is not None:
                yield boxed[0]
            await running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        if not self._places.acquire(blocking=False):
            raise ProviderError(self.name, "busy: too many are waiting", retryable=True)
        try:
            future = self._executor.submit(self._guarded, work)
        except RuntimeError as error:
            self._places.release()
            raise ProviderError(self.name, "closed", retryable=False) from error
        future.add_done_callback(lambda _: self._places.release())
        return future

    def _guarded(self, work: Callable[[], T]) -> T:
        """Whatever an engine raises leaves as a ProviderError."""
        try:
            return work()
        except ProviderError:
            raise
        except Exception as error:
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise ProviderError(self.name, reason, retryable=False) from error

    def close(self) -> None:
        """Take no more work. What runs is not waited for."""
        self._executor.shutdown(wait=False, cancel_futures=True)
