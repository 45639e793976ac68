"""Idle time: one question, then quiet, then the end."""

from __future__ import annotations

from ai_agent.idle_clock import IdleClock
from ai_agent.persona_behaviors import TurnPolicy


def test_the_question_comes_once_and_then_only_the_end() -> None:
    clock = IdleClock(TurnPolicy(idle_prompt_seconds=15, idle_end_seconds=600))
    clock.note_activity(now=100.0)
    assert clock.deadline(may_prompt=True) == 115
    assert clock.deadline(may_prompt=False) == 700
    clock.note_prompt()
    assert clock.deadline(may_prompt=True) == 700
    clock.note_activity(now=130.0)
    assert clock.deadline(may_prompt=True) == 145
