"""Barge-in: armed exactly while the agent speaks, and keeping what sounds."""

from __future__ import annotations

import pytest

from ai_agent.audio_format import SILENT_FRAME
from ai_agent.barge_in_state_machine import BargeinState, BargeinStateMachine
from ai_agent.capture import MicrophoneRing
from ai_agent.persona_behaviors import MANNERS
from tests.core.test_capture import voice


def machine() -> BargeinStateMachine:
    return BargeinStateMachine(MANNERS["eager"], ring=MicrophoneRing())


def play(barge_in: BargeinStateMachine, kinds: str) -> None:
    for index, kind in enumerate(kinds):
        barge_in.process(SILENT_FRAME, voice(kind), now=index * 0.02)


def test_it_is_deaf_unless_the_agent_speaks() -> None:
    barge_in = machine()
    assert barge_in.state is BargeinState.DISARMED
    with pytest.raises(ValueError, match="does not speak"):
        play(barge_in, "s")


def test_a_click_is_forgotten_and_speech_that_goes_on_is_kept() -> None:
    barge_in = machine()
    barge_in.arm(None)
    play(barge_in, "ss" + "." * 12)
    assert barge_in.candidate is None
    play(barge_in, "s" * 10 + "." * 5)
    candidate = barge_in.disarm()
    assert candidate is not None and candidate.burst is not None
    assert candidate.burst.voiced_ms == 200
    assert (barge_in.state, barge_in.candidate) == (BargeinState.DISARMED, None)


def test_speech_that_ended_before_the_agent_did_is_not_kept() -> None:
    barge_in = machine()
    barge_in.arm(None)
    play(barge_in, "s" * 20 + "." * 12)
    assert barge_in.disarm() is None
