"""Where in a clip is somebody heard? Stretches of it, in milliseconds, told from the room by loudness alone.

    clip        ▁▁▁▆▇▅▇▆▁▁▁▁▁▁▅▇▆▇▁▁▁
    stretches      ├────┤      ├──┤        the room is what its quietest moments sound like

Good enough to count pauses and to find words again; who has the floor is decided by a better ear.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from ai_agent.audio_format import BYTES_PER_FRAME, FRAME_MS
from ai_agent.levels import frame_dbfs

ROOM_PERCENTILE: Final = 5
VOICE_PERCENTILE: Final = 95
THRESHOLD_SHARE: Final = 0.35
"""A frame is voiced from here on the way from the room to the voice, in decibels."""
MIN_ABOVE_ROOM_DB: Final = 6.0
"""What stands out less is the room itself."""
QUIETEST_DBFS: Final = -70.0
"""Digital silence is a room too."""
MIN_GAP_MS: Final = 240
"""A shorter gap is no silence: the stop in "stop"."""
MIN_STRETCH_MS: Final = 60
"""Something shorter is a click."""


def voiced_stretches(pieces: Iterable[bytes]) -> tuple[tuple[float, float], ...]:
    """The stretches of a clip that comes in pieces: 48 kHz s16 mono. Nothing where nobody stands out of the room.

    >>> tone = (8_000 * np.sin(np.arange(48_000) / 20)).astype("<i2").tobytes()
    >>> voiced_stretches([bytes(48_000), tone, bytes(96_000), tone, bytes(48_000)])
    ((500.0, 1500.0), (2500.0, 3500.0))
    """
    levels = np.fromiter(_levels(pieces), np.float64)
    if not len(levels):
        return ()
    room, voice = np.percentile(levels, [ROOM_PERCENTILE, VOICE_PERCENTILE])
    threshold = room + max(MIN_ABOVE_ROOM_DB, THRESHOLD_SHARE * (voice - room))
    edges = np.flatnonzero(np.diff(levels > threshold, prepend=False, append=False))
    return tuple(_merged((int(start) * FRAME_MS, int(end) * FRAME_MS) for start, end in edges.reshape(-1, 2)))


def _levels(pieces: Iterable[bytes]) -> Iterator[float]:
    """The level of each whole frame."""
    rest = b""
    for piece in pieces:
        sound = rest + piece
        whole = len(sound) // BYTES_PER_FRAME * BYTES_PER_FRAME
        rest = sound[whole:]
        for start in range(0, whole, BYTES_PER_FRAME):
            yield max(QUIETEST_DBFS, frame_dbfs(sound[start : start + BYTES_PER_FRAME]))


def _merged(found: Iterable[tuple[int, int]]) -> Iterator[tuple[float, float]]:
    since = until = -1
    for start, end in found:
        if since >= 0 and start - until < MIN_GAP_MS:
            until = end
            continue
        if since >= 0 and until - since >= MIN_STRETCH_MS:
            yield float(since), float(until)
        since, until = start, end
    if since >= 0 and until - since >= MIN_STRETCH_MS:
        yield float(since), float(until)
