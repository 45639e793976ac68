"""Are the numbers in the guides those of the code?

A guide says a number of the code in a table whose first cell names it and whose second cell is its value:

    | constant | value | why |
    | --- | --- | --- |
    | `ai_agent.audio_format.FRAME_MS` | 20 | … |
    | `ai_agent.persona_behaviors.TurnPolicy.silence_duration_ms` | 2500 | … |
    | `config.settings.RESUME_SECONDS` | 60 | … |

A name may leave out `ai_agent.`. Every such row of every Markdown page is read here.
"""

from __future__ import annotations

import dataclasses
import re
from importlib import import_module
from typing import Any

import pytest

from tests.architecture.tree import ROOT, text_files

UNIT = "%|ms|s|dB|dBFS|Hz|frames|samples"
ROW = re.compile(rf"^\| `([a-z_]+(?:\.\w+)+)` \| ([−-]?[\d,.]+)\s?(?:{UNIT})? \|", re.MULTILINE)
NUMBERS = [
    pytest.param(name, value, id=f"{path.relative_to(ROOT)}: {name}")
    for path, text in text_files()
    if path.suffix == ".md"
    for name, value in ROW.findall(text)
]


def constant(name: str) -> Any:
    """What the dotted name stands for; a frozen class's field stands for its default."""
    parts = name.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        for module in (".".join(parts[:cut]), ".".join(["ai_agent", *parts[:cut]])):
            try:
                found: Any = import_module(module)
            except ModuleNotFoundError:
                continue
            for part in parts[cut:]:
                found = _part_of(found, part)
            return found
    raise LookupError(f"no module for {name}")


def _part_of(owner: Any, part: str) -> Any:
    if isinstance(owner, type) and dataclasses.is_dataclass(owner):
        field = {field.name: field for field in dataclasses.fields(owner)}.get(part)
        if field is not None:
            return field.default
    return getattr(owner, part)


@pytest.mark.parametrize(("name", "value"), NUMBERS)
def test_a_number_in_a_guide_is_the_number_in_the_code(name: str, value: str) -> None:
    assert constant(name) == float(value.replace("−", "-").replace(",", ""))


def test_there_are_numbers_to_compare() -> None:
    assert NUMBERS, "no guide has a table of constants"


def test_a_row_is_recognised_in_each_form() -> None:
    rows = "| `audio_format.FRAME_MS` | 20 ms | a |\n| `ai_agent.audio_format.SAMPLE_RATE_HZ` | 48,000 | b |\n"
    assert ROW.findall(rows) == [("audio_format.FRAME_MS", "20"), ("ai_agent.audio_format.SAMPLE_RATE_HZ", "48,000")]
    assert [constant(name) for name, _ in ROW.findall(rows)] == [20, 48_000]
