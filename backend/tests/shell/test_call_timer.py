"""The call's alarm: one at a time, none while the clock stands still."""

from __future__ import annotations

import asyncio

from ai_agent.call_clock import CallClock
from ai_agent.call_timer import SHORTEST_WAIT_SECONDS, CallTimer
from tests.shell.virtual_time import run_in_virtual_time


class Bell:
    """A timer on the loop's own clock, and when it rang."""

    def __init__(self, *, base: float = 0.0) -> None:
        loop = asyncio.get_running_loop()
        self.clock = CallClock(base=base, clock=loop.time)
        self.clock.start()
        self.rang_at: list[float] = []
        self.timer = CallTimer(self.clock, on_due=lambda: self.rang_at.append(round(self.clock.now(), 6)))


def test_it_rings_at_the_calls_own_time_and_once() -> None:
    async def ring() -> None:
        bell = Bell(base=100.0)
        bell.timer.set(115.0)
        bell.timer.set(115.0)
        assert bell.timer.is_set
        await asyncio.sleep(60)
        assert (bell.rang_at, bell.timer.is_set) == ([115.0], False)

    run_in_virtual_time(ring())


def test_a_new_time_takes_the_place_of_the_old_one() -> None:
    async def ring() -> None:
        bell = Bell()
        bell.timer.set(5.0)
        bell.timer.set(20.0)
        await asyncio.sleep(10)
        bell.timer.set(12.0)
        await asyncio.sleep(60)
        assert bell.rang_at == [12.0]
        bell.timer.set(100.0)
        bell.timer.set(None)
        await asyncio.sleep(60)
        assert bell.rang_at == [12.0]

    run_in_virtual_time(ring())


def test_what_is_due_already_rings_at_once_but_not_before_the_fact_is_done() -> None:
    async def ring() -> None:
        bell = Bell(base=50.0)
        bell.timer.set(3.0)
        assert bell.rang_at == []
        await asyncio.sleep(0.01)
        assert bell.rang_at == [50.0]

    run_in_virtual_time(ring())


def test_no_deadline_passes_while_the_clock_stands_still() -> None:
    async def ring() -> None:
        bell = Bell()
        bell.timer.set(5.0)
        bell.clock.pause()
        bell.timer.set(5.0)
        assert not bell.timer.is_set
        await asyncio.sleep(60)
        assert bell.rang_at == []
        bell.clock.start()
        bell.timer.set(5.0)
        await asyncio.sleep(60)
        assert bell.rang_at == [5.0]

    run_in_virtual_time(ring())


def test_who_waits_for_a_time_of_the_call_waits_longer_where_it_stood_still() -> None:
    async def wait() -> None:
        bell, loop = Bell(), asyncio.get_running_loop()
        loop.call_later(4.0, bell.clock.pause)
        loop.call_later(34.0, bell.clock.start)
        await bell.timer.until(10.0)
        assert bell.clock.now() >= 10.0
        assert 40.0 <= loop.time() <= 40.0 + 2 * SHORTEST_WAIT_SECONDS
        await bell.timer.until(3.0)

    run_in_virtual_time(wait())
