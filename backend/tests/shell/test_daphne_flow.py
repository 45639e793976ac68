"""What becomes of an answer whose reader hangs up? Its last part ends quietly."""

from __future__ import annotations

from typing import Any

import pytest
from daphne.http_protocol import WebRequest
from daphne.server import Server

from config.daphne_flow import wait_for_slow_readers


class Channel:
    """A connection with room for everything."""

    def __init__(self) -> None:
        self.producers: list[Any] = []

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        self.producers.append(producer)

    def unregisterProducer(self) -> None:
        self.producers.pop()


@pytest.fixture
def request_(monkeypatch: pytest.MonkeyPatch) -> WebRequest:
    async def handle_reply(self: Server, protocol: WebRequest, message: dict[str, Any]) -> None:
        """As Daphne's own, which writes nothing to a connection that is gone."""

    monkeypatch.setattr(Server, "handle_reply", handle_reply)
    wait_for_slow_readers()
    request = WebRequest.__new__(WebRequest)
    request.channel, request.producer = Channel(), None
    return request


async def send(request: WebRequest, *, more: bool) -> None:
    server = Server.__new__(Server)
    await server.handle_reply(request, {"type": "http.response.body", "body": b"", "more_body": more})


async def test_an_answer_in_parts_leaves_no_producer_behind(request_: WebRequest) -> None:
    await send(request_, more=True)
    channel = request_.channel
    assert len(channel.producers) == 1
    await send(request_, more=False)
    assert channel.producers == []


async def test_the_last_part_of_an_answer_whose_reader_hung_up_is_no_error(request_: WebRequest) -> None:
    await send(request_, more=True)
    request_.channel = None
    await send(request_, more=False)
