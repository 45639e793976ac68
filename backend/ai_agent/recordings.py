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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from ai_agent import log_markers
from ai_agent.audio_format import BYTES_PER_FRAME, BYTES_PER_SAMPLE, SAMPLE_RATE_HZ

logger = logging.getLogger(__name__)

JOURNAL_SCHEMA_VERSION: Final = 1
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
            write()


class CallRecording:
    """The files of one call under one lease epoch. Every method returns at once.

    `on_failed` is called once, from the writer's thread, with one plain line, when the recording had to end.
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
        self._frames += frame
        if len(self._frames) >= FRAMES_PER_WRITE * BYTES_PER_FRAME:
            self._flush()

    def write_fact(self, fact: dict[str, object]) -> None:
        """Keep one fact that the engine was told."""
        self._lines.append(json.dumps(fact, ensure_ascii=False, separators=(",", ":")))

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
        except OSError as error:
            self._end(error.strerror or type(error).__name__)

    def _end(self, reason: str) -> None:
        if self._has_failed:
            return
        self._has_failed = self._is_over = True
        logger.error("%s recording ended: %s", log_markers.FAILURE, reason)
        self._on_failed(reason)


def read_journal(path: Path) -> Iterator[dict[str, object]]:
    """The facts of one journal, in order.

    Raises:
        ValueError: a line is not JSON, or of another schema version.
    """
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            fact = json.loads(line)
            if fact.get("v") != JOURNAL_SCHEMA_VERSION:
                raise ValueError(f"journal version {fact.get('v')!r}, this release reads {JOURNAL_SCHEMA_VERSION}")
            yield fact


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
