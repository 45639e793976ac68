"""What is kept of a call's sound? The user, the agent, each utterance, the journal of facts: `recording_folders`.

Everything is written by one thread of its own, never by the event loop. A queue with a bound stands between: when the
disk cannot follow, or is full, the recording ends with a reason and the call goes on. What is made of the files when a
call is over waits until nothing else is to be written.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID, uuid5

from ai_agent import log_markers
from ai_agent.agent_track import AgentTrack
from ai_agent.audio_format import BYTES_PER_FRAME, BYTES_PER_SAMPLE
from ai_agent.recording_folders import make_folder
from ai_agent.replay import EngineSetup, parse_setup, require_fact
from ai_agent.wav_files import append_wav, open_file

logger = logging.getLogger(__name__)

JOURNAL_SCHEMA_VERSION: Final = 5
EVENTS_SCHEMA_VERSION: Final = 1
FRAMES_PER_WRITE: Final = 25
"""Frames are handed to the writer half a second at a time."""
MAX_PENDING_WRITES: Final = 400
"""Writes that may wait for the disk, for the whole process; the next one ends its recording."""

Write = Callable[[], None]


def engine_ids(call_id: str | UUID, epoch: int) -> Callable[[], str]:
    """The ids of one engine, from the call and a count: a replayed journal binds the same ones.

    >>> call_id = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
    >>> engine_ids(call_id, 2)() == engine_ids(call_id, 2)(), engine_ids(call_id, 2)() == engine_ids(call_id, 3)()
    (True, False)
    """
    numbers = count(1)
    return lambda: str(uuid5(UUID(str(call_id)), f"{epoch}/{next(numbers)}"))


class RecordingWriter:
    """One thread that writes for every call of this process, in the order asked."""

    def __init__(self, *, max_pending: int = MAX_PENDING_WRITES) -> None:
        self._queue: queue.Queue[Write | None] = queue.Queue(maxsize=max_pending)
        self._chores: deque[Iterator[None]] = deque()
        self._thread: threading.Thread | None = None

    def submit(self, write: Write) -> bool:
        """Ask for a write; False when the queue is full."""
        self._start()
        try:
            self._queue.put_nowait(write)
        except queue.Full:
            return False
        return True

    def add_chore(self, chore: Iterator[None]) -> None:
        """Do this a step at a time, whenever no write waits."""
        self._start()
        self._chores.append(chore)
        if self._queue.empty():  # the thread sleeps, or is about to
            self.submit(lambda: None)

    def close(self, *, with_chores: bool = False) -> None:
        """Write what is queued, then end the thread. A chore that is not done by then is left to the next start."""
        if self._thread is None:
            return
        if not with_chores:
            self._chores.clear()
        self._queue.put(None)
        self._thread.join()
        self._thread = None

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="recordings", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (write := self._next()) is not None:
            try:
                write()
            except Exception:
                logger.exception("%s a recording could not be written", log_markers.FAILURE)
        while self._chores:
            self._step()

    def _next(self) -> Write | None:
        while self._chores:
            try:
                return self._queue.get_nowait()
            except queue.Empty:
                self._step()
        return self._queue.get()

    def _step(self) -> None:
        try:
            chore = self._chores[0]
            next(chore)
        except IndexError:  # cleared by whoever closes
            return
        except StopIteration:
            pass
        except Exception:
            logger.exception("%s a recording could not be finished", log_markers.FAILURE)
        else:
            return
        if self._chores and self._chores[0] is chore:
            self._chores.popleft()


class _SoundFile:
    """One growing WAV file: what it holds, and what waits to be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pending = bytearray()
        self._data_bytes = 0

    def take(self) -> Write | None:
        """The write that brings the file up to date; None where nothing waits."""
        if not self.pending:
            return None
        sound, self.pending = bytes(self.pending), bytearray()
        self._data_bytes += len(sound)
        data_bytes = self._data_bytes
        return lambda: append_wav(self.path, sound, data_bytes=data_bytes)


class _LinesFile:
    """One growing file of JSON lines."""

    def __init__(self, path: Path, *, version: int) -> None:
        self._path = path
        self._version = version
        self.pending: list[str] = []

    def add(self, content: dict[str, object]) -> None:
        self.pending.append(json.dumps({"v": self._version, **content}, separators=(",", ":")))

    def take(self) -> Write | None:
        if not self.pending:
            return None
        lines, self.pending = self.pending, []
        return lambda: _append_lines(self._path, lines)


