"""How does Daphne wait for a slow reader? By itself it does not: a long answer would lie in memory until it is fetched.

What an application sends is put into the connection's buffer at once, however full that is. Twisted tells a producer
when to wait; here the application's `send` is one. `tests/shell/test_sound_answers.py` reads slowly from a real server
and fails where a new Daphne changes it.
"""

from __future__ import annotations

import asyncio
from typing import Any


class _Producer:
    """The answer to one request, as Twisted sees it: told when the connection's buffer is full, and when it is not."""

    def __init__(self) -> None:
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        self.may_go_on.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self.may_go_on.set()

    def stopProducing(self) -> None:  # noqa: N802
        """The reader is gone."""
        self.may_go_on.set()


def wait_for_slow_readers() -> None:
    """Let `send` of a part of an answer return only when there is room for the next."""
    from daphne.http_protocol import WebRequest  # noqa: PLC0415 - only where Daphne serves
    from daphne.server import Server  # noqa: PLC0415

    handle_reply = Server.handle_reply

    async def reply(self: Server, protocol: Any, message: dict[str, Any]) -> None:
        if message["type"] != "http.response.body" or not isinstance(protocol, WebRequest):
            await handle_reply(self, protocol, message)
            return
        producer = protocol.producer
        if message.get("more_body"):
            if producer is None and protocol.channel is not None:
                producer = _Producer()
                protocol.registerProducer(producer, True)
        elif producer is not None and protocol.channel is not None:  # the reader may be gone
            protocol.unregisterProducer()
        await handle_reply(self, protocol, message)
        if message.get("more_body") and isinstance(producer, _Producer):
            await producer.may_go_on.wait()

    Server.handle_reply = reply
