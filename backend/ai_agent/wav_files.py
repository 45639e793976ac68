"""How does sound lie in a file, also in one that a killed process left? WAV: 48 kHz s16, one channel or two."""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path
from typing import BinaryIO, Final

from ai_agent.audio_format import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ

HEADER_BYTES: Final = 44
MAX_SIZE: Final = 0xFFFF_FFFF
"""The most that a header can name; a longer file says this, and players read on to its end."""

_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class NotAFile(OSError):
    """There is something else at this path: a link, a folder, a pipe."""


def wav_header(data_bytes: int, *, channels: int = 1) -> bytes:
    """The 44 bytes in front of `data_bytes` of sound (RIFF WAVE, PCM).

    >>> len(wav_header(0)), len(wav_header(10**12, channels=2))
    (44, 44)
    """
    bytes_per_moment = channels * BYTES_PER_SAMPLE
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        min(36 + data_bytes, MAX_SIZE),
        b"WAVE",
        b"fmt ",
        16,
        1,
        channels,
        SAMPLE_RATE_HZ,
        SAMPLE_RATE_HZ * bytes_per_moment,
        bytes_per_moment,
        8 * BYTES_PER_SAMPLE,
        b"data",
        min(data_bytes, MAX_SIZE),
    )


def open_file(path: Path, flags: int = os.O_RDONLY) -> BinaryIO:
    """Open what lies here itself, never what a link leads to.

    Raises:
        NotAFile: it is no file.
        OSError: it is not there, or may not be opened.
    """
    if path.is_symlink():
        raise NotAFile(f"{path.name} is a link")
    descriptor = os.open(path, flags | _NO_LINKS | getattr(os, "O_NONBLOCK", 0), 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotAFile(f"{path.name} is no file")
    return os.fdopen(descriptor, "rb" if flags & (os.O_WRONLY | os.O_RDWR) == 0 else "r+b")


def append_wav(path: Path, sound: bytes, *, data_bytes: int) -> None:
    """Add sound and make the header right at once, so that a killed process leaves a playable file.

    `data_bytes`: what the file holds afterwards. Only the first sound makes the file: one that was deleted meanwhile
    does not come again.

    Raises:
        OSError: the disk is full, the file is gone, or there was one already.
    """
    if data_bytes == len(sound):
        with path.open("xb") as file:
            file.write(wav_header(data_bytes) + sound)
        return
    with open_file(path, os.O_RDWR) as file:
        file.seek(0, os.SEEK_END)
        file.write(sound)
        file.seek(0)
        file.write(wav_header(data_bytes))


def sound_bytes(path: Path) -> int:
    """How much mono sound lies in this file, whatever its header says: whole samples only. 0 where there is no file."""
    try:
        found = path.lstat()
    except OSError:
        return 0
    if not stat.S_ISREG(found.st_mode):
        return 0
    return max(0, found.st_size - HEADER_BYTES) // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE


def repair_wav(path: Path) -> bool:
    """Cut a mono file to whole samples and let its header name them; answers whether it had to.

    Raises:
        OSError: it is no file, or cannot be written.
    """
    data_bytes = sound_bytes(path)
    with open_file(path, os.O_RDWR) as file:
        is_whole = os.fstat(file.fileno()).st_size == HEADER_BYTES + data_bytes
        if is_whole and file.read(HEADER_BYTES) == wav_header(data_bytes):
            return False
        file.truncate(HEADER_BYTES + data_bytes)
        file.seek(0)
        file.write(wav_header(data_bytes))
    return True
