"""What must the database hold before a start? Its tables, the preset personas, and the demo account: in one process."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "migrate, load_presets and ensure_demo_account, one after the other. Safe to run twice."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        call_command("migrate", verbosity=verbosity - 1, stdout=self.stdout)
        call_command("load_presets", stdout=self.stdout)
        call_command("ensure_demo_account", stdout=self.stdout)
