"""How is one line of `backend/.env` written? In place, all others kept, and readable by its owner alone."""

from __future__ import annotations

import os
from pathlib import Path


def write_value(path: Path, name: str, value: str) -> None:
    """Put `name=value` where the name stands, or at the end. The file is replaced as a whole, with mode 600."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    line = f"{name}={value}"
    at = next((at for at, known in enumerate(lines) if known.partition("=")[0].strip() == name), len(lines))
    lines[at : at + 1] = [line]
    new = path.with_name(f"{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    new.replace(path)
