"""What is kept of a call's sound? `{root}/{room_id}/{call_id}/`: the raw input, each utterance, the journal of facts.

Everything is written by one thread of its own, never by the event loop. A queue with a bound stands between: when the
disk cannot follow, or is full, the recording ends with a reason and the call goes on.
"""

from __future__ import annotations

import json
import logging
import queue
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID, uuid5

from ai_agent import log_markers
from ai_agent.audio_format import BYTES_PER_FRAME, BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from ai_agent.replay import EngineSetup, parse_setup

logger = logging.getLogger(__name__)

JOURNAL_SCHEMA_VERSION: Final = 3
FRAMES_PER_WRITE: Final = 25
"""Frames are handed to the writer half a second at a time."""
MAX_PENDING_WRITES: Final = 400
"""Writes that may wait for the disk, for the whole process; the next one ends its recording."""
WAV_HEADER_BYTES: Final = 44

Write = Callable[[], None]


def call_folder(root: Path, room_id: str | UUID, call_id: str | UUID) -> Path:
    """The folder of one call. Both ids are parsed, so that no path comes from outside.

    Raises:
        ValueError: an id is not a UUID.
    """
    return root / str(UUID(str(room_id))) / str(UUID(str(call_id)))


def engine_ids(call_id: str | UUID, epoch: int) -> Callable[[], str]:
    """The ids of one engine, from the call and a count: a replayed journal binds the same ones.

    >>> call_id = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
    >>> engine_ids(call_id, 2)() == engine_ids(call_id, 2)(), engine_ids(call_id, 2)() == engine_ids(call_id, 3)()
    (True, False)
    """
    numbers = count(1)
    return lambda: str(uuid5(UUID(str(call_id)), f"{epoch}/{next(numbers)}"))


def wav_header(data_bytes: int) -> bytes:
    """The 44 bytes in front of `data_bytes` of 48 kHz s16 mono sound (RIFF WAVE, PCM).

    >>> len(wav_header(0))
    44
    """
    byte_rate = SAMPLE_RATE_HZ * BYTES_PER_SAMPLE
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + data_bytes,
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        SAMPLE_RATE_HZ,
        byte_rate,
        BYTES_PER_SAMPLE,
        8 * BYTES_PER_SAMPLE,
        b"data",
        data_bytes,
    )


class RecordingWriter:
    """One thread that writes for every call of this process, in the order asked."""

    def __init__(self, *, max_pending: int = MAX_PENDING_WRITES) -> None:
        self._queue: queue.Queue[Write | None] = queue.Queue(maxsize=max_pending)
        self._thread: threading.Thread | None = None

    def submit(self, write: Write) -> bool:
        """Ask for a write; False when the queue is full."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recordings", daemon=True)
            self._thread.start()
        try:
            self._queue.put_nowait(write)
        except queue.Full:
            return False
        return True

    def close(self) -> None:
        """Write what is queued, then end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while (write := self._queue.get()) is not None:
            try:
                write()
            except Exception:
                logger.exception("%s a recording could not be written", log_markers.FAILURE)


