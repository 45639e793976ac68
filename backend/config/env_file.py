"""How is `backend/.env` read, and how is one line of it written? In place, all others kept, for its owner alone."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values


class EnvFileUnreadable(OSError):
    """The file is there and cannot be read; the words are for the person who wrote it."""


def read_values(path: Path) -> dict[str, str]:
    """What is written in the file; nothing where there is none. The mark that Windows puts in front is no word.

    Raises:
        EnvFileUnreadable: it is not UTF-8, or may not be opened.
    """
    try:
        values = dotenv_values(path, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"is not text in UTF-8 (byte {error.start + 1})"
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    else:
        return {name: value or "" for name, value in values.items()}
    raise EnvFileUnreadable(f"{path} {reason}.")


def write_value(path: Path, name: str, value: str) -> None:
    """Put `name=value` where the name stands, or at the end. The file is replaced as a whole, with mode 600."""
    lines = path.read_text(encoding="utf-8-sig").splitlines() if path.exists() else []
    line = f"{name}={value}"
    at = next((at for at, known in enumerate(lines) if known.partition("=")[0].strip() == name), len(lines))
    lines[at : at + 1] = [line]
    new = path.with_name(f"{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    new.replace(path)
