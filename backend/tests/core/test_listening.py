"""The user's side: ids from the first sound on, one transcription an utterance, and going on."""

from __future__ import annotations

import pytest

from ai_agent.audio_format import SILENT_FRAME, duration_ms
from ai_agent.call_state import UnansweredTurn
from ai_agent.capture import MicrophoneRing
from ai_agent.commands import (
    CancelTranscription,
    Command,
    Notify,
    OpenTurn,
    PhaseChanged,
    SpeakingChanged,
    SupersedeUtterance,
    TranscribeTurn,
    TurnSound,
)
from ai_agent.conversation import ConversationPhase
from ai_agent.floor import Floor
from ai_agent.listening import Listening
from ai_agent.owed import Owed
from ai_agent.persona_behaviors import TurnPolicy
from ai_agent.voice_activity import CallerLevel
from tests.core.test_capture import voice
from tests.timeline import sequential_ids

ONE_SECOND = "s" * 50


class Side:
    """The user's side of a call, played one frame a character."""

    def __init__(self) -> None:
        policy = TurnPolicy()
        self.floor = Floor(policy, new_id=sequential_ids())
        self.owed = Owed(greeting=False)
        self.ring = MicrophoneRing()
        self.listening = Listening(policy, ring=self.ring, caller=CallerLevel(), floor=self.floor, owed=self.owed)
        self.now = 0.0

    def play(self, kinds: str) -> list[Command]:
        """Frames of the user's move."""
        commands: list[Command] = []
        for kind in kinds:
            self.now = round(self.now + 0.02, 6)
            self.ring.append(SILENT_FRAME)
            commands.extend(self.listening.process(SILENT_FRAME, voice(kind), now=self.now))
        return commands

    def watch(self, kinds: str) -> list[bool]:
        """Frames while work is pending: whether the user went on, and from what was said."""
        joins = []
        for kind in kinds:
            self.now = round(self.now + 0.02, 6)
            self.ring.append(SILENT_FRAME)
            if continued := self.listening.endpointer.watch(SILENT_FRAME, voice(kind), now=self.now):
                joins.append(continued.joins)
        return joins

    @property
    def ids(self) -> tuple[str | None, str | None]:
        return self.floor.active_utterance_id, self.floor.turn_id


def test_ids_bind_at_the_first_sound_and_go_with_a_click() -> None:
    side = Side()
    assert (side.play("..s"), side.ids) == ([], ("id-1", "id-2"))
    assert (side.play("." * 20), side.ids, side.listening.utterance) == ([], (None, None), None)
    side.play("s")
    assert side.ids == ("id-3", "id-4")


def test_an_utterance_that_ends_is_stored_and_transcribed_once() -> None:
    side = Side()
    commands = side.play("." * 50 + ONE_SECOND + "." * 125)
    began, quiet, moved, row, asked = commands
    assert (began, quiet) == (
        SpeakingChanged("user", speaking=True, at=1.02),
        SpeakingChanged("user", speaking=False, at=2.0),
    )
    assert isinstance(moved, PhaseChanged) and isinstance(asked, TranscribeTurn)
    assert (moved.phase, moved.reason) == ("VALIDATING_UTTERANCE", "silence")
    sound = TurnSound(-25.0, -60.0, 35.0, 0.1, 0.0)
    assert row == OpenTurn("id-2", "id-1", started_at=1.02, ended_at=4.5, sound=sound)
    assert (asked.utterance_id, duration_ms(asked.audio)) == ("id-1", 2_000)
    assert side.floor.pending_until == pytest.approx(4.5 + 20 + 0.5 * 2)


def test_only_the_utterance_that_is_validated_is_awaited() -> None:
    side = Side()
    side.play(ONE_SECOND)
    assert side.listening.awaited("id-1") is None
    side.listening.end("end_turn", now=side.now)
    assert side.listening.awaited("id-1") is side.listening.utterance
    assert side.listening.awaited("id-9") is None
    assert side.listening.cancel_transcription() == [CancelTranscription("id-1")]


def test_im_done_ends_what_was_said_and_says_so_where_nothing_was() -> None:
    side = Side()
    assert side.listening.end_now(now=0.0) == [Notify("nothing_said", "Nothing has been said yet.")]
    side.play(ONE_SECOND)
    assert [type(command) for command in side.listening.end_now(now=side.now)] == [
        SpeakingChanged,
        PhaseChanged,
        OpenTurn,
        TranscribeTurn,
    ]


def test_who_goes_on_has_a_new_utterance_in_place_of_the_last_one() -> None:
    side = Side()
    side.play(ONE_SECOND + "." * 125)
    first = side.listening.utterance
    assert first is not None
    assert side.watch("." * 10 + ONE_SECOND) == [True]
    [moved] = side.listening.go_on(joins=True, now=side.now)
    assert isinstance(moved, PhaseChanged) and moved.reason == "speech_continued"
    assert side.listening.utterance is not None and side.listening.utterance.replaces is first
    ended = side.play("." * 130)
    assert SupersedeUtterance("id-1", superseded_by="id-3", turn_id="id-2") in ended
    assert side.floor.phase is ConversationPhase.VALIDATING_UTTERANCE


def test_what_is_typed_is_whole_at_once() -> None:
    side = Side()
    utterance, opened = side.listening.write("What is a rope?", now=7.0)
    assert opened == [OpenTurn("id-2", "id-1", started_at=7.0, ended_at=7.0)]
    assert (utterance.is_typed, utterance.transcript, side.ids) == (True, "What is a rope?", ("id-1", "id-2"))


def test_a_turn_that_is_answered_late_is_counted_from_then_on() -> None:
    side = Side()
    utterance = side.listening.recall(UnansweredTurn("t1", "u1", "What is a rope?"), now=60.0)
    assert (utterance.speech_ended_at, utterance.ended_at, side.ids) == (60.0, 60.0, ("u1", "t1"))


def test_speech_that_is_under_way_becomes_the_users_with_its_beginning() -> None:
    side = Side()
    side.play(ONE_SECOND + "." * 125)
    side.watch("." * 10 + "s" * 9)
    side.floor.phase = ConversationPhase.WAIT_FOR_USER
    [began] = side.listening.resume(now=side.now)
    assert began == SpeakingChanged("user", speaking=True, at=pytest.approx(3.72))
    assert side.ids == ("id-3", "id-4")
    assert side.listening.endpointer.is_speech


def test_the_users_move_again_in_silence_is_nobodys_turn() -> None:
    side = Side()
    side.play(ONE_SECOND + "." * 125)
    assert (side.listening.resume(now=side.now), side.ids) == ([], (None, None))


def test_what_is_dropped_leaves_nothing_and_the_page_sees_silence() -> None:
    side = Side()
    side.play(ONE_SECOND)
    assert side.listening.stop(now=side.now) == [SpeakingChanged("user", speaking=False, at=side.now)]
    assert side.listening.stop(now=side.now) == []
    assert (side.listening.endpointer.capture, side.ids) == (None, (None, None))


def test_the_users_move_lasts_as_long_as_the_question_the_end_or_the_longest_turn() -> None:
    side = Side()
    assert side.listening.waits_until(is_open=True) == 15
    assert side.listening.waits_until(is_open=False) == 600
    side.play("s")
    assert side.listening.waits_until(is_open=True) == 600
    side.play(ONE_SECOND)
    assert side.listening.waits_until(is_open=True) == side.floor.longest_turn_ends_at
