"""What is made of a recording when its call is over: five files that lie on one line, also after a kill."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from ai_agent.audio_format import BYTES_PER_FRAME, SAMPLE_RATE_HZ, SAMPLES_PER_FRAME, SILENT_FRAME
from ai_agent.call_timeline import TIMELINE_SCHEMA_VERSION, event_of
from ai_agent.commands import (
    AcceptTranscript,
    BargeInRecord,
    CloseReply,
    OpenTurn,
    PhaseChanged,
    ProbeRecord,
    ReportBargeIn,
    SupersedeUtterance,
)
from ai_agent.recording_endings import finish_recording
from ai_agent.recording_folders import make_folder
from ai_agent.recordings import CallRecording, RecordingWriter
from ai_agent.wav_files import HEADER_BYTES, append_wav, repair_wav, sound_bytes, wav_header
from tests.shell.test_agent_track import click_at

BACKEND = Path(__file__).parents[2]
FRAME = 0.020
LATENCY_SAMPLES = 480
TOLERANCE_MS = 5.0
UTTERANCE, TURN = "a1c55a34-9a13-4f8e-8a0c-6c1f4a1b3e10", "b1c55a34-9a13-4f8e-8a0c-6c1f4a1b3e10"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "room" / "call"
    make_folder(folder)
    return folder


def sides(path: Path) -> list[np.ndarray]:
    with wave.open(str(path)) as sound:
        assert sound.getframerate() == SAMPLE_RATE_HZ
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        assert len(samples) == sound.getnframes() * sound.getnchannels()
        return list(samples.reshape(-1, sound.getnchannels()).T)


def clicks_ms(samples: np.ndarray) -> list[float]:
    return [1000 * int(sample) / SAMPLE_RATE_HZ for sample in np.flatnonzero(np.abs(samples) > 10_000)]


class Call:
    """A call's session under one epoch, with a conditioner that is 480 samples late and a speaker on another beat."""

    def __init__(self, folder: Path, writer: RecordingWriter, *, epoch: int, began_at: float) -> None:
        self.recording = CallRecording(folder, epoch=epoch, writer=writer, on_failed=pytest.fail)
        self.now = began_at
        self._frame_count = 0
        self._late = np.zeros(LATENCY_SAMPLES, np.int16)

    def frames(self, count: int, *, clicks: tuple[int, ...] = ()) -> Call:
        """Both sides send; in these frames both click at the same moment."""
        for number in range(count):
            clicking = number in clicks
            # The agent's frame leaves 8 ms after the user's comes: the same moment is 384 samples later in the user's.
            self._hear(click_at(500) if clicking else SILENT_FRAME)
            self.recording.write_agent_frame(click_at(500 - 384) if clicking else SILENT_FRAME, now=self.now + 0.008)
            self.now += FRAME
        return self

    def _hear(self, frame: bytes) -> None:
        arguments: dict[str, object] = {"agent_dbfs": -96.0}
        self.recording.write_fact("on_audio_frame", now=self.now, frame=self._frame_count, arguments=arguments)
        self.recording.write_frame(frame, now=self.now)
        self._frame_count += 1
        both = np.concatenate([self._late, np.frombuffer(frame, np.int16)])
        self._late = both[SAMPLES_PER_FRAME:]
        self.recording.write_conditioned(both[:SAMPLES_PER_FRAME].tobytes(), latency_samples=LATENCY_SAMPLES)

    def gap(self) -> Call:
        """The line is down for a while: the call's clock stands still, the agent's track sends into nothing."""
        self.recording.end_line()
        return self

    def close(self) -> None:
        self.recording.write_conditioned_rest(self._late.tobytes())
        self.recording.close()

    def did(self, command: object) -> None:
        name, fields = event_of(command)  # type: ignore[arg-type, misc]
        self.recording.write_event(name, now=self.now, fields=fields)


def finish(folder: Path) -> None:
    for _ in finish_recording(folder):
        pass


@pytest.fixture
def record(folder: Path) -> Callable[[], None]:
    """Two epochs, a gap in the line of the first, three clicks on both sides."""

    def run() -> None:
        writer = RecordingWriter()
        first = Call(folder, writer, epoch=2, began_at=0.0).frames(100, clicks=(60,)).gap().frames(77, clicks=(30,))
        first.close()
        second = Call(folder, writer, epoch=11, began_at=first.now + 0.5)
        second.frames(40)
        second.did(OpenTurn(TURN, UTTERANCE, started_at=second.now, ended_at=second.now + 20 * FRAME))
        second.did(PhaseChanged("AI_SPEAKING", "PROCESSING_USER", TURN, "reply_started", second.now))
        second.frames(60, clicks=(0,))
        second.did(AcceptTranscript(TURN, UTTERANCE, "What time is it? \ud800"))
        second.did(CloseReply(TURN, "It is nine.", "It is", interrupted=True, at=second.now))
        second.close()
        writer.close()

    return run


