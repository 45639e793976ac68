"""Time to think: asked for with the button or in words, and what ends it."""

from __future__ import annotations

import math

import pytest

from ai_agent.audio_format import duration_ms
from ai_agent.commands import (
    AcceptTranscript,
    Command,
    EndCall,
    GenerateReply,
    Notify,
    OpenTurn,
    PhaseChanged,
    ReportTurn,
    SpeakLine,
    SupersedeUtterance,
    ThinkingChanged,
    TranscribeTurn,
)
from ai_agent.conversation import ConversationPhase
from ai_agent.persona_behaviors import TurnPolicy
from ai_agent.thinking_time import ThinkingTime
from tests.timeline import Timeline

WAIT, VALIDATING, PROCESSING, SPEAKING = ConversationPhase

SPOKEN = "..ssssssssss" + "." * 26
"""A second of speech, and silence until the turn is just over."""


def connected(policy: TurnPolicy | None = None) -> Timeline:
    call = Timeline(policy=policy or TurnPolicy())
    call.connect()
    return call


def press(call: Timeline, seconds: float = 30) -> list[Command]:
    return list(call.take(call.engine.on_thinking(seconds=seconds, now=call.now)))


def told(call: Timeline) -> list[float | None]:
    """Until when the page was told that the user thinks, change by change."""
    return [change.until for change in call.asked(ThinkingChanged)]


def asks(call: Timeline, words: str = "Let me think.") -> Timeline:
    """A turn that is nothing but a request for time."""
    call.hear(SPOKEN)
    call.transcribe(words)
    return call


