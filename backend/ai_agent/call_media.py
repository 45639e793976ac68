"""How does a call keep its line? One peer connection at a time; a new offer replaces it, and the speaker goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from ai_agent import log_markers, signaling
from ai_agent.webrtc import (
    MediaLimits,
    MediaLost,
    PeerConnection,
    SdpRefused,
    SpeakerTrack,
    check_offer,
    host_addresses,
)

logger = logging.getLogger(__name__)

QUIET_LINE_SECONDS: Final = 0.5
"""Without a packet for so long, what we hear is the line's silence and not the caller's, and nobody hears us."""


class MediaListener(Protocol):
    """Who is told what happens to the line. Every method returns at once."""

    def on_media_answer(self, sdp: str) -> None: ...

    def on_media_connected(self) -> None: ...

    def on_media_frame(self, frame: bytes) -> None:
        """One 20 ms frame of the microphone, every 20 ms while the line is up."""

    def on_media_quiet(self, absent_seconds: float) -> None:
        """No packet has come for so long, or the browser dials again: no frames until the line is back, or lost."""

    def on_media_back(self) -> None:
        """Packets come again."""

    def on_media_lost(self) -> None:
        """The line is down; the browser is expected to offer again."""

    def on_media_refused(self, refusal: SdpRefused) -> None: ...

    def on_media_given_up(self) -> None:
        """No line for `patience_seconds`."""


@dataclass(frozen=True, slots=True)
class MediaSettings:
    """What the process says about lines."""

    limits: MediaLimits
    ice_servers: tuple[signaling.IceServer, ...]
    ice_addresses: tuple[str, ...]
    patience_seconds: float
    """How long a call without a line is kept."""


class LaidLine:
    """A line that is laid while nobody waits for it: taken by the first offer's call, or taken away with its socket."""

    def __init__(self, settings: MediaSettings) -> None:
        self._laying: asyncio.Task[PeerConnection] | None = asyncio.create_task(_lay_ahead(settings))

    async def answer(self, sdp: str) -> str | None:
        """Answer the first offer while its call is being opened; None: the call tries, and has the words for it."""
        peer = await self._laid()
        if peer is None:
            return None
        try:
            return await peer.answer(sdp)
        except SdpRefused:
            await self.close()
            return None

    async def take(self) -> PeerConnection | None:
        """The line, once; None where it could not be laid, or its offer made no sense."""
        peer, self._laying = await self._laid(), None
        return peer

    async def _laid(self) -> PeerConnection | None:
        if self._laying is None:
            return None
        try:
            return await self._laying
        except Exception:
            logger.exception("%s no line could be laid ahead", log_markers.FAILURE)
            self._laying = None
            return None

    async def close(self) -> None:
        """Nobody offers any more."""
        laying, self._laying = self._laying, None
        if laying is None:
            return
        laying.cancel()
        await asyncio.wait([laying])
        if not laying.cancelled() and laying.exception() is None:
            await laying.result().close()


async def _lay_ahead(settings: MediaSettings) -> PeerConnection:
    """With candidates gathered, in steps between which other calls' frames go on."""
    addresses = tuple(host_addresses(settings.ice_addresses))
    await asyncio.sleep(0)
    line = lay_line(replace(settings, ice_addresses=addresses))
    try:
        await asyncio.sleep(0)
        await line.prepare()
    except BaseException:
        await line.close()
        raise
    return line


def lay_line(settings: MediaSettings) -> PeerConnection:
    """A peer connection that waits for its offer."""
    return PeerConnection(
        ice_servers=[server.model_dump(exclude_none=True) for server in settings.ice_servers],
        limits=settings.limits,
        ice_addresses=settings.ice_addresses,
    )


class CallMedia:
    """The line of one call."""

    def __init__(
        self,
        speaker: SpeakerTrack,
        *,
        settings: MediaSettings,
        listener: MediaListener,
        spawn: Callable[..., asyncio.Task[None]],
        laid_line: PeerConnection | None = None,
    ) -> None:
        """`spawn` starts a coroutine in the call's task group; `laid_line` is taken for the first offer."""
        self._speaker = speaker
        self._settings = settings
        self._listener = listener
        self._spawn = spawn
        self._laid_line = laid_line
        self._peer: PeerConnection | None = None
        self._line: asyncio.Task[None] | None = None
        self._lines: set[asyncio.Task[None]] = set()
        """The present line, and former ones that are still closing."""
        self._is_quiet = False
        self._deadline: asyncio.TimerHandle | None = None

    def expect(self) -> None:
        """Start waiting for a line."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().call_later(
                self._settings.patience_seconds, self._listener.on_media_given_up
            )

    def take_offer(self, sdp: str) -> None:
        """Connect. A running peer connection is closed first; its successor takes over the speaker."""
        try:
            check_offer(sdp, self._settings.limits)
        except SdpRefused as refusal:
            self._listener.on_media_refused(refusal)
            return
        self._leave_line()
        formers = tuple(self._lines)
        peer, self._laid_line = self._laid_line or lay_line(self._settings), None
        peer.play(self._speaker)
        self._peer = peer
        self._line = self._spawn(self._run(peer, sdp, formers))
        self._lines.add(self._line)
        self._line.add_done_callback(self._lines.discard)

    def _leave_line(self) -> None:
        """Another line comes. One that is closing already is left to it: a cancelled close closes nothing."""
        if self._peer is None or self._line is None:
            return
        self._listener.on_media_quiet(self.absent_seconds)
        if not self._peer.is_closing:
            self._line.cancel()

    def add_candidate(self, message: signaling.IceCandidate) -> None:
        """Queue one candidate of the browser; a bad one is refused and changes nothing."""
        if self._peer is None:
            return
        try:
            self._peer.add_candidate(
                message.candidate, sdp_mid=message.sdp_mid, sdp_m_line_index=message.sdp_m_line_index
            )
        except SdpRefused as refusal:
            self._listener.on_media_refused(refusal)

    @property
    def absent_seconds(self) -> float:
        """For how long no packet has come."""
        return self._peer.microphone.absent_seconds if self._peer else 0.0

    async def close(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        for peer in (self._peer, self._laid_line):
            if peer is not None:
                await peer.close()

    async def _run(self, peer: PeerConnection, sdp: str, formers: Sequence[asyncio.Task[None]]) -> None:
        try:
            if formers:  # two lines would take frames from one speaker
                await asyncio.wait(formers)
            if not peer.has_answered:
                self._listener.on_media_answer(await peer.answer(sdp))
            await peer.connected()
            self._on_connected()
            async for frame in peer.microphone.frames():
                if not self._watch_line(peer):
                    self._listener.on_media_frame(frame)
        except SdpRefused as refusal:
            self._listener.on_media_refused(refusal)
        except MediaLost as loss:
            logger.warning("%s the line was lost: %s", log_markers.FAILURE, loss)
        finally:
            await peer.close()
        self.expect()
        self._listener.on_media_lost()

    def _on_connected(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        self._is_quiet = False
        self._listener.on_media_connected()

    def _watch_line(self, peer: PeerConnection) -> bool:
        """Whether the line is quiet now; the listener hears of each change."""
        absent_seconds = peer.microphone.absent_seconds
        was_quiet, self._is_quiet = self._is_quiet, absent_seconds >= QUIET_LINE_SECONDS
        if self._is_quiet and not was_quiet:
            self._listener.on_media_quiet(absent_seconds)
        elif was_quiet and not self._is_quiet:
            self._listener.on_media_back()
        return self._is_quiet
