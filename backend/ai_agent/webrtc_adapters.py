"""How is aiortc bent to one call's needs? Every name below its public surface that we lean on, in this module alone.

Sound goes through aiortc like this; what is ours is in brackets:

    SpeakerTrack ─▶ [OpusTrack: mono, 32 kbit/s] ─▶ RTCRtpSender ─▶ SRTP ─▶ network
    network ─▶ SRTP ─▶ [InlineReceiver] ─▶ [PacketOrder] ─▶ [OpusDecoder] ─▶ [ReceivedSound] ─▶ MicrophoneReader

Both codecs run on the event loop (about 0.25 and 0.05 ms a frame), so a call needs no thread of its own. What that
relies on is listed in docs/adr/0007-jitter-buffer-and-codec-adapter.md; tests/shell/test_webrtc_adapters.py guards it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, Final, Protocol

import av
import ifaddr
from aiortc import MediaStreamTrack, RTCIceTransport, RTCRtpReceiver, RTCRtpTransceiver
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcdtlstransport import SRTP_PROFILES, RTCCertificate, RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtp import AnyRtcpPacket, RtcpByePacket, RtpPacket

from ai_agent import log_markers
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.webrtc_codecs import OpusDecoder, OpusEncoder, audio_frame, signed_difference

logger = logging.getLogger(__name__)

SUPPORTED_VERSIONS: Final = {"aiortc": "1.16.", "aioice": "0.13."}
"""The releases whose source these adapters were written against. Others are refused at import."""

HELD_PACKETS: Final = 2
"""A missing packet is given up as soon as this many later ones are here."""

SEQUENCE_JUMP: Final = 100
"""Two packets in a row that are further than this from the expected one, either way, start the order anew."""

MAX_QUEUED_FRAMES: Final = 25
"""Decoded frames kept for a reader that does not read; the oldest is dropped first."""

PACKETS_PER_SECOND: Final = 150
PACKET_BURST: Final = 150
"""What one microphone may send. A browser sends 50 a second; more than this is not decoded."""

ICE_PACE_SECONDS: Final = 0.020
"""Between two connectivity checks (Ta of RFC 8445), as aioice has it."""

CONTAINER_INTERFACES: Final = ("docker", "br-", "veth", "virbr", "cni", "flannel", "podman", "lxc", "lxd", "cali")


def require_supported_versions() -> None:
    """Stop with one clear line where another aiortc or aioice is installed.

    Raises:
        RuntimeError: naming what is installed and what is needed.
    """
    for package, wanted in SUPPORTED_VERSIONS.items():
        installed = version(package)
        if not installed.startswith(wanted):
            raise RuntimeError(
                f"{package} {installed} is installed, but ai_agent/webrtc_adapters.py is written for {wanted}x: "
                "install requirements.txt, or read docs/adr/0007-jitter-buffer-and-codec-adapter.md before an upgrade"
            )


require_supported_versions()


# ── sending ───────────────────────────────────────────────────────────────────────────────────────


class SoundTrack(Protocol):
    """Anything that gives the next 20 ms when it is time for them."""

    async def recv(self) -> av.AudioFrame: ...


class OpusTrack(MediaStreamTrack):
    """A track's frames as Opus packets. RTCRtpSender sends packets as they are, without its thread pool.

    Ends by itself; the track behind it lives on and may be given to the call's next connection. Until there is one,
    nothing is sent.
    """

    kind = "audio"

    def __init__(self, source: SoundTrack | None = None, *, on_failed: Callable[[], None]) -> None:
        super().__init__()
        self._source: asyncio.Future[SoundTrack] = asyncio.get_running_loop().create_future()
        self._encoder = OpusEncoder()
        self._on_failed = on_failed
        if source is not None:
            self.play(source)

    def play(self, source: SoundTrack) -> None:
        """Whose frames are sent. To be called once, where it was not known from the beginning."""
        self._source.set_result(source)

    async def recv(self) -> av.Packet[Any]:
        source = await asyncio.shield(self._source)  # a sender that is stopped while it waits takes nothing down
        if self.readyState != "live":
            raise MediaStreamError
        try:
            return self._encoder.encode(await source.recv())
        except (asyncio.CancelledError, MediaStreamError):
            raise
        except Exception:
            logger.exception("%s the agent's sound failed; the connection is given up", log_markers.FAILURE)
            self._on_failed()
            raise MediaStreamError from None


# ── receiving ─────────────────────────────────────────────────────────────────────────────────────


class PacketOrder:
    """In which order are packets decoded? By sequence number, and no packet waits for a missing one for long.

    ``.`` is a packet that is lost; below, what is handed on at that moment:

        arrives   1  2  .  4  5     6  8  7  9      5  5  6      1  900  2     1  900  901
        handed    1  2     -  4,5   6  -  7,8 9     5  -  6      1  -    2     1  -    900,901

    A single packet from far away is a stray one; a second that follows it is a sender who began anew (RFC 3550, A.1).
    """

    def __init__(self) -> None:
        self._expected: int | None = None
        self._held: dict[int, RtpPacket] = {}
        self._stray: RtpPacket | None = None

    def push(self, packet: RtpPacket) -> list[RtpPacket]:
        """The packets that may be decoded now. Doubles, and packets that come after their turn, are dropped."""
        if self._expected is None:
            self._expected = packet.sequence_number
        distance = signed_difference(packet.sequence_number - self._expected, bits=16)
        if abs(distance) > SEQUENCE_JUMP:
            return self._begin_anew(packet)
        self._stray = None
        if distance < 0:
            return []
        self._held[packet.sequence_number] = packet
        if distance > 0 and len(self._held) >= HELD_PACKETS:
            self._expected = min(self._held, key=self._distance)
        return self._release()

    def _begin_anew(self, packet: RtpPacket) -> list[RtpPacket]:
        """Follow a sender whose numbers have jumped; one packet alone proves no jump."""
        stray, self._stray = self._stray, packet
        if stray is None or packet.sequence_number != (stray.sequence_number + 1) & 0xFFFF:
            return []
        released = self._release_all()
        self._expected = (packet.sequence_number + 1) & 0xFFFF
        self._stray = None
        return [*released, stray, packet]

    def _distance(self, sequence_number: int) -> int:
        return signed_difference(sequence_number - (self._expected or 0), bits=16)

    def _release(self) -> list[RtpPacket]:
        released = []
        while (packet := self._held.pop(self._expected or 0, None)) is not None:
            released.append(packet)
            self._expected = (packet.sequence_number + 1) & 0xFFFF
        return released

    def _release_all(self) -> list[RtpPacket]:
        released = [self._held[number] for number in sorted(self._held, key=self._distance)]
        self._held.clear()
        return released


class ReceivedSound(MediaStreamTrack):
    """The microphone as a track of decoded frames, in sending order, with holes where packets were lost."""

    kind = "audio"

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._order = PacketOrder()
        self._decoder = OpusDecoder()
        self._ssrc: int | None = None
        self._allowance = float(PACKET_BURST)
        self._allowance_at = clock()
        self._frames: asyncio.Queue[av.AudioFrame | None] = asyncio.Queue()

    def on_packet(self, packet: RtpPacket) -> None:
        if self._ssrc is None:
            self._ssrc = packet.ssrc
        if packet.ssrc != self._ssrc or not self._is_allowed():
            return
        for ordered in self._order.push(packet):
            for frame in self._decoder.decode(ordered.payload, ordered.timestamp):
                self._frames.put_nowait(frame)
        while self._frames.qsize() > MAX_QUEUED_FRAMES:
            self._frames.get_nowait()

    def end(self) -> None:
        """Nothing more will come: a waiting reader wakes up with MediaStreamError."""
        self._frames.put_nowait(None)

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        frame = await self._frames.get()
        if frame is None:
            self.stop()
            raise MediaStreamError
        return frame

    def _is_allowed(self) -> bool:
        now = self._clock()
        self._allowance = min(PACKET_BURST, self._allowance + (now - self._allowance_at) * PACKETS_PER_SECOND)
        self._allowance_at = now
        if self._allowance < 1:
            return False
        self._allowance -= 1
        return True


class InlineReceiver(RTCRtpReceiver):
    """An RTCRtpReceiver whose packets go to a ReceivedSound: neither its jitter buffer nor its thread is used.

    The base class keeps the statistics and sends the receiver reports.
    """

    def __init__(self, transport: RTCDtlsTransport, sound: ReceivedSound) -> None:
        super().__init__("audio", transport)
        self._sound = sound

    async def receive(self, parameters: RTCRtpReceiveParameters) -> None:
        await super().receive(parameters)
        super()._handle_disconnect()  # ends the decoder thread that `receive` has started; the rest goes on

    async def stop(self) -> None:
        await super().stop()
        self._sound.end()

    def _handle_disconnect(self) -> None:
        super()._handle_disconnect()
        self._sound.end()

    async def _handle_rtp_packet(self, packet: RtpPacket, arrival_time_ms: int) -> None:
        await super()._handle_rtp_packet(packet, arrival_time_ms)
        self._sound.on_packet(packet)

    async def _handle_rtcp_packet(self, packet: AnyRtcpPacket) -> None:
        await super()._handle_rtcp_packet(packet)
        if isinstance(packet, RtcpByePacket):
            self._sound.end()


def receive_inline(transceiver: RTCRtpTransceiver, sound: ReceivedSound) -> None:
    """Put an InlineReceiver in the place of a fresh transceiver's own receiver."""
    receiver = InlineReceiver(transceiver.receiver.transport, sound)
    receiver._set_rtcp_ssrc(transceiver.sender._ssrc)
    name = "_RTCRtpTransceiver__receiver"
    _require_attribute(transceiver, name)
    setattr(transceiver, name, receiver)


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────