EXPECTED_MS = [60 * 20 + 500 / 48, (100 + 30) * 20 + 500 / 48, (177 + 40) * 20 + 500 / 48]


def test_all_of_it_lies_on_one_line_over_a_gap_and_a_resume(folder: Path, record: Callable[[], None]) -> None:
    record()
    finish(folder)
    user, agent = sides(folder / "stereo.wav")
    timeline = json.loads((folder / "timeline.json").read_text())
    assert len(user) == len(agent) == (177 + 100) * SAMPLES_PER_FRAME
    assert timeline["duration_ms"] == (177 + 100) * 20
    for said in (clicks_ms(user), clicks_ms(agent)):
        assert len(said) == 3
        assert np.abs(np.subtract(said, EXPECTED_MS)).max() < TOLERANCE_MS
    for epoch in timeline["epochs"]:
        parts = {name: sides(folder / f"{name}.{epoch['epoch']}.wav")[0] for name in ("raw", "conditioned", "agent")}
        first, count = epoch["first_sample"], epoch["sample_count"]
        assert np.array_equal(parts["raw"], user[first : first + count])
        assert {len(part) for part in parts.values()} == {count}
        assert np.array_equal(parts["agent"], agent[first : first + count])
        assert clicks_ms(parts["conditioned"]) == clicks_ms(parts["raw"]), "its offset is gone"
    (utterance,) = timeline["utterances"]
    assert abs(utterance["starts"]["stereo_ms"] - (177 + 40) * 20) < TOLERANCE_MS
    assert utterance["ends"]["stereo_ms"] - utterance["starts"]["stereo_ms"] == pytest.approx(400, abs=TOLERANCE_MS)


def test_the_timeline_says_what_happened_when(folder: Path, record: Callable[[], None]) -> None:
    record()
    finish(folder)
    timeline = json.loads((folder / "timeline.json").read_text())
    assert [(epoch["epoch"], epoch["starts"]["stereo_ms"]) for epoch in timeline["epochs"]] == [(2, 0), (11, 177 * 20)]
    (turn,), (reply,), (phase,) = timeline["turns"], timeline["replies"], timeline["phases"]
    assert turn["utterance_ids"] == [UTTERANCE]
    assert (turn["starts"], turn["ends"]) == (timeline["utterances"][0]["starts"], reply["ends"])
    assert (reply["planned"], reply["heard"], reply["interrupted"]) == ("It is nine.", "It is", True)
    assert reply["starts"] == {key: phase[key] for key in ("at_ms", "stereo_ms")}
    assert phase["at_ms"] == pytest.approx(1000 * (177 * FRAME + 0.5 + 40 * FRAME))


def test_a_joined_utterance_names_the_one_that_holds_all_of_it(folder: Path) -> None:
    writer = RecordingWriter()
    call = Call(folder, writer, epoch=1, began_at=0.0).frames(30)
    call.did(OpenTurn(TURN, UTTERANCE, 0.1, 0.2))
    call.did(SupersedeUtterance(UTTERANCE, superseded_by="the other", turn_id=TURN))
    call.did(AcceptTranscript(TURN, "nobody knows", "late"))
    call.recording.close()
    writer.close()
    finish(folder)
    (utterance,) = json.loads((folder / "timeline.json").read_text())["utterances"]
    assert utterance["superseded_by"] == "the other"


