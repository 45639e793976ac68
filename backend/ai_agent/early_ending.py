"""May a turn be over before the whole silence has passed? Where two agree: how it sounds, and how this user pauses.

    user      s s s s s . . . s s s s s s . . . . . . .
                        └ pause ┘           │       └ longer than every pause, and it sounded finished: over
                                            └ asked once, after 0.8 s: does it sound finished?

Where turns end by the silence alone, nobody is ever asked. What is asked is answered elsewhere, later or never.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from ai_agent.persona_behaviors import TurnPolicy

SHORTEST_PAUSE_MS: Final = 240
"""A shorter gap is within the words."""

PAUSES_KEPT: Final = 20
"""The last so many pauses say how somebody pauses now."""

PAUSES_KNOWN: Final = 3
"""Fewer say little about a speaker."""

UNKNOWN_PAUSE_MS: Final = 1_200
"""So long a pause is expected of somebody who has made too few of them to be known."""

PREDICTED_SOUND_MS: Final = 8_000
"""So much of the end of the utterance is listened to."""


class Pauses:
    """How long somebody's pauses inside turns have been, as far as they are known.

    >>> pauses = Pauses()
    >>> pauses.recall([300, 450])
    >>> pauses.longest_ms
    1200
    >>> pauses.add(700)
    >>> pauses.longest_ms
    700
    """

    def __init__(self) -> None:
        self._lasted_ms: deque[int] = deque(maxlen=PAUSES_KEPT)

    def add(self, lasted_ms: float) -> None:
        """The user went on after so long."""
        if lasted_ms >= SHORTEST_PAUSE_MS:
            self._lasted_ms.append(round(lasted_ms))

    def recall(self, lasted_ms: Iterable[int]) -> None:
        """These were before."""
        self._lasted_ms.extend(lasted_ms)

    @property
    def lasted_ms(self) -> list[int]:
        return list(self._lasted_ms)

    @property
    def longest_ms(self) -> int:
        """A longer silence is not this speaker's pause."""
        expected = UNKNOWN_PAUSE_MS if len(self._lasted_ms) < PAUSES_KNOWN else 0
        return max(expected, *self._lasted_ms, 0)


class EarlyEnding:
    """One question a silence, and what follows from its answer.

    A silence is named by `since`, the time at which the speech before it ended.
    """

    def __init__(self, policy: TurnPolicy) -> None:
        self.pauses = Pauses()
        self._asks_after_ms = policy.predict_after_ms if policy.turn_detection == "adaptive" else None
        self._complete_probability = policy.complete_probability
        self._since: float | None = None
        """The silence that was asked about, or need not be."""
        self._is_awaited = False
        self._sounds_finished = False
        self._thought_since: float | None = None
        """The silence in which the user asked for time to think."""

    def go_on(self, at: float, *, since: float) -> None:
        """The user went on: that was a pause, where no time to think was asked for in it."""
        if since != self._thought_since:
            self.pauses.add((at - since) * 1000)

    def is_due(self, silence_ms: int, *, since: float) -> bool:
        """Whether to ask about this silence now."""
        return self._asks_after_ms is not None and silence_ms >= self._asks_after_ms and since != self._since

    def ask(self, *, since: float) -> None:
        """It is asked whether the speech before this silence sounds finished."""
        self._since, self._is_awaited, self._sounds_finished = since, True, False

    def rule_out(self, *, since: float) -> None:
        """This silence is no end, whatever it sounds like, and no pause either: the user has asked for it."""
        self._since, self._is_awaited, self._sounds_finished = since, False, False
        self._thought_since = since

    def take(self, probability: float, *, since: float) -> bool:
        """The answer, during this silence; False where that is not the one that was asked about, or it had its answer.

        What is no probability is no answer in favour.
        """
        if not self._is_awaited or since != self._since:
            return False
        self._is_awaited = False
        self._sounds_finished = self._complete_probability < probability <= 1.0
        return True

    def is_over(self, silence_ms: int, *, since: float) -> bool:
        """Whether a turn that has been silent for so long is over."""
        return self._sounds_finished and since == self._since and silence_ms > self.pauses.longest_ms
