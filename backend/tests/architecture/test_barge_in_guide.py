"""Do the tables of manners in the guide say what the code does?"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import Any

import pytest

from ai_agent.persona_behaviors import MANNERS, BargeInPolicy, read_behavior
from tests.architecture.tree import ROOT

GUIDE = (ROOT / "INTELLIGENT_BARGE_IN_README.md").read_text(encoding="utf-8")
PRESETS = ROOT / "backend" / "ai_personas" / "presets"


def rows(first_cell: str) -> list[dict[str, str]]:
    """The lines of the table whose first heading is this."""
    table = re.search(rf"^\| {first_cell} \|.*\n\|[ -|]+\n((?:\|.*\n)+)", GUIDE, re.MULTILINE)
    assert table is not None
    heading = table.group(0).splitlines()[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in (heading, *table.group(1).splitlines())]
    return [dict(zip(cells[0], line, strict=True)) for line in cells[1:]]


def written(value: Any) -> str:
    """A number as the guide has it."""
    if value is None:
        return "never"
    return f"{value:,.0f}" if isinstance(value, (int, float)) else str(value)


def as_written(policy: BargeInPolicy, names: list[str]) -> dict[str, str]:
    return {name: written(asdict(policy)[name]) for name in names}


def test_every_manner_has_its_line() -> None:
    assert [row["manner"] for row in rows("manner")] == list(MANNERS)


@pytest.mark.parametrize("row", rows("manner"), ids=lambda row: row["manner"])
def test_a_manner_is_the_numbers_that_the_guide_says(row: dict[str, str]) -> None:
    names = [name for name in row if name != "manner"]
    assert {name: row[name] for name in names} == as_written(MANNERS[row["manner"]], names)  # type: ignore[index]


@pytest.mark.parametrize("row", rows("preset"), ids=lambda row: row["preset"])
def test_a_preset_is_the_numbers_that_the_guide_says(row: dict[str, str]) -> None:
    configuration = json.loads((PRESETS / f"{row['preset']}.json").read_text(encoding="utf-8"))
    names = [name for name in row if name not in {"preset", "manner"}]
    assert row["manner"] == configuration["barge_in"]["manner"]
    assert {name: row[name] for name in names} == as_written(read_behavior(configuration).barge_in_policy(), names)
