"""The whole way of the sound: a real client and our connection on 127.0.0.1, also with loss, silence and goodbyes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable

import numpy as np
import psutil
import pytest
from aiortc import RTCSessionDescription

from ai_agent.audio_format import FRAME_MS, SAMPLE_RATE_HZ, split_frames
from ai_agent.webrtc import MediaLost, SdpRefused, warm_up
from tests.shell.loopback_peer import Line, connected, every, new_client, new_peer, rms, tone, tone_share, voice

pytestmark = pytest.mark.real_time

BURST_SECONDS = 0.1
BURST_EVERY_SECONDS = 0.5


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    warm_up()


@pytest.fixture(autouse=True)
async def _nothing_is_left_behind() -> AsyncIterator[None]:
    """After each test: no task but the test's own, no thread that was not there. ICE looks up once in 20 ms."""
    threads = set(threading.enumerate())
    tasks = asyncio.all_tasks()
    yield
    for _ in range(20):
        await asyncio.sleep(0.01)
        left = asyncio.all_tasks() - tasks - {asyncio.current_task()}
        if not left:
            break
    assert not left
    assert set(threading.enumerate()) <= threads


async def heard(line: Line, seconds: float) -> list[tuple[float, bytes]]:
    """The microphone's frames with the time of each."""
    frames = []
    count = round(seconds * 1_000 / FRAME_MS)
    reading = line.peer.microphone.frames()
    async for frame in reading:
        frames.append((time.monotonic(), frame))
        if len(frames) == count:
            break
    await reading.aclose()
    return frames


def usual_rms(pcm: bytes) -> float:
    """That of the middle frame: a machine that is held up now and then does not count."""
    return float(np.median([rms(frame) for frame in split_frames(pcm)]))


async def test_sound_flows_both_ways() -> None:
    async with connected(says=tone(440, 4), peer_says=tone(1_000, 4)) as line:
        frames, from_peer = await asyncio.gather(heard(line, 1.5), line.client_hears(1.5))
    from_client = b"".join(frame for _, frame in frames[25:])
    assert tone_share(from_client, 440) > 0.98
    assert usual_rms(from_client) == pytest.approx(8_000 / 2**0.5, rel=0.1)
    assert tone_share(from_peer[48_000:], 1_000) > 0.98
    assert usual_rms(from_peer[48_000:]) == pytest.approx(8_000 / 2**0.5, rel=0.1)


async def test_the_microphone_comes_one_frame_every_twenty_milliseconds_with_five_percent_lost() -> None:
    """The best of three: a client that is held up itself sends late, and late is lost."""
    shares = []
    for _ in range(3):
        async with connected(says=tone(440, 6), loses=every(20)) as line:
            frames = await heard(line, 4)
        took = frames[-1][0] - frames[0][0]
        assert len(frames) - 1 == pytest.approx(took * 1_000 / FRAME_MS, rel=0.05)
        samples = np.frombuffer(b"".join(frame for _, frame in frames[20:]), np.int16)
        shares.append(float((samples == 0).mean()))
        if shares[-1] < 0.08:
            break
    assert 0.03 < min(shares) < 0.08, "one packet in twenty is silence, and nothing else"


def bursts(seconds: float) -> bytes:
    """A short tone at each half second."""
    pause = bytes(round((BURST_EVERY_SECONDS - BURST_SECONDS) * SAMPLE_RATE_HZ) * 2)
    return (tone(440, BURST_SECONDS) + pause) * round(seconds / BURST_EVERY_SECONDS)


def burst_delays_ms(line: Line, frames: list[tuple[float, bytes]]) -> list[float]:
    """From the moment when a burst's first packet left the client to that when its sound was yielded."""
    packets_per_burst = round(BURST_EVERY_SECONDS * 1_000 / FRAME_MS)
    began = [line.wire.sent_at[n] for n in range(0, len(line.wire.sent_at), packets_per_burst)]
    loud = [at for at, frame in frames if rms(frame) > 1_500]
    onsets = [at for before, at in zip([-1.0, *loud], loud, strict=False) if at - before > 0.2]
    return [1_000 * (onset - max(at for at in began if at < onset)) for onset in onsets]


@pytest.mark.parametrize("loses", [lambda _: False, every(33, start=30)], ids=["no loss", "3 % lost"])
async def test_a_lost_packet_delays_nothing_after_it(loses: Callable[[int], bool]) -> None:
    """With aiortc's own jitter buffer the first loss adds 200 ms, for good."""
    async with connected(says=bursts(6), loses=loses) as line:
        frames = await heard(line, 5)
    delays = burst_delays_ms(line, frames)
    print("microphone delay ms:", " ".join(f"{ms:.0f}" for ms in delays))
    assert len(delays) >= 8
    assert min(delays[-4:]) < 110
    assert min(delays[-4:]) - min(delays[:4]) < 40


