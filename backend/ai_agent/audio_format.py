"""What does sound look like inside? 48 kHz, signed 16-bit, mono, in frames of 20 ms. Nothing else passes the edge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

SAMPLE_RATE_HZ: Final = 48_000
FRAME_MS: Final = 20
SAMPLES_PER_FRAME: Final = SAMPLE_RATE_HZ * FRAME_MS // 1000
BYTES_PER_SAMPLE: Final = 2
BYTES_PER_FRAME: Final = SAMPLES_PER_FRAME * BYTES_PER_SAMPLE
SILENT_FRAME: Final = bytes(BYTES_PER_FRAME)


def frames_in(duration_ms: float) -> int:
    """How many whole frames it takes to cover `duration_ms` milliseconds.

    >>> frames_in(2500)
    125
    >>> frames_in(30)
    2
    """
    return math.ceil(duration_ms / FRAME_MS)


def samples_in(duration_ms: float) -> int:
    """How many samples `duration_ms` milliseconds hold, rounded to the nearest.

    >>> samples_in(20)
    960
    """
    return round(duration_ms * SAMPLE_RATE_HZ / 1000)


def duration_ms(pcm: bytes) -> float:
    """How long 48 kHz s16 mono sound lasts, in milliseconds.

    >>> duration_ms(SILENT_FRAME)
    20.0
    """
    return len(pcm) / BYTES_PER_SAMPLE * 1000 / SAMPLE_RATE_HZ


def require_frame(frame: bytes) -> bytes:
    """The frame itself, when it is one: 1,920 bytes.

    Raises:
        ValueError: it has another length, or is not bytes.
    """
    if not isinstance(frame, bytes) or len(frame) != BYTES_PER_FRAME:
        size = len(frame) if isinstance(frame, (bytes, bytearray, memoryview)) else type(frame).__name__
        raise ValueError(f"a frame is {BYTES_PER_FRAME} bytes, not {size}")
    return frame


def split_frames(pcm: bytes) -> Iterator[bytes]:
    """Sound cut into frames; the last one is filled with silence.

    >>> [len(frame) for frame in split_frames(bytes(2000))]
    [1920, 1920]
    """
    for start in range(0, len(pcm), BYTES_PER_FRAME):
        yield pcm[start : start + BYTES_PER_FRAME].ljust(BYTES_PER_FRAME, b"\0")
