"""The microphone: one frame every 20 ms, on time, whatever the network does to the packets."""

from __future__ import annotations

import asyncio
import fractions
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import av
import numpy as np
import pytest
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_agent.audio_format import BYTES_PER_FRAME, SAMPLES_PER_FRAME, SILENT_FRAME
from ai_agent.webrtc_microphone import (
    ADJUST_TOLERANCE_SECONDS,
    MAX_PLAYOUT_DELAY_SECONDS,
    PLAYOUT_DELAY_SECONDS,
    MediaLost,
    MicrophoneReader,
)
from tests.shell.virtual_time import run_in_virtual_time

STEP = 0.020


def sound(samples: np.ndarray, pts: int, rate: int = 48_000) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1).astype(np.int16), format="s16", layout="mono")
    frame.sample_rate = rate
    frame.pts = pts
    frame.time_base = fractions.Fraction(1, rate)
    return frame


def numbered(number: int) -> av.AudioFrame:
    """Frame number n says n + 1, so that it can be told apart from silence and from every other."""
    return sound(np.full(SAMPLES_PER_FRAME, number + 1), number * SAMPLES_PER_FRAME)


@dataclass
class Arrival:
    at: float
    """Seconds since the first packet left."""
    frame: av.AudioFrame


@dataclass
class ScriptedTrack(MediaStreamTrack):
    """A track on which each frame comes when the script says so. Ends when told to, else it falls silent."""

    arrivals: Iterable[Arrival]
    ends_at: float = math.inf
    kind: str = field(default="audio", init=False)

    def __post_init__(self) -> None:
        super().__init__()
        self._script = iter(sorted(self.arrivals, key=lambda arrival: arrival.at))

    async def recv(self) -> av.AudioFrame:
        arrival = next(self._script, None)
        if arrival is not None:
            await self._until(arrival.at)
            return arrival.frame
        if self.ends_at < math.inf:
            await self._until(self.ends_at)
            raise MediaStreamError
        return await asyncio.get_running_loop().create_future()

    async def _until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))