class CallRecording:
    """The files of one call under one lease epoch. Every method returns at once.

    `on_failed` is called once, from any thread, with one plain line, when the recording had to end. Nothing is kept
    from then on. The folder is made at the beginning only: one that is deleted does not come again.
    """

    def __init__(self, folder: Path, *, epoch: int, writer: RecordingWriter, on_failed: Callable[[str], None]) -> None:
        self._folder = folder
        self._writer = writer
        self._on_failed = on_failed
        self._raw, self._conditioned, self._agent = (
            _SoundFile(folder / f"{name}.{epoch}.wav") for name in ("raw", "conditioned", "agent")
        )
        self._journal = _LinesFile(folder / f"journal.{epoch}.jsonl", version=JOURNAL_SCHEMA_VERSION)
        self._events = _LinesFile(folder / f"events.{epoch}.jsonl", version=EVENTS_SCHEMA_VERSION)
        self._agent_track = AgentTrack()
        self._late_bytes: int | None = None
        """Of the conditioned sound, what still has to go for it to lie beside the raw one."""
        self._is_over = False
        self._has_failed = False
        self._submit(lambda: make_folder(folder))

    def write_frame(self, frame: bytes, *, now: float) -> None:
        """Keep one 20 ms frame exactly as the engine got it."""
        if self._is_over:
            return
        self._raw.pending += frame
        self._agent_track.add_user_frame(at=now)
        if len(self._raw.pending) >= FRAMES_PER_WRITE * BYTES_PER_FRAME:
            self._agent.pending += self._agent_track.take()
            self._flush()

    def write_conditioned(self, frame: bytes, *, latency_samples: int) -> None:
        """Keep the same frame after all steps, from which sound comes this much later."""
        if self._is_over:
            return
        if self._late_bytes is None:
            self._late_bytes = latency_samples * BYTES_PER_SAMPLE
        late = min(self._late_bytes, len(frame))
        self._late_bytes -= late
        self._conditioned.pending += frame[late:]

    def write_conditioned_rest(self, sound: bytes) -> None:
        """Keep what was still on its way after the last frame: the conditioned sound is then as long as the raw one."""
        if not self._is_over and self._late_bytes is not None:
            self._conditioned.pending += sound

    def write_agent_frame(self, frame: bytes, *, now: float) -> None:
        """Keep one 20 ms frame of the agent as it left; it was due at this time."""
        if not self._is_over:
            self._agent_track.add_agent_frame(frame, at=now)

    def end_line(self) -> None:
        """No frames come until the line is there again."""
        if not self._is_over:
            self._agent.pending += self._agent_track.end_line()

    def write_setup(self, setup: EngineSetup) -> None:
        """The journal's first line: what the engine was built from."""
        self._write_line({"setup": setup.to_json()})

    def write_fact(self, fact: str, *, now: float, frame: int, arguments: dict[str, object]) -> None:
        """Keep one fact that the engine was told. `frame`: how many it had heard."""
        self._write_line({"frame": frame, "now": now, "fact": fact, "arguments": arguments})

    def _write_line(self, content: dict[str, object]) -> None:
        if not self._is_over:
            self._journal.add(content)

    def write_event(self, event: str, *, now: float, fields: dict[str, object]) -> None:
        """Keep what the engine did."""
        if not self._is_over:
            self._events.add({"now": now, "event": event, **fields})

    def write_utterance(self, utterance_id: str, audio: bytes) -> None:
        """Keep the sound of one whole turn as `utterances/{utterance_id}.wav`."""
        path = self._folder / "utterances" / f"{UUID(utterance_id)}.wav"
        self._submit(lambda: append_wav(path, audio, data_bytes=len(audio)))

    def close(self) -> None:
        """Hand the rest to the writer; nothing is taken after this."""
        self.end_line()
        self._flush()
        self._is_over = True

    def _flush(self) -> None:
        files = (self._raw, self._conditioned, self._agent, self._journal, self._events)
        writes = [write for file in files if (write := file.take()) is not None]
        if writes:
            self._submit(lambda: _do_all(writes))

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
        JournalRefused: it was written by another release, is damaged, or is none.
    """
    try:
        with open_file(path) as file:
            lines = [_parse_line(line, place=f"{path.name}, line {number}") for number, line in enumerate(file, 1)]
    except OSError as error:
        raise JournalRefused(f"{path.name} cannot be read: {error.strerror or error}") from error
    match [line for line in lines if line is not None]:
        case [{"setup": setup}, *facts] if all("fact" in fact for fact in facts):
            try:
                return Journal(parse_setup(setup), tuple(facts))
            except ValueError as error:
                raise JournalRefused(f"{path.name}: {error}") from error
    raise JournalRefused(f"{path.name}: a journal begins with what its engine was built from, and goes on with facts")


def _parse_line(line: bytes, *, place: str) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        if not line.endswith(b"\n"):
            return None
        raise JournalRefused(f"{place}: not JSON") from error
    version = content.get("v") if isinstance(content, dict) else None
    if version != JOURNAL_SCHEMA_VERSION:
        raise JournalRefused(f"{place}: journal version {version!r}, this release reads {JOURNAL_SCHEMA_VERSION}")
    if "fact" in content:
        try:
            require_fact(content)
        except ValueError as error:
            raise JournalRefused(f"{place}: {error}") from error
    return cast("dict[str, Any]", content)


def _do_all(writes: list[Write]) -> None:
    for write in writes:
        write()


def _append_lines(path: Path, lines: list[str]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
