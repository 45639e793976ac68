"""Who calls, in tests of the media? A real aiortc client on 127.0.0.1, with a network that can lose packets."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.rtp import is_rtcp

from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.webrtc import MediaLimits, PeerConnection, SpeakerTrack
from ai_agent.webrtc_adapters import OpusTrack, restrict_addresses

LOOPBACK = ["127.0.0.1"]


def tone(hz: float, seconds: float, amplitude: int = 8_000) -> bytes:
    phase = 2 * np.pi * hz * np.arange(round(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (amplitude * np.sin(phase)).astype(np.int16).tobytes()


def tone_share(pcm: bytes, hz: float) -> float:
    """How much of the sound's power is this tone, 0 to 1: Goertzel's question, the middle of all tenths of a second."""
    samples = np.frombuffer(pcm, np.int16).astype(float)
    block = SAMPLE_RATE_HZ // 10
    blocks = samples[: len(samples) // block * block].reshape(-1, block)
    wave = np.exp(-2j * np.pi * hz * np.arange(block) / SAMPLE_RATE_HZ)
    power = (blocks**2).sum(axis=1) + 1e-9
    return float(np.median(2 * np.abs(blocks @ wave) ** 2 / block / power))


def rms(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, np.int16).astype(float)
    return float(np.sqrt((samples**2).mean()))


def voice() -> SpeakerTrack:
    return SpeakerTrack(on_started=lambda _: None, on_finished=lambda *_: None)


@dataclass
class Wire:
    """What leaves the client: times of its RTP packets, and which of them never arrive."""

    loses: Callable[[int], bool] = lambda _: False
    is_dead: bool = False
    sent_at: list[float] = field(default_factory=list)
    first_received_at: float | None = None

    def attach(self, client: RTCPeerConnection) -> None:
        transport = client.getTransceivers()[0].sender.transport
        ice, numbers = transport.transport, itertools.count()
        send, receive = ice._send, ice._recv

        async def lossy_send(data: bytes) -> None:
            if 127 < data[0] < 192 and not is_rtcp(data):
                self.sent_at.append(time.monotonic())
                if self.loses(next(numbers)):
                    return
            if not self.is_dead:
                await send(data)

        async def timed_receive() -> bytes:
            data: bytes = await receive()
            if self.first_received_at is None and 127 < data[0] < 192 and not is_rtcp(data):
                self.first_received_at = time.monotonic()
            return data

        ice._send, ice._recv = lossy_send, timed_receive

    def die(self, client: RTCPeerConnection) -> None:
        """Nothing leaves any more, not even the answers that keep ICE alive, as when a laptop is shut."""
        self.is_dead = True
        for protocol in client.getTransceivers()[0].sender.transport.transport._connection._protocols:
            protocol.transport.pause_reading()


@dataclass
class Line:
    """A call's media, connected: our side, the client's side, and the wire between them."""

    peer: PeerConnection
    speaker: SpeakerTrack
    client: RTCPeerConnection
    client_voice: SpeakerTrack
    wire: Wire
    offered_at: float

    @property
    def first_rtp_ms(self) -> float:
        assert self.wire.first_received_at is not None
        return (self.wire.first_received_at - self.offered_at) * 1_000

    async def client_hears(self, seconds: float) -> bytes:
        """So much of what the client's own receiver decodes, mono."""
        track = self.client.getTransceivers()[0].receiver.track
        pcm = b""
        while len(pcm) < seconds * SAMPLE_RATE_HZ * 2:
            frame = await track.recv()
            pcm += np.ascontiguousarray(frame.to_ndarray().reshape(-1, 2)[:, 0]).tobytes()
        return pcm


def new_client(client_voice: SpeakerTrack) -> RTCPeerConnection:
    client = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    client.addTrack(OpusTrack(client_voice, on_failed=lambda: None))
    restrict_addresses(client.getTransceivers()[0].sender.transport.transport, LOOPBACK)
    return client


def new_peer(speaker: SpeakerTrack, *, addresses: Sequence[str] = LOOPBACK, **limits: float) -> PeerConnection:
    return PeerConnection(
        speaker=speaker,
        ice_servers=[],
        limits=MediaLimits(**limits),
        ice_addresses=addresses,  # type: ignore[arg-type]
    )


@asynccontextmanager
async def connected(
    *, loses: Callable[[int], bool] = lambda _: False, says: bytes = b"", peer_says: bytes = b"", **limits: float
) -> AsyncIterator[Line]:
    """Two peers with sound flowing between them; both closed at the end."""
    client_voice, speaker, wire = voice(), voice(), Wire(loses)
    client_voice.enqueue("client", says)
    speaker.enqueue("peer", peer_says)
    client, peer = new_client(client_voice), new_peer(speaker, **limits)
    wire.attach(client)
    try:
        await client.setLocalDescription(await client.createOffer())
        offered_at = time.monotonic()
        answer = await peer.answer(client.localDescription.sdp)
        await client.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await peer.connected()
        yield Line(peer, speaker, client, client_voice, wire, offered_at)
    finally:
        await asyncio.gather(peer.close(), client.close())


def every(period: int, *, start: int = 0) -> Callable[[int], bool]:
    """Which packets are lost: one in `period`."""
    return lambda number: number >= start and number % period == period // 2


def at(numbers: Iterable[int]) -> Callable[[int], bool]:
    lost = frozenset(numbers)
    return lambda number: number in lost
