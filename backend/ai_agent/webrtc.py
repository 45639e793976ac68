"""How does sound reach a call, and leave it? One peer connection: offer in, answer out, microphone and speaker.

This module and its `webrtc_*` siblings are the only home of aiortc and PyAV; the rest of the product imports from here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceCandidate,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.exceptions import InternalError, InvalidAccessError, InvalidStateError, OperationError

from ai_agent import log_markers
from ai_agent.webrtc_adapters import (
    OpusTrack,
    ReceivedSound,
    host_addresses,
    receive_inline,
    restrict_addresses,
    wake_when_nominated,
    warm_up,
)
from ai_agent.webrtc_microphone import MediaLost, MicrophoneReader
from ai_agent.webrtc_offers import MediaLimits, SdpRefused, check_offer, parse_candidate, usable_offer
from ai_agent.webrtc_speaker import SpeakerTrack

__all__ = [
    "MediaLimits",
    "MediaLost",
    "MicrophoneReader",
    "PeerConnection",
    "SdpRefused",
    "SpeakerTrack",
    "check_offer",
    "host_addresses",
    "parse_candidate",
    "warm_up",
]

logger = logging.getLogger(__name__)

CLOSE_TIMEOUT_SECONDS = 5.0

_PARSER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    InternalError,
    InvalidAccessError,
    InvalidStateError,
    LookupError,
    OperationError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What aiortc raises for an offer that has the right shape and still makes no sense."""


class PeerConnection:
    """One browser's media. A new offer needs a new one (aiortc has no ICE restart); the speaker moves over to it.

    Close the former connection before the new one is connected: both would take frames from the same speaker.
    It may be made, and prepared, before there is an offer or a speaker; half of the work of an answer is done then.
    """

    def __init__(
        self,
        *,
        speaker: SpeakerTrack | None = None,
        ice_servers: Sequence[Mapping[str, Any]],
        limits: MediaLimits,
        ice_addresses: Sequence[str],
    ) -> None:
        self._limits = limits
        self._sound = ReceivedSound()
        self.microphone = MicrophoneReader(
            self._sound,
            first_packet_seconds=limits.first_packet_seconds,
            dead_peer_seconds=limits.dead_peer_seconds,
        )
        self._connection = RTCPeerConnection(
            RTCConfiguration(
                iceServers=[RTCIceServer(**server) for server in ice_servers],
                bundlePolicy=RTCBundlePolicy.MAX_BUNDLE,
            )
        )
        self._voice = OpusTrack(speaker, on_failed=self._sound.end)
        transceiver = self._connection.addTransceiver(self._voice)
        transceiver.setCodecPreferences(
            [codec for codec in RTCRtpSender.getCapabilities("audio").codecs if codec.mimeType == "audio/opus"]
        )
        receive_inline(transceiver, self._sound)
        self._ice = transceiver.sender.transport.transport
        restrict_addresses(self._ice, host_addresses(ice_addresses))
        wake_when_nominated(self._ice)
        self._state_changed = asyncio.Event()
        self._connection.on("connectionstatechange", self._state_changed.set)
        self._early_candidates: list[RTCIceCandidate] | None = []
        self._trickled_count = 0
        self._adding: set[asyncio.Task[None]] = set()
        self._closing: asyncio.Task[None] | None = None
        self.has_answered = False
        self.is_closing = False
        """Whether `close` was called."""

    async def prepare(self) -> None:
        """Gather our candidates ahead of the offer. Without this, `answer` does it."""
        await self._ice.iceGatherer.gather()

    def play(self, speaker: SpeakerTrack) -> None:
        """Whose sound is sent, where it was not known from the beginning. To be called once."""
        self._voice.play(speaker)

    async def answer(self, sdp: str) -> str:
        """The answer to this offer, with all of our candidates. To be called once.

        Raises:
            SdpRefused: the offer is not taken; the connection can only be closed.
        """
        check_offer(sdp, self._limits)
        try:
            await self._connection.setRemoteDescription(RTCSessionDescription(sdp=usable_offer(sdp), type="offer"))
            await asyncio.sleep(0)  # each half takes about 3 ms of the event loop: other calls' frames go between
            await self._connection.setLocalDescription()
        except _PARSER_ERRORS as error:
            logger.info("%s an offer makes no sense: %s", log_markers.FAILURE, type(error).__name__)
            raise SdpRefused("bad_sdp", "This offer makes no sense.") from error
        early, self._early_candidates = self._early_candidates or [], None
        for candidate in early:
            self._pass_on(candidate)
        self.has_answered = True
        return str(self._connection.localDescription.sdp)

    def add_candidate(self, candidate: str | None, *, sdp_mid: str | None, sdp_m_line_index: int | None) -> None:
        """Take one trickled candidate, before the offer or after it. Returns at once.

        Raises:
            SdpRefused: it is malformed, or one too many; the connection goes on.
        """
        if not candidate:  # the end of the candidates: the time-out decides, see usable_offer
            return
        self._trickled_count += 1
        if self._trickled_count > self._limits.max_trickled:
            raise SdpRefused("too_many_candidates", f"A call may send {self._limits.max_trickled} candidates.")
        parsed = parse_candidate(candidate, sdp_mid=sdp_mid, sdp_m_line_index=sdp_m_line_index)
        if parsed is None or self.is_closing:
            return
        if self._early_candidates is not None:
            self._early_candidates.append(parsed)
        else:
            self._pass_on(parsed)

    async def connected(self) -> None:
        """Wait until sound can flow.

        Raises:
            MediaLost: it cannot, or not within `ice_timeout_seconds`.
        """
        try:
            async with asyncio.timeout(self._limits.ice_timeout_seconds):
                while (state := self._connection.connectionState) != "connected":
                    if state in ("failed", "closed") or self.is_closing:
                        raise MediaLost(f"the connection is {state}")
                    self._state_changed.clear()
                    await self._state_changed.wait()
        except TimeoutError:
            raise MediaLost(f"not connected within {self._limits.ice_timeout_seconds:g} s") from None

    async def close(self) -> None:
        """End the connection and everything that belongs to it. The speaker goes on. May be called again.

        Whoever waits may be cancelled: aiortc's own closing is not (it would be left half closed, for good).
        """
        self.is_closing = True
        self.microphone.close()
        self._sound.end()
        self._state_changed.set()
        for task in self._adding:
            task.cancel()
        if self._closing is None:
            self._closing = asyncio.create_task(self._connection.close(), name="peer-close")
        _, late = await asyncio.wait([self._closing], timeout=CLOSE_TIMEOUT_SECONDS)
        if late:
            logger.error("%s a peer connection did not close in time", log_markers.FAILURE)

    def _pass_on(self, candidate: RTCIceCandidate) -> None:
        task = asyncio.create_task(self._connection.addIceCandidate(candidate), name="ice-candidate")
        self._adding.add(task)
        task.add_done_callback(self._adding.discard)
