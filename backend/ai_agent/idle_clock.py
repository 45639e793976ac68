"""How long has nobody said anything? One question after a while, then quiet, then the end. Time is an argument.

spoke ├──── prompt after 15 s ────┤ "are you still there?" ├──────────── end at 600 s ────┤
"""

from __future__ import annotations

from ai_agent.persona_behaviors import TurnPolicy


class IdleClock:
    """Counts from the last time at which anybody had something to say."""

    def __init__(self, policy: TurnPolicy, *, active_at: float = 0.0, has_prompted: bool = False) -> None:
        self._policy = policy
        self.active_at = active_at
        self.has_prompted = has_prompted

    def note_activity(self, *, now: float) -> None:
        self.active_at = now
        self.has_prompted = False

    def note_prompt(self) -> None:
        """The question was asked; it is not asked again before somebody has spoken."""
        self.has_prompted = True

    @property
    def ends_at(self) -> float:
        return self.active_at + self._policy.idle_end_seconds

    def deadline(self, *, may_prompt: bool) -> float:
        """When something is to be done next: the question, or the end."""
        if may_prompt and not self.has_prompted:
            return min(self.ends_at, self.active_at + self._policy.idle_prompt_seconds)
        return self.ends_at