async def test_a_call_adds_no_thread() -> None:
    """Counted as the system counts: libav's threads too. One is the client's own decoder."""
    before = psutil.Process().num_threads()
    async with connected(says=tone(440, 2), peer_says=tone(440, 2)) as line:
        await heard(line, 0.3)
        assert psutil.Process().num_threads() - before <= 1
        assert asyncio.get_running_loop()._default_executor is None  # type: ignore[attr-defined]


async def test_the_first_packet_leaves_soon_after_the_offer() -> None:
    taken = []
    for _ in range(5):
        async with connected() as line:
            async with asyncio.timeout(2):
                while line.wire.first_received_at is None:
                    await asyncio.sleep(0.002)
            taken.append(line.first_rtp_ms)
    print("offer to first RTP ms:", " ".join(f"{ms:.0f}" for ms in taken))
    assert min(taken) < 150


async def test_a_client_that_vanishes_is_noticed_within_three_seconds() -> None:
    async with connected(says=tone(440, 10)) as line:
        frames = line.peer.microphone.frames()
        for _ in range(25):
            await anext(frames)
        line.wire.die(line.client)
        vanished = time.monotonic()
        with pytest.raises(MediaLost):
            async for _ in frames:
                assert time.monotonic() - vanished < 3.5
        assert 2.0 < time.monotonic() - vanished < 3.0


async def test_a_client_that_closes_is_noticed_at_once() -> None:
    async with connected(says=tone(440, 10)) as line:
        frames = line.peer.microphone.frames()
        for _ in range(10):
            await anext(frames)
        await line.client.close()
        closed = time.monotonic()
        with pytest.raises(MediaLost):
            async for _ in frames:
                pass
        assert time.monotonic() - closed < 0.5


async def test_closing_our_side_ends_the_frames_and_may_be_done_twice() -> None:
    async with connected(says=tone(440, 10)) as line:
        count = 0
        async for _ in line.peer.microphone.frames():
            count += 1
            if count == 10:
                await line.peer.close()
                await line.peer.close()
        assert count == 10


async def test_the_speaker_moves_to_the_next_connection_and_goes_on_where_it_was() -> None:
    speaker = voice()
    speaker.enqueue("turn", tone(440, 5))
    for _ in range(2):
        client, peer = new_client(voice()), new_peer(speaker)
        await client.setLocalDescription(await client.createOffer())
        answer = await peer.answer(client.localDescription.sdp)
        await client.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await peer.connected()
        sent = speaker.samples_sent("turn")
        track = client.getTransceivers()[0].receiver.track
        for _ in range(10):
            await track.recv()
        assert sent < speaker.samples_sent("turn") < sent + SAMPLE_RATE_HZ
        await asyncio.gather(peer.close(), client.close())


# ── the offer ─────────────────────────────────────────────────────────────────────────────────────


async def offer_of(client_lines: Callable[[list[str]], list[str]] = lambda lines: lines) -> str:
    client = new_client(voice())
    await client.setLocalDescription(await client.createOffer())
    sdp = client.localDescription.sdp
    await client.close()
    return "\r\n".join(client_lines(sdp.splitlines())) + "\r\n"


async def test_the_answer_names_the_chosen_addresses_only_and_offers_opus_only() -> None:
    peer = new_peer(voice())
    answer = (await peer.answer(await offer_of())).splitlines()
    await peer.close()
    assert {line.split()[4] for line in answer if line.startswith("a=candidate:")} == {"127.0.0.1"}
    assert [line for line in answer if line.startswith("a=rtpmap:")] == ["a=rtpmap:96 opus/48000/2"]
    assert "a=end-of-candidates" in answer, "nothing will be trickled after it"
    assert not any("usedtx=1" in line for line in answer), "the stream never pauses"


async def test_hidden_addresses_block_nothing() -> None:
    """Each would make aiortc ask the local network for a second."""
    hidden = [f"a=candidate:{n} 1 udp 1 00000000-0000-4000-8000-00000000000{n}.local 5000 typ host" for n in range(8)]
    peer = new_peer(voice())
    sdp = await offer_of(lambda lines: [*lines, *hidden])
    began = time.monotonic()
    peer.add_candidate(hidden[0][2:], sdp_mid="0", sdp_m_line_index=0)
    await peer.answer(sdp)
    peer.add_candidate(hidden[1][2:], sdp_mid="0", sdp_m_line_index=0)
    assert time.monotonic() - began < 0.5
    await peer.close()


async def test_a_client_whose_addresses_come_later_is_connected() -> None:
    client, peer = new_client(voice()), new_peer(voice())
    await client.setLocalDescription(await client.createOffer())
    lines = client.localDescription.sdp.splitlines()
    candidates = [line for line in lines if line.startswith("a=candidate")]
    bare = "\r\n".join(line for line in lines if "candidate" not in line) + "\r\n"
    peer.add_candidate(candidates[0], sdp_mid="0", sdp_m_line_index=0)
    answer = await peer.answer(bare)
    for candidate in candidates:
        peer.add_candidate(candidate, sdp_mid="0", sdp_m_line_index=0)
    peer.add_candidate(None, sdp_mid="0", sdp_m_line_index=0)
    peer.add_candidate("", sdp_mid="0", sdp_m_line_index=0)
    await client.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await peer.connected()
    await asyncio.gather(peer.close(), client.close())


