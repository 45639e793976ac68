"""Adaptive turns: over before the whole silence where it sounds finished and this speaker's pauses were shorter."""

from __future__ import annotations

import math

import pytest

from ai_agent.audio_format import duration_ms
from ai_agent.commands import (
    Command,
    OpenTurn,
    PredictEndOfTurn,
    ReportStaleResult,
    SupersedeUtterance,
    ThinkingChanged,
    TranscribeTurn,
)
from ai_agent.conversation import ConversationPhase
from ai_agent.early_ending import PAUSES_KEPT, PREDICTED_SOUND_MS, UNKNOWN_PAUSE_MS, EarlyEnding, Pauses
from ai_agent.persona_behaviors import TurnPolicy
from tests.timeline import Timeline

ADAPTIVE = TurnPolicy(turn_detection="adaptive")

SPOKEN = "..ssssssssss"
SHORT_PAUSES = "..sss...sss....sss...ssssss"
"""A speaker whose pauses are known: the longest is 0.4 s."""


def connected(policy: TurnPolicy = ADAPTIVE) -> Timeline:
    call = Timeline(policy=policy)
    call.connect()
    return call


def predicted(call: Timeline, probability: float = 0.97) -> list[Command]:
    """The answer to the last question."""
    asked = call.asked(PredictEndOfTurn)[-1]
    return list(
        call.take(
            call.engine.on_end_of_turn_predicted(utterance_id=asked.utterance_id, probability=probability, now=call.now)
        )
    )


def ended_after(call: Timeline, *, speech_ended_at: float) -> float:
    """How long the silence was with which the turn ended."""
    [turn] = call.asked(TranscribeTurn)
    return round(call.time_of(turn) - speech_ended_at, 2)


class TestTheQuestion:
    def test_it_is_asked_once_a_silence_after_eight_tenths_of_a_second(self) -> None:
        call = connected()
        call.hear(SPOKEN + ".......")
        assert not call.asked(PredictEndOfTurn)
        call.hear("..")
        [asked] = call.asked(PredictEndOfTurn)
        assert call.time_of(asked) == pytest.approx(1.2 + 0.8, abs=0.05)
        assert asked.utterance_id == call.engine.active_utterance_id
        call.hear("." * 12)
        assert len(call.asked(PredictEndOfTurn)) == 1
        call.hear("ssss" + "." * 10)
        assert len(call.asked(PredictEndOfTurn)) == 2

    def test_a_key_in_the_silence_is_no_new_silence(self) -> None:
        call = connected()
        call.hear(SPOKEN + "." * 9 + "k..k....k")
        assert len(call.asked(PredictEndOfTurn)) == 1

    def test_its_sound_is_the_end_of_the_utterance_with_its_silence(self) -> None:
        call = connected()
        call.hear(SPOKEN + "." * 9)
        assert duration_ms(call.asked(PredictEndOfTurn)[0].audio) == pytest.approx(200 + 1_000 + 800, abs=60)
        call.hear("ssssssssss" * 9 + "." * 9)
        assert duration_ms(call.asked(PredictEndOfTurn)[1].audio) == PREDICTED_SOUND_MS

    def test_where_turns_end_by_silence_alone_nobody_is_asked(self) -> None:
        call = connected(TurnPolicy())
        call.hear(SPOKEN + "." * 30)
        assert not call.asked(PredictEndOfTurn)
        assert ended_after(call, speech_ended_at=1.2) == pytest.approx(2.5, abs=0.05)

    def test_speech_that_is_just_beginning_puts_it_off(self) -> None:
        call = connected()
        call.hear(SPOKEN + ".......s")
        call.hear("ss")
        assert not call.asked(PredictEndOfTurn)

    def test_while_the_user_thinks_nobody_is_asked(self) -> None:
        call = connected()
        call.hear(SPOKEN)
        call.take(call.engine.on_thinking(seconds=5, now=call.now))
        call.hear("." * 60)
        assert not call.asked(PredictEndOfTurn)


