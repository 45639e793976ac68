"""The end of a session: the first reason counts, and tells the socket how to close."""

from __future__ import annotations

import asyncio
import doctest

import pytest

from ai_agent import call_ending
from ai_agent.call_ending import CLOSE_CODES, CallEnding, Ending


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(call_ending).failed == 0


async def test_the_first_reason_counts() -> None:
    ending = CallEnding()
    assert not ending.has_come
    ending.set("ended", "user_ended")
    ending.set("failed", "internal_error")
    assert (ending.has_come, ending.get()) == (True, Ending("ended", "user_ended"))


async def test_who_waits_goes_on_when_it_has_come() -> None:
    ending = CallEnding()
    waiting = asyncio.create_task(ending.wait())
    await asyncio.sleep(0)
    assert not waiting.done()
    ending.set("lost", "line_lost")
    await waiting


async def test_a_task_that_fails_beside_the_wait_does_not_take_the_ending_with_it() -> None:
    ending = CallEnding()

    async def fail() -> None:
        raise ValueError

    with pytest.raises(ExceptionGroup):
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail())
            await ending.wait()
    ending.set("failed", "internal_error")
    assert ending.get() == Ending("failed", "internal_error")


async def test_before_it_has_come_there_is_none() -> None:
    with pytest.raises(asyncio.InvalidStateError):
        CallEnding().get()


def test_a_browser_that_should_dial_again_can_tell_by_the_code() -> None:
    assert CLOSE_CODES == {"ended": 1000, "lost": 1000, "taken_over": 4409, "restarting": 1012, "failed": 4500}
