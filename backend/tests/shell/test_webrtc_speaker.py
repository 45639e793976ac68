"""The speaker: the agent's voice leaves in real time, can be lowered, frozen and cut, and is counted as it leaves."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from aiortc.mediastreams import MediaStreamError

from ai_agent.audio_format import BYTES_PER_FRAME, FRAME_MS, SAMPLES_PER_FRAME, SILENT_FRAME
from ai_agent.levels import SILENCE_DBFS
from ai_agent.webrtc_speaker import SpeakerTrack

LOUD = 8_000
STEP = FRAME_MS / 1000


def level(frame: bytes) -> int:
    return int(np.abs(np.frombuffer(frame, np.int16)).max(initial=0))


def voice(frames: float, amplitude: int = LOUD) -> bytes:
    """A constant: what a gain does to it can be read off directly."""
    return np.full(round(frames * SAMPLES_PER_FRAME), amplitude, np.int16).tobytes()


class Listener:
    """A speaker, its clock, and all that it told."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []
        self.events: list[tuple[object, ...]] = []
        self.recorded: list[bytes] = []
        self.track = SpeakerTrack(
            clock=lambda: self.now,
            sleep=self.sleep,
            on_started=lambda turn_id: self.events.append(("started", turn_id)),
            on_finished=lambda turn_id, samples: self.events.append(("finished", turn_id, samples)),
            on_frame=self.recorded.append,
        )

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    async def frame(self) -> bytes:
        received = await self.track.recv()
        assert (received.samples, received.sample_rate, received.layout.name) == (SAMPLES_PER_FRAME, 48_000, "mono")
        return bytes(received.planes[0])[:BYTES_PER_FRAME]

    async def frames(self, count: int) -> list[bytes]:
        return [await self.frame() for _ in range(count)]


@pytest.fixture
def listener() -> Listener:
    return Listener()


async def test_it_is_silent_when_nobody_speaks(listener: Listener) -> None:
    assert await listener.frames(3) == [SILENT_FRAME] * 3
    assert listener.track.level_dbfs == SILENCE_DBFS
    assert listener.events == []


async def test_a_turn_is_sent_once_and_reported_at_its_first_and_last_frame(listener: Listener) -> None:
    await listener.frame()
    listener.track.enqueue("a", voice(2))
    listener.track.finish("a")
    assert listener.events == []
    await listener.frame()
    assert listener.events == [("started", "a")]
    await listener.frame()
    assert listener.events == [("started", "a"), ("finished", "a", 2 * SAMPLES_PER_FRAME)]
    assert await listener.frame() == SILENT_FRAME
    assert len(listener.events) == 2


async def test_every_sample_leaves_in_order_whatever_the_chunks(listener: Listener) -> None:
    rng = np.random.default_rng(7)
    sound = rng.integers(-20_000, 20_000, 10_000, np.int16)
    cuts = np.sort(rng.integers(0, len(sound), 12))
    for chunk in np.split(sound, cuts):
        listener.track.enqueue("a", chunk.tobytes())
    listener.track.finish("a")
    sent = np.frombuffer(b"".join(await listener.frames(12)), np.int16)
    assert np.array_equal(sent[: len(sound)], sound)
    assert not sent[len(sound) :].any()
    assert listener.events[-1] == ("finished", "a", len(sound))


async def test_the_rest_of_a_frame_waits_for_more_sound_instead_of_clicking(listener: Listener) -> None:
    listener.track.enqueue("a", voice(1.5))
    assert [level(frame) for frame in await listener.frames(2)] == [LOUD, 0]
    assert listener.track.samples_sent("a") == SAMPLES_PER_FRAME
    listener.track.enqueue("a", voice(0.5))
    assert level(await listener.frame()) == LOUD
    assert listener.track.samples_sent("a") == 2 * SAMPLES_PER_FRAME


async def test_a_turn_that_is_finished_late_or_without_a_sound_is_reported_all_the_same(listener: Listener) -> None:
    listener.track.enqueue("a", voice(1))
    await listener.frames(3)
    listener.track.finish("a")
    listener.track.finish("b")
    await listener.frame()
    assert listener.events == [("started", "a"), ("finished", "a", SAMPLES_PER_FRAME), ("finished", "b", 0)]


async def test_two_turns_are_sent_one_after_the_other(listener: Listener) -> None:
    listener.track.enqueue("a", voice(1, 1_000))
    listener.track.enqueue("b", voice(1, 2_000))
    listener.track.finish("a")
    listener.track.finish("b")
    assert [level(frame) for frame in await listener.frames(3)] == [1_000, 2_000, 0]
    assert [event[:2] for event in listener.events] == [
        ("started", "a"),
        ("finished", "a"),
        ("started", "b"),
        ("finished", "b"),
    ]