class TestTheAnswer:
    def test_a_known_speaker_is_answered_at_once(self) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 9)
        predicted(call)
        assert call.engine.phase is ConversationPhase.VALIDATING_UTTERANCE
        assert call.moves[-1] == ("V", "predicted")
        assert ended_after(call, speech_ended_at=2.7) < 1.0

    def test_somebody_who_is_not_known_yet_is_waited_for_a_little(self) -> None:
        call = connected()
        call.hear(SPOKEN + "." * 9)
        assert predicted(call) == []
        call.hear("." * 6)
        assert ended_after(call, speech_ended_at=1.2) == pytest.approx(UNKNOWN_PAUSE_MS / 1000, abs=0.06)

    def test_who_makes_long_pauses_is_waited_for_as_long(self) -> None:
        call = connected()
        call.hear("..sss.................sss...sss....sss" + "." * 9)
        predicted(call)
        call.hear("." * 7)
        assert not call.asked(TranscribeTurn)
        call.hear("." * 3)
        assert ended_after(call, speech_ended_at=3.8) == pytest.approx(1.7, abs=0.06)

    def test_whose_pauses_are_longer_than_the_rule_is_under_the_rule(self) -> None:
        call = connected()
        call.hear("..sss" + "." * 26 + "sssss" + "." * 9)
        assert len(call.asked(TranscribeTurn)) == 1
        predicted(call)
        call.hear("." * 15)
        assert len(call.asked(TranscribeTurn)) == 1
        call.hear("..")
        assert call.moves[-1] == ("V", "silence")

    @pytest.mark.parametrize("probability", [0.0, 0.5, 0.9, math.nan, math.inf, -math.inf, 1.5, -2.0])
    def test_what_does_not_sound_finished_or_is_no_probability_is_under_the_rule(self, probability: float) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 9)
        assert predicted(call, probability) == []
        call.hear("." * 18)
        assert call.moves[-1] == ("V", "silence")
        assert ended_after(call, speech_ended_at=2.7) == pytest.approx(2.5, abs=0.06)

    def test_no_answer_is_under_the_rule(self) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 27)
        assert ended_after(call, speech_ended_at=2.7) == pytest.approx(2.5, abs=0.06)

    def test_speech_meanwhile_makes_it_stale(self) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 9 + "sss")
        utterance_id = call.engine.active_utterance_id or ""
        assert predicted(call) == [ReportStaleResult("prediction", utterance_id, utterance_id)]
        call.hear("." * 24)
        assert not call.asked(TranscribeTurn)

    def test_who_is_just_beginning_again_is_not_cut_and_a_click_is_waited_for(self) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 9 + "s")
        assert predicted(call) == []
        speaker = Timeline(policy=ADAPTIVE)
        speaker.connect()
        speaker.hear(SHORT_PAUSES + "." * 9 + "s")
        predicted(speaker)
        speaker.hear("sss")
        assert not speaker.asked(TranscribeTurn)
        call.hear("...")
        assert call.moves[-1] == ("V", "predicted")

    def test_it_counts_once(self) -> None:
        call = connected()
        call.hear(SPOKEN + "." * 9)
        predicted(call, 0.2)
        utterance_id = call.engine.active_utterance_id or ""
        assert predicted(call, 0.99) == [ReportStaleResult("prediction", utterance_id, utterance_id)]

    def test_it_is_stale_once_the_turn_is_over(self) -> None:
        call = connected()
        call.hear(SPOKEN + "." * 27)
        utterance_id = call.engine.active_utterance_id or ""
        for _ in range(2):
            assert predicted(call) == [ReportStaleResult("prediction", utterance_id, utterance_id)]
        call.transcribe("What is a rope?")
        call.start_reply("A long thing.")
        assert predicted(call) == [ReportStaleResult("prediction", utterance_id, utterance_id)]

    def test_nobody_asked_for_it(self) -> None:
        call = connected()
        stale = call.engine.on_end_of_turn_predicted(utterance_id="never-made", probability=0.99, now=0.0)
        assert stale == [ReportStaleResult("prediction", "never-made", None)]

    def test_an_answer_about_another_utterance_changes_nothing(self) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 9)
        stale = call.engine.on_end_of_turn_predicted(utterance_id="another", probability=0.99, now=call.now)
        assert stale == [ReportStaleResult("prediction", "another", call.engine.active_utterance_id)]
        predicted(call)
        assert call.engine.phase is ConversationPhase.VALIDATING_UTTERANCE

    def test_who_asks_for_time_to_think_has_not_finished(self) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 9)
        call.take(call.engine.on_thinking(seconds=2, now=call.now))
        call.hear(".")
        [stale] = predicted(call)
        assert isinstance(stale, ReportStaleResult)
        call.hear("." * 30)
        assert call.asked(ThinkingChanged)[-1].until is None
        assert not call.asked(TranscribeTurn)
        call.hear("." * 6)
        assert call.moves[-1] == ("V", "silence")

    def test_after_the_end_of_the_call_it_changes_nothing(self) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 9)
        call.take(call.engine.end_call(reason="user_ended", now=call.now))
        assert predicted(call) == []


class TestWhoWasCutOff:
    def test_who_goes_on_reopens_the_turn_and_is_given_more_time_from_then_on(self) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 9)
        predicted(call)
        call.hear("....sssss" + "." * 9)
        assert len(call.asked(PredictEndOfTurn)) == 2
        predicted(call)
        call.hear("...")
        assert len(call.asked(TranscribeTurn)) == 1
        call.hear(".....")
        _, joined = call.asked(TranscribeTurn)
        assert call.asked(SupersedeUtterance)[0].superseded_by == joined.utterance_id
        assert len(call.asked(OpenTurn)) == 2

    def test_what_is_known_of_a_speaker_goes_on_after_a_resume(self) -> None:
        call = connected()
        call.hear(SHORT_PAUSES + "." * 27)
        call.transcribe("Hello.")
        again = Timeline(policy=ADAPTIVE, snapshot=dict(call.engine.snapshot()), start_at=call.now + 2)
        assert again.engine._listening.endpointer.pauses.lasted_ms == pytest.approx([320, 420, 320], abs=25)


class TestPauses:
    def test_gaps_between_words_are_none(self) -> None:
        pauses = Pauses()
        pauses.add(239)
        pauses.add(-5)
        assert (pauses.lasted_ms, pauses.longest_ms) == ([], UNKNOWN_PAUSE_MS)

    def test_who_pauses_longer_than_is_usual_is_believed_at_once(self) -> None:
        pauses = Pauses()
        pauses.add(2_000)
        assert pauses.longest_ms == 2_000

    def test_what_was_long_ago_is_forgotten(self) -> None:
        pauses = Pauses()
        pauses.add(2_400)
        for _ in range(PAUSES_KEPT):
            pauses.add(500)
        assert pauses.longest_ms == 500

    def test_time_to_think_is_no_pause(self) -> None:
        early = EarlyEnding(ADAPTIVE)
        early.rule_out(since=2.0)
        early.go_on(12.0, since=2.0)
        assert early.pauses.lasted_ms == []
        early.go_on(15.0, since=14.0)
        assert early.pauses.lasted_ms == [1_000]
