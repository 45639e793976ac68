"""How long has nobody said anything? One question after a while, then quiet, then the end. Time is an argument.

    spoke ├──── prompt after 15 s ────┤ "are you still there?" ├──────────── end at 600 s ────┤

In steps, as an interview wants it, the silence is counted from the end of the agent's last turn, and noise does not
begin it anew:

    asked ├── 10 s ──┤ a word ├────── 25 s ──┤ an offer ├──────────── 60 s ──┤ the next question
"""

from __future__ import annotations

from collections.abc import Sequence

from ai_agent.persona_behaviors import TurnPolicy


class IdleClock:
    """Counts from the last time at which anybody had something to say.

    >>> clock = IdleClock(TurnPolicy(), steps=(10.0, 25.0))
    >>> clock.note_turn_over(now=100.0)
    >>> clock.note_prompt()
    >>> clock.note_activity(now=103.0)
    >>> clock.deadline(may_prompt=True)
    125.0
    """

    def __init__(
        self, policy: TurnPolicy, *, active_at: float = 0.0, has_prompted: bool = False, steps: Sequence[float] = ()
    ) -> None:
        """`steps`: seconds of silence after each of which something is said; none: one prompt, as the policy says."""
        self._policy = policy
        self._steps = steps
        self.active_at = active_at
        self.quiet_since = active_at
        """The end of the last turn: from here the steps are counted."""
        self.prompts = int(has_prompted)
        """So often something was said into this silence."""
        self.is_over = False
        """There is nothing more to say: the call ends now."""
        self.end_reason = "idle"

    def note_activity(self, *, now: float) -> None:
        self.active_at = now
        if not self._steps:
            self.prompts = 0

    def note_turn_over(self, *, now: float) -> None:
        """The agent has said what it had to say, and waits."""
        self.active_at = self.quiet_since = now
        self.prompts = 0

    def note_thought(self, *, now: float) -> None:
        """The time that was given to think is up: where silence is counted in steps, it begins here."""
        if self._steps:
            self.note_turn_over(now=now)

    def note_prompt(self) -> None:
        """The question was asked; it is not asked again before somebody has spoken."""
        self.prompts += 1

    def recall(self, active_at: float, *, has_prompted: bool) -> None:
        """It stood there before."""
        self.active_at = self.quiet_since = active_at
        self.prompts = int(has_prompted)

    def end(self, reason: str) -> None:
        """Nobody is waited for any more."""
        self.is_over, self.end_reason = True, reason

    @property
    def has_prompted(self) -> bool:
        return self.prompts > 0

    @property
    def ends_at(self) -> float:
        return self.active_at if self.is_over else self.active_at + self._policy.idle_end_seconds

    def deadline(self, *, may_prompt: bool) -> float:
        """When something is to be done next: the question, or the end."""
        prompt_at = self._next_prompt_at
        return min(self.ends_at, prompt_at) if may_prompt and prompt_at is not None else self.ends_at

    @property
    def _next_prompt_at(self) -> float | None:
        if not self._steps:
            return None if self.prompts else self.active_at + self._policy.idle_prompt_seconds
        return self.quiet_since + self._steps[self.prompts] if self.prompts < len(self._steps) else None
