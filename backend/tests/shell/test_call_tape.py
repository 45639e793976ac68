"""What of a call is written down: all that its engine gets, or nothing, and nothing after a failure."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from ai_agent.audio_conditioning import ConditioningConfig
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.call_tape import CallTape
from ai_agent.persona_behaviors import MANNERS, TurnPolicy
from ai_agent.recordings import CallRecording, RecordingWriter, read_journal
from ai_agent.replay import EngineSetup

SETUP = EngineSetup(
    call_id=str(uuid4()),
    epoch=3,
    persona="helpful-assistant",
    persona_version=1,
    turn_policy=TurnPolicy(),
    barge_in_policy=MANNERS["balanced"],
    conditioning=ConditioningConfig(),
    noise_profile=None,
    has_greeting=True,
    snapshot=None,
)

Open = Callable[..., CallRecording]


@pytest.fixture
def writer() -> Iterator[RecordingWriter]:
    writer = RecordingWriter()
    yield writer
    writer.close()


@pytest.fixture
def opening(tmp_path: Path, writer: RecordingWriter) -> Open:
    return partial(CallRecording, tmp_path, epoch=3, writer=writer)


async def test_the_journal_has_every_fact_with_the_number_of_frames_before_it(
    opening: Open, tmp_path: Path, writer: RecordingWriter
) -> None:
    tape = CallTape(opening, on_ended=pytest.fail)
    tape.write_setup(SETUP)
    tape.write_fact("on_media_connected", now=0.0, arguments={})
    tape.write_frame(SILENT_FRAME, now=0.02, arguments={"agent_dbfs": -96.0})
    tape.write_frame(SILENT_FRAME, now=0.04, arguments={"agent_dbfs": -20.0})
    tape.write_utterance(str(uuid4()), SILENT_FRAME)
    tape.write_fact("end_turn", now=0.05, arguments={})
    tape.close()
    writer.close()
    journal = read_journal(tmp_path / "journal.3.jsonl")
    assert journal.setup == SETUP
    assert [(fact["fact"], fact["frame"]) for fact in journal.facts] == [
        ("on_media_connected", 0),
        ("on_audio_frame", 0),
        ("on_audio_frame", 1),
        ("end_turn", 2),
    ]
    assert [fact["arguments"] for fact in journal.facts[1:3]] == [{"agent_dbfs": -96.0}, {"agent_dbfs": -20.0}]
    assert (tmp_path / "raw.3.wav").is_file()
    assert len(list((tmp_path / "utterances").iterdir())) == 1


async def test_without_a_yes_nothing_is_written(tmp_path: Path) -> None:
    tape = CallTape(None, on_ended=pytest.fail)
    tape.write_setup(SETUP)
    tape.write_fact("end_turn", now=0.0, arguments={})
    tape.write_frame(SILENT_FRAME, now=0.02, arguments={})
    tape.write_utterance(str(uuid4()), SILENT_FRAME)
    tape.close()
    assert tape.recording is None


async def test_a_failure_in_the_writers_thread_is_told_on_the_loop(opening: Open) -> None:
    told: list[tuple[str, bool]] = []
    loop_thread = threading.get_ident()
    tape = CallTape(opening, on_ended=lambda reason: told.append((reason, threading.get_ident() == loop_thread)))
    assert tape.recording is not None
    await asyncio.to_thread(tape.recording._end, "No space left on device")
    await asyncio.sleep(0)
    assert (told, tape.recording) == ([("No space left on device", True)], None)
    tape.write_frame(SILENT_FRAME, now=1.0, arguments={})
    tape.close()
