"""Where does a call's recording lie, and what of it is there? `{root}/{room_id}/{call_id}/`; no link is followed out.

raw.{epoch}.wav           the user, exactly the frames that the engine got
conditioned.{epoch}.wav   the same after all eight steps
agent.{epoch}.wav         the agent, as it left
stereo.wav                left the user, right the agent, one epoch after the other; made when the call is over
utterances/{id}.wav       what was transcribed
journal.{epoch}.jsonl     what the engine was built from and was told
events.{epoch}.jsonl      what it did
timeline.json             what happened when; written last: the recording is finished
"""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Generator, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args
from uuid import UUID

from ai_agent.wav_files import HEADER_BYTES, open_file, sound_bytes, wav_header

Track = Literal["user", "agent", "stereo", "conditioned"]
TRACKS: Final[tuple[Track, ...]] = get_args(Track)
FILE_OF_TRACK: Final[dict[Track, str]] = {"user": "raw", "agent": "agent", "conditioned": "conditioned"}

SoundState = Literal["none", "unfinished", "ready", "deleted"]
"""Nothing was recorded; its tracks are still put together; it can be heard; it was recorded and is gone."""

STEREO: Final = "stereo.wav"
TIMELINE: Final = "timeline.json"
UTTERANCES: Final = "utterances"
CHUNK_BYTES: Final = 64 * 1024
_EPOCH: Final = re.compile(r"raw\.([1-9]\d{0,9})\.wav")


def call_folder(root: Path, room_id: str | UUID, call_id: str | UUID) -> Path:
    """The folder of one call. Both ids are parsed, so that no path comes from outside.

    Raises:
        ValueError: an id is not a UUID.
    """
    return root / str(UUID(str(room_id))) / str(UUID(str(call_id)))


def is_own(folder: Path) -> bool:
    """Whether the folder of a call is there and is one: neither it nor its room's is a link."""
    return folder.is_dir() and not folder.is_symlink() and not folder.parent.is_symlink()


def make_folder(folder: Path) -> None:
    """The folder of a call that begins, with all that is in it.

    Raises:
        OSError: it cannot be made, or a link stands where it should be.
    """
    (folder / UTTERANCES).mkdir(parents=True, exist_ok=True)
    if not is_own(folder):
        raise OSError(errno.ELOOP, "a link stands where its folder should be")


def remove_folder(folder: Path) -> bool:
    """Remove a call's recording; answers whether there was one. A link is removed, what it leads to stays.

    Raises:
        OSError: something could not be removed.
    """
    if folder.parent.is_symlink():
        return False
    if folder.is_symlink():
        folder.unlink()
        return True
    if not folder.is_dir():
        return False
    _remove_tree(folder)
    with suppress(OSError):  # other calls of the room are there
        folder.parent.rmdir()
    return True


def _remove_tree(folder: Path, *, tries: int = 3) -> None:
    """The writer's thread may be finishing a file there: what came in between goes the next time."""
    try:
        shutil.rmtree(folder)
    except OSError:
        if folder.exists():
            if tries == 1:
                raise
            _remove_tree(folder, tries=tries - 1)


def state_of(folder: Path, *, was_recorded: bool) -> SoundState:
    """What can be heard of a call."""
    if not was_recorded:
        return "none"
    if not is_own(folder):
        return "deleted"
    if sound_bytes(folder / STEREO):
        return "ready"
    return "none" if (folder / TIMELINE).is_file() else "unfinished"


def epochs_of(folder: Path) -> list[int]:
    """The epochs that left sound, in order."""
    if not is_own(folder):
        return []
    names = (_EPOCH.fullmatch(path.name) for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    return sorted(int(name[1]) for name in names if name)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a file, or of silence where there is none."""

    path: Path | None
    start: int
    length: int


class RecordedSound:
    """One track of a call as one WAV file: all of its epochs, one after the other, as they were when this was made."""

    def __init__(self, pieces: list[_Piece], *, header: bytes) -> None:
        self._header = header
        self._pieces = pieces
        self.length = len(header) + sum(piece.length for piece in pieces)
        """Bytes."""

    def read(self, start: int, stop: int) -> Generator[bytes, None, None]:
        """The bytes from `start` up to `stop`, a little at a time.

        What is gone meanwhile is silence: whoever listens was promised so many bytes.
        """
        if start < len(self._header):
            yield self._header[start:stop]
        begins = len(self._header)
        for piece in self._pieces:
            first, last = max(start - begins, 0), min(stop - begins, piece.length)
            if first < last:
                yield from _read_piece(piece, first, last)
            begins += piece.length


def open_track(folder: Path, track: Track) -> RecordedSound | None:
    """A track of this call; None where there is none (yet)."""
    if not is_own(folder):
        return None
    if track == "stereo":
        length = sound_bytes(folder / STEREO)
        pieces = [_Piece(folder / STEREO, 0, HEADER_BYTES + length)]
        return RecordedSound(pieces, header=b"") if length else None
    pieces = [piece for epoch in epochs_of(folder) for piece in _epoch_pieces(folder, track, epoch)]
    if all(piece.path is None for piece in pieces):
        return None
    return RecordedSound(pieces, header=wav_header(sum(piece.length for piece in pieces)))


def open_utterance(folder: Path, utterance_id: UUID) -> RecordedSound | None:
    """What was transcribed under this id in this call; None where it was not recorded, or is gone."""
    if not is_own(folder) or (folder / UTTERANCES).is_symlink():
        return None
    path = folder / UTTERANCES / f"{utterance_id}.wav"
    length = sound_bytes(path)
    return RecordedSound([_Piece(path, HEADER_BYTES, length)], header=wav_header(length)) if length else None


def _epoch_pieces(folder: Path, track: Track, epoch: int) -> Iterator[_Piece]:
    """As long as the user's side, whatever a killed process did not write any more."""
    path = folder / f"{FILE_OF_TRACK[track]}.{epoch}.wav"
    length = sound_bytes(folder / f"raw.{epoch}.wav")
    present = min(length, sound_bytes(path))
    if present:
        yield _Piece(path, HEADER_BYTES, present)
    if length > present:
        yield _Piece(None, 0, length - present)


def _read_piece(piece: _Piece, first: int, last: int) -> Iterator[bytes]:
    left = last - first
    try:
        file = open_file(piece.path) if piece.path is not None else None
    except OSError:
        file = None
    with file or nullcontext():
        if file is not None:
            file.seek(piece.start + first)
        while left > 0:
            size = min(left, CHUNK_BYTES)
            yield (file.read(size) if file is not None else b"").ljust(size, b"\0")
            left -= size
