"""The floor: whose move it is, in which turn, and until when."""

from __future__ import annotations

import pytest

from ai_agent.audio_format import SILENT_FRAME, frames_in
from ai_agent.commands import PhaseChanged
from ai_agent.conversation import ConversationEvent, ConversationPhase, IllegalTransition
from ai_agent.floor import Floor
from ai_agent.persona_behaviors import TurnPolicy
from tests.timeline import sequential_ids

POLICY = TurnPolicy(
    stt_deadline_seconds=20, stt_seconds_per_audio_second=0.5, reply_deadline_seconds=25, max_turn_seconds=180
)


def floor() -> Floor:
    return Floor(POLICY, new_id=sequential_ids())


def test_a_move_says_whose_it_was_and_why() -> None:
    mine = floor()
    mine.bind("t1", utterance_id="u1")
    assert mine.move(ConversationEvent.UTTERANCE_ENDED, reason="silence", now=4.0) == [
        PhaseChanged("VALIDATING_UTTERANCE", "WAIT_FOR_USER", "t1", "silence", 4.0)
    ]
    assert mine.move(ConversationEvent.TRANSCRIPT_ACCEPTED, now=5.0) == [
        PhaseChanged("PROCESSING_USER", "VALIDATING_UTTERANCE", "t1", "transcript_accepted", 5.0)
    ]
    assert mine.phase is ConversationPhase.PROCESSING_USER


def test_the_turn_that_is_over_can_be_told_after_its_ids_have_gone() -> None:
    mine = floor()
    mine.bind("t1", utterance_id=None)
    mine.move(ConversationEvent.LINE_BEGUN, now=1.0)
    mine.release()
    [moved] = mine.move(ConversationEvent.REPLY_FAILED, turn_id="t1", now=2.0)
    assert isinstance(moved, PhaseChanged)
    assert (moved.turn_id, mine.turn_id, mine.active_utterance_id) == ("t1", None, None)


def test_what_has_no_row_changes_nothing() -> None:
    mine = floor()
    with pytest.raises(IllegalTransition):
        mine.move(ConversationEvent.REPLY_STARTED, now=1.0)
    assert mine.phase is ConversationPhase.WAIT_FOR_USER


def test_a_browser_that_has_just_connected_is_told_the_phase_as_it_is() -> None:
    assert floor().announce(now=3.0) == [PhaseChanged("WAIT_FOR_USER", "WAIT_FOR_USER", None, "connected", 3.0)]


def test_a_long_utterance_is_waited_for_longer() -> None:
    mine = floor()
    mine.await_transcript(SILENT_FRAME * frames_in(10_000), now=100.0)
    assert mine.pending_until == 125
    mine.await_reply(now=110.0)
    assert mine.pending_until == 135


def test_nobody_is_waited_for_once_somebody_has_the_floor() -> None:
    mine = floor()
    mine.await_reply(now=1.0)
    mine.move(ConversationEvent.LINE_BEGUN, now=1.0)
    assert mine.pending_until == 26
    mine.move(ConversationEvent.REPLY_STARTED, now=2.0)
    with pytest.raises(AssertionError, match="has a deadline"):
        _ = mine.pending_until


def test_who_speaks_without_end_is_cut_off_even_where_no_frame_comes() -> None:
    mine = floor()
    mine.idle.note_activity(now=10.0)
    assert mine.longest_turn_ends_at == 192.5


def test_other_deadlines_count_from_the_next_wait_on() -> None:
    mine = floor()
    mine.await_reply(now=0.0)
    mine.policy = TurnPolicy(reply_deadline_seconds=1)
    assert mine.pending_until == 25
    mine.await_reply(now=0.0)
    assert mine.pending_until == 1
