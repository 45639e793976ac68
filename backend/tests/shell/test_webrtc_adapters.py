"""What we rely on below aiortc's public surface: each of these fails, and says where, when aiortc or aioice changes."""

from __future__ import annotations

import asyncio
import inspect
import os

import aioice
import av
import numpy as np
import psutil
import pytest
from aiortc import RTCIceGatherer, RTCRtpReceiver, RTCRtpSender, RTCRtpTransceiver
from aiortc.mediastreams import MediaStreamError
from aiortc.rtcpeerconnection import RTCPeerConnection
from aiortc.rtp import RtpPacket

from ai_agent import webrtc_adapters
from ai_agent.audio_format import BYTES_PER_FRAME, SAMPLE_RATE_HZ, SAMPLES_PER_FRAME, split_frames
from ai_agent.webrtc import MediaLimits, PeerConnection
from ai_agent.webrtc_adapters import (
    MAX_QUEUED_FRAMES,
    PACKET_BURST,
    OpusTrack,
    PacketOrder,
    ReceivedSound,
    host_addresses,
    require_supported_versions,
    warm_up,
)
from ai_agent.webrtc_codecs import OpusDecoder, OpusEncoder, audio_frame
from ai_agent.webrtc_speaker import SpeakerTrack
from tests.shell.loopback_peer import new_peer, tone, tone_share, voice


def packet(number: int, *, ssrc: int = 7, payload: bytes = b"") -> RtpPacket:
    made = RtpPacket(payload_type=111, sequence_number=number % 65_536, timestamp=number * 960 % (1 << 32))
    made.ssrc = ssrc
    made.payload = payload
    return made


def handed_on(order: PacketOrder, numbers: str) -> str:
    """Packets that arrive, to what is handed on at each: ``1 2 4 5`` to ``1 2 - 4,5``."""
    released = [order.push(packet(int(number))) for number in numbers.split()]
    return " ".join(",".join(str(p.sequence_number) for p in packets) or "-" for packets in released)


# ── versions and private names ────────────────────────────────────────────────────────────────────


def test_another_aiortc_is_refused_with_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webrtc_adapters, "version", lambda package: "2.0.0")
    with pytest.raises(RuntimeError) as refused:
        require_supported_versions()
    assert "aiortc 2.0.0 is installed" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_private_name_that_is_gone_is_named() -> None:
    with pytest.raises(RuntimeError, match=r"adapt ai_agent/webrtc_adapters\.py"):
        webrtc_adapters._require_attribute(object(), "_gone")


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    [
        (RTCRtpReceiver, "_handle_rtp_packet", ["self", "packet", "arrival_time_ms"]),
        (RTCRtpReceiver, "_handle_rtcp_packet", ["self", "packet"]),
        (RTCRtpReceiver, "_handle_disconnect", ["self"]),
        (RTCRtpReceiver, "_set_rtcp_ssrc", ["self", "ssrc"]),
        (RTCRtpReceiver, "receive", ["self", "parameters"]),
        (RTCRtpReceiver, "stop", ["self"]),
        (aioice.Connection, "_check_periodic", ["self"]),
        (aioice.Connection, "gather_candidates", ["self"]),
        (aioice.Connection, "get_component_candidates", ["self", "component", "addresses", "timeout"]),
    ],
)
def test_the_methods_that_we_override_are_as_they_were(owner: type, name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(owner, name)).parameters) == parameters


def test_aiortc_still_uses_them_as_we_think() -> None:
    assert "self.__receiver = receiver" in inspect.getsource(RTCRtpTransceiver.__init__)
    assert "self._connection = Connection(" in inspect.getsource(RTCIceGatherer.__init__)
    gather = inspect.getsource(aioice.Connection.gather_candidates)
    assert "if not self._local_candidates_start:\n            self._local_candidates_start = True" in gather
    assert "self.get_component_candidates(component=component, addresses=addresses)" in gather
    assert "self._local_candidates += candidates\n            self._local_candidates_end = True" in gather
    connect = inspect.getsource(aioice.Connection.connect)
    assert "if not self._check_periodic():\n                break\n            await asyncio.sleep(0.02)" in connect
    assert "if self._check_list:\n            res = await self._check_list_state.get()" in connect
    assert "and self.__decoder_thread:" in inspect.getsource(RTCRtpReceiver._handle_rtp_packet)
    assert "payloads, timestamp = self.__encoder.pack(data)" in inspect.getsource(RTCRtpSender._next_encoded_frame)
    assert "receiver._set_rtcp_ssrc(transceiver.sender._ssrc)" in inspect.getsource(RTCPeerConnection)