def test_the_timeline_has_each_barge_in_on_both_clocks(folder: Path) -> None:
    looks = (
        ProbeRecord(asked_at=100.55, clip_ms=900, answered_at=100.6, words="Stop.", verdict="stop", reason="stop_word"),
        ProbeRecord(asked_at=100.5, clip_ms=600),
    )
    record = BargeInRecord(
        candidate_id=UTTERANCE,
        turn_id=TURN,
        onset_at=100.3,
        suspected_at=100.36,
        held_at=None,
        decided_at=100.6,
        decision="accepted",
        reason="stop_word",
        voiced_ms=240,
        level_dbfs=-28.5,
        noise_floor_dbfs=-61.0,
        echo_dbfs=-47.25,
        caller_dbfs=-26.0,
        ducked_ms=240,
        lost_ms=0,
        probes=looks,
    )
    writer = RecordingWriter()
    call = Call(folder, writer, epoch=1, began_at=100.0).frames(50)
    call.did(ReportBargeIn(UTTERANCE, "suspected", "near_end_speech", at=100.36, reaction_ms=60.0))
    call.did(ReportBargeIn(UTTERANCE, "accepted", "stop_word", at=100.6, reaction_ms=300.0, record=record))
    call.recording.close()
    writer.close()
    finish(folder)
    timeline = json.loads((folder / "timeline.json").read_text())
    assert timeline["schema_version"] == TIMELINE_SCHEMA_VERSION == 2
    (barge_in,) = timeline["barge_ins"]
    moments = {name: barge_in.pop(name) for name in ("onset", "suspected", "held", "decided")}
    probes = barge_in.pop("probes")
    assert moments["onset"] == {"at_ms": 100_300, "stereo_ms": pytest.approx(300, abs=FRAME * 1000)}
    assert moments["decided"] == {"at_ms": 100_600, "stereo_ms": pytest.approx(600, abs=FRAME * 1000)}
    assert moments["held"] is None
    rest = {name: value for name, value in asdict(record).items() if not name.endswith("_at") and name != "probes"}
    assert barge_in == rest, "and all that was measured of it"
    assert probes[0]["asked"]["at_ms"] == 100_550 and probes[0]["answered"]["at_ms"] == 100_600
    assert (probes[0]["words"], probes[1]["answered"]) == ("Stop.", None)


def test_what_a_killed_process_left_is_put_right(folder: Path, record: Callable[[], None]) -> None:
    """Half a sample at the end, a header of before, no file of the agent's, half a line of the journal, half a turn."""
    record()
    turn = folder / "utterances" / "2dad7bbe-a5a7-4639-9c85-9ab87c76b937.wav"
    turn.parent.mkdir(exist_ok=True)
    turn.write_bytes(wav_header(4 * BYTES_PER_FRAME) + bytes(BYTES_PER_FRAME + 1))
    raw, agent = folder / "raw.11.wav", folder / "agent.11.wav"
    whole = raw.read_bytes()
    raw.write_bytes(wav_header(1_920) + whole[HEADER_BYTES : HEADER_BYTES + 3 * BYTES_PER_FRAME] + b"\1")
    agent.unlink()
    (folder / "conditioned.11.wav").write_bytes(b"RIFF")
    for name in ("journal.11.jsonl", "events.11.jsonl"):
        path = folder / name
        path.write_bytes(path.read_bytes()[:-7])
    (folder / ".stereo.wav.part").write_bytes(b"of the one that was killed while it finished")
    finish(folder)
    assert len(sides(raw)[0]) == 3 * SAMPLES_PER_FRAME
    assert len(sides(turn)[0]) == SAMPLES_PER_FRAME
    assert len(sides(folder / "conditioned.11.wav")[0]) == 0
    user, other = sides(folder / "stereo.wav")
    assert len(user) == (177 + 3) * SAMPLES_PER_FRAME
    assert not other[177 * SAMPLES_PER_FRAME :].any()
    assert not list(folder.glob(".*"))


