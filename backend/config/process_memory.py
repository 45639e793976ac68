"""Which memory goes back to the machine when a call is over? glibc gives large pieces back only where it is told to.

An utterance's sound is hundreds of kilobytes. The first such piece that is freed teaches glibc to keep the next ones on
its heap (mallopt(3): the dynamic mmap threshold), where any small piece above them that outlives the call holds them
all. A threshold that was set is not learned any more.
"""

from __future__ import annotations

import ctypes
from typing import Final

M_TRIM_THRESHOLD: Final = -1
M_MMAP_THRESHOLD: Final = -3
"""Numbers of malloc.h."""

LARGE_BYTES: Final = 64 * 1024
"""A piece from this size on is a mapping of its own."""
FREE_BYTES: Final = 128 * 1024
"""More than this that is free at the heap's end goes back."""


def give_back_large_pieces() -> bool:
    """Set both thresholds for this process; whether there are any (musl, macOS and Windows have none)."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)) and bool(mallopt(M_TRIM_THRESHOLD, FREE_BYTES))
