"""The speaker: the agent's voice leaves in real time, can be lowered, frozen and cut, and is counted as it leaves."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from aiortc.mediastreams import MediaStreamError

from ai_agent.audio_format import BYTES_PER_FRAME, FRAME_MS, SAMPLES_PER_FRAME, SILENT_FRAME, samples_in
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
    listener.track.restore(150)
    frames = await listener.frames(8)
    assert level(frames[6]) < LOUD
    assert np.frombuffer(frames[7], np.int16)[-1] == LOUD
    levels = [level(frame) for frame in frames]
    assert levels == sorted(levels)


async def test_a_held_voice_fades_out_freezes_and_goes_on_where_it_was(listener: Listener) -> None:
    ramp = np.arange(20 * SAMPLES_PER_FRAME, dtype=np.int16) // 2
    listener.track.enqueue("a", ramp.tobytes())
    await listener.frames(4)
    listener.track.hold(20)
    fading = np.frombuffer(await listener.frame(), np.int16)
    assert fading[-1] == 0
    assert fading[0] > 0
    assert await listener.frames(20) == [SILENT_FRAME] * 20
    assert listener.track.samples_sent("a") == 5 * SAMPLES_PER_FRAME
    listener.track.restore(40)
    back = [np.frombuffer(frame, np.int16) for frame in await listener.frames(3)]
    assert back[0][0] < ramp[5 * SAMPLES_PER_FRAME] // 10, "it fades in"
    assert np.array_equal(back[2], ramp[7 * SAMPLES_PER_FRAME : 8 * SAMPLES_PER_FRAME])


async def test_a_cancel_undoes_duck_and_hold_for_the_next_turn(listener: Listener) -> None:
    listener.track.enqueue("a", voice(50))
    listener.track.duck(-12)
    await listener.frame()
    listener.track.hold(20)
    await listener.frame()
    await listener.track.cancel_playback()
    listener.track.enqueue("b", voice(2))
    assert level(await listener.frame()) == LOUD


async def test_a_duck_while_held_stays_silent(listener: Listener) -> None:
    listener.track.enqueue("a", voice(50))
    listener.track.hold(20)
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
    listener.track.hold(20)
    await listener.frames(2)
    listener.track.pause(unheard_seconds=0.0)
    listener.track.resume()
    assert await listener.frames(3) == [SILENT_FRAME] * 3


# ── a hold, and where the voice goes on after it ──────────────────────────────────────────────────

FADE_MS, RISE_MS, REWIND_MS = 20, 40, 350
MOST_REPEATED, MOST_LOST = samples_in(400), samples_in(60)


def words(*lengths_ms: int, gap_ms: int = 60) -> np.ndarray:
    """Bursts of noise of these lengths with silence between them; no two samples in a row tell the same story."""
    rng = np.random.default_rng(5)
    parts = []
    for length_ms in lengths_ms:
        parts += [rng.integers(-LOUD, LOUD, samples_in(length_ms)), np.zeros(samples_in(gap_ms))]
    return np.concatenate(parts).astype(np.int16)


async def hear(listener: Listener, frames: int) -> np.ndarray:
    return np.frombuffer(b"".join(await listener.frames(frames)), np.int16)


async def held_at(listener: Listener, sound: np.ndarray, frames: int, *, silent_frames: int = 10) -> int:
    """Say this, hold after so many frames, wait, restore. Answers at which sample of it the voice goes on."""
    listener.track.enqueue("turn", sound.tobytes())
    await listener.frames(frames)
    listener.track.hold(FADE_MS)
    await listener.frames(1)
    assert await listener.frames(silent_frames) == [SILENT_FRAME] * silent_frames
    assert listener.track.samples_sent("turn") == (frames + 1) * SAMPLES_PER_FRAME
    listener.track.restore(RISE_MS, REWIND_MS)
    return listener.track.samples_sent("turn")


async def test_after_a_hold_the_word_is_said_again_from_its_start(listener: Listener) -> None:
    sound = words(300, 240, 800)
    onset = samples_in(300 + 60)
    goes_on_at = await held_at(listener, sound, 25)  # 500 ms: 140 ms into the second word
    assert goes_on_at == onset - samples_in(RISE_MS), "it comes in over the gap before the word"
    back = await hear(listener, 20)
    risen = samples_in(RISE_MS)
    assert not back[:risen].any()
    assert np.array_equal(back[risen:], sound[onset:][: len(back) - risen]), "and then sample by sample as it is"
    assert listener.track.samples_sent("turn") == goes_on_at + 20 * SAMPLES_PER_FRAME


async def test_a_hold_in_a_pause_repeats_no_word_cuts_none_and_leaves_the_rest_of_the_pause_out(
    listener: Listener,
) -> None:
    sound = words(300, 240, gap_ms=200)
    goes_on_at = await held_at(listener, sound, 20)  # 400 ms, and the fade: within the pause from 300 to 500 ms
    assert goes_on_at == samples_in(500 - RISE_MS)
    back = await hear(listener, 10)
    assert np.array_equal(back, sound[goes_on_at:][: len(back)])
    assert listener.track.samples_sent("turn") == goes_on_at + 10 * SAMPLES_PER_FRAME


async def test_of_a_pause_whose_end_is_not_there_yet_only_silence_is_left_out(listener: Listener) -> None:
    sound = words(300, gap_ms=600)
    goes_on_at = await held_at(listener, sound, 20)
    assert goes_on_at == samples_in(900 - RISE_MS)
    listener.track.enqueue("turn", words(240).tobytes())
    assert np.array_equal((await hear(listener, 2)), sound[goes_on_at:])


async def test_a_word_that_begins_as_the_voice_fades_is_heard_from_its_start(listener: Listener) -> None:
    sound = words(300, 400, gap_ms=108)
    onset = samples_in(408)
    goes_on_at = await held_at(listener, sound, 20)  # the fade is from 400 to 420 ms
    assert 0 <= onset - samples_in(RISE_MS) - goes_on_at < samples_in(10), "onsets are found to 10 ms"
    back = await hear(listener, 8)
    loud = back[onset - goes_on_at :]
    assert np.array_equal(loud, sound[onset:][: len(loud)])


async def test_where_there_is_no_pause_the_quietest_place_is_taken_and_nothing_is_lost(listener: Listener) -> None:
    sound = np.random.default_rng(2).integers(-LOUD, LOUD, samples_in(2_000)).astype(np.int16)
    dip = slice(samples_in(860), samples_in(880))
    sound[dip] //= 4
    goes_on_at = await held_at(listener, sound, 50)  # one second
    assert goes_on_at in (dip.start, dip.start + samples_in(10))
    assert goes_on_at + samples_in(RISE_MS) <= 50 * SAMPLES_PER_FRAME, "it is as loud as ever before what had faded out"


@pytest.mark.parametrize("seed", range(6))
async def test_a_hold_loses_at_most_60_ms_and_repeats_at_most_400(listener: Listener, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sound = words(*rng.integers(40, 700, 12), gap_ms=int(rng.integers(5, 90)))
    frames = int(rng.integers(2, 100))
    goes_on_at = await held_at(listener, sound, frames)
    heard_until, loud_from = frames * SAMPLES_PER_FRAME, goes_on_at + samples_in(RISE_MS)
    missed = sound[heard_until:loud_from]
    assert np.count_nonzero(missed) <= MOST_LOST
    assert listener.track.lost_ms <= MOST_LOST // samples_in(1)
    assert heard_until + SAMPLES_PER_FRAME - goes_on_at <= MOST_REPEATED


async def test_a_voice_never_goes_back_before_the_start_of_its_turn(listener: Listener) -> None:
    listener.track.enqueue("before", voice(5, 500))
    listener.track.finish("before")
    await listener.frames(5)
    assert await held_at(listener, words(900), 2) == 0
    assert listener.events == [
        ("started", "before"),
        ("finished", "before", 5 * SAMPLES_PER_FRAME),
        ("started", "turn"),
    ]
    back = await hear(listener, 4)
    assert np.array_equal(back[samples_in(RISE_MS) :], words(900)[samples_in(RISE_MS) :][: 2 * SAMPLES_PER_FRAME])


async def test_without_a_rewind_it_goes_on_at_the_very_sample(listener: Listener) -> None:
    sound = words(900)
    listener.track.enqueue("turn", sound.tobytes())
    await listener.frames(10)
    listener.track.hold(FADE_MS)
    await listener.frames(4)
    listener.track.restore(RISE_MS)
    assert listener.track.samples_sent("turn") == 11 * SAMPLES_PER_FRAME
    back = await hear(listener, 4)
    assert np.array_equal(back[samples_in(RISE_MS) :], sound[13 * SAMPLES_PER_FRAME : 15 * SAMPLES_PER_FRAME])


async def test_nothing_that_was_queued_is_lost_by_a_hold(listener: Listener) -> None:
    sound = words(300, 300, 300, 300)
    goes_on_at = await held_at(listener, sound, 35)
    listener.track.finish("turn")
    rest = await hear(listener, (len(sound) - goes_on_at) // SAMPLES_PER_FRAME + 2)
    assert np.array_equal(
        rest[samples_in(RISE_MS) : len(sound) - goes_on_at], sound[goes_on_at + samples_in(RISE_MS) :]
    )
    assert listener.events[-1] == ("finished", "turn", len(sound)), "each sample counts once"


async def test_sound_that_comes_while_the_voice_is_held_waits_its_turn(listener: Listener) -> None:
    sound = words(400, 400, 400)
    half = samples_in(500)
    listener.track.enqueue("turn", sound[:half].tobytes())
    await listener.frames(22)
    listener.track.hold(FADE_MS)
    await listener.frames(2)
    listener.track.enqueue("turn", sound[half:].tobytes())
    listener.track.finish("turn")
    assert await listener.frames(5) == [SILENT_FRAME] * 5
    listener.track.restore(RISE_MS, REWIND_MS)
    goes_on_at = listener.track.samples_sent("turn")
    assert goes_on_at == samples_in(460 - RISE_MS)
    rest = await hear(listener, 60)
    assert np.array_equal(rest[samples_in(RISE_MS) :][: samples_in(900)], sound[samples_in(460) :][: samples_in(900)])
    assert listener.events[-1] == ("finished", "turn", len(sound))


async def test_a_voice_that_waits_for_its_next_sentence_can_be_held(listener: Listener) -> None:
    """Not all of the turn is here: the playhead stands still for want of sound, and then because it is held."""
    listener.track.enqueue("turn", words(200, gap_ms=0).tobytes())
    await listener.frames(13)
    listener.track.hold(FADE_MS)
    await listener.frames(3)
    assert listener.track.samples_sent("turn") == 10 * SAMPLES_PER_FRAME
    listener.track.enqueue("turn", voice(20, 700))
    assert await listener.frames(3) == [SILENT_FRAME] * 3
    listener.track.restore(RISE_MS)
    assert [level(frame) for frame in (await listener.frames(4))[2:]] == [700, 700]
    assert listener.track.samples_sent("turn") == 14 * SAMPLES_PER_FRAME


async def test_a_turn_that_begins_while_the_voice_is_held_is_not_begun(listener: Listener) -> None:
    listener.track.hold(FADE_MS)
    listener.track.enqueue("turn", voice(20))
    await listener.frames(1)
    listener.track.restore(RISE_MS, REWIND_MS)
    await listener.frames(1)
    assert listener.events == [("started", "turn")]
    assert listener.track.samples_sent("turn") <= 2 * SAMPLES_PER_FRAME


async def test_a_turn_that_ends_in_the_fade_is_over_and_the_next_waits(listener: Listener) -> None:
    listener.track.enqueue("a", voice(3, 1_000))
    listener.track.finish("a")
    listener.track.enqueue("b", voice(10, 2_000))
    await listener.frames(2)
    listener.track.hold(FADE_MS)
    await listener.frames(3)
    assert listener.events == [("started", "a"), ("finished", "a", 3 * SAMPLES_PER_FRAME)]
    listener.track.restore(RISE_MS, REWIND_MS)
    assert [level(frame) for frame in (await listener.frames(3))[2:]] == [2_000]
    assert listener.track.samples_sent("b") == 3 * SAMPLES_PER_FRAME


async def test_a_cancel_while_held_tells_what_was_sent_and_the_next_turn_is_heard_at_once(listener: Listener) -> None:
    listener.track.enqueue("a", voice(50))
    await listener.frames(5)
    listener.track.hold(FADE_MS)
    await listener.frames(3)
    assert listener.track.stop_now() == listener.track.samples_sent("a") == 6 * SAMPLES_PER_FRAME
    listener.track.restore(RISE_MS, REWIND_MS)
    listener.track.enqueue("b", voice(50))
    assert level(await listener.frame()) == LOUD
    assert listener.track.samples_sent("b") == SAMPLES_PER_FRAME


async def test_a_restore_without_a_hold_moves_the_gain_and_not_the_playhead(listener: Listener) -> None:
    listener.track.enqueue("turn", voice(50))
    await listener.frames(10)
    listener.track.restore(150, REWIND_MS)
    assert level(await listener.frame()) == LOUD
    listener.track.duck(-12)
    await listener.frames(2)
    listener.track.restore(150, REWIND_MS)
    assert listener.track.samples_sent("turn") == 13 * SAMPLES_PER_FRAME
    assert level((await listener.frames(8))[-1]) == LOUD


async def test_a_hold_that_is_undone_before_the_voice_is_silent_moves_no_playhead(listener: Listener) -> None:
    listener.track.enqueue("turn", voice(50))
    await listener.frames(10)
    listener.track.hold(60)
    fading = await listener.frames(1)
    listener.track.restore(RISE_MS, REWIND_MS)
    assert listener.track.samples_sent("turn") == 11 * SAMPLES_PER_FRAME
    rising = await listener.frames(2)
    last = np.frombuffer(fading[0], np.int16)[-1]
    assert 0 < last <= np.frombuffer(rising[0], np.int16)[0] < LOUD == level(rising[1])


async def test_a_second_hold_is_the_same_hold(listener: Listener) -> None:
    sound = words(300, 240, 800)
    listener.track.enqueue("turn", sound.tobytes())
    await listener.frames(25)
    for _ in range(3):
        listener.track.hold(FADE_MS)
        await listener.frames(2)
    assert listener.track.samples_sent("turn") == 26 * SAMPLES_PER_FRAME
    listener.track.restore(RISE_MS, REWIND_MS)
    listener.track.restore(RISE_MS, REWIND_MS)
    assert listener.track.samples_sent("turn") == samples_in(360 - RISE_MS), "it goes back once"


async def test_a_ducked_voice_that_was_held_comes_back_at_its_full_level(listener: Listener) -> None:
    listener.track.enqueue("turn", voice(80))
    listener.track.duck(-12)
    await listener.frames(13)
    listener.track.hold(FADE_MS)
    fading = np.frombuffer(await listener.frame(), np.int16)
    assert 0 < fading[0] <= round(LOUD * 10 ** (-12 / 20))
    assert fading[-1] == 0
    await listener.frames(9)
    listener.track.restore(RISE_MS, REWIND_MS)
    assert [level(frame) for frame in (await listener.frames(4))[2:]] == [LOUD, LOUD]


async def test_a_line_that_dies_while_the_voice_is_held_costs_only_what_left_into_it(listener: Listener) -> None:
    """The voice had been held for 200 ms when the line died 100 ms ago: all that was said had been heard."""
    sound = words(300, 240, 800)
    listener.track.enqueue("turn", sound.tobytes())
    await listener.frames(25)
    listener.track.hold(FADE_MS)
    await listener.frames(11)
    listener.track.pause(unheard_seconds=0.1)
    assert listener.track.samples_sent("turn") == 26 * SAMPLES_PER_FRAME
    listener.track.resume()
    assert await listener.frames(2) == [SILENT_FRAME] * 2
    listener.track.restore(RISE_MS, REWIND_MS)
    assert listener.track.samples_sent("turn") == samples_in(360 - RISE_MS)


async def test_a_line_that_was_dead_before_the_hold_takes_the_playhead_back_to_where_it_died(
    listener: Listener,
) -> None:
    sound = words(300, 240, 800)
    listener.track.enqueue("turn", sound.tobytes())
    await listener.frames(25)
    listener.track.hold(FADE_MS)
    await listener.frames(5)
    listener.track.pause(unheard_seconds=0.2)  # ten frames: four of silence, the fade, five that were loud
    assert listener.track.samples_sent("turn") == 20 * SAMPLES_PER_FRAME
    listener.track.restore(RISE_MS, REWIND_MS)
    assert listener.track.samples_sent("turn") == samples_in(360 - RISE_MS)
    assert await listener.frames(2) == [SILENT_FRAME] * 2, "there is still no line"
    listener.track.resume()
    back = await hear(listener, 10)
    assert np.array_equal(back[samples_in(RISE_MS) :], sound[samples_in(360) :][: samples_in(200 - RISE_MS)])


async def test_a_line_that_dies_after_the_voice_went_back_repeats_no_more_than_was_unheard(listener: Listener) -> None:
    sound = words(300, 240, 800)
    goes_on_at = await held_at(listener, sound, 25, silent_frames=3)
    await listener.frames(2)
    listener.track.pause(unheard_seconds=0.1)  # two frames since it went on, and three of the silence before
    assert listener.track.samples_sent("turn") == goes_on_at


async def test_a_long_turn_can_go_back_at_any_time_though_old_sound_is_dropped(listener: Listener) -> None:
    sound = np.tile(words(200, gap_ms=50), 40)  # ten seconds
    listener.track.enqueue("turn", sound.tobytes())
    sent = 0
    for _ in range(12):
        await listener.frames(37)
        listener.track.hold(FADE_MS)
        await listener.frames(2)
        stood_at = listener.track.samples_sent("turn")
        listener.track.restore(RISE_MS, REWIND_MS)
        goes_on_at = listener.track.samples_sent("turn")
        assert stood_at - samples_in(REWIND_MS) <= goes_on_at < stood_at
        back = await hear(listener, 3)
        loud = back[samples_in(RISE_MS) :]
        at = goes_on_at + samples_in(RISE_MS)
        assert np.array_equal(loud, sound[at : at + len(loud)])
        assert listener.track.samples_sent("turn") > sent
        sent = listener.track.samples_sent("turn")
    (turn,) = listener.track._turns
    assert turn.playhead <= 2 * 48_000 * 2