async def test_cancelled_sound_stops_with_the_next_frame_and_tells_what_was_sent(listener: Listener) -> None:
    listener.track.enqueue("a", voice(100))
    await listener.frames(3)
    assert await listener.track.cancel_playback() == 3 * SAMPLES_PER_FRAME
    assert await listener.frames(2) == [SILENT_FRAME] * 2
    assert listener.track.samples_sent("a") == 3 * SAMPLES_PER_FRAME
    assert listener.events == [("started", "a")]


async def test_sound_that_comes_late_for_a_cancelled_or_finished_turn_is_not_heard(listener: Listener) -> None:
    listener.track.enqueue("a", voice(5))
    await listener.frame()
    listener.track.stop_now()
    listener.track.enqueue("a", voice(5))
    listener.track.finish("a")
    listener.track.enqueue("b", voice(1))
    listener.track.finish("b")
    await listener.frames(2)
    listener.track.finish("b")
    assert await listener.frames(2) == [SILENT_FRAME] * 2
    assert listener.events == [("started", "a"), ("started", "b"), ("finished", "b", SAMPLES_PER_FRAME)]


async def test_a_cancel_with_nothing_to_say_sends_no_samples(listener: Listener) -> None:
    assert await listener.track.cancel_playback() == 0


async def test_a_ducked_voice_is_quiet_by_the_end_of_the_next_frame(listener: Listener) -> None:
    listener.track.enqueue("a", voice(50))
    await listener.frame()
    listener.track.duck(-12)
    first, second = (np.frombuffer(frame, np.int16) for frame in await listener.frames(2))
    assert LOUD * 0.99 < first[0] <= LOUD
    assert np.abs(np.diff(first)).max() < LOUD / 400, "the gain moves in a ramp, not in a step"
    assert first[-1] == second[0] == second[-1] == round(LOUD * 10 ** (-12 / 20))


async def test_a_restored_voice_is_back_after_150_ms(listener: Listener) -> None:
    listener.track.enqueue("a", voice(50))
    listener.track.duck(-12)
    await listener.frames(2)
    listener.track.restore()
    frames = await listener.frames(8)
    assert level(frames[6]) < LOUD
    assert np.frombuffer(frames[7], np.int16)[-1] == LOUD
    levels = [level(frame) for frame in frames]
    assert levels == sorted(levels)


async def test_a_held_voice_fades_out_freezes_and_goes_on_where_it_was(listener: Listener) -> None:
    ramp = np.arange(20 * SAMPLES_PER_FRAME, dtype=np.int16) // 2
    listener.track.enqueue("a", ramp.tobytes())
    await listener.frames(4)
    listener.track.hold()
    fading = np.frombuffer(await listener.frame(), np.int16)
    assert fading[-1] == 0
    assert fading[0] > 0
    assert await listener.frames(20) == [SILENT_FRAME] * 20
    assert listener.track.samples_sent("a") == 5 * SAMPLES_PER_FRAME
    listener.track.restore()
    back = [np.frombuffer(frame, np.int16) for frame in await listener.frames(3)]
    assert back[0][0] < ramp[5 * SAMPLES_PER_FRAME] // 10, "it fades in"
    assert np.array_equal(back[2], ramp[7 * SAMPLES_PER_FRAME : 8 * SAMPLES_PER_FRAME])


async def test_a_cancel_undoes_duck_and_hold_for_the_next_turn(listener: Listener) -> None:
    listener.track.enqueue("a", voice(50))
    listener.track.duck(-12)
    await listener.frame()
    listener.track.hold()
    await listener.frame()
    await listener.track.cancel_playback()
    listener.track.enqueue("b", voice(2))
    assert level(await listener.frame()) == LOUD


async def test_a_duck_while_held_stays_silent(listener: Listener) -> None:
    listener.track.enqueue("a", voice(50))
    listener.track.hold()
    await listener.frame()
    listener.track.duck(-6)
    assert await listener.frame() == SILENT_FRAME


async def test_the_level_is_that_of_the_last_frame_sent(listener: Listener) -> None:
    square = np.resize(np.array([3_277, -3_277], np.int16), SAMPLES_PER_FRAME)
    listener.track.enqueue("a", square.tobytes())
    await listener.frame()
    assert listener.track.level_dbfs == pytest.approx(-20, abs=0.01)
    await listener.frame()
    assert listener.track.level_dbfs == SILENCE_DBFS


async def test_a_recording_gets_exactly_what_is_sent(listener: Listener) -> None:
    listener.track.enqueue("a", voice(2))
    listener.track.duck(-12)
    assert await listener.frames(4) == listener.recorded


