"""The agent's side: one reply from its request to its last word, and every way in which it may end."""

from __future__ import annotations

import pytest

from ai_agent.audio_format import SILENT_FRAME, samples_in
from ai_agent.barge_in_state_machine import BargeinState
from ai_agent.commands import (
    CancelPlayback,
    CancelReply,
    CloseReply,
    Command,
    GenerateReply,
    Notify,
    PhaseChanged,
    ReportBargeIn,
    ReportStaleResult,
    ReportTurn,
    SpeakingChanged,
    SpeakLine,
    TranscribeProbe,
)
from ai_agent.conversation import ConversationEvent, ConversationPhase
from ai_agent.exchange import Reply
from ai_agent.floor import Floor
from ai_agent.hearing import Hearing
from ai_agent.listening import Listening
from ai_agent.owed import Owed
from ai_agent.persona_behaviors import MANNERS, TurnPolicy
from ai_agent.speaking import Speaking
from ai_agent.stop_word_interruption import ProbeWords
from tests.core.test_capture import voice
from tests.timeline import ScriptedVad, sequential_ids

BROKE_OFF = Notify("reply_broke_off", "The answer broke off.")


class Side:
    """The agent's side of a call."""

    def __init__(self) -> None:
        policy = TurnPolicy()
        hearing = Hearing(ScriptedVad(), snr_db=policy.snr_db, check_seconds=5.0)
        self.floor = Floor(policy, new_id=sequential_ids())
        self.owed = Owed(greeting=True)
        self.listening = Listening(policy, ring=hearing.ring, caller=hearing.caller, floor=self.floor, owed=self.owed)
        self.speaking = Speaking(
            MANNERS["balanced"], hearing=hearing, floor=self.floor, owed=self.owed, listening=self.listening
        )

    def asked(self) -> Reply:
        """A typed question, at second 1, for whose answer is waited."""
        utterance, _ = self.listening.write("What is a rope?", now=1.0)
        self.owed.accept(utterance)
        self.speaking.answer(utterance, ConversationEvent.TEXT_TYPED, now=1.0)
        return self.reply

    def spoken(self, *, sentence: str = "A rope is a long cord.", samples: int = 96_000) -> Reply:
        """An answer of one sentence, of which the first frame left at second 2."""
        reply = self.asked()
        reply.add_sentence(sentence, samples=samples, now=2.0)
        self.speaking.start(reply, now=2.0)
        return reply

    @property
    def reply(self) -> Reply:
        assert self.speaking.reply is not None
        return self.speaking.reply


def kinds(commands: list[Command]) -> list[type]:
    return [type(command) for command in commands]


def test_an_answer_is_asked_for_and_waited_for() -> None:
    side = Side()
    side.owed.has_missed_something = True
    utterance, _ = side.listening.write("What is a rope?", now=1.0)
    moved, asked = side.speaking.answer(utterance, ConversationEvent.TEXT_TYPED, now=1.0)
    assert kinds([moved]) == [PhaseChanged]
    assert asked == GenerateReply("id-2", "id-1", "What is a rope?")
    assert (side.floor.pending_until, side.owed.has_missed_something) == (26, False)


def test_a_line_has_a_turn_of_its_own_and_no_utterance() -> None:
    side = Side()
    moved, said = side.speaking.begin_line("greeting", now=1.0)
    assert isinstance(moved, PhaseChanged) and moved.turn_id == "id-1"
    assert said == SpeakLine("id-1", "greeting")
    assert (side.floor.turn_id, side.floor.active_utterance_id, side.owed.greeting) == ("id-1", None, False)
    assert side.speaking.is_pending("greeting") and not side.speaking.is_pending("apology")


def test_the_first_frame_gives_the_agent_the_floor_and_pays_the_answer() -> None:
    side = Side()
    reply = side.asked()
    moved, begins = side.speaking.start(reply, now=2.0)
    assert (kinds([moved]), begins) == ([PhaseChanged], SpeakingChanged("agent", speaking=True, at=2.0))
    assert (side.floor.phase, side.owed.unanswered) == (ConversationPhase.AI_SPEAKING, None)
    assert side.speaking.barge_in.state is BargeinState.ARMED
    assert side.speaking.start(reply, now=2.1) == [ReportStaleResult("reply", "id-2", "id-2")]


def test_a_reply_that_was_heard_to_the_end_gives_the_floor_back() -> None:
    side = Side()
    moved, ends, closed, report = side.speaking.finish(side.spoken(), now=4.0)
    assert isinstance(moved, PhaseChanged) and moved.reason == "playback_finished"
    assert ends == SpeakingChanged("agent", speaking=False, at=4.0)
    assert isinstance(closed, CloseReply) and closed.heard_text == "A rope is a long cord."
    assert isinstance(report, ReportTurn)
    assert (side.speaking.reply, side.floor.turn_id) == (None, None)
    assert side.speaking.barge_in.state is BargeinState.DISARMED


def test_what_the_user_had_begun_to_say_is_theirs_when_the_agent_is_done() -> None:
    side = Side()
    reply = side.spoken()
    for number in range(12):
        side.speaking.overhear(SILENT_FRAME, voice("s"), samples_sent=480 * number, now=2.0 + number * 0.02)
    last = side.speaking.finish(reply, now=4.0)[-1]
    assert last == SpeakingChanged("user", speaking=True, at=2.0)
    assert side.floor.active_utterance_id == "id-3"


