"""The four phases and the table that leads from one to the next."""

from __future__ import annotations

import doctest

import pytest

from ai_agent import conversation
from ai_agent.conversation import TRANSITIONS, ConversationEvent, ConversationPhase, IllegalTransition, next_phase


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(conversation).failed == 0


def test_the_way_round_is_in_the_table() -> None:
    phase = ConversationPhase.WAIT_FOR_USER
    for event in ("utterance_ended", "transcript_accepted", "reply_started", "playback_finished"):
        phase = next_phase(phase, ConversationEvent(event))
    assert phase is ConversationPhase.WAIT_FOR_USER


def test_what_has_no_row_cannot_happen() -> None:
    with pytest.raises(IllegalTransition, match="reply_started cannot happen in WAIT_FOR_USER"):
        next_phase(ConversationPhase.WAIT_FOR_USER, ConversationEvent.REPLY_STARTED)


def test_every_phase_can_be_reached_and_left_and_every_event_is_used() -> None:
    assert {phase for phase, _ in TRANSITIONS} == set(ConversationPhase)
    assert set(TRANSITIONS.values()) == set(ConversationPhase)
    assert {event for _, event in TRANSITIONS} == set(ConversationEvent)


def test_whoever_is_waited_for_the_user_can_get_the_floor_back() -> None:
    for phase in set(ConversationPhase) - {ConversationPhase.WAIT_FOR_USER}:
        assert TRANSITIONS[phase, ConversationEvent.USER_TOOK_OVER] is ConversationPhase.WAIT_FOR_USER