# ── packets in order ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arrives", "expected"),
    [
        ("1 2 3 4", "1 2 3 4"),
        ("1 2 4 5 6", "1 2 - 4,5 6"),
        ("1 2 5 6 7", "1 2 - 5,6 7"),
        ("1 3 2 4", "1 - 2,3 4"),
        ("1 4 3 2 5", "1 - 3,4 - 5"),
        ("1 3 5 6", "1 - 3 5,6"),
        ("5 5 6 5", "5 - 6 -"),
        ("65534 65535 0 2 1 3", "65534 65535 0 - 1,2 3"),
        ("65534 0 1 2", "65534 - 0,1 2"),
        ("1 2 4 3000 3001", "1 2 - - 4,3000,3001"),
        ("3000 10 11", "3000 - 10,11"),
        ("60000 10 11", "60000 - 10,11"),
        ("1000 10 1001 700 1002", "1000 - 1001 - 1002"),
        ("1000 10 1001 11 1002", "1000 - 1001 - 1002"),
    ],
)
def test_packets_are_handed_on_in_order_and_none_waits_for_more_than_two(arrives: str, expected: str) -> None:
    assert handed_on(PacketOrder(), arrives) == expected


def test_one_lost_packet_delays_nothing_that_comes_after() -> None:
    """aiortc's own buffer waits for 16 packets after a loss and stays 200 ms late for the rest of the call."""
    order = PacketOrder()
    delays = []
    for number in range(3_000):
        if number % 100 != 50:
            delays += [number - released.sequence_number for released in order.push(packet(number))]
    assert max(delays) == 1
    assert sum(delay > 0 for delay in delays) == 30


# ── the codecs ────────────────────────────────────────────────────────────────────────────────────


def encoded(pcm: bytes) -> list[bytes]:
    encoder = OpusEncoder()
    frames = enumerate(split_frames(pcm))
    return [bytes(encoder.encode(audio_frame(frame, pts=n * SAMPLES_PER_FRAME))) for n, frame in frames]


def decoded(frames: list[av.AudioFrame]) -> bytes:
    return b"".join(bytes(frame.planes[0])[: frame.samples * 2] for frame in frames)


def test_each_frame_becomes_one_small_mono_packet() -> None:
    payloads = encoded(tone(440, 2))
    assert len(payloads) == 100
    assert sum(map(len, payloads)) * 8 / 2 == pytest.approx(32_000, rel=0.2)
    assert all(payload[0] & 0b100 == 0 for payload in payloads), "the stereo bit of Opus's first byte"


def test_what_is_encoded_is_heard_again() -> None:
    decoder = OpusDecoder()
    frames = [frame for n, p in enumerate(encoded(tone(440, 1))) for frame in decoder.decode(p, n * 960)]
    assert all((f.samples, f.layout.name, f.sample_rate) == (960, "mono", SAMPLE_RATE_HZ) for f in frames)
    assert [frame.pts for frame in frames] == [n * 960 for n in range(50)]
    assert tone_share(decoded(frames)[9_600:], 440) > 0.99


def test_timestamps_go_on_where_32_bits_end() -> None:
    decoder = OpusDecoder()
    start = (1 << 32) - 2 * 960
    payloads = encoded(tone(440, 0.1))
    pts = [decoder.decode(p, (start + n * 960) % (1 << 32))[0].pts for n, p in enumerate(payloads)]
    assert list(np.diff(pts)) == [960] * 4