class CallRecording:
    """The files of one call under one lease epoch. Every method returns at once.

    `on_failed` is called once, from any thread, with one plain line, when the recording had to end. Nothing is kept
    from then on.
    """

    def __init__(self, folder: Path, *, epoch: int, writer: RecordingWriter, on_failed: Callable[[str], None]) -> None:
        self._folder = folder
        self._epoch = epoch
        self._writer = writer
        self._on_failed = on_failed
        self._frames = bytearray()
        self._lines: list[str] = []
        self._raw_bytes = 0
        self._is_over = False
        self._has_failed = False

    @property
    def raw_path(self) -> Path:
        return self._folder / f"raw.{self._epoch}.wav"

    @property
    def journal_path(self) -> Path:
        return self._folder / f"journal.{self._epoch}.jsonl"

    def write_frame(self, frame: bytes) -> None:
        """Keep one 20 ms frame exactly as the engine got it."""
        if self._is_over:
            return
        self._frames += frame
        if len(self._frames) >= FRAMES_PER_WRITE * BYTES_PER_FRAME:
            self._flush()

    def write_setup(self, setup: EngineSetup) -> None:
        """The journal's first line: what the engine was built from."""
        self._write_line({"setup": setup.to_json()})

    def write_fact(self, fact: str, *, now: float, frame: int, arguments: dict[str, object]) -> None:
        """Keep one fact that the engine was told. `frame`: how many it had heard."""
        self._write_line({"frame": frame, "now": now, "fact": fact, "arguments": arguments})

    def _write_line(self, content: dict[str, object]) -> None:
        if self._is_over:
            return
        self._lines.append(json.dumps({"v": JOURNAL_SCHEMA_VERSION, **content}, separators=(",", ":")))

    def write_utterance(self, utterance_id: str, audio: bytes) -> None:
        """Keep the sound of one whole turn as `utterances/{utterance_id}.wav`."""
        path = self._folder / "utterances" / f"{UUID(utterance_id)}.wav"
        self._submit(lambda: _write_file(path, wav_header(len(audio)) + audio))

    def close(self) -> None:
        """Hand the rest to the writer; nothing is taken after this."""
        self._flush()
        self._is_over = True

    def _flush(self) -> None:
        frames, self._frames = bytes(self._frames), bytearray()
        lines, self._lines = self._lines, []
        if frames:
            self._raw_bytes += len(frames)
            data_bytes = self._raw_bytes
            self._submit(lambda: _append_wav(self.raw_path, frames, data_bytes))
        if lines:
            text = "\n".join(lines) + "\n"
            self._submit(lambda: _append_text(self.journal_path, text))

    def _submit(self, write: Write) -> None:
        if self._is_over:
            return
        if not self._writer.submit(lambda: self._attempt(write)):
            self._end("the disk could not keep up with the sound")

    def _attempt(self, write: Write) -> None:
        if self._has_failed:
            return
        try:
            write()
        except Exception as error:
            self._end(getattr(error, "strerror", None) or type(error).__name__)

    def _end(self, reason: str) -> None:
        if self._has_failed:
            return
        self._has_failed = self._is_over = True
        logger.error("%s recording ended: %s", log_markers.FAILURE, reason)
        self._on_failed(reason)


class JournalRefused(ValueError):
    """A journal that this release cannot play, and why, in one line."""


@dataclass(frozen=True, slots=True)
class Journal:
    """One epoch of a call: what its engine was built from, and what it was told, in order."""

    setup: EngineSetup
    facts: tuple[dict[str, Any], ...]


def read_journal(path: Path) -> Journal:
    """One epoch's journal. A last line that is cut off (a killed process) is left out.

    Raises:
        JournalRefused: it was written by another release, or is none.
    """
    with path.open(encoding="utf-8") as file:
        lines = [_parse_line(line, place=f"{path.name}, line {number}") for number, line in enumerate(file, 1)]
    match [line for line in lines if line is not None]:
        case [{"setup": setup}, *facts] if all("fact" in fact for fact in facts):
            try:
                return Journal(parse_setup(setup), tuple(facts))
            except ValueError as error:
                raise JournalRefused(f"{path.name}: {error}") from error
    raise JournalRefused(f"{path.name}: a journal begins with what its engine was built from, and goes on with facts")


def _parse_line(line: str, *, place: str) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except ValueError as error:
        if not line.endswith("\n"):
            return None
        raise JournalRefused(f"{place}: not JSON") from error
    version = content.get("v") if isinstance(content, dict) else None
    if version != JOURNAL_SCHEMA_VERSION:
        raise JournalRefused(f"{place}: journal version {version!r}, this release reads {JOURNAL_SCHEMA_VERSION}")
    return cast("dict[str, Any]", content)


def _write_file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _append_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _append_wav(path: Path, frames: bytes, data_bytes: int) -> None:
    """Add sound and make the header right at once, so that a killed process leaves a playable file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(wav_header(0))
    with path.open("r+b") as file:
        file.seek(0, 2)
        file.write(frames)
        file.seek(0)
        file.write(wav_header(data_bytes))
