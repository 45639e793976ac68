"""Which recordings are too old? Removes them; the words of their calls stay. `--dry-run` only says which."""

from __future__ import annotations

import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ai_agent.call_store import database_now
from ai_agent.models import OPEN_STATUSES, Call
from ai_agent.recording_folders import is_own, remove_folder

UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
MAX_DAYS: Final = 36_500


def parse_duration(text: str) -> timedelta:
    """A whole number and a unit.

    >>> parse_duration("36h")
    datetime.timedelta(days=1, seconds=43200)

    Raises:
        ArgumentTypeError: it is something else, or longer than a century.
    """
    written = re.fullmatch(r"(\d{1,7})([mhdw])", text.strip(), re.ASCII)
    if written is None:
        raise ArgumentTypeError(f"{text[:40]!r} is no duration: write a number and m, h, d or w, such as 30d")
    duration = timedelta(**{UNITS[written[2]]: int(written[1])})
    if duration > timedelta(days=MAX_DAYS):
        raise ArgumentTypeError(f"{text[:40]!r} is more than a century")
    return duration


class Command(BaseCommand):
    help = "Remove recordings of calls that ended long ago. Calls that go on, or may be resumed, are left alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than", type=parse_duration, required=True, metavar="30d", help="a number and m, h, d or w"
        )
        parser.add_argument("--dry-run", action="store_true", help="remove nothing; say what would be removed")

    def handle(self, *args: Any, older_than: timedelta, dry_run: bool, **options: Any) -> None:
        root = Path(settings.RECORDINGS_DIR)
        ended_before = database_now() - older_than
        removed = failed = 0
        for folder in _folders(root):
            try:
                if not _is_too_old(folder, ended_before=ended_before.timestamp()):
                    continue
                if not dry_run:
                    remove_folder(folder)
            except OSError as error:
                failed += 1
                self.stderr.write(f"{folder}: {error.strerror or error}")
            else:
                removed += 1
                self.stdout.write(str(folder))
        self.stdout.write(f"{removed} recordings {'would be ' if dry_run else ''}removed.")
        if failed:
            raise CommandError(f"{failed} recordings could not be removed.")


def _folders(root: Path) -> Iterator[Path]:
    """The folders of calls. What has another name, and whatever a link leads to, is not ours."""
    rooms = [root / name for name in _named_by_ids(root)] if root.is_dir() else []
    for room in rooms:
        yield from (room / name for name in _named_by_ids(room) if is_own(room / name))


def _named_by_ids(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if _is_id(path.name) and _is_folder(path))


def _is_id(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_too_old(folder: Path, *, ended_before: float) -> bool:
    """By the end of its call; by its files where the call is gone."""
    call = Call.objects.filter(id=folder.name).first()
    if call is None:
        times = [path.lstat().st_mtime for path in folder.rglob("*")]
        return max(times, default=folder.stat().st_mtime) < ended_before
    if call.status in OPEN_STATUSES or call.ended_at is None:
        return False
    return call.ended_at.timestamp() < ended_before
