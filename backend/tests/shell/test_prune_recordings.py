"""Old recordings are removed, and nothing else: not of a call that goes on, not what a link leads to."""

from __future__ import annotations

import os
import time
import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from ai_agent.audio_format import SILENT_FRAME
from ai_agent.call_deletion import recording_folder
from ai_agent.models import Call, CallStatus, Room
from ai_agent.recording_folders import make_folder
from ai_agent.wav_files import append_wav


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    root = tmp_path / "recordings"
    settings.RECORDINGS_DIR = str(root)
    return root


def recorded(room: Room, *, days: float, status: str = CallStatus.ENDED) -> Path:
    is_over = status not in {CallStatus.LIVE, CallStatus.LOST}
    moment = timezone.now() - timedelta(days=days)
    call = Call.objects.create(
        room=room,
        persona=room.persona,
        persona_version=room.persona.published_version,
        status=status,
        lease_owner="host:1",
        ended_at=moment if is_over else None,
        lost_at=moment,
        recording=True,
    )
    return fill(recording_folder(call), days=days)


def fill(folder: Path, *, days: float = 0) -> Path:
    make_folder(folder)
    append_wav(folder / "raw.1.wav", SILENT_FRAME, data_bytes=len(SILENT_FRAME))
    age(folder, days=days)
    return folder


def age(folder: Path, *, days: float) -> None:
    moment = time.time() - days * 86_400
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (moment, moment), follow_symlinks=False)


def prune(*arguments: str) -> str:
    output = StringIO()
    call_command("prune_recordings", *arguments, stdout=output)
    return output.getvalue()


def test_what_is_older_goes_and_the_words_stay(room: Room, root: Path) -> None:
    old, young = recorded(room, days=31), recorded(room, days=29)
    assert "1 recordings would be removed" in prune("--older-than", "30d", "--dry-run")
    assert old.exists()
    said = prune("--older-than", "30d")
    assert str(old) in said and str(young) not in said
    assert (old.exists(), young.exists(), Call.objects.count()) == (False, True, 2)
    assert prune("--older-than", "30d").strip() == "0 recordings removed."


@pytest.mark.parametrize("status", [CallStatus.LIVE, CallStatus.LOST])
def test_a_call_that_goes_on_keeps_its_folder(room: Room, root: Path, status: str) -> None:
    folder = recorded(room, days=400, status=status)
    prune("--older-than", "0m")
    assert folder.exists()


def test_a_recording_whose_call_is_gone_goes_by_its_age(db: None, root: Path) -> None:
    old, young = (fill(root / str(uuid.uuid4()) / str(uuid.uuid4()), days=days) for days in (40, 2))
    prune("--older-than", "4w")
    assert (old.exists(), young.exists()) == (False, True)
    assert not old.parent.exists()


def test_no_link_is_followed_out_of_the_root(db: None, root: Path, tmp_path: Path) -> None:
    outside = fill(tmp_path / str(uuid.uuid4()) / str(uuid.uuid4()), days=99)
    inside = fill(root / str(uuid.uuid4()) / str(uuid.uuid4()), days=99)
    (inside / "raw.2.wav").symlink_to(outside / "raw.1.wav")
    (inside / "out").symlink_to(outside)
    age(inside, days=99)
    (root / str(uuid.uuid4())).symlink_to(outside.parent)
    room = root / str(uuid.uuid4())
    room.mkdir()
    (room / str(uuid.uuid4())).symlink_to(outside)
    prune("--older-than", "1d")
    assert not inside.exists()
    assert (outside / "raw.1.wav").exists()


def test_what_is_not_ours_stays(db: None, root: Path) -> None:
    kept = [root / "notes" / "today", root / str(uuid.uuid4()) / "mine", root / str(uuid.uuid4()).upper() / "x"]
    for folder in kept:
        fill(folder, days=999)
    (root / "readme.txt").write_text("here lie recordings")
    assert prune("--older-than", "1m").strip() == "0 recordings removed."
    assert all(folder.exists() for folder in kept)


def test_where_nothing_was_recorded_nothing_is_removed(db: None, root: Path) -> None:
    assert prune("--older-than", "1d").strip() == "0 recordings removed."


NO_DURATIONS = ["", "30", "d", "-1d", "1.5d", "30 d", "30y", "1d1h", "99999999d", "9999999d", "٣d", "x" * 99]


@pytest.mark.parametrize("text", NO_DURATIONS)
def test_a_duration_that_is_none_is_refused_in_words(db: None, root: Path, text: str) -> None:
    with pytest.raises(CommandError, match=r"no duration|century"):
        prune(f"--older-than={text}")


def test_the_duration_has_to_be_said(db: None, root: Path) -> None:
    with pytest.raises(CommandError, match="--older-than"):
        prune()


def test_what_cannot_be_removed_is_said_and_the_rest_goes(
    db: None, root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    folders = sorted(fill(root / str(uuid.uuid4()) / str(uuid.uuid4()), days=9) for _ in range(2))
    remove = shutil.rmtree

    def refuse_first(path: Path) -> None:
        if path == folders[0]:
            raise PermissionError(13, "Permission denied")
        remove(path)

    monkeypatch.setattr("shutil.rmtree", refuse_first)
    with pytest.raises(CommandError, match="1 recordings could not be removed"):
        prune("--older-than", "1d")
    assert "Permission denied" in capsys.readouterr().err
    assert (folders[0].exists(), folders[1].exists()) == (True, False)