def host_addresses(chosen: Sequence[str]) -> list[str]:
    """The local addresses that an answer offers: the chosen ones, or all but loopback and container bridges.

    A machine that has loopback only offers that: a call on the machine itself works without a network.

    Raises:
        ValueError: a chosen address is not an IP address.
    """
    if chosen:
        return [str(ipaddress.ip_address(address)) for address in chosen]
    addresses = [
        address
        for adapter in ifaddr.get_adapters()
        if not str(adapter.nice_name).startswith(CONTAINER_INTERFACES)
        for address in (_literal(ip.ip) for ip in adapter.ips)
        if not ipaddress.ip_address(address).is_link_local
    ]
    reachable = [address for address in addresses if not ipaddress.ip_address(address).is_loopback]
    return reachable or addresses


def restrict_addresses(transport: RTCIceTransport, addresses: Sequence[str]) -> None:
    """Let this one ICE transport gather candidates on `addresses` and nowhere else.

    aioice would look at every interface first, which takes 2 to 3 ms of the event loop.
    """
    connection = transport.iceGatherer._connection
    for name in ("gather_candidates", "_local_candidates", "_local_candidates_start", "_local_candidates_end"):
        _require_attribute(connection, name)

    async def gather_on_chosen() -> None:
        if connection._local_candidates_start:
            return
        connection._local_candidates_start = True
        for component in connection._components:
            found = await connection.get_component_candidates(component=component, addresses=chosen)
            connection._local_candidates += found
        connection._local_candidates_end = True

    chosen = list(addresses)
    connection.gather_candidates = gather_on_chosen  # type: ignore[method-assign]


