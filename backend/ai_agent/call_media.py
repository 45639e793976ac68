"""How does a call keep its line? One peer connection at a time; a new offer replaces it, and the speaker goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ai_agent import log_markers, signaling
from ai_agent.webrtc import MediaLimits, MediaLost, PeerConnection, SdpRefused, SpeakerTrack, check_offer

logger = logging.getLogger(__name__)


class MediaListener(Protocol):
    """Who is told what happens to the line. Every method returns at once."""

    def on_media_answer(self, sdp: str) -> None: ...

    def on_media_connected(self) -> None: ...

    def on_media_frame(self, frame: bytes) -> None:
        """One 20 ms frame of the microphone, every 20 ms while the line is up."""

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


class CallMedia:
    """The line of one call."""

    def __init__(
        self,
        speaker: SpeakerTrack,
        *,
        settings: MediaSettings,
        listener: MediaListener,
        spawn: Callable[..., asyncio.Task[None]],
    ) -> None:
        """`spawn` starts a coroutine in the call's task group."""
        self._speaker = speaker
        self._settings = settings
        self._listener = listener
        self._spawn = spawn
        self._peer: PeerConnection | None = None
        self._task: asyncio.Task[None] | None = None
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
        former = self._task
        if former is not None:
            former.cancel()
        self._peer = PeerConnection(
            speaker=self._speaker,
            ice_servers=[server.model_dump(exclude_none=True) for server in self._settings.ice_servers],
            limits=self._settings.limits,
            ice_addresses=self._settings.ice_addresses,
        )
        self._task = self._spawn(self._run(self._peer, sdp, former))

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

    async def close(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        if self._peer is not None:
            await self._peer.close()

    async def _run(self, peer: PeerConnection, sdp: str, former: asyncio.Task[None] | None) -> None:
        if former is not None:
            await asyncio.wait([former])
        try:
            self._listener.on_media_answer(await peer.answer(sdp))
            await peer.connected()
            self._on_connected()
            async for frame in peer.microphone.frames():
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
        self._listener.on_media_connected()
