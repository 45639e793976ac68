"""Is the database ready for a start after one command, and after the same command again?"""

from __future__ import annotations

from io import StringIO

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
