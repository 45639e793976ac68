"""Was there a word before the one that began the turn? "Well, … I would start with the tests."

    p       . . .3 .4 .5 .4 .3 .2 . . . . . . . .9 .9 .9 .9
    heard       ├── a word? ──┤ pause         ├─ certainly ─▶ the turn has begun, and the word before is in it

The VAD is not certain of a short word that stands alone, and neither is it of a cough: nothing begins with it. Once
something is certain, what sounded like a voice shortly before is kept with it: a recogniser makes nothing of a cough.
"""

from __future__ import annotations

from typing import Final

from ai_agent.audio_format import frames_in

LIKE_A_VOICE: Final = 0.2
"""How likely speech has to be in the frames of such a word. Keys, doors and claps are under it."""
LEAST_MS: Final = 120
"""A word has so many of them."""
DIP_MS: Final = 120
"""It may dip for so long in between."""
REACH_MS: Final = 2_500
"""A pause up to so long lies between two parts of one turn."""


class EarlierWord:
    """Follows the microphone in the user's move, until a turn begins."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._began = self._ended = 0
        """So many frames ago the first word began, and the last one ended; 0: there is none."""
        self.began_at = 0.0
        """When the first word began, in seconds of the call."""
        self._voiced = self._run = self._dip = 0
        """Of the present stretch: its frames like a voice, all of them, and those since its last one."""
        self._run_at = 0.0

    def follow(self, *, probability: float, may_be_word: bool, now: float) -> None:
        """One more frame; `may_be_word`: it stands out of the room, and may be the caller's."""
        self._began += self._began > 0
        self._ended += self._ended > 0
        if may_be_word and probability >= LIKE_A_VOICE:
            self._run_at = self._run_at if self._run else now
            self._voiced, self._run, self._dip = self._voiced + 1, self._run + 1, 0
            if self._voiced >= frames_in(LEAST_MS):
                if not self._began:
                    self._began, self.began_at = self._run, self._run_at
                self._ended = 1
        elif self._run:
            self._run, self._dip = self._run + 1, self._dip + 1
            if self._dip > frames_in(DIP_MS):
                self._voiced = self._run = self._dip = 0
        if self._ended - self._run > frames_in(REACH_MS):
            self._began = self._ended = 0

    @property
    def frames_back(self) -> int:
        """How many frames ago it began, the present one counted; 0: there is none."""
        return self._began
