"""Endpointing: the beginning, the pause, the going on and the end of an utterance."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ai_agent.audio_format import SILENT_FRAME
from ai_agent.capture import MicrophoneRing
from ai_agent.endpointing import (
    Endpointer,
    SilenceBegan,
    SpeechContinued,
    SpeechResumed,
    UtteranceDropped,
    UtteranceEnded,
    UtteranceOpened,
    UtteranceStarted,
)
from ai_agent.levels import SILENCE_DBFS
from ai_agent.persona_behaviors import TurnPolicy
from ai_agent.voice_activity import CallerLevel
from tests.core.test_capture import frame, numbers, played, voice


class Ear:
    """An endpointer that is played one frame a character."""

    def __init__(self, policy: TurnPolicy | None = None, caller: CallerLevel | None = None) -> None:
        self.ring = MicrophoneRing()
        self.endpointer = Endpointer(policy or TurnPolicy(), ring=self.ring, caller=caller or CallerLevel())
        self.frames = 0
        self.echo_dbfs = SILENCE_DBFS

    @property
    def kept(self) -> list[int]:
        """The numbers of the frames that are kept."""
        assert self.endpointer.capture is not None
        return numbers(b"".join(self.endpointer.capture.frames))

    def play(self, kinds: str) -> list[tuple[int, object]]:
        """What happened, with the number of the frame at which it did."""
        events = []
        for kind in kinds:
            self.frames += 1
            self.ring.append(frame(self.frames))
            heard = replace(voice(kind), echo_dbfs=self.echo_dbfs)
            event = self.endpointer.process(frame(self.frames), heard, now=self.frames * 0.02)
            if event:
                events.append((self.frames, event))
        return events

    def watch(self, kinds: str) -> list[tuple[int, SpeechContinued]]:
        events = []
        for kind in kinds:
            self.frames += 1
            self.ring.append(SILENT_FRAME)
            event = self.endpointer.watch(SILENT_FRAME, voice(kind), now=self.frames * 0.02)
            if event:
                events.append((self.frames, event))
        return events


def test_an_utterance_from_its_onset_to_its_end() -> None:
    kinds = "." * 50 + "s" * 40 + "." * 130
    assert Ear().play(kinds)[:4] == [
        (51, UtteranceOpened()),
        (58, UtteranceStarted(at=1.02)),
        (102, SilenceBegan(at=pytest.approx(1.8))),
        (215, UtteranceEnded("silence")),
    ]


def test_a_click_opens_nothing() -> None:
    assert [event for _, event in Ear().play("ss" + "." * 40)] == [UtteranceOpened(), UtteranceDropped()]


def test_a_cough_that_the_vad_half_believes_opens_nothing() -> None:
    events = [event for _, event in Ear().play("c" * 11 + "." * 40)]
    assert events == [UtteranceOpened(), UtteranceDropped()]


def test_speech_that_goes_on_takes_the_silence_back() -> None:
    ear = Ear()
    ear.play("s" * 40 + "." * 50)
    events = ear.play("s" * 10)
    assert [type(event) for _, event in events] == [SpeechResumed]
    ends = [at for at, event in ear.play("." * 130) if event == UtteranceEnded("silence")]
    assert ends[0] == 100 + 125


def test_clicks_in_the_silence_hold_nothing() -> None:
    ear = Ear()
    ear.play("s" * 40)
    events = ear.play(("." * 20 + "sssss") * 5)
    assert [type(event) for _, event in events] == [SilenceBegan]
    assert ear.play("....") == [(169, UtteranceEnded("silence"))]


def test_speech_that_begins_just_before_the_end_is_waited_for() -> None:
    ear = Ear()
    ear.play("s" * 40 + "." * 122)
    events = [event for _, event in ear.play("s" * 20)]
    assert [type(event) for event in events] == [SpeechResumed]


def test_a_word_with_a_stop_in_it_that_begins_just_before_the_end_is_waited_for() -> None:
    ear = Ear()
    ear.play("s" * 40 + "." * 122)
    assert [type(event) for _, event in ear.play("ssss...ssssssss")] == [SpeechResumed]


def test_a_sound_that_has_just_begun_is_waited_for_until_the_vad_can_say_what_it_is() -> None:
    ear = Ear()
    ear.play("s" * 40 + "." * 122)
    assert [type(event) for _, event in ear.play("llll" + "s" * 10)] == [SpeechResumed]


def test_a_noise_that_has_just_begun_puts_the_end_off_by_no_more_than_80_ms() -> None:
    ear = Ear()
    ear.play("s" * 40 + "." * 122)
    assert ear.play("..l" + "l" * 20)[:1] == [(169, UtteranceEnded("silence"))]


def test_a_prediction_that_comes_as_a_sound_begins_ends_nothing() -> None:
    ear = Ear(TurnPolicy(turn_detection="adaptive"))
    ear.play("s" * 60 + "." * 90)
    assert ear.endpointer.take_prediction(0.99)
    assert ear.endpointer.end_early() == UtteranceEnded("predicted")
    ear.play("l")
    assert ear.endpointer.end_early() is None


@pytest.mark.parametrize("pause", [30, 124])
def test_a_short_word_before_the_one_that_began_the_turn_is_in_it(pause: int) -> None:
    ear = Ear(caller=CallerLevel([-25.0]))
    ear.play("." * 100 + "w" * 10 + "." * pause)
    [started] = [event for _, event in ear.play("s" * 20) if isinstance(event, UtteranceStarted)]
    assert started.at == pytest.approx(101 * 0.02)
    assert ear.endpointer.capture is not None
    assert ear.endpointer.capture.certain_at == pytest.approx((110 + pause + 1) * 0.02)
    assert ear.kept == list(range(101 - 25, 110 + pause + 20 + 1))


def test_a_weak_beginning_of_the_first_word_is_the_onset() -> None:
    ear = Ear(caller=CallerLevel([-25.0]))
    ear.play("." * 100 + "w" * 6)
    [started] = [event for _, event in ear.play("s" * 20) if isinstance(event, UtteranceStarted)]
    assert started.at == pytest.approx(101 * 0.02)
    assert ear.kept[0] == 101 - 25


def test_the_silence_after_a_turn_with_an_earlier_word_is_counted_from_its_last_one() -> None:
    ear = Ear()
    ear.play("." * 100 + "w" * 10 + "." * 60 + "s" * 20)
    assert next(at for at, event in ear.play("." * 130) if event == UtteranceEnded("silence")) == 190 + 125


@pytest.mark.parametrize(
    "before",
    [
        pytest.param("w" * 5 + "." * 60, id="too short"),
        pytest.param("l" * 20 + "." * 60, id="a key"),
        pytest.param("w" * 10 + "." * 126, id="too long ago"),
        pytest.param("v" * 10 + "." * 60, id="somebody else's"),
    ],
)
def test_what_was_hardly_a_word_of_this_turn_is_not_in_it(before: str) -> None:
    ear = Ear(caller=CallerLevel([-25.0]))
    ear.play("." * 100 + before + "s" * 20)
    assert ear.kept == list(range(100 + len(before) - 25 + 1, 100 + len(before) + 20 + 1))


def test_the_agents_echo_is_no_word_before_the_turn() -> None:
    ear = Ear()
    ear.echo_dbfs = -28.0
    ear.play("w" * 10)
    ear.echo_dbfs = SILENCE_DBFS
    ear.play("." * 60 + "s" * 20)
    assert ear.kept == list(range(70 - 25 + 1, 91))


def test_a_word_of_the_move_before_is_not_in_the_turn() -> None:
    """The agent spoke between them: the microphone had its echo."""
    ear = Ear()
    ear.play("." * 100 + "w" * 10)
    for _ in range(60):
        ear.frames += 1
        ear.ring.append(frame(ear.frames))
    ear.play("s" * 20)
    assert ear.kept == list(range(170 - 25 + 1, 191))


def test_a_capture_of_another_listener_has_its_own_beginning() -> None:
    ear = Ear()
    ear.play("." * 100 + "w" * 10 + "." * 20)
    ear.endpointer.adopt(played("s" * 20), is_speech=True, now=2.6)
    assert ear.kept == list(range(20))


def test_who_is_done_after_a_doubted_word_and_a_short_one_has_said_both() -> None:
    ear = Ear()
    ear.play("." * 100 + "w" * 10 + "." * 40 + "s" * 6)
    assert ear.endpointer.end_now() == UtteranceEnded("end_turn")
    assert ear.kept == list(range(101 - 25, 157))


def test_somebody_else_in_the_room_does_not_hold_the_turn_open() -> None:
    ear = Ear(caller=CallerLevel([-25.0]))
    ear.play("s" * 40)
    events = [event for _, event in ear.play("." * 60 + "f" * 30 + "." * 60)]
    assert UtteranceEnded("silence") in events
    assert not any(isinstance(event, SpeechResumed) for event in events)


def test_somebody_else_who_goes_on_without_a_gap_holds_the_turn_only_a_second() -> None:
    ear = Ear(caller=CallerLevel([-25.0]))
    ear.play("s" * 100)
    ends = [at for at, event in ear.play("f" * 300) if event == UtteranceEnded("silence")]
    assert 100 + 125 < ends[0] <= 100 + 50 + 125


def test_who_gets_loud_again_after_a_soft_second_was_the_same_all_along() -> None:
    ear = Ear(caller=CallerLevel([-25.0]))
    ear.play("s" * 100)
    assert not [event for _, event in ear.play("f" * 75 + "s" * 40) if event == UtteranceEnded("silence")]
    assert next(at for at, event in ear.play("." * 130) if event == UtteranceEnded("silence")) == 215 + 125


def test_who_thinks_is_not_silent_and_the_count_goes_on_where_it_stood() -> None:
    ear = Ear()
    ear.play("s" * 40 + "." * 100)
    for _ in range(500):
        ear.frames += 1
        ear.endpointer.process(SILENT_FRAME, voice("."), is_thinking=True, now=ear.frames * 0.02)
    capture = ear.endpointer.capture
    assert capture is not None and capture.duration_frames == 40 + 25 + 25
    assert next(at for at, event in ear.play("." * 30) if event == UtteranceEnded("silence")) == 640 + 25


def test_who_began_as_quietly_is_nobody_else() -> None:
    ear = Ear(caller=CallerLevel([-25.0]))
    ear.play("f" * 40)
    events = [event for _, event in ear.play("." * 60 + "f" * 30 + "." * 60)]
    assert UtteranceEnded("silence") not in events
    assert any(isinstance(event, SpeechResumed) for event in events)


def test_the_longest_turn_is_over_speech_or_not() -> None:
    ear = Ear(TurnPolicy(max_turn_seconds=10))
    ends = [at for at, event in ear.play("s" * 500) if event == UtteranceEnded("max_turn")]
    assert ends[0] == 500


def test_i_am_done_needs_something_that_was_said() -> None:
    ear = Ear()
    assert ear.endpointer.end_now() is None
    ear.play("sss")
    assert ear.endpointer.end_now() is None
    ear.play("sss")
    assert ear.endpointer.end_now() == UtteranceEnded("end_turn")


def test_240_ms_of_speech_reopen_a_closed_turn_and_less_does_not() -> None:
    ear = Ear()
    ear.play("s" * 40 + "." * 130)
    ear.endpointer.close()
    assert ear.watch("." * 10 + "s" * 11 + "." * 30) == []
    [(_, continued)] = ear.watch("s" * 12)
    assert continued.joins
    assert ear.endpointer.is_speech


def test_speech_while_a_line_is_pending_joins_nothing() -> None:
    ear = Ear()
    assert ear.watch("ss" + "." * 20) == []
    assert ear.endpointer.capture is None
    [(_, continued)] = ear.watch("s" * 12)
    assert not continued.joins


def test_what_sounds_can_be_handed_over_and_adopted() -> None:
    ear, other = Ear(), Ear()
    ear.play("s" * 5)
    capture = ear.endpointer.hand_over()
    assert capture is not None and ear.endpointer.capture is None
    assert other.endpointer.adopt(capture, now=1.0) is None
    assert [type(event) for _, event in other.play("s" * 5)] == [UtteranceStarted]
    silent = Ear()
    silent.play("ss" + "." * 13)
    assert silent.endpointer.hand_over() is None


def test_nothing_can_be_closed_where_nothing_was_said() -> None:
    with pytest.raises(ValueError, match="no utterance"):
        Ear().endpointer.close()
