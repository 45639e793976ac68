"""May the user think in peace? Asked for with the button or in words, granted for a while. Time is an argument.

asked ├────── the silence count stands still ──────┤ until: the time is up, or speech, "I'm done", or a reply

Nothing here counts silence: who counts asks whether the user is thinking.
"""

from __future__ import annotations

from ai_agent.commands import Command, ThinkingChanged
from ai_agent.persona_behaviors import TurnPolicy


class ThinkingTime:
    """The time to think of one call.

    >>> thinking = ThinkingTime(TurnPolicy(thinking_time_seconds=30))
    >>> thinking.begin(90, now=10.0)
    [ThinkingChanged(until=40.0, at=10.0)]
    >>> thinking.end(now=12.0), thinking.end(now=13.0)
    ([ThinkingChanged(until=None, at=12.0)], [])
    """

    def __init__(self, policy: TurnPolicy) -> None:
        self.longest_seconds = policy.thinking_time_seconds
        """So long at a time; 0: this persona grants none."""
        self.until: float | None = None
        """When the silence counts again by itself, in seconds of the call; None: it counts."""

    @property
    def is_on(self) -> bool:
        return self.until is not None

    def begin(self, seconds: float, *, now: float) -> list[Command]:
        """Grant it from now on, also where the user was thinking already; nothing where that would be no time."""
        granted = min(seconds, self.longest_seconds)
        if not granted > 0:  # what is no number is no time either
            return []
        self.until = now + granted
        return [ThinkingChanged(self.until, at=now)]

    def end(self, *, now: float) -> list[Command]:
        """The silence counts again."""
        if self.until is None:
            return []
        self.until = None
        return [ThinkingChanged(None, at=now)]

    def tell(self, *, now: float) -> list[Command]:
        """How it stands, for a browser that has just connected."""
        return [ThinkingChanged(self.until, at=now)] if self.is_on else []
