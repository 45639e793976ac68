"""What have both sides agreed on? Writes `contracts/openapi.json`, from which the page's types are made."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.api import openapi_document

OPENAPI_FILE = settings.BASE_DIR.parent / "contracts" / "openapi.json"


class Command(BaseCommand):
    help = "Write contracts/openapi.json: the HTTP API and every WebSocket message."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail where the file is not up to date"
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        wanted = openapi_text()
        if OPENAPI_FILE.is_file() and OPENAPI_FILE.read_text(encoding="utf-8") == wanted:
            self.stdout.write("contracts/openapi.json is up to date.")
            return
        if check:
            raise CommandError("contracts/openapi.json is not that of the code. Run: python manage.py export_contracts")
        OPENAPI_FILE.write_text(wanted, encoding="utf-8", newline="\n")
        self.stdout.write("contracts/openapi.json written.")


def openapi_text() -> str:
    """The document with its keys in order, so that a difference is a difference."""
    return json.dumps(openapi_document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
