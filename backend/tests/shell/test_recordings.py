"""What is kept of a call's sound, and what happens when the disk says no."""

from __future__ import annotations

import json
import threading
import wave
from pathlib import Path
from uuid import uuid4

import pytest

from ai_agent import recordings
from ai_agent.audio_conditioning import ConditioningConfig
from ai_agent.audio_format import BYTES_PER_FRAME, SILENT_FRAME
from ai_agent.persona_behaviors import MANNERS, TurnPolicy
from ai_agent.recording_folders import call_folder
from ai_agent.recordings import (
    FRAMES_PER_WRITE,
    JOURNAL_SCHEMA_VERSION,
    CallRecording,
    JournalRefused,
    RecordingWriter,
    read_journal,
)
from ai_agent.replay import EngineSetup


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
        recording.write_frame(frame, now=0.0)
    recording.close()
    writer.close()
    assert frames_of(tmp_path / "raw.3.wav") == b"".join(frames)


def test_a_killed_process_leaves_a_playable_file(tmp_path, writer):
    recording = recording_in(tmp_path, writer)
    for _ in range(FRAMES_PER_WRITE + 5):
        recording.write_frame(SILENT_FRAME, now=0.0)
    writer.close()  # what was handed over is written; `close()` of the recording never comes
    assert len(frames_of(tmp_path / "raw.3.wav")) == FRAMES_PER_WRITE * BYTES_PER_FRAME


SETUP = EngineSetup(
    call_id="f47ac10b-58cc-4372-a567-0e02b2c3d479",
    epoch=3,
    persona="helpful-assistant",
    persona_version=1,
    turn_policy=TurnPolicy(silence_duration_ms=1_200),
    barge_in_policy=MANNERS["stop-words-only"],
    conditioning=ConditioningConfig(),
    noise_profile=None,
    has_greeting=True,
    snapshot={"schema_version": 1, "now": 12.5},
)


def test_the_journal_says_what_its_engine_was_built_from_and_then_its_facts_in_order(tmp_path, writer):
    recording = recording_in(tmp_path, writer)
    recording.write_setup(SETUP)
    recording.write_fact("on_user_text", now=0.1, frame=0, arguments={"transcript": "Grüße 🔊 \ud800"})
    recording.write_fact("end_turn", now=0.2, frame=7, arguments={})
    recording.close()
    writer.close()
    journal = read_journal(tmp_path / "journal.3.jsonl")
    assert journal.setup == SETUP
    assert [(fact["fact"], fact["now"], fact["frame"], fact["arguments"]) for fact in journal.facts] == [
        ("on_user_text", 0.1, 0, {"transcript": "Grüße 🔊 \ud800"}),
        ("end_turn", 0.2, 7, {}),
    ]


def line(**content):
    return json.dumps({"v": JOURNAL_SCHEMA_VERSION, **content})


FACT = line(fact="end_turn", now=0.2, frame=0, arguments={})


def test_a_line_that_a_killed_process_did_not_finish_is_left_out(tmp_path):
    path = tmp_path / "journal.1.jsonl"
    path.write_text(f"{line(setup=SETUP.to_json())}\n{FACT}\n{FACT[:20]}")
    assert len(read_journal(path).facts) == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"v":1,"frame":0,"now":0.0,"fact":"on_media_connected","arguments":{}}\n', "line 1: journal version 1, this"),
        ('{"v":99}\n', "journal version 99"),
        ("[]\n", "journal version None"),
        ("", "begins with what its engine was built from"),
        (f"{FACT}\n", "begins with what its engine was built from"),
        (line(setup=SETUP.to_json()) + "\n" + line(setup=SETUP.to_json()) + "\n", "and goes on with facts"),
        ("nothing\n", "line 1: not JSON"),
        (line(setup={}) + "\n", "EngineSetup of another release"),
        (
            line(setup={**SETUP.to_json(), "turn_policy": {"snr_db": 3}}) + "\n",
            "TurnPolicy of another release: complete_probability, ",
        ),
    ],
)
def test_a_journal_that_cannot_be_played_is_refused_in_one_clear_line(tmp_path, text, reason):
    path = tmp_path / "journal.1.jsonl"
    path.write_text(text)
    with pytest.raises(JournalRefused, match=reason) as caught:
        read_journal(path)
    assert "journal.1.jsonl" in str(caught.value)


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
        recording.write_frame(SILENT_FRAME, now=0.0)
    writer.close()
    assert len(failures) == 1


def test_a_disk_that_cannot_follow_ends_the_recording_not_the_call(tmp_path):
    writer, is_open = RecordingWriter(max_pending=2), threading.Event()
    writer.submit(is_open.wait)
    failures: list[str] = []
    recording = recording_in(tmp_path, writer, failures)
    for _ in range(6 * FRAMES_PER_WRITE):
        recording.write_frame(SILENT_FRAME, now=0.0)
    assert failures == ["the disk could not keep up with the sound"]
    is_open.set()
    writer.close()


def test_what_one_recording_suffers_ends_no_other(tmp_path, writer, monkeypatch):
    def spoil(path: Path, *sound: object, **length: object) -> None:
        if path.parent.name == "bad":
            raise UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
        append(path, *sound, **length)

    append = recordings.append_wav
    monkeypatch.setattr(recordings, "append_wav", spoil)
    failures: list[str] = []
    bad, good = recording_in(tmp_path / "bad", writer, failures), recording_in(tmp_path / "good", writer)
    for recording in (bad, good):
        for _ in range(2 * FRAMES_PER_WRITE):
            recording.write_frame(SILENT_FRAME, now=0.0)
    writer.close()
    assert failures == ["UnicodeEncodeError"]
    assert len(frames_of(tmp_path / "good" / "raw.3.wav")) == 2 * FRAMES_PER_WRITE * BYTES_PER_FRAME


def test_a_call_that_is_gone_when_its_recording_fails_ends_no_other(tmp_path, writer):
    def is_gone(_: str) -> None:
        raise RuntimeError("Event loop is closed")

    (tmp_path / "bad").write_text("a file stands where the folder should be")
    bad = CallRecording(tmp_path / "bad", epoch=3, writer=writer, on_failed=is_gone)
    good = recording_in(tmp_path / "good", writer)
    for recording in (bad, good):
        for _ in range(FRAMES_PER_WRITE):
            recording.write_frame(SILENT_FRAME, now=0.0)
    writer.close()
    assert frames_of(tmp_path / "good" / "raw.3.wav")


def test_a_recording_that_has_ended_keeps_nothing_in_memory(tmp_path, writer):
    (tmp_path / "folder").write_text("a file stands where the folder should be")
    recording = recording_in(tmp_path / "folder", writer, [])
    for _ in range(FRAMES_PER_WRITE):
        recording.write_frame(SILENT_FRAME, now=0.0)
    writer.close()
    recording.write_frame(SILENT_FRAME, now=0.0)
    recording.write_fact("end_turn", now=1.0, frame=1, arguments={})
    assert (recording._raw.pending, recording._journal.pending) == (b"", [])