class TestTheButton:
    def test_the_silence_count_stands_still_until_the_time_is_up_and_goes_on_from_there(self) -> None:
        call = connected()
        call.hear("..ssssssssss..........")
        assert press(call, 5) == [ThinkingChanged(until=call.now + 5, at=call.now)]
        pressed_at = call.now
        call.hear("." * 70)
        [over] = call.asked(ThinkingChanged)[1:]
        assert (over.until, over.at) == (None, pytest.approx(pressed_at + 5, abs=0.021))
        [turn] = call.asked(TranscribeTurn)
        assert call.time_of(turn) == pytest.approx(pressed_at + 5 + 1.5, abs=0.05)

    def test_a_turn_that_was_almost_over_is_as_far_from_its_end_afterwards(self) -> None:
        call = connected()
        call.hear("..ssssssssss" + "." * 24)
        press(call, 10)
        pressed_at = call.now
        call.hear("." * 110)
        [turn] = call.asked(TranscribeTurn)
        assert call.time_of(turn) == pytest.approx(pressed_at + 10 + 0.1, abs=0.05)

    def test_who_goes_on_is_heard_in_one_piece_and_the_count_begins_anew(self) -> None:
        call = connected()
        call.hear("..ssssssssss.....")
        press(call)
        call.hear("." * 120 + "ssssssssss")
        assert told(call)[1:] == [None]
        call.hear("." * 24)
        assert call.engine.phase is WAIT
        call.hear("..")
        [turn] = call.asked(TranscribeTurn)
        assert [row.utterance_id for row in call.asked(OpenTurn)] == [turn.utterance_id]

    def test_the_silence_of_who_thinks_is_not_recognised(self) -> None:
        """A recogniser invents words in half a minute of nothing."""
        call = connected()
        call.hear("..ssssssssss.....")
        press(call)
        call.hear("." * 250 + "ssssssssss" + "." * 26)
        [turn] = call.asked(TranscribeTurn)
        assert duration_ms(turn.audio) == pytest.approx(200 + 1_000 + 1_000 + 1_000 + 500, abs=60)

    def test_what_is_said_around_the_thinking_is_kept_to_the_sample(self) -> None:
        call, other = connected(), connected()
        for each, silence in ((call, "." * 200), (other, "." * 10)):
            each.hear("..ssssssssss")
            press(each)
            each.hear(silence + "SSSSSSSSSS" + "." * 26)
        [turn], [unbroken] = call.asked(TranscribeTurn), other.asked(TranscribeTurn)
        before, after = 2 * 48 * 1_600, 2 * 48 * 1_900
        assert duration_ms(turn.audio) == duration_ms(unbroken.audio)
        assert turn.audio[:before] == unbroken.audio[:before]
        assert len(turn.audio[after:]) == len(unbroken.audio[after:]) > 2 * 48 * 1_500

    @pytest.mark.parametrize("noise", ["k", "c", ".k.k", "t"])
    def test_keys_and_coughs_do_not_end_it(self, noise: str) -> None:
        call = connected()
        call.hear("..ssssssssss.....")
        press(call)
        call.hear("....." + noise + "....." + noise)
        assert told(call) == [call.asked(ThinkingChanged)[0].until]

    def test_who_presses_while_speaking_may_finish_the_word(self) -> None:
        call = connected()
        call.hear("..ssssssssss")
        press(call)
        call.hear("sss" + "." * 100)
        assert told(call) == [pytest.approx(31.2)]
        assert not call.asked(TranscribeTurn)

    def test_i_am_done_ends_it_at_once(self) -> None:
        call = connected()
        call.hear("..ssssssssss.....")
        press(call)
        call.hear("." * 40)
        call.take(call.engine.end_turn(now=call.now))
        assert told(call)[1:] == [None]
        assert len(call.asked(TranscribeTurn)) == 1

    def test_i_am_done_with_nothing_said_ends_it_and_says_so(self) -> None:
        call = connected()
        press(call)
        done = call.take(call.engine.end_turn(now=call.now))
        assert done == [ThinkingChanged(None, at=0.0), Notify("nothing_said", "Nothing has been said yet.")]

    def test_typing_ends_it(self) -> None:
        call = connected()
        press(call)
        call.take(call.engine.on_user_text(transcript="A rope.", now=call.now))
        assert told(call) == [30.0, None]
        assert call.engine.phase is PROCESSING

    def test_before_a_word_was_said_nobody_is_asked_whether_they_are_there(self) -> None:
        call = connected()
        call.wait(10)
        press(call)
        call.wait(29)
        assert not call.asked(SpeakLine)
        call.wait(2)
        assert [line.line for line in call.asked(SpeakLine)] == ["still_there"]
        assert told(call) == [40.0, None]

    def test_a_short_time_does_not_make_the_question_come_sooner(self) -> None:
        call = connected()
        call.wait(14)
        press(call, 1)
        call.wait(14)
        assert (told(call), call.asked(SpeakLine)) == ([15.0, None], [])
        call.wait(2)
        assert [line.line for line in call.asked(SpeakLine)] == ["still_there"]

    def test_the_first_word_after_it_opens_a_turn_as_ever(self) -> None:
        call = connected()
        press(call)
        call.hear("." * 60 + "ssssssssss" + "." * 26)
        assert told(call) == [30.0, None]
        assert call.engine.phase is VALIDATING

    def test_the_longest_turn_is_not_over_because_somebody_thinks(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=10))
        call.hear("..ssssssssss")
        press(call)
        call.hear("." * 290)
        assert call.engine.phase is WAIT
        call.hear("." * 45)
        assert [(c.phase, c.reason) for c in call.asked(PhaseChanged) if c.phase != c.previous] == [
            ("VALIDATING_UTTERANCE", "silence")
        ]

    def test_where_no_frame_comes_any_more_it_is_over_all_the_same(self) -> None:
        call = connected()
        call.hear("..ssssssssss")
        press(call, 5)
        call.wait(6)
        assert told(call)[1:] == [None]
        call.wait(200)
        assert call.engine.phase is not WAIT

    def test_who_connects_again_meanwhile_is_told(self) -> None:
        call = connected()
        press(call)
        call.now = 3.0
        assert list(call.connect())[1:] == [ThinkingChanged(until=30.0, at=3.0)]


class TestWhatIsAskedFor:
    def test_nobody_gets_more_than_the_persona_gives(self) -> None:
        call = connected(TurnPolicy(thinking_time_seconds=12))
        press(call, 30)
        assert told(call) == [12.0]

    @pytest.mark.parametrize("seconds", [0, -1, -math.inf, math.nan])
    def test_what_is_no_time_changes_nothing(self, seconds: float) -> None:
        call = connected()
        assert press(call, seconds) == []
        assert call.engine.get_timer() == 5.0 or call.engine.get_timer() == 15.0

    def test_for_ever_is_as_long_as_there_is(self) -> None:
        assert ThinkingTime(TurnPolicy()).begin(math.inf, now=1.0) == [ThinkingChanged(until=31.0, at=1.0)]

    def test_twice_is_from_the_second_time_on(self) -> None:
        call = connected()
        press(call)
        call.hear("." * 50)
        press(call, 10)
        assert told(call) == [30.0, 15.0]

    def test_a_persona_that_gives_no_time_says_so(self) -> None:
        call = connected(TurnPolicy(thinking_time_seconds=0))
        [notice] = press(call)
        assert isinstance(notice, Notify) and notice.code == "no_time_to_think"

    @pytest.mark.parametrize("phase", [VALIDATING, PROCESSING, SPEAKING])
    def test_where_it_is_not_the_users_move_it_does_nothing(self, phase: ConversationPhase) -> None:
        call = connected()
        call.hear(SPOKEN)
        if phase is not VALIDATING:
            call.transcribe("What is a rope?")
        if phase is SPEAKING:
            call.start_reply("A long thing.")
        assert call.engine.phase is phase
        assert press(call) == []

    def test_after_the_end_it_does_nothing(self) -> None:
        call = connected()
        call.take(call.engine.end_call(reason="user_ended", now=1.0))
        assert press(call) == []


