"""Where is a voice silent within its own speech? Pieces of its sound in, pauses out, in samples from its beginning.

    sound   ▁▁▆▇▅▇▆▁▁▁▁▁▅▇▆▇▁▁▁▁▁
    pauses  ├┤     ├──┤      ├──┤       before it, at a comma, after it

Words are where the voice is heard: a quarter of a second of silence after a sentence is no part of its last word.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from ai_agent.audio_format import samples_in
from ai_agent.levels import FULL_SCALE

Pause = tuple[int, int]
"""The first sample of silence, and the first one after it."""

STEP_SAMPLES: Final = samples_in(10)
PAUSE_STEPS: Final = 6
"""60 ms of silence are a pause; the stop in "nope" is shorter."""
SILENT_PEAK: Final = round(0.01 * FULL_SCALE)
"""A voice is silent where no sample is over this."""


class PauseFinder:
    """The pauses of one sentence's sound, as it comes.

    >>> finder = PauseFinder()
    >>> word = np.full(4_800, 9_000, dtype="<i2").tobytes()
    >>> for piece in (word, bytes(2 * 4_800), word[:4_000], word, bytes(2 * 12_000)):
    ...     finder.add(piece)
    >>> finder.pauses()
    ((4800, 9600), (16800, 28400))
    """

    def __init__(self) -> None:
        self._is_silent: list[npt.NDArray[np.bool_]] = []
        self._rest = b""
        self._sample_count = 0

    def add(self, pcm: bytes) -> None:
        """The next piece: 48 kHz s16 mono of any even length."""
        self._sample_count += len(pcm) // 2
        waiting = self._rest + pcm
        whole = len(waiting) // (2 * STEP_SAMPLES)
        samples = np.frombuffer(waiting, dtype="<i2", count=whole * STEP_SAMPLES).reshape(whole, STEP_SAMPLES)
        self._rest = waiting[whole * 2 * STEP_SAMPLES :]
        loudest = np.maximum(samples.max(axis=1, initial=0), -samples.min(axis=1, initial=0).astype(np.int32))
        self._is_silent.append(loudest <= SILENT_PEAK)

    def pauses(self) -> tuple[Pause, ...]:
        """All so far, the last one up to the last sample. What is too short for a step belongs to the step before."""
        if not self._is_silent:
            return ()
        edges = np.flatnonzero(np.diff(np.concatenate(self._is_silent), prepend=False, append=False))
        pauses = [(int(start), int(end)) for start, end in edges.reshape(-1, 2) if end - start >= PAUSE_STEPS]
        steps = sum(map(len, self._is_silent))
        return tuple(
            (start * STEP_SAMPLES, self._sample_count if end == steps else end * STEP_SAMPLES) for start, end in pauses
        )


def pauses_of(pcm: bytes) -> tuple[Pause, ...]:
    """The pauses of a whole sentence's sound."""
    finder = PauseFinder()
    finder.add(pcm)
    return finder.pauses()
