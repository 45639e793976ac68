"""Which calls will nobody come back to? A running server asks every minute by itself; this asks once."""

from __future__ import annotations

from typing import Any

from asgiref.sync import async_to_sync
from django.core.management.base import BaseCommand

from ai_agent import process_store


class Command(BaseCommand):
    help = "End calls whose process is gone and that nobody has resumed in time."

    def handle(self, *args: Any, **options: Any) -> None:
        abandoned = async_to_sync(process_store.sweep)()
        self.stdout.write(f"{abandoned} calls closed.")