@pytest.mark.parametrize("rubbish", [b"", b"\xff" * 50, b"\x03", b"\x00\x01\x02"])
def test_rubbish_is_silence_and_the_next_packet_is_heard(rubbish: bytes) -> None:
    """An empty packet ends a libav stream: aiortc's own decoder is deaf from then on."""
    decoder = OpusDecoder()
    payloads = encoded(tone(440, 0.2))
    for n, payload in enumerate(payloads):
        decoder.decode(payload, n * 960)
    decoder.decode(rubbish, 10 * 960)
    assert decoder.decode(payloads[5], 11 * 960)[0].samples == 960


def test_silence_is_sent_as_packets_too() -> None:
    """With discontinuous transmission a silent second would be three packets, and the peer would seem dead."""
    assert len(encoded(bytes(50 * BYTES_PER_FRAME))) == 50


# ── the received track ────────────────────────────────────────────────────────────────────────────


async def test_a_flood_of_packets_is_not_decoded() -> None:
    now = 0.0
    sound = ReceivedSound(clock=lambda: now)
    payload = encoded(tone(440, 0.02))[0]
    decodes = 0
    decoder_decode = sound._decoder.decode

    def counting(data: bytes, timestamp: int) -> list[av.AudioFrame]:
        nonlocal decodes
        decodes += 1
        return decoder_decode(data, timestamp)

    sound._decoder.decode = counting  # type: ignore[method-assign]
    for number in range(20_000):
        now += 0.0001
        sound.on_packet(packet(number, payload=payload))
    assert decodes <= PACKET_BURST + 2.0 * webrtc_adapters.PACKETS_PER_SECOND


async def test_a_reader_that_does_not_read_keeps_half_a_second_at_most() -> None:
    sound = ReceivedSound(clock=lambda: 0.0)
    for number, payload in enumerate(encoded(tone(440, 2.4))):
        sound.on_packet(packet(number, payload=payload))
    assert sound._frames.qsize() <= MAX_QUEUED_FRAMES
    first = await sound.recv()
    assert first.pts == (120 - MAX_QUEUED_FRAMES) * 960, "the oldest went first"


async def test_a_second_source_in_the_same_connection_is_not_mixed_in() -> None:
    sound = ReceivedSound(clock=lambda: 0.0)
    payload = encoded(tone(440, 0.02))[0]
    sound.on_packet(packet(1, payload=payload))
    sound.on_packet(packet(2, ssrc=8, payload=payload))
    sound.on_packet(packet(2, payload=payload))
    assert sound._frames.qsize() == 2


async def test_an_ended_track_wakes_its_reader() -> None:
    sound = ReceivedSound()
    waiting = asyncio.create_task(sound.recv())
    await asyncio.sleep(0)
    sound.end()
    with pytest.raises(MediaStreamError):
        await waiting
    with pytest.raises(MediaStreamError):
        await sound.recv()


async def test_an_encoded_track_ends_alone_and_leaves_the_speaker_alive() -> None:
    speaker = voice()
    track = OpusTrack(speaker, on_failed=lambda: None)
    assert (await track.recv()).pts == 0
    track.stop()
    with pytest.raises(MediaStreamError):
        await track.recv()
    assert speaker.readyState == "live"
    assert (await OpusTrack(speaker, on_failed=lambda: None).recv()).pts == SAMPLES_PER_FRAME


async def test_a_track_sends_nothing_until_it_is_told_whose_sound() -> None:
    track = OpusTrack(on_failed=lambda: None)
    first = asyncio.create_task(track.recv())
    await asyncio.sleep(0)
    assert not first.done()
    track.play(voice())
    assert (await first).pts == 0


async def test_a_track_whose_sender_was_stopped_meanwhile_may_still_be_told_whose_sound() -> None:
    """The browser is gone before its call is opened."""
    track = OpusTrack(on_failed=lambda: None)
    waiting = asyncio.create_task(track.recv())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait([waiting])
    track.play(voice())
    assert (await track.recv()).pts == 0


