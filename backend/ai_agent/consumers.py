"""Who is at the door? `/ws/signaling/{room_id}/`: who may, how much, how often; then every message goes to the session.

connect ─▶ whose room? a line free? ─▶ ready        (nobody is replaced yet)
offer   ─▶ whose room, still?       ─▶ the call is this socket's; an older one is closed with 4409
"""

from __future__ import annotations

import logging
import time
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from accounts.client_address import address_of_scope
from accounts.tickets import redeem_ticket
from ai_agent import call_store, live_calls, log_markers, signaling
from ai_agent.call_session import CallSession, Socket
from ai_agent.process import THIS_PROCESS
from ai_agent.rate_limits import TokenBucket

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 20.0
"""What a caller is told to wait when every line is busy."""


class CallConsumer(AsyncWebsocketConsumer):
    """One socket. It is accepted first, so that the browser learns the reason of a close."""

    user_id: int
    room_id: str
    session: CallSession | None = None
    media_settings: signaling.MediaSettings | None = None
    has_slot = False
    is_ready = False

    async def connect(self) -> None:
        await self.accept()
        self.room_id = str(self.scope["url_route"]["kwargs"]["room_id"])
        self.messages = TokenBucket(rate=settings.MESSAGES_PER_SECOND, burst=2 * settings.MESSAGES_PER_SECOND)
        user_id = await self._find_caller()
        if user_id is None:
            await self.close(signaling.CLOSE_NOT_SIGNED_IN)
            return
        self.user_id = user_id
        await self._guarded(self._welcome)

    async def _find_caller(self) -> int | None:
        """Who is it? By session cookie, or by a ticket for this room."""
        user = self.scope["user"]
        if user.is_authenticated:
            return int(user.pk)
        tickets = parse_qs(self.scope["query_string"].decode("latin1")).get("ticket", [])
        return await redeem_ticket(tickets[0], self.room_id) if len(tickets) == 1 else None

    async def _welcome(self) -> None:
        await call_store.find_room(self.room_id, self.user_id)
        self.room_id = str(UUID(self.room_id))
        if not THIS_PROCESS.take_slot(replaces=live_calls.holds(self.room_id)):
            raise call_store.AtCapacity(THIS_PROCESS.detail)
        self.has_slot = True
        ready = await live_calls.prepare(self.room_id, self.user_id)
        for group in self._groups:
            await self.channel_layer.group_add(group, self.channel_name)
        self.is_ready = True
        await self._send(ready)

    async def _guarded(self, step: Any) -> None:
        """Do a step of the door; whatever refuses it becomes a close code that the page can put in words."""
        try:
            await step()
        except call_store.RoomNotFound:
            await self.close(signaling.CLOSE_NO_SUCH_ROOM)
        except call_store.AtCapacity as full:
            await self._refuse_full(str(full))
        except Exception:
            logger.exception("%s room %s: the call could not be opened", log_markers.FAILURE, self.room_id)
            await self.close(signaling.CLOSE_INTERNAL)

    async def _refuse_full(self, message: str) -> None:
        self._give_slot_back()
        await self._send(
            signaling.ErrorMessage(
                code="at_capacity", message=message, recoverable=True, retry_after=RETRY_AFTER_SECONDS
            )
        )
        await self.close(signaling.CLOSE_AT_CAPACITY)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.is_ready:
            return
        if not self.messages.take(time.monotonic()):
            await self._error("too_many_messages", "Too many messages. Slow down.")
            return
        if text_data is None:
            await self._error("not_text", "A message is text: one JSON object.")
            return
        try:
            message = signaling.parse_client_message(text_data)
        except signaling.MessageRefused as refusal:
            await self._error(refusal.code, str(refusal))
            return
        await self._take(message)

    async def _take(self, message: signaling.ClientMessage) -> None:
        match message:
            case signaling.Ping():
                at_ms = self.session.now_ms() if self.session else 0.0
                await self._send(signaling.Pong(at=message.at, server_at_ms=at_ms))
            case signaling.MediaSettings():
                self.media_settings = message
                if self.session is not None:
                    self.session.take(message)
            case signaling.Offer():
                await self._take_offer(message)
            case _ if self.session is None:
                await self._error("no_offer_yet", "The call begins with an offer.")
            case _:
                self.session.take(message)

    async def _take_offer(self, offer: signaling.Offer) -> None:
        """Whose room is it, now? The first offer takes the call; a later one replaces its media."""
        if not live_calls.may_offer(f"{self.user_id} {address_of_scope(self.scope)}"):
            await self._error("too_many_offers", "Too many offers. Wait a moment.")
            return
        await self._guarded(self._take_call)
        if self.session is not None:
            self.session.take(offer)

    async def _take_call(self) -> None:
        if self.session is not None:
            await call_store.find_room(self.room_id, self.user_id)
            return
        socket = Socket(send=self._send_text, close=self.close)
        self.session = await live_calls.open_session(self.room_id, self.user_id, socket)
        if self.media_settings is not None:
            self.session.take(self.media_settings)

    async def disconnect(self, code: int) -> None:
        """The socket is gone. The session writes its state and ends in a task that outlives this consumer."""
        if self.session is not None:
            self.session.end("lost", "socket_lost")
        self._give_slot_back()
        if self.is_ready:
            for group in self._groups:
                await self.channel_layer.group_discard(group, self.channel_name)

    @property
    def _groups(self) -> tuple[str, str]:
        return live_calls.room_group(self.room_id), live_calls.PROCESS_GROUP

    async def call_taken_over(self, event: dict[str, Any]) -> None:
        """Another socket of the same owner holds the room's call now, here or in another process."""
        if self.session is not None and event["epoch"] > self.session.opened.epoch:
            self.session.end("taken_over", "taken_over")

    async def process_ending(self, event: dict[str, Any]) -> None:
        """The process is ending; a socket with a call is closed by its session, one without, here."""
        if self.session is None:
            await self.close(signaling.CLOSE_RESTARTING)

    async def _error(self, code: str, message: str) -> None:
        await self._send(signaling.ErrorMessage(code=code, message=message, recoverable=True))

    async def _send(self, message: signaling.Message) -> None:
        await self._send_text(signaling.encode(message))

    async def _send_text(self, text: str) -> None:
        await self.send(text_data=text)

    def _give_slot_back(self) -> None:
        if self.has_slot:
            self.has_slot = False
            THIS_PROCESS.give_slot_back()
