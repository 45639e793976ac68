"""Is the database ready for a start after one command, and after the same command again?"""

from __future__ import annotations

import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import User
from ai_personas.models import Persona


@pytest.mark.django_db
def test_a_start_finds_personas_and_the_demo_account_however_often_it_prepares(settings: Settings) -> None:
    settings.DEBUG = True
    settings.DEMO_PASSWORD = "a-password-made-once"
    for _ in range(2):
        call_command("prepare", stdout=StringIO())
        assert Persona.objects.filter(is_preset=True).count() == 4
        assert User.objects.get(username=settings.DEMO_USERNAME).check_password("a-password-made-once")


@pytest.mark.django_db
def test_the_box_is_written_for_its_owner_alone_with_the_password_that_was_just_made(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DEBUG = True
    settings.DEMO_PASSWORD = ""
    settings.ENV_FILE = tmp_path / ".env"
    box = tmp_path / "box"
    call_command("prepare", page="http://localhost:3100", box=box, stdout=StringIO())
    (line,) = settings.ENV_FILE.read_text(encoding="utf-8").splitlines()
    password = line.removeprefix("DEMO_PASSWORD=")
    written = box.read_text(encoding="utf-8")
    assert len(password) >= 12
    assert f"{settings.DEMO_USERNAME} / {password} " in written
    assert "http://localhost:3100" in written
    assert stat.S_IMODE(box.stat().st_mode) == 0o600
