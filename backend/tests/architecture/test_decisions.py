"""Can somebody read why? Every decision is listed, has a status, a yes and a no."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT

FOLDER = ROOT / "docs/adr"
PAGES = sorted(FOLDER.glob("[0-9]*.md"))


@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_a_decision_is_listed_with_its_own_words(name: str) -> None:
    number, _, title = (FOLDER / name).read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").partition(": ")
    assert f"| [{number}]({name}) | {title} |" in (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_a_decision_has_a_status_a_yes_and_a_no(name: str) -> None:
    page = (FOLDER / name).read_text(encoding="utf-8")
    assert re.search(r"^Status: (?:proposed|accepted|superseded by \[)", page, re.MULTILINE)
    assert re.search(r"(?:#|//|<!--) yes\b", page)
    assert re.search(r"(?:#|//|<!--) no\b", page)


def test_no_number_is_given_twice() -> None:
    numbers = [page.name[:4] for page in PAGES]
    assert len(numbers) == len(set(numbers))
