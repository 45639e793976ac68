"""Why not `runserver`? It starts a second process at every change of a file, and a call lives in one."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand

REFUSAL = (
    "❌ runserver restarts itself and would drop every call: run  daphne -p 8000 config.asgi:application  instead."
)


class Command(BaseCommand):
    help = "Refuses; says how the server is started."
    requires_system_checks: Sequence[str] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("ignored", nargs="*")

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        """Whatever Django's own takes (`--noreload`, an address) ends in the same line."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.parse_args = lambda args=None, namespace=None: parser.parse_known_args(args, namespace)[0]
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        self.stderr.write(REFUSAL)
        sys.exit(1)
