"""Does docs/ARCHITECTURE.md show the rings that the build holds?"""

from __future__ import annotations

from tests.architecture.tree import FIRST_PURE_LAYER, ROOT, listed


def test_the_page_shows_the_rings_as_they_are() -> None:
    page = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    blocks = [block.strip().splitlines() for block in page.split("```")[1::2]]
    drawn = [line.strip() for block in blocks if "consumers" in block for line in block]
    rings = [line for line in drawn if not line.startswith("─")]
    assert rings == [line.strip() for line in listed("rings", "layers")]


def test_the_page_draws_the_line_above_the_core() -> None:
    page = (ROOT / "docs/ARCHITECTURE.md").read_text(encoding="utf-8")
    _, below = page.split("below this line: pure")
    assert below.splitlines()[1].strip() == FIRST_PURE_LAYER
