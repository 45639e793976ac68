"""Are the guide's results those that the bench wrote? All but the timings, which differ from machine to machine."""

from __future__ import annotations

import json

import pytest

from bench.conditioning.__main__ import RESULTS
from bench.conditioning.guide import GUIDE, TABLES, without_timings, written_table

RESULTS_WRITTEN = json.loads(RESULTS.read_text())


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_guide_is_the_one_that_the_bench_wrote(name: str) -> None:
    written, expected = written_table(name, GUIDE.read_text()), TABLES[name](RESULTS_WRITTEN)
    if name == "rivals":
        written, expected = without_timings(written), without_timings(expected)
    assert written == expected


@pytest.mark.parametrize("picture", ["fan", "hum", "babble"])
def test_the_guide_shows_its_pictures(picture: str) -> None:
    assert f"docs/screenshots/conditioning-{picture}.png" in GUIDE.read_text()
    assert (GUIDE.parent / "docs" / "screenshots" / f"conditioning-{picture}.png").stat().st_size > 10_000