async def test_a_client_that_hides_all_its_addresses_is_connected_by_its_own_check() -> None:
    client, peer = new_client(voice()), new_peer(voice())
    await client.setLocalDescription(await client.createOffer())
    hidden = client.localDescription.sdp.replace("127.0.0.1", "00000000-0000-4000-8000-000000000000.local")
    hidden = hidden.replace("c=IN IP4 00000000-0000-4000-8000-000000000000.local", "c=IN IP4 0.0.0.0")
    answer = await peer.answer(hidden)
    await client.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await peer.connected()
    await asyncio.gather(peer.close(), client.close())


async def test_the_thirty_first_candidate_is_refused() -> None:
    peer = new_peer(voice())
    for port in range(5_000, 5_030):
        peer.add_candidate(f"candidate:1 1 udp 1 192.0.2.1 {port} typ host", sdp_mid="0", sdp_m_line_index=0)
    with pytest.raises(SdpRefused) as refused:
        peer.add_candidate("candidate:1 1 udp 1 192.0.2.1 6000 typ host", sdp_mid="0", sdp_m_line_index=0)
    assert refused.value.code == "too_many_candidates"
    await peer.close()


@pytest.mark.parametrize(
    "line",
    [
        "a=fmtp:77 minptime=10",
        "a=fmtp:96 minptime=soon",
        "a=extmap:one urn:ietf:params:rtp-hdrext:sdes:mid",
        "a=extmap:1",
        "a=rtpmap:96",
        "a=rtpmap:ninety opus/48000/2",
        "a=ssrc:x cname:y",
        "a=ssrc:1",
        "a=rtcp",
        "a=ssrc-group:FID x",
        "c=IN IP4",
    ],
)
async def test_an_offer_that_makes_no_sense_is_refused(line: str) -> None:
    peer = new_peer(voice())
    sdp = await offer_of(lambda lines: [*lines, line])
    with pytest.raises(SdpRefused) as refused:
        await peer.answer(sdp)
    assert refused.value.code == "bad_sdp"
    await peer.close()


async def test_an_offer_nobody_follows_up_is_lost_after_the_time_limit() -> None:
    peer = new_peer(voice(), ice_timeout_seconds=0.3)
    await peer.answer(await offer_of())
    with pytest.raises(MediaLost, match=r"not connected within 0\.3 s"):
        await peer.connected()
    await peer.close()


async def test_closing_while_connecting_ends_the_wait() -> None:
    peer = new_peer(voice())
    await peer.answer(await offer_of())
    waiting = asyncio.create_task(peer.connected())
    await asyncio.sleep(0.05)
    await peer.close()
    with pytest.raises(MediaLost):
        await waiting


async def test_who_stops_waiting_for_the_close_leaves_a_line_that_closes_all_the_same() -> None:
    """The browser goes first: aiortc closes by itself, and a wait that is cut off must not take that down."""
    async with connected() as line:
        await line.client.close()
        with pytest.raises(MediaLost):
            async for _ in line.peer.microphone.frames():
                pass
        waiting = asyncio.create_task(line.peer.close())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        await line.peer.close()
        assert line.peer._connection.connectionState == "closed"


async def longest_step_ms(monkeypatch: pytest.MonkeyPatch) -> tuple[float, str]:
    """Of one call, from the offer to the end: the callback that took most thread CPU time, the client's included."""
    steps: list[tuple[float, str]] = []
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        steps.append(((time.thread_time() - began) * 1_000, repr(handle)))

    with monkeypatch.context() as patch:
        patch.setattr(asyncio.Handle, "_run", timed)
        async with connected(says=tone(440, 3), peer_says=tone(440, 3)) as line:
            await heard(line, 0.5)
    return max(steps)


async def test_no_step_of_the_loop_takes_five_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best of three calls: thread CPU time, but on a machine where others cool our caches."""
    async with connected():
        pass
    longest = [await longest_step_ms(monkeypatch) for _ in range(3)]
    print("longest step of a call, ms:", " ".join(f"{ms:.1f}" for ms, _ in longest))
    assert min(longest)[0] < 5, min(longest)[1]


def test_the_burst_measure_reads_a_known_delay() -> None:
    """The ruler itself: bursts 70 ms late are measured as 70 ms late."""

    class Stub:
        wire = type("W", (), {"sent_at": [n * 0.02 for n in range(100)]})

    silent, loud = bytes(1_920), np.full(960, 8_000, np.int16).tobytes()
    frames = [(n * 0.02 + 0.07, loud if n % 25 < 5 else silent) for n in range(100)]
    assert burst_delays_ms(Stub(), frames) == pytest.approx([70] * 4)  # type: ignore[arg-type]
