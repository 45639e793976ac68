"""A caller for tests: a signed-in person, a room, a socket through the whole stack, and real media on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client

from ai_agent.models import Room
from ai_agent.routing import websocket_urlpatterns
from ai_personas.models import Persona
from bench.calls.caller import FRAME, LOUD_DBFS, Caller, Ear, load_speech
from config.origins import ExactOrigins

ORIGIN = "http://localhost:3000"
TIMEOUT_SECONDS = 30.0

application = ExactOrigins(AuthMiddlewareStack(URLRouter(websocket_urlpatterns)), [ORIGIN])


@dataclass(frozen=True)
class Guest:
    """Somebody who is signed in, and their room."""

    user_id: int
    cookie: str
    room_id: str


@database_sync_to_async
def guest(name: str, *, persona: str = "helpful-assistant", **preferences: Any) -> Guest:
    """Make a person with these preferences, sign them in, give them a room."""
    if not Persona.objects.filter(slug=persona).exists():
        call_command("load_presets", verbosity=0)
    user = get_user_model().objects.create_user(name, password="a long password", **preferences)
    client = Client()
    client.force_login(user)
    room = Room.objects.create(owner=user, persona=Persona.objects.get(slug=persona))
    return Guest(user.pk, client.cookies["sessionid"].value, str(room.id))


class Door:
    """One socket, with the manners of a browser's: `send` an object, wait `until` a message comes."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self._communicator = communicator
        self.messages: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any] | str) -> None:
        text = message if isinstance(message, str) else json.dumps(message)
        await self._communicator.send_to(text_data=text)

    async def receive(self, timeout_seconds: float = TIMEOUT_SECONDS) -> dict[str, Any]:
        """The next message, or `{"type": "close", "code": …}`."""
        output = await self._communicator.receive_output(timeout_seconds)
        if output["type"] == "websocket.close":
            return {"type": "close", "code": output.get("code")}
        message: dict[str, Any] = json.loads(output["text"])
        self.messages.append(message)
        return message

    async def until(self, kind: str, timeout_seconds: float = TIMEOUT_SECONDS, **fields: Any) -> dict[str, Any]:
        """Read on until a message of this kind with these fields comes."""
        async with asyncio.timeout(timeout_seconds):
            while True:
                message = await self.receive(timeout_seconds)
                if message["type"] == kind and all(message.get(name) == value for name, value in fields.items()):
                    return message
                if message["type"] == "close" and kind != "close":
                    raise AssertionError(f"closed with {message['code']} while waiting for {kind}: {self.messages}")

    def __aiter__(self) -> AsyncIterator[str]:
        return self._texts()

    async def _texts(self) -> AsyncIterator[str]:
        while True:
            message = await self.receive(3600)
            if message["type"] == "close":
                return
            yield json.dumps(message)


@contextlib.asynccontextmanager
async def door_of(guest: Guest, *, path: str = "", cookie: str | None = None) -> AsyncIterator[Door]:
    """Open the room's socket with the guest's cookie; `cookie` may be another's, or empty."""
    value = guest.cookie if cookie is None else cookie
    headers = [(b"origin", ORIGIN.encode()), *([(b"cookie", f"sessionid={value}".encode())] if value else [])]
    communicator = WebsocketCommunicator(application, path or f"/ws/signaling/{guest.room_id}/", headers=headers)
    connected, code = await communicator.connect(TIMEOUT_SECONDS)
    assert connected, code
    try:
        yield Door(communicator)
    finally:
        await communicator.disconnect(timeout=TIMEOUT_SECONDS)


class ListeningEar(Ear):
    """Keeps the level of each frame that came, by its number in the agent's track: the first packet is frame 0."""

    def __init__(self) -> None:
        super().__init__()
        self.levels_dbfs: dict[int, float] = {}
        self._first_timestamp: int | None = None
        self._number = 0

    async def take(self, packet: Any, arrival_time_ms: int) -> None:
        if self._first_timestamp is None:
            self._first_timestamp = packet.timestamp
        self._number = round(((packet.timestamp - self._first_timestamp) % 2**32) / FRAME)
        await super().take(packet, arrival_time_ms)

    def _level_dbfs(self, payload: bytes) -> float:
        level_dbfs = super()._level_dbfs(payload)
        self.levels_dbfs[self._number] = level_dbfs
        return level_dbfs

    def loud_frames(self, start: int, stop: int) -> list[int]:
        """Which of these frames could be heard."""
        return [number for number in range(start, stop) if self.levels_dbfs.get(number, -120.0) > LOUD_DBFS]


@contextlib.asynccontextmanager
async def calling(
    door: Door, *, ear: Ear | None = None, hears_greeting: bool = False, **options: Any
) -> AsyncIterator[Caller]:
    """Media over this door. From here on the caller reads the door; its messages are in `caller.result.messages`."""
    caller = Caller(door, **options)
    caller.ear = ear or caller.ear
    await caller.connect(hears_greeting=hears_greeting)
    try:
        yield caller
    finally:
        await caller.close()


async def seen(caller: Caller, kind: str, timeout_seconds: float = TIMEOUT_SECONDS, **fields: Any) -> dict[str, Any]:
    """Wait until the caller has read a message of this kind with these fields."""
    async with asyncio.timeout(timeout_seconds):
        while True:
            for message in caller.result.messages:
                if message["type"] == kind and all(message.get(name) == value for name, value in fields.items()):
                    return message
            await caller.next_message()


__all__ = ["Door", "Guest", "ListeningEar", "calling", "door_of", "guest", "load_speech", "seen"]