class TestTheWords:
    def test_a_turn_that_only_asks_for_time_is_not_answered(self) -> None:
        call = asks(connected())
        assert call.engine.phase is WAIT
        assert [accepted.transcript for accepted in call.asked(AcceptTranscript)] == ["Let me think."]
        assert not call.asked(GenerateReply)
        assert told(call) == [pytest.approx(call.now + 30)]
        assert call.moves[-1] == ("W", "time_asked")
        [report] = call.asked(ReportTurn)
        assert report.stt_ms is not None and report.reply_latency_ms is None

    def test_what_follows_is_a_turn_of_its_own_and_answered(self) -> None:
        call = asks(connected())
        call.hear("." * 100 + "ssssssssss" + "." * 26)
        request, answer = call.asked(TranscribeTurn)
        assert request.utterance_id != answer.utterance_id
        assert not call.asked(SupersedeUtterance)
        call.transcribe("It is a long thing.")
        assert [asked.transcript for asked in call.asked(GenerateReply)] == ["It is a long thing."]
        assert told(call)[1:] == [None]

    def test_who_goes_on_before_the_words_were_recognised_is_answered_with_all_of_it(self) -> None:
        call = connected()
        call.hear(SPOKEN + "ssssssssss" + "." * 26)
        call.transcribe("Let me think. It is a long thing.")
        assert len(call.asked(GenerateReply)) == 1
        assert told(call) == []

    def test_who_has_just_begun_when_they_are_recognised_keeps_the_beginning(self) -> None:
        call = connected()
        call.hear(SPOKEN + "ss")
        call.transcribe("Let me think.")
        call.hear("ssssssss" + "." * 26)
        _, second = call.asked(TranscribeTurn)
        assert duration_ms(second.audio) >= 1_000 + 500
        assert told(call)[-1] is None

    def test_when_the_time_is_up_the_persona_asks_whether_somebody_is_there(self) -> None:
        call = asks(connected())
        call.hear("." * 295)
        assert not call.asked(SpeakLine)
        call.hear("." * 10)
        assert [line.line for line in call.asked(SpeakLine)] == ["still_there"]
        assert told(call)[1:] == [None]

    def test_a_request_is_not_answered_after_a_lost_connection_either(self) -> None:
        call = asks(connected())
        again = Timeline(snapshot=dict(call.engine.snapshot()), start_at=call.now + 2)
        again.connect()
        assert not again.asked(GenerateReply)
        assert told(again) == told(call)

    def test_words_that_are_still_owed_an_answer_are_not_put_off_by_it(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=6))
        call.hear("." + "ssssssss.." * 6)
        call.transcribe("I would begin with a hash map.")
        call.hear("." * 26)
        call.transcribe("Let me think.")
        assert call.engine.phase is PROCESSING
        assert told(call) == []

    def test_a_persona_that_gives_no_time_answers(self) -> None:
        call = asks(connected(TurnPolicy(thinking_time_seconds=0)))
        assert call.engine.phase is PROCESSING

    def test_the_call_still_ends_where_nobody_ever_comes_back(self) -> None:
        call = asks(connected(TurnPolicy(idle_end_seconds=60)))
        call.wait(31)
        call.start_reply("Are you still there?")
        call.finish_reply()
        call.wait(60)
        assert [end.reason for end in call.asked(EndCall)] == ["idle"]

    def test_it_may_be_asked_for_again_and_again(self) -> None:
        call = asks(asks(connected()), "Give me a second.")
        assert [until is None for until in told(call)] == [False, True, False]
        assert not call.asked(GenerateReply)
