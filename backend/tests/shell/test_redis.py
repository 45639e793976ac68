"""With Redis between processes: a quiet call is not dropped, and what one process is told another knows."""

from __future__ import annotations

import asyncio

import pytest
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache

from config.lifecycle import refuse_without_redis

pytestmark = pytest.mark.redis

QUIET_SECONDS = 12.0
"""Longer than the 5 s after which a client library's own time-out would end a consumer's read, twice over."""


async def test_a_consumer_that_hears_nothing_for_twelve_seconds_still_hears_the_next_message() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    waiting = asyncio.ensure_future(layer.receive(channel))
    done, _ = await asyncio.wait({waiting}, timeout=QUIET_SECONDS)
    assert not done, "the read must neither end nor fail while nothing is said"
    await layer.send(channel, {"type": "call.taken_over", "epoch": 2})
    assert await asyncio.wait_for(waiting, 5) == {"type": "call.taken_over", "epoch": 2}


async def test_a_group_reaches_every_socket_of_a_room() -> None:
    layer = get_channel_layer()
    first, second = await layer.new_channel(), await layer.new_channel()
    for channel in (first, second):
        await layer.group_add("room.1", channel)
    await layer.group_send("room.1", {"type": "call.taken_over"})
    heard = [await asyncio.wait_for(layer.receive(channel), 5) for channel in (first, second)]
    assert heard == [{"type": "call.taken_over"}] * 2


def test_a_redis_that_answers_lets_the_server_start() -> None:
    refuse_without_redis(settings.REDIS_URL)


def test_a_ticket_that_was_used_in_one_process_is_used_in_all() -> None:
    assert "redis" in settings.CACHES["default"]["BACKEND"]
    assert cache.add("ticket:once", True)
    assert not cache.add("ticket:once", True)
