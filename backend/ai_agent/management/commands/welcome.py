"""What does somebody need to know who has just started Parley? The box at the end of `./setup.sh run`."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from dotenv import dotenv_values

from accounts.models import User

STAND_IN = "a stand-in with fixed answers (no model)"


class Command(BaseCommand):
    help = "Print the address, the demo account, what runs where, and what to do on trouble."
    requires_system_checks: Sequence[str] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--page", required=True, help="the address of the pages")

    def handle(self, *args: Any, page: str, **options: Any) -> None:
        self.stdout.write(box(welcome(page)))


def welcome(page: str) -> list[str]:
    """The lines inside the box; an empty one divides."""
    demo = _demo_account()
    return [
        "Parley is running.",
        "",
        f"Open       {page}",
        f"Sign in    {demo}" if demo else "Sign in    with an account of your own",
        "Talk       pick a persona, allow the microphone, wait for the greeting",
        "",
        f"Hearing    {_where_it_runs(settings.STT_PROVIDER, Path(settings.WHISPER_MODEL).name)}",
        f"Thinking   {_where_it_runs(settings.LLM_PROVIDER, Path(settings.LOCAL_LLM_MODEL).name)}",
        f"Voice      {_where_it_runs(settings.TTS_PROVIDER, 'hibari')}",
        "",
        'Trouble?   README.md, "When something is wrong"',
        "Logs       backend/.setup/backend.log, backend/.setup/pages.log",
        "Stop       Ctrl-C ends both servers",
    ]


def box(lines: Sequence[str]) -> str:
    """The lines in a frame of their own width.

    >>> print(box(["a", "bcd"]))
    ┌───────┐
    │  a    │
    │  bcd  │
    └───────┘
    """
    width = max(len(line) for line in lines)
    edge = "─" * (width + 4)
    return "\n".join([f"┌{edge}┐", *(f"│  {line:<{width}}  │" for line in lines), f"└{edge}┘"])


def _where_it_runs(provider: str, model: str) -> str:
    return STAND_IN if provider == "mock" else f"{model}, on this machine"


def _demo_account() -> str:
    """Name and password of the demo account, where there is one that can sign in."""
    demo = User.objects.filter(username=settings.DEMO_USERNAME, is_demo=True, is_active=True)
    if not settings.DEBUG or not demo.exists():
        return ""
    # The process that has just made the password has read the file before it stood there.
    password = settings.DEMO_PASSWORD or dotenv_values(settings.ENV_FILE).get("DEMO_PASSWORD", "")
    return f"{settings.DEMO_USERNAME} / {password}   (the demo account)"
