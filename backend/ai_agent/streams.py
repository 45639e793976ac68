"""How does a stream of tokens or sound keep its time? Waits with an end, one second try, and reading ahead.

Here is the border to the providers: whatever one raises leaves as ProviderError.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from pathlib import Path
from traceback import extract_tb
from typing import Final, TypeVar

from ai_agent.log_markers import FAILURE
from ai_agent.providers import CancelToken, ProviderError

log = logging.getLogger(__name__)

T = TypeVar("T")

CLOSE_SECONDS: Final = 1.0
"""How long a stream that is left may take to close."""


@contextmanager
def provider_errors_only(provider: str) -> Iterator[None]:
    """Whatever is raised inside leaves as ProviderError; a cancellation stays one, unless it is the provider's own.

    A foreign error's words may hold a key or what was said: its kind and its place are told, the words are not.
    """
    try:
        yield
    except ProviderError:
        raise
    except asyncio.CancelledError as error:
        if _is_cancelled_from_outside():
            raise
        raise ProviderError(provider, "gave up", retryable=True) from error
    except Exception as error:
        place, kind = extract_tb(error.__traceback__)[-1], type(error).__name__
        log.warning("%s %s: %s in %s:%s", FAILURE, provider, kind, Path(place.filename).name, place.lineno)
        raise ProviderError(provider, f"failed ({kind})", retryable=True) from error


def _is_cancelled_from_outside() -> bool:
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


async def timed(
    begin: Callable[[], AsyncIterator[T]],
    *,
    of: type[T],
    first_seconds: float,
    next_seconds: float,
    provider: str,
    what: str,
) -> AsyncGenerator[T, None]:
    """The items of `begin()`, with an end to every wait: to the first one, and between two.

    Raises:
        ProviderError: an item did not come in time or is not `of` this kind, or the provider failed.
    """
    limit = first_seconds
    with provider_errors_only(provider):
        stream = begin()
    try:
        while (boxed := await _next(stream, limit, provider, what)) is not None:
            if not isinstance(boxed[0], of):
                raise ProviderError(provider, f"gave something that is no {what}", retryable=True)
            yield boxed[0]
            limit = next_seconds
    finally:
        await _close(stream, provider)


async def _next(stream: AsyncIterator[T], seconds: float, provider: str, what: str) -> tuple[T] | None:
    """The next item, boxed; None at the end."""
    with provider_errors_only(provider):
        try:
            async with asyncio.timeout(seconds) as wait:
                return (await anext(stream),)
        except StopAsyncIteration:
            return None
        except TimeoutError:
            if not wait.expired():
                raise
            raise ProviderError(provider, f"no {what} within {seconds:.1f} s", retryable=True) from None


async def _close(stream: object, provider: str) -> None:
    """Let the stream go. An iterator need not know how to close; one that fails at it has been read already."""
    close = getattr(stream, "aclose", None)
    if close is None:
        return
    with suppress(ProviderError), provider_errors_only(provider):
        async with asyncio.timeout(CLOSE_SECONDS):
            await close()


async def tried_twice(
    attempt: Callable[[float], AsyncGenerator[T, None]],
    *,
    seconds: float,
    is_result: Callable[[T], bool],
    cancel: CancelToken,
) -> AsyncGenerator[T, None]:
    """The items of `attempt(seconds left)`; begun again once if it failed before its first result and time allows."""
    deadline = asyncio.get_running_loop().time() + seconds
    has_result = False
    try:
        async with aclosing(attempt(seconds)) as items:
            async for item in items:
                has_result = has_result or is_result(item)
                yield item
        return
    except ProviderError as error:
        if has_result:
            raise
        await wait_before_retry(error, deadline, cancel)
    async with aclosing(attempt(deadline - asyncio.get_running_loop().time())) as items:
        async for item in items:
            yield item


async def wait_before_retry(error: ProviderError, deadline: float, cancel: CancelToken) -> None:
    """Return when a second attempt may be made; raise `error` where it makes no sense, or nobody waits for it.

    `deadline` is on the running loop's clock.
    """
    wait_seconds = error.retry_after or 0.0
    if not error.retryable or asyncio.get_running_loop().time() + wait_seconds >= deadline:
        raise error
    if not cancel.is_cancelled:
        await asyncio.sleep(wait_seconds)
    if cancel.is_cancelled:
        raise error


async def read_ahead(stream: AsyncGenerator[T, None], *, on_late: Callable[[], None]) -> AsyncGenerator[T, None]:
    """The items of `stream`, which goes on while the reader is busy with the last one.

    `on_late`: the reader had left, and the stream was asked to end, when it gave something all the same.
    """
    items: asyncio.Queue[tuple[T] | None] = asyncio.Queue()
    has_reader = True

    async def pump() -> None:
        try:
            async with aclosing(stream):
                async for item in stream:
                    if not has_reader:
                        on_late()
                        return
                    items.put_nowait((item,))
        finally:
            items.put_nowait(None)

    pumping = asyncio.create_task(pump())
    try:
        while (boxed := await items.get()) is not None:
            yield boxed[0]
        await pumping
    finally:
        has_reader = False
        pumping.cancel()
        await asyncio.gather(pumping, return_exceptions=True)