@dataclass
class Heard:
    """What the reader yielded, and when, from the first frame with sound on."""

    frames: list[bytes] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    lost: MediaLost | None = None
    silent_times: list[float] = field(default_factory=list)
    """When silence was yielded before that."""

    @property
    def numbers(self) -> list[int | None]:
        """The number in the middle of each frame; None for silence."""
        middles = [int.from_bytes(frame[BYTES_PER_FRAME // 2 :][:2], "little") for frame in self.frames]
        return [middle - 1 if middle else None for middle in middles]


def listen(arrivals: Iterable[Arrival], *, seconds: float = math.inf, ends_at: float = math.inf) -> Heard:
    """Read until the media is lost, or for so many seconds."""

    async def read() -> Heard:
        loop = asyncio.get_running_loop()
        heard = Heard()
        reader = MicrophoneReader(ScriptedTrack(arrivals, ends_at), clock=loop.time)
        frames = reader.frames()
        try:
            async for frame in frames:
                assert len(frame) == BYTES_PER_FRAME
                if not heard.frames and frame == SILENT_FRAME:
                    heard.silent_times.append(loop.time())
                else:
                    heard.frames.append(frame)
                    heard.times.append(loop.time())
                if loop.time() >= seconds:
                    break
        except MediaLost as lost:
            heard.lost = lost
            heard.times.append(loop.time())
        await frames.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return heard

    return run_in_virtual_time(read())


def steady(count: int, *, lost: Iterable[int] = (), delays: dict[int, float] | None = None) -> list[Arrival]:
    delays = delays or {}
    missing = set(lost)
    return [Arrival(n * STEP + delays.get(n, 0.0), numbered(n)) for n in range(count) if n not in missing]


def frames_until(seconds: float) -> float:
    """How many frames are due by then, the first one included."""
    return (seconds - PLAYOUT_DELAY_SECONDS) / STEP + 1


def assert_regular(heard: Heard) -> None:
    """One frame every 20 ms, not a moment sooner or later."""
    times = np.array(heard.times[: len(heard.frames)])
    assert np.allclose(np.diff(times), STEP, atol=1e-6)


def test_an_undisturbed_stream_is_passed_on_forty_milliseconds_later() -> None:
    heard = listen(steady(100), seconds=1.5)
    assert heard.numbers == list(range(len(heard.frames)))
    assert heard.times[0] == pytest.approx(PLAYOUT_DELAY_SECONDS)
    assert_regular(heard)


@pytest.mark.parametrize("comes_at", [0.0, 0.007, 0.3])
def test_silence_is_read_from_the_beginning_until_the_first_packet(comes_at: float) -> None:
    heard = listen([Arrival(one.at + comes_at, one.frame) for one in steady(40)], seconds=1.0)
    assert np.allclose(heard.silent_times + heard.times, np.arange(len(heard.silent_times + heard.times)) * STEP)
    pcm = np.frombuffer(b"".join([SILENT_FRAME] * len(heard.silent_times) + heard.frames), np.int16)
    assert np.flatnonzero(pcm)[0] == pytest.approx((comes_at + PLAYOUT_DELAY_SECONDS) * 48_000, abs=1)


def test_a_lost_packet_is_silence_in_its_own_place_and_time() -> None:
    heard = listen(steady(100, lost=[10, 11, 50]), seconds=1.5)
    expected = [None if n in (10, 11, 50) else n for n in range(len(heard.frames))]
    assert heard.numbers == expected
    assert_regular(heard)


def test_packets_in_the_wrong_order_are_put_right() -> None:
    heard = listen(steady(60, delays={10: 0.030, 20: 0.025, 21: 0.001}), seconds=1.0)
    assert heard.numbers == list(range(len(heard.frames)))


def test_doubled_packets_are_heard_once() -> None:
    twice = steady(60) + [Arrival(n * STEP + 0.005, numbered(n)) for n in range(0, 60, 3)]
    heard = listen(twice, seconds=1.0)
    assert heard.numbers == list(range(len(heard.frames)))


@pytest.mark.parametrize("stray_frame", [10, 500], ids=["of the past", "of the future"])
def test_a_stray_packet_from_far_away_is_not_heard(stray_frame: int) -> None:
    stray = Arrival(38.5 * STEP, numbered(stray_frame))
    heard = listen([*steady(60), stray], seconds=1.0)
    assert heard.numbers[:48] == list(range(48))
    assert_regular(heard)


def test_a_packet_after_its_time_is_dropped_and_delays_nothing() -> None:
    heard = listen(steady(60, delays={10: 0.100}), seconds=1.0)
    assert heard.numbers == [None if n == 10 else n for n in range(len(heard.frames))]
    assert_regular(heard)


def test_a_stall_of_the_network_leaves_no_delay_behind() -> None:
    """Everything sent in 300 ms comes at once: what is out of date is silence, and then all is as before."""
    stalled = {n: (35 - n) * STEP for n in range(20, 35)}
    heard = listen(steady(150, delays=stalled), seconds=2.5)
    assert heard.numbers[:20] == list(range(20))
    assert heard.numbers[36:] == list(range(36, len(heard.frames)))
    assert_regular(heard)


def test_a_way_that_became_longer_is_followed() -> None:
    heard = listen(steady(300, delays=dict.fromkeys(range(50, 300), 0.150)), seconds=5)
    assert heard.numbers[80:220] == list(range(heard.numbers[80], heard.numbers[80] + 140))
    delay = heard.times[200] - heard.numbers[200] * STEP
    assert delay == pytest.approx(0.150 + PLAYOUT_DELAY_SECONDS, abs=0.011)


def test_a_way_that_became_shorter_is_followed() -> None:
    heard = listen(steady(300, delays=dict.fromkeys(range(50), 0.150)), seconds=5)
    delay = heard.times[200] - heard.numbers[200] * STEP
    assert delay == pytest.approx(PLAYOUT_DELAY_SECONDS, abs=0.011)


def test_a_line_that_jitters_gets_more_time_and_gives_it_back() -> None:
    """20 seconds in which every packet is up to 75 ms late, then 80 quiet ones."""
    rng = np.random.default_rng(5)
    late = {n: float(rng.uniform(0, 0.075)) for n in range(1, 1_000)}
    heard = listen(steady(5_000, delays=late), seconds=99)
    assert_regular(heard)
    numbers = heard.numbers
    assert numbers[:200].count(None) > 10
    assert numbers[500:1_000].count(None) < 10
    delays = [at - number * STEP for at, number in zip(heard.times, numbers, strict=True) if number is not None]
    assert max(delays) < MAX_PLAYOUT_DELAY_SECONDS + 0.015
    assert delays[-1] == pytest.approx(PLAYOUT_DELAY_SECONDS, abs=0.011)


@pytest.mark.parametrize("burst", [3, 6, 12])
def test_a_sender_that_gives_its_packets_in_bursts_loses_none(burst: int) -> None:
    """As a sleepy wireless card does, or a browser on a busy machine: all frames of a while at once, at its end."""
    arrivals = [Arrival((number // burst + 1) * burst * STEP, numbered(number)) for number in range(500)]
    heard = [number for number in listen(arrivals, seconds=9).numbers if number is not None]
    gaps = [after - before for before, after in pairwise(heard)]
    # Once it is known how much each packet can spare, so much less is waited; that is all that is ever skipped.
    assert sum(gap - 1 for gap in gaps) <= PLAYOUT_DELAY_SECONDS / STEP


@pytest.mark.parametrize("seconds_forward", [7.0, -7.0, 3600.0])
def test_a_sender_whose_timestamps_jump_is_followed(seconds_forward: float) -> None:
    jump = round(seconds_forward * 48_000)
    arrivals = steady(50)
    for n in range(50, 150):
        frame = numbered(n)
        frame.pts += jump
        arrivals.append(Arrival(n * STEP, frame))
    heard = listen(arrivals, seconds=2.5)
    assert heard.numbers == list(range(len(heard.frames)))
    assert_regular(heard)


@pytest.mark.parametrize(("ppm", "seconds"), [(-200, 600), (200, 600), (-2_000, 60), (2_000, 60)])
def test_a_clock_that_drifts_for_ten_minutes_adds_no_delay(ppm: int, seconds: int) -> None:
    period = STEP / (1 + ppm / 1e6)
    sent = round(seconds / period)
    arrivals = (Arrival(n * period, numbered(n)) for n in range(sent))
    heard = listen(list(arrivals), seconds=seconds - 1)
    assert len(heard.frames) == pytest.approx(frames_until(seconds - 1), abs=1)
    assert_regular(heard)
    delays = [at - number * period for at, number in zip(heard.times, heard.numbers, strict=True) if number is not None]
    assert min(delays) > PLAYOUT_DELAY_SECONDS - 0.025
    assert max(delays) < PLAYOUT_DELAY_SECONDS + 0.025
    slips = abs(ppm) * 1e-6 * seconds / ADJUST_TOLERANCE_SECONDS
    assert heard.numbers.count(None) <= slips + 1, "a slip is a frame at most, not a stretch of silence"


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    loss=st.floats(0, 0.10),
    reordered=st.floats(0, 0.10),
    doubled=st.floats(0, 0.10),
    ppm=st.integers(-300, 300),
    jitter_ms=st.floats(0, 15),
)
def test_the_frames_are_as_many_as_the_time_that_passed(  # noqa: PLR0917 - hypothesis names them
    seed: int, loss: float, reordered: float, doubled: float, ppm: int, jitter_ms: float
) -> None:
    """Up to 10 % lost, 10 % reordered, 10 % doubled, a clock that drifts and a network that jitters."""
    rng = np.random.default_rng(seed)
    period = STEP / (1 + ppm / 1e6)
    arrivals = [Arrival(0.0, numbered(0))]
    for n in range(1, 600):
        if rng.random() < loss:
            continue
        late = rng.uniform(0, jitter_ms / 1000) + (0.022 if rng.random() < reordered else 0)
        arrivals.append(Arrival(n * period + late, numbered(n)))
        if rng.random() < doubled:
            arrivals.append(Arrival(n * period + late + 0.003, numbered(n)))
    heard = listen(arrivals, seconds=11.0)
    assert len(heard.frames) == pytest.approx(frames_until(11.0), abs=1)
    assert_regular(heard)
    spoken = [number for number in heard.numbers if number is not None]
    assert spoken == sorted(set(spoken)), "no frame twice, none before an earlier one"
    assert len(spoken) >= 0.8 * len(heard.frames)


# ── odd frames ────────────────────────────────────────────────────────────────────────────────────


def tone(hz: float, count: int, rate: int) -> np.ndarray:
    return 8_000 * np.sin(2 * np.pi * hz * np.arange(count) / rate)


def snr_db(pcm: np.ndarray, hz: float) -> float:
    """How much louder a tone is than all that is not that tone."""
    phase = 2 * np.pi * hz * np.arange(len(pcm)) / 48_000
    basis = np.stack([np.sin(phase), np.cos(phase)], axis=1)
    rest = pcm - basis @ np.linalg.lstsq(basis, pcm, rcond=None)[0]
    return float(10 * np.log10((pcm**2).mean() / (rest**2).mean()))


@pytest.mark.parametrize(("rate", "size"), [(48_000, 480), (48_000, 2_880), (16_000, 320), (44_100, 882), (8_000, 160)])
def test_any_rate_and_frame_size_becomes_one_clean_stream(rate: int, size: int) -> None:
    pcm = tone(440, rate * 4, rate)
    arrivals = [
        Arrival(start / rate, sound(pcm[start : start + size], start, rate))
        for start in range(0, len(pcm) - size + 1, size)
    ]
    heard = listen(arrivals, seconds=3.5)
    assert_regular(heard)
    steady_part = np.frombuffer(b"".join(heard.frames[75:165]), np.int16).astype(float)
    assert snr_db(steady_part, 440) > 60


def test_the_first_second_of_large_frames_is_not_lost() -> None:
    pcm = tone(440, 48_000 * 3, 48_000)
    arrivals = [Arrival(start / 48_000, sound(pcm[start : start + 2_880], start)) for start in range(0, 144_000, 2_880)]
    heard = listen(arrivals, seconds=2.9)
    early = np.frombuffer(b"".join(heard.frames[:50]), np.int16)
    assert np.abs(early).max() > 7_900


@pytest.mark.parametrize("layout", ["stereo", "mono"])
@pytest.mark.parametrize("sample_format", ["s16", "s16p", "flt", "fltp", "s32"])
def test_any_sample_format_becomes_mono(sample_format: str, layout: str) -> None:
    channels = 2 if layout == "stereo" else 1
    scale = {"s16": 1, "s16p": 1, "flt": 1 / 32_768, "fltp": 1 / 32_768, "s32": 65_536}[sample_format]
    dtype = {"s16": np.int16, "s16p": np.int16, "flt": np.float32, "fltp": np.float32, "s32": np.int32}[sample_format]
    arrivals = []
    for n in range(20):
        left, right = np.full(960, 3_000.0), np.full(960, 1_000.0)
        parts = np.stack([left, right][:channels]) * scale
        array = parts if sample_format.endswith("p") else parts.T.reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(array.astype(dtype)), sample_format, layout)
        frame.sample_rate, frame.pts, frame.time_base = 48_000, n * 960, fractions.Fraction(1, 48_000)
        arrivals.append(Arrival(n * STEP, frame))
    heard = listen(arrivals, seconds=0.3)
    assert set(np.frombuffer(heard.frames[5], np.int16)) == {2_000 if channels == 2 else 3_000}


def test_frames_without_a_timestamp_follow_each_other() -> None:
    arrivals = steady(50)
    for arrival in arrivals:
        arrival.frame.pts = None
    heard = listen(arrivals, seconds=0.8)
    assert heard.numbers == list(range(len(heard.frames)))


# ── ends ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_peer_that_falls_silent_is_noticed_within_three_seconds() -> None:
    heard = listen(steady(50))
    assert heard.lost is not None
    assert "no packet" in heard.lost.reason
    assert 2.0 <= heard.times[-1] - 49 * STEP <= 3.0
    assert heard.numbers[50:] == [None] * (len(heard.frames) - 50), "silence is counted until then"


def test_a_peer_that_never_sends_is_given_up_after_five_seconds() -> None:
    heard = listen([])
    assert heard.lost is not None
    assert heard.times == [pytest.approx(5.0, abs=1.1 * STEP)]
    assert len(heard.silent_times) == pytest.approx(250, abs=1)


def test_a_peer_that_says_goodbye_is_noticed_at_once() -> None:
    heard = listen(steady(50), ends_at=1.0)
    assert heard.lost is not None
    assert heard.times[-1] < 1.05


def test_closing_it_ourselves_is_no_loss() -> None:
    async def read() -> int:
        loop = asyncio.get_running_loop()
        reader = MicrophoneReader(ScriptedTrack(steady(100)), clock=loop.time)
        loop.call_later(0.5, reader.close)
        return len([frame async for frame in reader.frames()])

    assert run_in_virtual_time(read()) == pytest.approx(25, abs=1)


def read_around_a_stall(track: ScriptedTrack, *, stall_seconds: float, frame_count: int) -> tuple[Heard, float]:
    """What a reader gives whose loop stands still after its twentieth frame, and when it gave the last."""

    async def read() -> tuple[Heard, float]:
        loop = asyncio.get_running_loop()
        reader = MicrophoneReader(track, clock=loop.time)
        frames: list[bytes] = []
        async for frame in reader.frames():
            if frames or frame != SILENT_FRAME:
                frames.append(frame)
            if len(frames) == 20:
                loop._virtual.now += stall_seconds  # type: ignore[attr-defined]
            if len(frames) == frame_count:
                break
        return Heard(frames=frames), loop.time()

    return run_in_virtual_time(read())


def test_a_loop_that_was_held_up_loses_no_frame() -> None:
    """300 ms of nothing but arithmetic on the loop: the frames come late, all of them, and then on time again."""

    heard, ended_at = read_around_a_stall(ScriptedTrack(steady(100)), stall_seconds=0.300, frame_count=60)
    assert heard.numbers == list(range(60))
    assert ended_at == pytest.approx(60 * STEP + 0.020, abs=0.001)


class SlowWayTrack(ScriptedTrack):
    """A packet that waited in the socket goes through decryption and decoding: some turns of the loop each."""

    async def recv(self) -> av.AudioFrame:
        frame = await super().recv()
        for _ in range(8):
            await asyncio.sleep(0)
        return frame


def test_packets_that_waited_in_the_socket_while_we_were_held_up_are_heard() -> None:
    heard, _ = read_around_a_stall(SlowWayTrack(steady(120)), stall_seconds=0.450, frame_count=80)
    assert heard.numbers == list(range(80))


def test_a_frame_is_plain_bytes_of_silence_where_nothing_came() -> None:
    heard = listen(steady(30, lost=[10]), seconds=0.4)
    assert heard.frames[10] == SILENT_FRAME
