"""Who is at the door? `/ws/signaling/{room_id}/`: who may, how much, how often; then every message goes to the session.

connect ─▶ whose room? a line free? ─▶ ready        (no call is replaced yet)
offer   ─▶ signed in, whose room, still? ─▶ the call is this socket's; an older one is closed with 4409
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from accounts.client_address import address_of_scope
from accounts.sessions import person_of_session
from accounts.tickets import redeem_ticket
from ai_agent import call_store, live_calls, log_markers, signaling
from ai_agent.call_media import LaidLine
from ai_agent.call_records import OpenedCall
from ai_agent.call_refusals import (
    AtCapacity,
    InterviewOver,
    InterviewUnavailable,
    PersonaArchived,
    RoomNotFound,
)
from ai_agent.call_session import CallSession, Socket
from ai_agent.process import RETRY_AFTER_SECONDS, THIS_PROCESS, Readiness
from ai_agent.rate_limits import TokenBucket
from ai_agent.waiting_sockets import WaitingSocket

logger = logging.getLogger(__name__)


class NotSignedIn(Exception):
    """Nobody, or nobody any more."""


class Misconfigured(Exception):
    """This process cannot take a call before its operator has done something."""


class NothingHere(AsyncWebsocketConsumer):
    """A socket to an address that leads nowhere."""

    async def connect(self) -> None:
        await self.accept()
        await self.close(signaling.CLOSE_NO_SUCH_ROOM)


class CallConsumer(AsyncWebsocketConsumer):
    """One socket. It is accepted first, so that the browser learns the reason of a close."""

    user_id: int
    room_id: str
    session_key: str | None = None
    """Of the cookie that opened it; a ticket has none."""
    place: WaitingSocket | None = None
    """While it waits for its offer."""
    offer_timer: asyncio.TimerHandle | None = None
    prepared: OpenedCall | None = None
    laid_line: LaidLine | None = None
    session: CallSession | None = None
    media_settings: signaling.MediaSettings | None = None
    has_slot = False
    is_ready = False
    is_leaving = False

    # ── the way in ────────────────────────────────────────────────────────────────────────────────

    async def connect(self) -> None:
        await self.accept()
        self.room_id = str(self.scope["url_route"]["kwargs"]["room_id"])
        self.messages = TokenBucket(rate=settings.MESSAGES_PER_SECOND, burst=2 * settings.MESSAGES_PER_SECOND)
        self.early_candidates: list[signaling.IceCandidate] = []
        self.partings: set[asyncio.Task[None]] = set()
        await self._guarded(self._welcome)

    async def _welcome(self) -> None:
        self.user_id = await self._find_caller()
        await call_store.find_room(self.room_id, self.user_id)
        self.room_id = str(UUID(self.room_id))
        self._take_place()
        self.laid_line = live_calls.lay_line()
        prepared = await live_calls.prepare(self.room_id, self.user_id)
        self.prepared = prepared.call
        for group in self._groups:
            await self.channel_layer.group_add(group, self.channel_name)
        self.is_ready = True
        if not self.is_leaving:
            await self._send(prepared.ready)

    async def _find_caller(self) -> int:
        """Who is it? By session cookie, or by a ticket for this room."""
        user = self.scope["user"]
        if user.is_authenticated:
            self.session_key = self.scope["session"].session_key
            return int(user.pk)
        tickets = parse_qs(self.scope["query_string"].decode("latin1")).get("ticket", [])
        user_id = await redeem_ticket(tickets[0], self.room_id) if len(tickets) == 1 else None
        if user_id is None:
            raise NotSignedIn
        return user_id

    def _take_place(self) -> None:
        """A slot, and a place among those that wait. Who makes room for this socket gives its slot back at once."""
        self.has_slot = THIS_PROCESS.take_slot(self.room_id)
        place = WaitingSocket(self.user_id, self.room_id, step_aside=self._step_aside)
        live_calls.wait_at_door(place)
        self.place = place
        self.offer_timer = asyncio.get_running_loop().call_later(settings.OFFER_SECONDS, self._give_up)
        self.has_slot = self.has_slot or THIS_PROCESS.take_slot(self.room_id)
        if not self.has_slot:
            raise _why_not()

    async def _guarded(self, step: Callable[[], Awaitable[None]]) -> bool:
        """Do a step of the door; whatever refuses it becomes a close code that the page can put in words."""
        try:
            await step()
        except NotSignedIn:
            await self._leave(signaling.CLOSE_NOT_SIGNED_IN)
        except RoomNotFound:
            await self._leave(signaling.CLOSE_NO_SUCH_ROOM)
        except PersonaArchived:
            words = "This persona is archived: no new call begins with it."
            await self._leave(signaling.CLOSE_NO_SUCH_ROOM, _final("persona_archived", words))
        except InterviewOver as over:
            words = f"This interview is over. Its report is at /interviews/{over}."
            await self._leave(signaling.CLOSE_NO_SUCH_ROOM, _final("interview_over", words))
        except InterviewUnavailable as problem:
            await self._leave(signaling.CLOSE_INTERNAL, _final("interview_unavailable", str(problem)))
        except Misconfigured as problem:
            await self._leave(signaling.CLOSE_INTERNAL, _final("misconfigured", str(problem)))
        except AtCapacity as full:
            words = signaling.ErrorMessage(
                code="at_capacity", message=str(full), recoverable=True, retry_after=RETRY_AFTER_SECONDS
            )
            await self._leave(signaling.CLOSE_AT_CAPACITY, words)
        except Exception:
            logger.exception("%s room %s: the call could not be opened", log_markers.FAILURE, self.room_id)
            words = "Something went wrong on the server. It is in its log."
            await self._leave(signaling.CLOSE_INTERNAL, _final("internal_error", words))
        else:
            return True
        return False

    # ── what the browser says ─────────────────────────────────────────────────────────────────────

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.is_ready or self.is_leaving:
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
            case signaling.IceCandidate() if self.session is None:
                await self._keep_candidate(message)
            case _ if self.session is None:
                await self._error("no_offer_yet", "The call begins with an offer.")
            case _:
                self.session.take(message)

    async def _keep_candidate(self, candidate: signaling.IceCandidate) -> None:
        """One that overtook its offer waits for it; the mark of their end means nothing here."""
        if not candidate.candidate:
            return
        if len(self.early_candidates) < settings.MEDIA_MAX_TRICKLED:
            self.early_candidates.append(candidate)
        else:
            words = f"A call may send {settings.MEDIA_MAX_TRICKLED} candidates."
            await self._error("too_many_candidates", words)

    async def _take_offer(self, offer: signaling.Offer) -> None:
        """Whose room is it, now? The first offer takes the call; a later one replaces its media."""
        wait_seconds = live_calls.seconds_until_offer(address_of_scope(self.scope))
        if wait_seconds > 0:
            await self._send(
                signaling.ErrorMessage(
                    code="too_many_offers",
                    message="Too many offers. Wait a moment.",
                    recoverable=True,
                    retry_after=round(wait_seconds, 1),
                )
            )
            return
        self._leave_door()
        if not await self._guarded(partial(self._take_call, offer.sdp)):
            return
        assert self.session is not None  # noqa: S101
        self.session.take(offer)
        for candidate in self.early_candidates:
            self.session.take(candidate)
        self.early_candidates = []

    async def _take_call(self, sdp: str) -> None:
        """While the browser works on the answer, the call's rows are opened; until they are, nobody hears anything."""
        if self.session_key is not None and await person_of_session(self.session_key) != self.user_id:
            raise NotSignedIn
        if self.session is not None:
            await call_store.find_room(self.room_id, self.user_id)
            return
        if self.laid_line is not None and (answer := await self.laid_line.answer(sdp)) is not None:
            await self._send(signaling.Answer(sdp=answer))
        socket = Socket(send=self._send_text, close=self.close)
        self.session = await live_calls.open_session(self.room_id, self.user_id, socket, laid_line=self.laid_line)
        if self.media_settings is not None:
            self.session.take(self.media_settings)

    # ── the way out ───────────────────────────────────────────────────────────────────────────────

    async def disconnect(self, code: int) -> None:
        """The socket is gone. The session writes its state and ends in a task that outlives this consumer."""
        self.is_leaving = True
        self._leave_door()
        if self.session is not None:
            self.session.end("lost", "socket_lost")
        self._give_slot_back()
        try:
            if self.laid_line is not None:
                await self.laid_line.close()
            if self.session is None and self.prepared is not None:
                await call_store.discard_prepared(self.prepared)
        finally:
            for group in self._groups if self.is_ready else ():
                await self.channel_layer.group_discard(group, self.channel_name)

    def _step_aside(self) -> None:
        """A newer socket of the same person takes this one's place at the door."""
        self._part(self._leave(signaling.CLOSE_TAKEN_OVER))

    def _give_up(self) -> None:
        """No offer came in time."""
        words = f"The call did not begin: no offer came within {settings.OFFER_SECONDS:g} seconds."
        error = signaling.ErrorMessage(code="no_offer", message=words, recoverable=True)
        self._part(self._leave(signaling.CLOSE_NORMAL, error))

    def _part(self, leaving: Coroutine[Any, Any, None]) -> None:
        """Leave from outside of a message: what is held is given back now, the browser is told in a moment."""
        self.is_leaving = True
        self._leave_door()
        self._give_slot_back()
        task = asyncio.get_running_loop().create_task(leaving)
        self.partings.add(task)
        task.add_done_callback(self.partings.discard)

    async def _leave(self, code: int, words: signaling.ErrorMessage | None = None) -> None:
        self.is_leaving = True
        self._leave_door()
        self._give_slot_back()
        if words is not None:
            await self._send(words)
        await self.close(code)

    def _leave_door(self) -> None:
        if self.offer_timer is not None:
            self.offer_timer.cancel()
        if self.place is not None:
            live_calls.leave_door(self.place)
        self.offer_timer = self.place = None

    def _give_slot_back(self) -> None:
        if self.has_slot:
            self.has_slot = False
            THIS_PROCESS.give_slot_back(self.room_id)

    # ── what other sockets and the process say ────────────────────────────────────────────────────

    @property
    def _groups(self) -> tuple[str, str]:
        return live_calls.room_group(self.room_id), live_calls.PROCESS_GROUP

    async def call_taken_over(self, event: dict[str, Any]) -> None:
        """Another socket of the same owner holds the room's call now, here or in another process."""
        if self.session is not None and event["epoch"] > self.session.opened.epoch:
            self.session.end("taken_over", "taken_over")

    async def process_ending(self, event: dict[str, Any]) -> None:
        """The process is ending; a socket with a call is closed by its session, one without, here."""
        if self.session is not None:
            self.session.end("restarting", "restarting")
        elif not self.is_leaving:
            await self._leave(signaling.CLOSE_RESTARTING)

    async def _error(self, code: str, message: str) -> None:
        await self._send(signaling.ErrorMessage(code=code, message=message, recoverable=True))

    async def _send(self, message: signaling.Message) -> None:
        await self._send_text(signaling.encode(message))

    async def _send_text(self, text: str) -> None:
        await self.send(text_data=text)


def _why_not() -> Exception:
    """Why this process gives no slot."""
    if THIS_PROCESS.readiness is Readiness.MISCONFIGURED:
        return Misconfigured(THIS_PROCESS.detail)
    return AtCapacity(THIS_PROCESS.detail)


def _final(code: str, message: str) -> signaling.ErrorMessage:
    """An error after which dialling again is of no use."""
    return signaling.ErrorMessage(code=code, message=message, recoverable=False)
