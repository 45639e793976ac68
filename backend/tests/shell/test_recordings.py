"""What is kept of a call's sound, and what happens when the disk says no."""

from __future__ import annotations

import threading
import wave
from pathlib import Path
from uuid import uuid4

import pytest

from ai_agent.audio_format import BYTES_PER_FRAME, SILENT_FRAME
from ai_agent.recordings import (
    FRAMES_PER_WRITE,
    JOURNAL_SCHEMA_VERSION,
    CallRecording,
    RecordingWriter,
    call_folder,
    read_journal,
)


@pytest.fixture
def writer():
    writer = RecordingWriter()
    yield writer
    writer.close()


def recording_in(folder: Path, writer: RecordingWriter, failures: list[str] | None = None) -> CallRecording:
    failed = failures.append if failures is not None else pytest.fail
    return CallRecording(folder, epoch=3, writer=writer, on_failed=failed)


def frames_of(path: Path) -> bytes:
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (48_000, 1, 2)
        return sound.readframes(sound.getnframes())


def test_the_raw_file_holds_exactly_the_frames_that_the_engine_got(tmp_path, writer):
    recording = recording_in(tmp_path, writer)
    frames = [bytes([number % 256]) * BYTES_PER_FRAME for number in range(2 * FRAMES_PER_WRITE + 7)]
    for frame in frames:
        recording.write_frame(frame)
    recording.close()
    writer.close()
    assert frames_of(tmp_path / "raw.3.wav") == b"".join(frames)


def test_a_killed_process_leaves_a_playable_file(tmp_path, writer):
    recording = recording_in(tmp_path, writer)
    for _ in range(FRAMES_PER_WRITE + 5):
        recording.write_frame(SILENT_FRAME)
    writer.close()  # what was handed over is written; `close()` of the recording never comes
    assert len(frames_of(tmp_path / "raw.3.wav")) == FRAMES_PER_WRITE * BYTES_PER_FRAME


def test_the_journal_is_read_back_in_order_and_names_its_version(tmp_path, writer):
    recording = recording_in(tmp_path, writer)
    facts = [
        {"v": JOURNAL_SCHEMA_VERSION, "fact": "on_user_text", "transcript": "Grüße 🔊"},
        {"v": 1, "fact": "end_turn"},
    ]
    for fact in facts:
        recording.write_fact(fact)
    recording.close()
    writer.close()
    assert list(read_journal(tmp_path / "journal.3.jsonl")) == facts


def test_a_journal_of_another_version_is_refused(tmp_path):
    path = tmp_path / "journal.1.jsonl"
    path.write_text('{"v":99}\n')
    with pytest.raises(ValueError, match="journal version 99"):
        list(read_journal(path))


def test_each_utterance_has_a_file_of_its_own(tmp_path, writer):
    recording, utterance_id = recording_in(tmp_path, writer), str(uuid4())
    recording.write_utterance(utterance_id, SILENT_FRAME * 3)
    writer.close()
    assert frames_of(tmp_path / "utterances" / f"{utterance_id}.wav") == SILENT_FRAME * 3


@pytest.mark.parametrize("call_id", ["../../etc", "", "not-a-uuid", "00000000-0000-0000-0000-00000000000/.."])
def test_no_path_comes_from_outside(tmp_path, call_id):
    with pytest.raises(ValueError, match="UUID"):
        call_folder(tmp_path, uuid4(), call_id)


def test_a_disk_that_fails_ends_the_recording_once_and_says_why(tmp_path, writer):
    (tmp_path / "folder").write_text("a file stands where the folder should be")
    failures: list[str] = []
    recording = recording_in(tmp_path / "folder", writer, failures)
    for _ in range(4 * FRAMES_PER_WRITE):
        recording.write_frame(SILENT_FRAME)
    writer.close()
    assert len(failures) == 1


def test_a_disk_that_cannot_follow_ends_the_recording_not_the_call(tmp_path):
    writer, is_open = RecordingWriter(max_pending=2), threading.Event()
    writer.submit(is_open.wait)
    failures: list[str] = []
    recording = recording_in(tmp_path, writer, failures)
    for _ in range(6 * FRAMES_PER_WRITE):
        recording.write_frame(SILENT_FRAME)
    assert failures == ["the disk could not keep up with the sound"]
    is_open.set()
    writer.close()
