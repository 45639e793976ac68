"""Does the glossary speak of the code as it is?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAMES_COLUMN = 3

_sources = [
    path
    for package in ("accounts", "ai_agent", "ai_personas", "config")
    for path in (ROOT / "backend" / package).rglob("*.py")
]
CODE = "\n".join(path.read_text() for path in _sources)
FILES = {path.name for path in _sources} | {".importlinter"}


def glossary_names() -> list[str]:
    """Every name in a third column."""
    rows = (
        line.split("|") for line in (ROOT / "docs" / "GLOSSARY.md").read_text().splitlines() if line.startswith("|")
    )
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row[NAMES_COLUMN])]


@pytest.mark.parametrize("name", glossary_names())
def test_every_name_in_the_glossary_is_in_the_code(name: str) -> None:
    assert name in FILES or re.search(rf"\b{re.escape(name)}\b", CODE)


def test_the_glossary_has_names_to_check() -> None:
    assert len(glossary_names()) > 80
