"""Who finishes a recording whose process is gone? The next one, at its start and every minute."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.utils import timezone

from ai_agent import live_calls
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.call_deletion import recording_folder
from ai_agent.models import Call, CallStatus, Room
from ai_agent.process import ServerProcess
from ai_agent.recording_folders import make_folder
from ai_agent.wav_files import append_wav
from config import lifecycle
from config.lifecycle import Lifecycle


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    settings.RECORDINGS_DIR = str(tmp_path)
    return tmp_path


def killed(room: Room, *, minutes: float, status: str = CallStatus.ABANDONED, recording: bool = True) -> Path:
    """A call whose process was killed; it was ended so many minutes ago."""
    moment = timezone.now() - timedelta(minutes=minutes)
    is_over = status not in {CallStatus.LIVE, CallStatus.LOST}
    call = Call.objects.create(
        room=room,
        persona=room.persona,
        persona_version=room.persona.published_version,
        status=status,
        lease_owner="host:1",
        lost_at=moment,
        ended_at=moment if is_over else None,
        recording=recording,
    )
    make_folder(recording_folder(call))
    append_wav(recording_folder(call) / "raw.2.wav", SILENT_FRAME, data_bytes=len(SILENT_FRAME))
    return recording_folder(call)


async def finished(folders: list[Path], since: timedelta | None) -> list[bool]:
    await live_calls.finish_recordings(since=since)
    await asyncio.to_thread(live_calls.flush_recordings, with_chores=True)
    return [(folder / "stereo.wav").exists() for folder in folders]


@pytest.mark.django_db(transaction=True)
async def test_at_its_start_a_server_finishes_all_that_are_over(room: Room, root: Path) -> None:
    def make() -> list[Path]:
        over = [killed(room, minutes=minutes) for minutes in (0.1, 2, 9_999)]
        return [*over, killed(room, minutes=9_999, status=CallStatus.LOST)]

    folders = await database_sync_to_async(make)()
    assert await finished(folders, None) == [False, True, True, False]


@pytest.mark.django_db(transaction=True)
async def test_every_minute_it_looks_at_those_that_ended_lately(room: Room, root: Path) -> None:
    folders = await database_sync_to_async(lambda: [killed(room, minutes=minutes) for minutes in (2, 9)])()
    assert await finished(folders, timedelta(minutes=5)) == [True, False]


@pytest.mark.django_db(transaction=True)
async def test_where_nothing_may_be_recorded_nothing_is_made(room: Room, root: Path, settings: Any) -> None:
    settings.RECORDINGS_ENABLED = False
    folders = await database_sync_to_async(lambda: [killed(room, minutes=5)])()
    assert await finished(folders, None) == [False]


@pytest.mark.django_db(transaction=True)
async def test_the_sweeper_asks_for_all_and_then_for_the_last_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[timedelta | None] = []
    is_enough = asyncio.Event()

    async def finish_recordings(since: timedelta | None) -> None:
        asked.append(since)
        if len(asked) == 3:
            is_enough.set()

    async def end_calls() -> None:
        pass

    monkeypatch.setattr(lifecycle, "SWEEP_SECONDS", 0.0)
    life = Lifecycle(
        ServerProcess(slots=1),
        warm_up=lambda: None,
        end_calls=end_calls,
        stop=lambda: None,
        finish_recordings=finish_recordings,
    )
    sweeper = asyncio.get_running_loop().create_task(life._sweep())
    await asyncio.wait_for(is_enough.wait(), 30)
    sweeper.cancel()
    assert asked[:3] == [None, lifecycle.RECORDINGS_LOOK_BACK, lifecycle.RECORDINGS_LOOK_BACK]