async def test_a_failing_speaker_ends_the_connection_instead_of_falling_silent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed = []

    def recorder(_: bytes) -> None:
        raise OSError("disk full")

    speaker = SpeakerTrack(on_started=lambda _: None, on_finished=lambda *_: None, on_frame=recorder)
    with pytest.raises(MediaStreamError):
        await OpusTrack(speaker, on_failed=lambda: failed.append(True)).recv()
    assert failed == [True]
    assert "disk full" in caplog.text


# ── addresses, threads, warm-up ───────────────────────────────────────────────────────────────────


def test_only_chosen_addresses_are_offered() -> None:
    assert host_addresses(["192.0.2.1", "2001:DB8::1"]) == ["192.0.2.1", "2001:db8::1"]
    with pytest.raises(ValueError, match="localhost"):
        host_addresses(["localhost"])


class _Adapter:
    def __init__(self, name: str, *ips: str | tuple[str, int, int]) -> None:
        self.nice_name = name
        self.ips = [type("IP", (), {"ip": ip})() for ip in ips]


def test_container_bridges_and_loopback_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    adapters = [
        _Adapter("lo", "127.0.0.1", ("::1", 0, 0)),
        _Adapter("eth0", "192.0.2.7", ("2001:db8::7", 0, 0), ("fe80::1", 0, 2)),
        _Adapter("docker0", "172.17.0.1"),
        _Adapter("br-1a2b", "172.18.0.1"),
        _Adapter("veth12", "169.254.3.4"),
    ]
    monkeypatch.setattr(webrtc_adapters.ifaddr, "get_adapters", lambda: adapters)
    assert host_addresses([]) == ["192.0.2.7", "2001:db8::7"]


def test_a_machine_with_loopback_only_offers_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webrtc_adapters.ifaddr, "get_adapters", lambda: [_Adapter("lo", "127.0.0.1", "127.0.0.2")])
    assert host_addresses([]) == ["127.0.0.1", "127.0.0.2"]


def ice_of(peer: PeerConnection) -> aioice.Connection:
    return peer._connection.getTransceivers()[0].sender.transport.transport._connection


async def test_no_server_is_asked_that_was_not_configured() -> None:
    peer = new_peer(voice())
    assert (ice_of(peer).stun_server, ice_of(peer).turn_server) == (None, None)
    await peer.close()


async def test_the_first_server_of_each_kind_is_asked() -> None:
    servers = [
        {"urls": ["stun:192.0.2.1:3478"]},
        {"urls": ["turn:192.0.2.2:3478?transport=udp"], "username": "1:ada", "credential": "secret"},
        {"urls": ["stun:192.0.2.3:3478", "turn:192.0.2.4:3478"], "username": "x", "credential": "y"},
    ]
    peer = PeerConnection(speaker=voice(), ice_servers=servers, limits=MediaLimits(), ice_addresses=["127.0.0.1"])
    ice = ice_of(peer)
    assert ice.stun_server == ("192.0.2.1", 3478)
    assert (ice.turn_server, ice.turn_username, ice.turn_password) == (("192.0.2.2", 3478), "1:ada", "secret")
    await peer.close()


def thread_count() -> int:
    """All of the process, those of libav included."""
    return psutil.Process().num_threads()


def test_codecs_start_no_thread_of_their_own() -> None:
    """PyAV's filter graphs start one for each core, for every stream."""
    before = thread_count()
    streams = [(OpusEncoder(), OpusDecoder()) for _ in range(4)]
    for encoder, decoder in streams:
        packet = encoder.encode(audio_frame(tone(440, 0.02), pts=0))
        assert decoder.decode(bytes(packet), 0)
    assert thread_count() == before


def test_making_a_codec_leaves_the_loop_on_all_its_cores() -> None:
    cores = os.sched_getaffinity(0)
    OpusEncoder()
    assert os.sched_getaffinity(0) == cores


def test_the_warm_up_starts_no_thread() -> None:
    before = thread_count()
    warm_up()
    assert thread_count() == before