def test_finishing_again_changes_nothing(folder: Path, record: Callable[[], None]) -> None:
    record()
    finish(folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    finish(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_full_disk_leaves_what_was_recorded_and_is_tried_again(
    folder: Path, record: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise OSError(errno.ENOSPC, "No space left on device")

    record()
    before = {path.name for path in folder.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr("ai_agent.recording_endings.wav_header", refuse)
        with pytest.raises(OSError, match="No space"):
            finish(folder)
    assert {path.name for path in folder.iterdir()} == before
    finish(folder)
    assert {path.name for path in folder.iterdir()} == before | {"stereo.wav", "timeline.json"}


def test_a_recording_that_is_deleted_meanwhile_does_not_come_again(folder: Path, record: Callable[[], None]) -> None:
    record()
    steps = finish_recording(folder)
    next(steps)
    shutil.rmtree(folder)
    for _ in steps:
        pass
    assert not folder.exists()


def test_a_call_without_sound_has_a_timeline_only(folder: Path) -> None:
    writer = RecordingWriter()
    CallRecording(folder, epoch=1, writer=writer, on_failed=pytest.fail).close()
    writer.close()
    finish(folder)
    assert json.loads((folder / "timeline.json").read_text())["duration_ms"] == 0
    assert not (folder / "stereo.wav").exists()


def test_a_call_that_heard_no_frame_has_no_rest_of_one(folder: Path) -> None:
    writer = RecordingWriter()
    recording = CallRecording(folder, epoch=1, writer=writer, on_failed=pytest.fail)
    recording.write_conditioned_rest(bytes(2 * LATENCY_SAMPLES))
    recording.close()
    writer.close()
    assert not (folder / "conditioned.1.wav").exists()


def test_no_link_is_followed(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.wav"
    append_wav(elsewhere, SILENT_FRAME, data_bytes=len(SILENT_FRAME))
    (folder / "raw.1.wav").symlink_to(elsewhere)
    finish(folder)
    assert not (folder / "stereo.wav").exists()
    link = tmp_path / "room" / "link"
    link.symlink_to(folder)
    (folder / "timeline.json").unlink()
    finish(link)
    assert not (folder / "timeline.json").exists()
    with pytest.raises(OSError, match="link"):
        repair_wav(folder / "raw.1.wav")


def test_garbage_in_the_lines_is_left_out(folder: Path, record: Callable[[], None]) -> None:
    record()
    with (folder / "events.2.jsonl").open("ab") as file:
        file.write(b'[]\n\xff\xfe\n{"event":"phase"}\n{"event":"nothing"}\n')
    with (folder / "journal.2.jsonl").open("ab") as file:
        file.write(b'7\n{"fact":"on_audio_frame","now":"soon"}\n')
    finish(folder)
    assert json.loads((folder / "timeline.json").read_text())["duration_ms"] == (177 + 100) * 20


def test_other_calls_are_written_between_the_steps(tmp_path: Path, folder: Path, record: Callable[[], None]) -> None:
    record()
    writer, order, is_done = RecordingWriter(), [], threading.Event()

    def slow():
        for _ in range(3):
            order.append("step")
            writer.submit(lambda: order.append("write"))
            yield
        is_done.set()

    writer.add_chore(slow())
    writer.add_chore(finish_recording(folder))
    assert is_done.wait(30)
    writer.close(with_chores=True)
    assert order == ["step", "write"] * 3
    assert (folder / "timeline.json").exists()


def test_a_chore_that_fails_ends_no_other(folder: Path, record: Callable[[], None]) -> None:
    def broken():
        raise OSError("No space left on device")
        yield

    record()
    writer = RecordingWriter()
    writer.add_chore(broken())
    writer.add_chore(finish_recording(folder))
    writer.close(with_chores=True)
    assert (folder / "timeline.json").exists()


def test_a_header_names_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "raw.1.wav"
    append_wav(path, SILENT_FRAME, data_bytes=BYTES_PER_FRAME)
    append_wav(path, SILENT_FRAME, data_bytes=2 * BYTES_PER_FRAME)
    assert not repair_wav(path)
    with path.open("ab") as file:
        file.write(b"\0\0\0")
    assert repair_wav(path) and not repair_wav(path)
    assert sound_bytes(path) == 2 * BYTES_PER_FRAME + 2
    with pytest.raises(FileExistsError):
        append_wav(path, SILENT_FRAME, data_bytes=BYTES_PER_FRAME)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        append_wav(path, SILENT_FRAME, data_bytes=2 * BYTES_PER_FRAME)


_KEEPS_RECORDING = """
import sys, time
from pathlib import Path
from ai_agent.recordings import CallRecording, RecordingWriter
recording = CallRecording(Path(sys.argv[1]), epoch=1, writer=RecordingWriter(), on_failed=sys.exit)
number = 0
while True:
    frame = bytes([number % 251 + 1, 0]) * 960
    recording.write_fact("on_audio_frame", now=number / 50, frame=number, arguments={})
    recording.write_frame(frame, now=number / 50)
    recording.write_conditioned(frame, latency_samples=480)
    recording.write_agent_frame(frame, now=number / 50)
    number += 1
    time.sleep(0.0005)
    if number == 200:
        print("go", flush=True)
"""


@pytest.mark.real_time
@pytest.mark.parametrize("wait_seconds", [0.0, 0.013, 0.05])
def test_a_process_that_is_killed_leaves_files_that_play(tmp_path: Path, wait_seconds: float) -> None:
    folder = tmp_path / "room" / "call"
    process = subprocess.Popen(
        [sys.executable, "-c", _KEEPS_RECORDING, str(folder)], cwd=BACKEND, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    time.sleep(wait_seconds)
    process.kill()
    process.communicate(timeout=60)
    for name in ("raw", "conditioned", "agent"):
        repair_wav(folder / f"{name}.1.wav")
        assert len(sides(folder / f"{name}.1.wav")[0]) > 150 * SAMPLES_PER_FRAME
    finish(folder)
    user, agent = sides(folder / "stereo.wav")
    assert len(user) % SAMPLES_PER_FRAME == 0 and len(user) >= 175 * SAMPLES_PER_FRAME
    both = np.flatnonzero(agent)
    assert len(both) > 150 * SAMPLES_PER_FRAME and np.array_equal(user[both], agent[both])
    assert json.loads((folder / "timeline.json").read_text())["epochs"][0]["sample_count"] == len(user)
