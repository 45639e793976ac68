"""Does every `just …` that a page tells somebody to type exist?"""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT, text_files

JUSTFILE = (ROOT / "justfile").read_text(encoding="utf-8")
VERBS = set(re.findall(r"^([a-z][a-z0-9-]*)(?: [^:\n]*)?:(?!=)", JUSTFILE, re.MULTILINE))
TOLD = sorted(
    {
        (str(path.relative_to(ROOT)), verb)
        for path, text in text_files()
        if path.suffix in {".md", ".yml", ".yaml"}
        for verb in re.findall(r"(?:`|/|^)just ([a-z][a-z0-9-]*)", text, re.MULTILINE)
    }
)


@pytest.mark.parametrize(("page", "verb"), TOLD)
def test_a_verb_that_a_page_names_is_in_the_justfile(page: str, verb: str) -> None:
    assert verb in VERBS


def test_check_runs_every_kind_of_check() -> None:
    checks = re.search(r"^check: (.+)$", JUSTFILE, re.MULTILINE)
    assert checks
    expected = "fmt-check lint types rings contracts-check test test-front test-db build e2e e2e-call"
    assert checks[1] == expected
