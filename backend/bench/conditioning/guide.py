"""The tables of AUDIO_CONDITIONING_README.md: written by the bench, compared by a test, never by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

GUIDE: Final = Path(__file__).resolve().parents[3] / "AUDIO_CONDITIONING_README.md"
TIMING: Final = "~"
"""Stands where a test compares nothing: it differs from machine to machine."""


def rivals_table(results: Mapping[str, Any]) -> str:
    """One line a rival. Times are beside WebRTC's in the same run."""
    rows = results["rows"]
    webrtc = next(row["microseconds"] for row in rows if "WebRTC" in row["name"])
    lines = [
        "| conditioning | PESQ in noise | STOI | DNSMOS overall, 10 dB | DNSMOS speech | PESQ clean (worst) "
        "| word errors, % | Silero AUC | energy AUC | CPU × WebRTC |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        ratio = f"{row['microseconds'] / webrtc:.1f}" if row["microseconds"] else "–"
        lines.append(
            f"| {row['name']} | {row['pesq_noisy']:.2f} | {row['stoi']:.3f} | {row['ovrl']:.2f} | {row['sig']:.2f} "
            f"| {row['pesq_clean']:.2f} ({row['pesq_clean_worst']:.2f}) | {row['wer']:.1f} | {row['silero_auc']:.3f} "
            f"| {row['energy_auc']:.3f} | {ratio} |"
        )
    return "\n".join(lines)


def noises_table(results: Mapping[str, Any]) -> str:
    """PESQ by noise, each rival."""
    rows = results["rows"]
    noises = list(rows[0]["pesq_by_noise"])
    lines = [f"| PESQ | {' | '.join(noises)} |", f"| --- |{' --- |' * len(noises)}"]
    for row in rows:
        figures = " | ".join(f"{row['pesq_by_noise'][noise]:.2f}" for noise in noises)
        lines.append(f"| {row['name']} | {figures} |")
    return "\n".join(lines)


def levels_table(results: Mapping[str, Any]) -> str:
    """Speech out, by speech in."""
    levels = results["levels"]
    return "\n".join(
        [
            f"| in, dBFS | {' | '.join(levels)} |",
            f"| --- |{' --- |' * len(levels)}",
            f"| out, dBFS | {' | '.join(f'{level:.1f}' for level in levels.values())} |",
        ]
    )


TABLES: Final = {"rivals": rivals_table, "noises": noises_table, "levels": levels_table}


def _place(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {name} -->\n).*?(?=\n<!-- /{name} -->)", re.DOTALL)


def written_table(name: str, text: str) -> str:
    """What the guide has between its marks."""
    found = _place(name).search(text)
    if found is None:
        raise ValueError(f"the guide has no place for the table {name!r}")
    return found[0]


def without_timings(table: str) -> str:
    """The rivals' table without its last column."""
    return "\n".join(line.rsplit("|", 2)[0] + f"| {TIMING} |" for line in table.splitlines())


def write_tables(results: Mapping[str, Any]) -> None:
    text = GUIDE.read_text()
    for name, table in TABLES.items():
        written = table(results)
        text = _place(name).sub(lambda _, written=written: written, text)
    GUIDE.write_text(text)
