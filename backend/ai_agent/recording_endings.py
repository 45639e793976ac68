"""What is made of a recording when its call is over? Right headers, `stereo.wav`, and last `timeline.json`.

Each is a generator that does a little and yields, so that a long call holds up no other one's sound. Done twice it
changes nothing; a killed process leaves it to the next start.
"""

from __future__ import annotations

import json
import logging
import os
from array import array
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import numpy as np

from ai_agent import log_markers
from ai_agent.audio_format import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from ai_agent.call_timeline import EpochRecord, build_timeline
from ai_agent.recording_folders import FILE_OF_TRACK, STEREO, TIMELINE, epochs_of, is_own
from ai_agent.wav_files import HEADER_BYTES, open_file, repair_wav, sound_bytes, wav_header

logger = logging.getLogger(__name__)

STEP_SAMPLES: Final = 4 * SAMPLE_RATE_HZ
"""So much sound is put together in one step."""
STEP_LINES: Final = 2_000
PART_SUFFIX: Final = ".part"
MAX_LINE_CHARACTERS: Final = 1_000_000
"""Longer lines than this are none of ours."""


def finish_recording(folder: Path) -> Iterator[None]:
    """Finish the recording of a call that is over, where there is one and it is not finished.

    Raises:
        OSError: the disk is full, or a file cannot be read.
    """
    if not is_own(folder) or (folder / TIMELINE).is_file():
        return
    try:
        yield from _finish(folder)
    except FileNotFoundError:
        if is_own(folder):
            raise
        logger.info("%s a recording was deleted while it was finished", log_markers.STOP)


def _finish(folder: Path) -> Iterator[None]:
    epochs = epochs_of(folder)
    tracks = [folder / f"{name}.{epoch}.wav" for epoch in epochs for name in FILE_OF_TRACK.values()]
    for path in [*tracks, *sorted(folder.glob("utterances/*.wav"))]:
        if path.exists() and repair_wav(path):
            logger.info("%s the end of %s was put right", log_markers.SUCCESS, path.name)
        yield
    if any(sound_bytes(folder / f"raw.{epoch}.wav") for epoch in epochs):
        yield from _write_stereo(folder, epochs)
    records = []
    for epoch in epochs:
        records.append((yield from _read_epoch(folder, epoch)))
    text = json.dumps(build_timeline(records), indent=1, ensure_ascii=False)
    part = folder / f".{TIMELINE}{PART_SUFFIX}"
    with open_file(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC) as file:
        file.write(text.encode("utf-8", "backslashreplace"))
    part.replace(folder / TIMELINE)


def _write_stereo(folder: Path, epochs: Sequence[int]) -> Iterator[None]:
    """Left the user's sound as it came, right the agent's; silence where a killed process did not write it any more."""
    part = folder / f".{STEREO}{PART_SUFFIX}"
    user_bytes = sum(sound_bytes(folder / f"raw.{epoch}.wav") for epoch in epochs)
    try:
        with open_file(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC) as file:
            file.write(wav_header(2 * user_bytes, channels=2))
            for epoch in epochs:
                for sound in _both_sides(folder, epoch):
                    file.write(sound)
                    yield
        part.replace(folder / STEREO)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _both_sides(folder: Path, epoch: int) -> Iterator[bytes]:
    raw, agent = (folder / f"{name}.{epoch}.wav" for name in ("raw", "agent"))
    left_bytes, agent_bytes = sound_bytes(raw), sound_bytes(agent)
    with ExitStack() as files:
        user = files.enter_context(open_file(raw))
        user.seek(HEADER_BYTES)
        other = files.enter_context(open_file(agent)) if agent_bytes else None
        if other is not None:
            other.seek(HEADER_BYTES)
        while left_bytes > 0:
            size = min(left_bytes, STEP_SAMPLES * BYTES_PER_SAMPLE)
            heard = user.read(size).ljust(size, b"\0")
            said = (other.read(size) if other else b"").ljust(size, b"\0")
            sides = np.stack([np.frombuffer(sound, np.int16) for sound in (heard, said)], axis=1)
            left_bytes -= size
            yield sides.tobytes()


def _read_epoch(folder: Path, epoch: int) -> Generator[None, None, EpochRecord]:
    times, events = array("d"), []
    for line in _lines(folder / f"journal.{epoch}.jsonl"):
        if line is None:
            yield
        elif line.get("fact") == "on_audio_frame" and isinstance(line.get("now"), int | float):
            times.append(line["now"])
    for line in _lines(folder / f"events.{epoch}.jsonl"):
        if line is None:
            yield
        else:
            events.append(line)
    samples = sound_bytes(folder / f"raw.{epoch}.wav") // BYTES_PER_SAMPLE
    return EpochRecord(epoch, samples, times, events)


def _lines(path: Path) -> Iterator[dict[str, Any] | None]:
    """The JSON objects of a file; None now and then, to let others go first. What is cut off is left out."""
    try:
        file = open_file(path)
    except FileNotFoundError:
        return
    with file:
        number = 0
        while line := file.readline(MAX_LINE_CHARACTERS):
            number += 1
            if number % STEP_LINES == 0:
                yield None
            try:
                content = json.loads(line)
            except ValueError:
                continue
            if isinstance(content, dict):
                yield content
