"""How does a stream of tokens or sound keep its time? Waits with an end, one second try, and reading ahead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import TypeVar

from ai_agent.providers import ProviderError

T = TypeVar("T")


async def timed(
    stream: AsyncIterator[T], *, first_seconds: float, next_seconds: float, provider: str, what: str
) -> AsyncGenerator[T, None]:
    """`stream`, with an end to every wait: to the first item, and between two.

    Raises:
        ProviderError: an item did not come in time. The stream is closed.
    """
    limit = first_seconds
    async with aclosing(stream):  # type: ignore[type-var]
        while True:
            try:
                async with asyncio.timeout(limit):
                    item = await anext(stream)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise ProviderError(provider, f"no {what} within {limit:.1f} s", retryable=True) from None
            yield item
            limit = next_seconds


async def tried_twice(
    attempt: Callable[[float], AsyncGenerator[T, None]], *, seconds: float, is_result: Callable[[T], bool]
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
        await wait_before_retry(error, deadline)
    async with aclosing(attempt(deadline - asyncio.get_running_loop().time())) as items:
        async for item in items:
            yield item


async def wait_before_retry(error: ProviderError, deadline: float) -> None:
    """Return when a second attempt may be made; raise `error` where it makes no sense or comes too late.

    `deadline` is on the running loop's clock.
    """
    wait_seconds = error.retry_after or 0.0
    if not error.retryable or asyncio.get_running_loop().time() + wait_seconds >= deadline:
        raise error
    await asyncio.sleep(wait_seconds)


async def read_ahead(stream: AsyncGenerator[T, None]) -> AsyncGenerator[T, None]:
    """The items of `stream`, which goes on while the reader is busy with the last one."""
    items: asyncio.Queue[tuple[T] | None] = asyncio.Queue()

    async def pump() -> None:
        try:
            async with aclosing(stream):
                async for item in stream:
                    items.put_nowait((item,))
        finally:
            items.put_nowait(None)

    pumping = asyncio.create_task(pump())
    try:
        while (boxed := await items.get()) is not None:
            yield boxed[0]
        await pumping
    finally:
        pumping.cancel()
        await asyncio.gather(pumping, return_exceptions=True)
