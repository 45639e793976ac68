"""The tables of INTELLIGENT_BARGE_IN_README.md: written by the bench, compared by a test, never by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bench.bargein.report import Bar

GUIDE: Final = Path(__file__).resolve().parents[3] / "INTELLIGENT_BARGE_IN_README.md"
RESULTS: Final = Path(__file__).with_name("results.json")
PLACE: Final = re.compile(r"(?<=<!-- bargein:begin -->\n).*?(?=<!-- bargein:end -->)", re.DOTALL)
TITLES: Final = {
    "live": "In real calls: a `daphne` with local models, a caller on loopback, scored from the sound of both sides.",
    "offline": "In virtual time: the cases through the engine, the ear and the speaker, with constants for the line.",
    "stub": "With stand-ins for all three providers.",
}

Measured = Mapping[str, Sequence[Bar]]
"""What was measured with each preset; stand-ins have one."""


def save_results(way: str, measured: Measured) -> None:
    """Keep what was measured in this way, beside the presets that were not measured now, and write the guide anew."""
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results.setdefault(way, {}).update({preset: [asdict(bar) for bar in bars] for preset, bars in measured.items()})
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    GUIDE.write_text(PLACE.sub(lambda _: written_tables(results), GUIDE.read_text()))


def written_tables(results: Mapping[str, Any]) -> str:
    """All that stands between the guide's marks."""
    parts = []
    for way, title in TITLES.items():
        if way in results:
            measured = {preset: [Bar(**bar) for bar in bars] for preset, bars in results[way].items()}
            parts.append(f"\n{title} What missed its bar is in bold.\n\n{bars_table(measured)}\n\n")
    return "".join(parts)


def bars_table(measured: Measured) -> str:
    """One line a bar, one column a preset."""
    lines = [f"| | bar | {' | '.join(measured)} |", f"| --- | --- |{' --- |' * len(measured)}"]
    for row in zip(*measured.values(), strict=True):
        limits = " / ".join(dict.fromkeys(f"{bar.limit:g}" for bar in row))
        sign, unit = "≥" if row[0].is_least else "≤", f" {row[0].unit}" if row[0].unit else ""
        lines.append(f"| {row[0].name} | {sign} {limits}{unit} | {' | '.join(map(_cell, row))} |")
    return "\n".join(lines)


def _cell(bar: Bar) -> str:
    if bar.value is None:
        return "–"
    value = f"{bar.value:.0f}" if abs(bar.value) >= 10 or float(bar.value).is_integer() else f"{bar.value:.3f}"
    value = value if bar.of is None else f"{value} of {bar.of}"
    return value if bar.is_met else f"**{value}**"
