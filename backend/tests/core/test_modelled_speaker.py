"""Where is the playhead of a speaker that has no sound? Where the real one's would be."""

from __future__ import annotations

import doctest

from ai_agent import modelled_speaker
from ai_agent.audio_format import SAMPLES_PER_FRAME, samples_in
from ai_agent.modelled_speaker import ModelledSpeaker, PlaybackFinished, ReplyStarted


def ticks(speaker: ModelledSpeaker, count: int) -> list[ReplyStarted | PlaybackFinished]:
    return [event for _ in range(count) for event in speaker.tick()]


def speaking(*, frames: int = 50, sent: int = 10) -> ModelledSpeaker:
    """So much of turn "a" is queued, and so much has left."""
    speaker = ModelledSpeaker()
    speaker.enqueue("a", frames * SAMPLES_PER_FRAME)
    ticks(speaker, sent)
    return speaker


def frames_sent(speaker: ModelledSpeaker) -> float:
    return speaker.samples_sent("a") / SAMPLES_PER_FRAME


def test_the_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(modelled_speaker).failed == 0


def test_a_hold_lets_the_fade_out_and_stops_the_playhead() -> None:
    speaker = speaking()
    speaker.hold(20)
    ticks(speaker, 30)
    assert frames_sent(speaker) == 11


def test_after_a_hold_it_goes_on_a_little_before_and_loses_nothing() -> None:
    speaker = speaking(frames=50, sent=30)
    speaker.hold(20)
    ticks(speaker, 5)
    speaker.restore(rewind_ms=200)
    assert frames_sent(speaker) == 21
    speaker.finish("a")
    assert ticks(speaker, 29) == [PlaybackFinished("a", samples_sent=50 * SAMPLES_PER_FRAME)]


def test_it_goes_back_no_further_than_to_the_first_word() -> None:
    speaker = speaking(sent=3)
    speaker.hold(20)
    ticks(speaker, 5)
    speaker.restore(rewind_ms=350)
    assert frames_sent(speaker) == 0


def test_a_restore_after_a_duck_moves_nothing() -> None:
    speaker = speaking()
    speaker.restore(rewind_ms=350)
    assert frames_sent(speaker) == 10


def test_what_is_cancelled_is_gone_and_what_comes_late_for_it_is_dropped() -> None:
    speaker = speaking()
    speaker.cancel()
    speaker.enqueue("a", 5_000)
    speaker.finish("a")
    assert (ticks(speaker, 10), frames_sent(speaker)) == ([], 10)
    speaker.enqueue("b", 5_000)
    assert ticks(speaker, 1) == [ReplyStarted("b")]


def test_a_turn_without_sound_that_is_finished_is_over_at_once() -> None:
    speaker = ModelledSpeaker()
    speaker.finish("a")
    assert speaker.tick() == [PlaybackFinished("a", samples_sent=0)]


def test_it_follows_the_real_one_and_goes_on_from_there() -> None:
    speaker = ModelledSpeaker()
    speaker.enqueue("a", samples_in(1_000))
    speaker.follow_frame(0)
    speaker.follow(ReplyStarted("a"))
    speaker.follow_frame(7_000)
    assert not speaker.is_dry("a")
    speaker.tick()
    assert speaker.samples_sent("a") == 7_960
    speaker.follow(PlaybackFinished("a", samples_sent=48_000))
    assert (speaker.samples_sent("a"), speaker.is_dry("a"), speaker.tick()) == (48_000, True, [])