async def test_ten_minutes_are_thirty_thousand_frames_without_drift(listener: Listener) -> None:
    """Encoding takes 1 to 4 ms a frame here; a track that slept a fixed 20 ms would be a minute late at the end."""
    began = listener.now
    busy = np.random.default_rng(3).uniform(0.001, 0.004, 30_001)
    for cost in busy:
        await listener.track.recv()
        listener.now += cost
    assert listener.now - began == pytest.approx(600, abs=0.01)


async def test_a_short_delay_is_made_up_for(listener: Listener) -> None:
    await listener.frame()
    listener.now += 0.150
    await listener.frames(9)
    assert listener.now - 100 == pytest.approx(9 * STEP)


async def test_after_a_long_delay_the_clock_moves_and_nothing_is_sent_as_a_burst(listener: Listener) -> None:
    await listener.frames(5)
    listener.now += 3.0
    listener.slept.clear()
    await listener.frames(10)
    assert listener.slept == pytest.approx([STEP] * 9)
    assert listener.track.skipped_seconds == pytest.approx(3.0 - STEP)


async def test_frames_carry_a_timestamp_that_never_skips(listener: Listener) -> None:
    stamps = [(await listener.track.recv()).pts for _ in range(5)]
    assert stamps == [n * SAMPLES_PER_FRAME for n in range(5)]


async def test_half_a_sample_is_refused(listener: Listener) -> None:
    with pytest.raises(ValueError, match="whole samples"):
        listener.track.enqueue("a", b"\0" * 3)


async def test_a_stopped_track_ends(listener: Listener) -> None:
    listener.track.stop()
    with pytest.raises(MediaStreamError):
        await listener.track.recv()


async def test_a_long_turn_does_not_keep_what_was_sent(listener: Listener) -> None:
    for second in range(30):
        listener.track.enqueue("a", voice(50))
        await listener.frames(50)
        assert listener.track.samples_sent("a") == (second + 1) * 48_000
    (turn,) = listener.track._turns
    assert len(turn.pcm) <= 2 * 48_000 * 2


async def test_the_real_clock_paces_too() -> None:
    track = SpeakerTrack(on_started=lambda _: None, on_finished=lambda *_: None)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for _ in range(11):
        await track.recv()
    assert 0.195 < loop.time() - began < 0.4


# ── a line that dies ──────────────────────────────────────────────────────────────────────────────


def numbered(count: int) -> bytes:
    """Frames whose amplitude tells their number: 100, 200, 300, …"""
    return b"".join(voice(1, 100 * (number + 1)) for number in range(count))


async def test_what_left_into_a_dead_line_is_said_again(listener: Listener) -> None:
    listener.track.enqueue("turn", numbered(60))
    await listener.frames(20)
    listener.track.pause(unheard_seconds=0.1)
    assert listener.track.samples_sent("turn") == 15 * SAMPLES_PER_FRAME
    assert await listener.frames(3) == [SILENT_FRAME] * 3
    listener.track.resume()
    heard = await listener.frames(4)
    assert [level(frame) for frame in heard[2:]] == [1_800, 1_900]
    assert listener.track.samples_sent("turn") == 19 * SAMPLES_PER_FRAME
    assert [event[0] for event in listener.events] == ["started"]


async def test_silence_that_left_into_a_dead_line_is_not_counted(listener: Listener) -> None:
    listener.track.enqueue("turn", numbered(10))
    await listener.frames(15)
    listener.track.enqueue("turn", numbered(10))
    await listener.frames(2)
    listener.track.pause(unheard_seconds=5 * STEP)
    assert listener.track.samples_sent("turn") == 10 * SAMPLES_PER_FRAME


async def test_a_turn_that_was_sent_to_its_end_stays_over(listener: Listener) -> None:
    listener.track.enqueue("turn", numbered(3))
    listener.track.finish("turn")
    await listener.frames(4)
    listener.track.pause(unheard_seconds=1.0)
    listener.track.resume()
    assert await listener.frames(2) == [SILENT_FRAME] * 2
    assert listener.events[-1] == ("finished", "turn", 3 * SAMPLES_PER_FRAME)


async def test_pausing_twice_moves_the_playhead_once_and_no_further_than_a_second(listener: Listener) -> None:
    listener.track.enqueue("turn", numbered(150))
    await listener.frames(120)
    listener.track.pause(unheard_seconds=9.0)
    listener.track.pause(unheard_seconds=9.0)
    assert listener.track.samples_sent("turn") == 70 * SAMPLES_PER_FRAME
    listener.track.resume()
    assert level((await listener.frames(3))[2]) == 7_300


async def test_a_pause_leaves_a_held_voice_held(listener: Listener) -> None:
    listener.track.enqueue("turn", numbered(50))
    await listener.frames(2)
    listener.track.hold()
    await listener.frames(2)
    listener.track.pause(unheard_seconds=0.0)
    listener.track.resume()
    assert await listener.frames(3) == [SILENT_FRAME] * 3
