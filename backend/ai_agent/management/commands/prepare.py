"""What must the database hold before a start? Tables, preset personas, roles, the demo account: in one process."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "migrate, load_presets, ensure_roles and ensure_demo_account, one after the other. Safe to run twice."
    # What the operator wrote. The rest of the checks are about the code, and the server runs them all when it starts.
    requires_system_checks = ["parley"]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--page", help="the address of the pages, for the box")
        parser.add_argument("--box", type=Path, help="write what `welcome` prints into this file, for its owner alone")

    def handle(self, *args: Any, verbosity: int, page: str | None, box: Path | None, **options: Any) -> None:
        call_command("migrate", verbosity=verbosity - 1, stdout=self.stdout)
        call_command("load_presets", stdout=self.stdout)
        call_command("ensure_roles", stdout=self.stdout)
        call_command("ensure_demo_account", stdout=self.stdout)
        if page and box:
            # It holds the demo account's password.
            descriptor = os.open(box, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                call_command("welcome", page=page, stdout=file)
