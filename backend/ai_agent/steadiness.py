"""Does the sound go up and down, as a voice does, or does it stay, as a room does? One level a frame in, no judgement
of what it is.

A voice is told from the room by its modulation: syllables fall and rise by many decibels several times a second
(Steeneken and Houtgast, "A physical method for measuring speech-transmission quality", 1980), a fan does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from ai_agent.levels import stored_number

WINDOW_FRAMES: Final = 64
"""1.3 s: nobody speaks so long without a weak consonant."""
STEADY_DB: Final = 4.5
"""The levels of a room stay within so much of each other, if they are means of logarithms over many bins."""
MODULATED_DB: Final = 6.0
"""What moved so far may be a voice."""
SWING_IN_FRAMES: Final = 4
"""The first levels after silence are not all the sound's own: a look reaches back into the silence, a filter swings
in."""
LOOKS_BACK_FRAMES: Final = 2
"""After a frame that does not count, so many have something of it in their looks."""


class Steadiness:
    """The levels of the last 1.3 s of one sound."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget all of it: there was silence."""
        self._levels_db = np.zeros(WINDOW_FRAMES)
        self._heard = 0
        """So many levels there are."""
        self._skips = SWING_IN_FRAMES
        """So many of the next ones do not count."""
        self._counts = False
        """Whether the last one did."""
        self._range_db = 0.0

    def skip(self) -> None:
        """A frame that was lost, or that somebody else's sound may be in."""
        self._skips, self._counts = max(self._skips, LOOKS_BACK_FRAMES), False

    def add(self, level_db: float) -> None:
        """The level of one more frame."""
        self._counts = self._skips == 0
        if not self._counts:
            self._skips -= 1
            return
        self._heard = min(WINDOW_FRAMES, self._heard + 1)
        levels = self._levels_db
        levels[:-1] = levels[1:]
        levels[-1] = level_db
        self._measure()

    def _measure(self) -> None:
        levels = self._levels_db[WINDOW_FRAMES - self._heard :]
        self._range_db = float(np.maximum.reduce(levels) - np.minimum.reduce(levels))

    @property
    def is_steady(self) -> bool:
        """It has hardly moved all through the window, this frame with it."""
        return self._counts and self._heard == WINDOW_FRAMES and self._range_db <= STEADY_DB

    @property
    def modulation(self) -> float:
        """From 0, it moved as little as a room does, to 1, as far as a voice."""
        return min(1.0, max(0.0, (self._range_db - STEADY_DB) / (MODULATED_DB - STEADY_DB)))

    @property
    def state(self) -> dict[str, object]:
        levels_db = [float(level) for level in self._levels_db]
        return {"levels_db": levels_db, "heard": self._heard, "skips": self._skips, "counts": self._counts}

    @state.setter
    def state(self, state: Mapping[str, object]) -> None:
        levels_db = state["levels_db"]
        if not isinstance(levels_db, list) or len(levels_db) != WINDOW_FRAMES:
            raise ValueError(f"a window holds {WINDOW_FRAMES} levels")
        heard = stored_number(state["heard"], within=(0, WINDOW_FRAMES))
        skips = stored_number(state["skips"], within=(0, SWING_IN_FRAMES))
        if not isinstance(counts := state["counts"], bool):
            raise TypeError("the last level counts, or it does not")
        self._levels_db = np.array([stored_number(level) for level in levels_db])
        self._heard, self._skips, self._counts, self._range_db = int(heard), int(skips), counts, 0.0
        if self._heard:
            self._measure()