def test_a_user_who_wins_the_floor_has_it_with_what_was_said_and_the_id_of_the_candidate() -> None:
    side = Side()
    side.spoken()
    wanted: list[Command] = []
    for number in range(32):
        kind = "s" if number < 20 else "."
        wanted += side.speaking.overhear(SILENT_FRAME, voice(kind), samples_sent=48_000, now=3.0 + number * 0.02)
    probe = next(command for command in wanted if isinstance(command, TranscribeProbe))
    commands = side.speaking.on_probe_transcribed(
        candidate_id=probe.candidate_id, look=probe.look, words=ProbeWords("Stop.", -0.2, 0.01), now=3.8
    )
    closed = next(command for command in commands if isinstance(command, CloseReply))
    assert kinds(commands)[:3] == [CancelPlayback, ReportBargeIn, CancelReply]
    assert (closed.interrupted, closed.heard_text) == (True, "A rope is a")
    assert side.floor.phase is ConversationPhase.WAIT_FOR_USER
    assert side.floor.active_utterance_id == probe.candidate_id
    assert side.listening.endpointer.is_speech


def test_time_in_which_the_agent_is_held_is_no_stall() -> None:
    side = Side()
    side.spoken()
    stalls_at = side.speaking.stalls_at
    words = ProbeWords("Mm-hm.", -0.2, 0.01)
    for number in range(48):
        kind, now = "s" if number < 24 else ".", 3.0 + number * 0.02
        wanted = side.speaking.overhear(SILENT_FRAME, voice(kind), samples_sent=48_000, now=now)
        for probe in (command for command in wanted if isinstance(command, TranscribeProbe)):
            side.speaking.on_probe_transcribed(candidate_id=probe.candidate_id, look=probe.look, words=words, now=now)
    assert side.speaking.stalls_at > stalls_at + 0.3


def test_interrupted_only_what_reached_the_ear_was_heard() -> None:
    side = Side()
    side.spoken()
    side.speaking.playout_delay_ms = 500
    stop, cancel, *_, closed, _ = side.speaking.interrupt(samples_sent=72_000, now=9.0)
    assert (stop, cancel) == (CancelPlayback("id-2"), CancelReply("id-2"))
    assert isinstance(closed, CloseReply) and closed.interrupted
    assert closed.heard_text == "A rope is a"


@pytest.mark.parametrize(("unheard_ms", "heard"), [(60, "One two"), (80, "One")])
def test_a_word_that_was_all_but_heard_was_heard(unheard_ms: int, heard: str) -> None:
    side = Side()
    side.spoken(sentence="One two three.", samples=samples_in(1_700))  # 100 ms a character, and three more at the end
    side.speaking.playout_delay_ms = 0.0
    *_, closed, _ = side.speaking.interrupt(samples_sent=samples_in(700 - unheard_ms), now=9.0)
    assert isinstance(closed, CloseReply) and closed.heard_text == heard


def test_without_a_playhead_the_time_tells_what_was_heard() -> None:
    told, timed = Side(), Side()
    told.spoken()
    timed.spoken()
    assert timed.speaking.interrupt(now=3.5) == told.speaking.interrupt(samples_sent=72_000, now=3.5)


def test_an_answer_that_fails_before_its_first_frame_is_apologised_for() -> None:
    side = Side()
    commands = side.speaking.break_off(side.asked(), reason="timed out", now=3.0)
    assert commands == [
        CancelPlayback("id-2"),
        CancelReply("id-2"),
        Notify("reply_failed", "There is no answer to this: timed out."),
        SpeakLine("id-3", "apology"),
    ]
    assert (side.floor.phase, side.floor.pending_until) == (ConversationPhase.PROCESSING_USER, 28)


@pytest.mark.parametrize("way", ["complete", "finish"])
def test_an_answer_without_sound_is_none(way: str) -> None:
    side = Side()
    reply = side.asked()
    ends = side.speaking.complete if way == "complete" else side.speaking.finish
    assert SpeakLine("id-3", "apology") in ends(reply, now=3.0)


def test_a_line_that_fails_is_not_apologised_for() -> None:
    side = Side()
    side.speaking.begin_line("apology", now=1.0)
    commands = side.speaking.fail(side.reply, reason="no voice", now=5.0)
    assert kinds(commands) == [CancelPlayback, CancelReply, PhaseChanged, Notify]
    assert (side.floor.phase, side.speaking.reply) == (ConversationPhase.WAIT_FOR_USER, None)
    assert side.floor.idle.active_at == 5.0


def test_a_question_that_nobody_heard_is_no_sign_of_life() -> None:
    side = Side()
    side.speaking.begin_line("still_there", now=15.0)
    side.speaking.fail(side.reply, reason="no voice", now=20.0)
    assert side.floor.idle.active_at == 0.0


def test_what_broke_off_is_played_to_its_end_first() -> None:
    side = Side()
    reply = side.spoken()
    assert side.speaking.break_off(reply, reason="timed out", now=2.5) == []
    assert side.speaking.finish(reply, now=4.0)[-1] == BROKE_OFF


def test_a_reply_of_which_nothing_more_comes_is_over_after_a_while() -> None:
    side = Side()
    side.spoken()
    assert side.speaking.stalls_at == 14.0
    stop, cancel, moved, *_, last = side.speaking.stall(now=14.0)
    assert (stop, cancel, last) == (CancelPlayback("id-2"), CancelReply("id-2"), BROKE_OFF)
    assert isinstance(moved, PhaseChanged) and moved.reason == "reply_failed"


def test_nobody_waits_for_a_reply_that_was_cancelled() -> None:
    side = Side()
    side.asked()
    assert side.speaking.cancel() == [CancelPlayback("id-2"), CancelReply("id-2")]
    assert side.speaking.cancel() == []
