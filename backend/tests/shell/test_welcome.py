"""Does the box at the end of `./setup.sh run` say what is true on this machine?"""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import User

pytestmark = pytest.mark.django_db


def _box() -> str:
    out = StringIO()
    call_command("welcome", page="http://localhost:3100", stdout=out)
    return out.getvalue()


def test_the_box_names_the_address_and_has_straight_edges() -> None:
    lines = _box().splitlines()
    assert "http://localhost:3100" in _box()
    assert len({len(line) for line in lines}) == 1


def test_the_demo_account_is_named_where_it_can_sign_in(settings: Settings) -> None:
    settings.DEBUG = True
    settings.DEMO_PASSWORD = "a-password-made-once"
    User.objects.create_user(username=settings.DEMO_USERNAME, is_demo=True)
    assert f"{settings.DEMO_USERNAME} / a-password-made-once" in _box()


@pytest.mark.parametrize(("debug", "is_demo"), [(False, True), (True, False)])
def test_nobody_elses_account_is_named(settings: Settings, debug: bool, is_demo: bool) -> None:
    settings.DEBUG = debug
    settings.DEMO_PASSWORD = "a-password-made-once"
    User.objects.create_user(username=settings.DEMO_USERNAME, is_demo=is_demo)
    assert "a-password-made-once" not in _box()
    assert "an account of your own" in _box()


def test_a_stand_in_is_never_called_a_model(settings: Settings) -> None:
    settings.STT_PROVIDER, settings.LLM_PROVIDER, settings.TTS_PROVIDER = "whisper", "mock", "local"
    box = _box()
    assert "Hearing    whisper-base, on this machine" in box
    assert "Thinking   a stand-in with fixed answers (no model)" in box
    assert "Voice      hibari, on this machine" in box