def wake_when_nominated(transport: RTCIceTransport) -> None:
    """Let this ICE transport be connected at the moment of its nomination, not at the next look 20 ms later.

    aioice starts checks and looks at the outcome in one loop with a sleep in it. Here the checks are paced by a task,
    and `connect()` goes straight on to the queue on which the outcome is announced.
    """
    connection = transport.iceGatherer._connection
    _require_attribute(connection, "_check_periodic")
    _require_attribute(connection, "_check_list")
    start_next_check = connection._check_periodic
    pacing: list[asyncio.Task[None]] = []

    async def keep_checking() -> None:
        while start_next_check():  # noqa: ASYNC110 - a pace, not a wait
            await asyncio.sleep(ICE_PACE_SECONDS)

    def has_nothing_to_wait_for() -> bool:
        if not connection._check_list:
            return start_next_check()
        pacing.append(asyncio.create_task(keep_checking(), name="ice-checks"))
        return False

    connection._check_periodic = has_nothing_to_wait_for  # type: ignore[method-assign]


def _literal(ip: str | tuple[str, int, int]) -> str:
    return ip if isinstance(ip, str) else ip[0]


# ── once a process ────────────────────────────────────────────────────────────────────────────────


def warm_up() -> None:
    """Do once, on a thread of the start, what costs 10 to 30 ms the first time: OpenSSL, libopus, SRTP."""
    RTCCertificate.generateCertificate()._create_ssl_context(SRTP_PROFILES)
    packet = OpusEncoder().encode(audio_frame(SILENT_FRAME, pts=0))
    OpusDecoder().decode(bytes(packet), 0)


def _require_attribute(owner: object, name: str) -> None:
    if not hasattr(owner, name):
        raise RuntimeError(f"{type(owner).__name__} has no {name} any more: adapt ai_agent/webrtc_adapters.py")
