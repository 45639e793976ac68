"""Does each engine serve in order, within its bounds, and stop when nobody waits?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from ai_agent.engine_pool import EnginePool, StopCheck
from ai_agent.providers import CancelToken, ProviderError

LONGEST_SECONDS = 5.0


@pytest.fixture
def pool() -> Iterator[EnginePool]:
    pool = EnginePool("engine", max_waiting=1, wait_seconds=0.05)
    yield pool
    pool.close()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Work that waits for it goes on when the test is over, whatever happened."""
    gate = threading.Event()
    yield gate
    gate.set()


def blocked(gate: threading.Event, began: threading.Event | None = None) -> Callable[[StopCheck], str]:
    def work(_: StopCheck) -> str:
        if began:
            began.set()
        gate.wait(LONGEST_SECONDS)
        return "done"

    return work


async def occupy(pool: EnginePool, gate: threading.Event) -> asyncio.Task[str]:
    """One piece of work that has begun and holds the only thread."""
    began = threading.Event()
    task = asyncio.ensure_future(pool.run(blocked(gate, began), cancel=CancelToken()))
    while not began.is_set():
        await asyncio.sleep(0)
    return task


async def test_work_is_done_in_a_thread_of_the_engine(pool: EnginePool) -> None:
    name = await pool.run(lambda _: threading.current_thread().name, cancel=CancelToken())
    assert name.startswith("engine-engine")


async def test_work_that_cannot_begin_in_time_is_refused_and_may_be_tried_again(
    pool: EnginePool, gate: threading.Event
) -> None:
    first = await occupy(pool, gate)
    with pytest.raises(ProviderError, match=r"did not begin within 0\.05 s") as caught:
        await pool.run(lambda _: "late", cancel=CancelToken())
    assert caught.value.retryable
    gate.set()
    assert await first == "done"


async def test_more_than_the_queue_holds_is_refused_at_once(pool: EnginePool, gate: threading.Event) -> None:
    first = await occupy(pool, gate)
    waiting = asyncio.ensure_future(pool.run(lambda _: "second", cancel=CancelToken(), waits=False))
    await asyncio.sleep(0)
    with pytest.raises(ProviderError, match="too many are waiting"):
        await pool.run(lambda _: "third", cancel=CancelToken())
    gate.set()
    assert [await first, await waiting] == ["done", "second"]


async def test_work_that_has_begun_may_take_longer_than_the_wait(pool: EnginePool, gate: threading.Event) -> None:
    first = await occupy(pool, gate)
    asyncio.get_running_loop().call_later(0.1, gate.set)
    assert await first == "done"


async def test_a_refused_place_is_free_again(pool: EnginePool, gate: threading.Event) -> None:
    first = await occupy(pool, gate)
    for _ in range(5):
        with pytest.raises(ProviderError, match="did not begin"):
            await pool.run(lambda _: "late", cancel=CancelToken())
    gate.set()
    await first
    assert await pool.run(lambda _: "now", cancel=CancelToken()) == "now"


async def test_work_learns_that_nobody_waits_for_it_any_more(pool: EnginePool) -> None:
    began, stopped = threading.Event(), threading.Event()

    def work(stop: StopCheck) -> None:
        began.set()
        while not stop():
            threading.Event().wait(0.001)
        stopped.set()

    task = asyncio.ensure_future(pool.run(work, cancel=CancelToken()))
    while not began.is_set():
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert stopped.wait(LONGEST_SECONDS)


async def test_work_sees_the_callers_cancel_token(pool: EnginePool) -> None:
    cancel = CancelToken()
    cancel.cancel()
    assert await pool.run(lambda stop: stop(), cancel=cancel) is True


async def test_whatever_an_engine_raises_leaves_as_a_provider_error(pool: EnginePool) -> None:
    def broken(_: StopCheck) -> None:
        raise RuntimeError("out of\nmemory")

    with pytest.raises(ProviderError, match="RuntimeError: out of memory") as caught:
        await pool.run(broken, cancel=CancelToken())
    assert isinstance(caught.value.__cause__, RuntimeError)


async def test_a_stream_gives_what_is_emitted_in_order_and_then_the_error(pool: EnginePool) -> None:
    def work(emit: Callable[[int], None], _: StopCheck) -> None:
        for number in range(3):
            emit(number)
        raise ProviderError("engine", "broke off", retryable=False)

    got: list[int] = []
    with pytest.raises(ProviderError, match="broke off"):
        async for number in pool.stream(work, cancel=CancelToken()):
            got.append(number)
    assert got == [0, 1, 2]


async def test_a_stream_that_is_left_stops_the_work(pool: EnginePool) -> None:
    stopped = threading.Event()

    def work(emit: Callable[[int], None], stop: StopCheck) -> None:
        emit(1)
        while not stop():
            threading.Event().wait(0.001)
        stopped.set()

    stream = pool.stream(work, cancel=CancelToken())
    assert await anext(stream) == 1
    await stream.aclose()
    assert stopped.wait(LONGEST_SECONDS)


async def test_a_closed_engine_takes_no_work(pool: EnginePool) -> None:
    pool.close()
    with pytest.raises(ProviderError, match="closed"):
        await pool.run(lambda _: None, cancel=CancelToken())


def test_an_engine_serves_one_event_loop_after_another(pool: EnginePool) -> None:
    assert [asyncio.run(pool.run(lambda _: 1, cancel=CancelToken())) for _ in range(2)] == [1, 1]
