"""Does each job of the workflow have what the commands in it need? Nothing here can run it."""

from __future__ import annotations

import re

import pytest

from tests.architecture.tree import ROOT

WORKFLOW = (ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8")
JOBS = dict(re.findall(r"^  ([\w-]+):\n((?:    .*\n|\n)+)", WORKFLOW.split("\njobs:\n")[1], re.MULTILINE))
JUSTFILE = (ROOT / "justfile").read_text(encoding="utf-8")
RECIPES = set(re.findall(r"^([a-z][\w-]*)(?: [^:\n]*)?:(?!=)", JUSTFILE, re.MULTILINE))


def runs(job: str) -> list[str]:
    return re.findall(r"^      - run: (.+)$", JOBS[job], re.MULTILINE)


def test_the_jobs_are_found() -> None:
    assert set(JOBS) == {"check", "other-versions", "known-holes"}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_that_tests_installs_the_recordings_that_the_tests_hear(job: str) -> None:
    lines = runs(job)
    if "backend/.venv/bin/just test" not in lines:
        return
    brings = [line for line in lines if line == "./setup.sh test" or "pocketsphinx-testdata" in line]
    assert brings
    assert lines.index(brings[0]) < lines.index("backend/.venv/bin/just test")


@pytest.mark.parametrize("job", JOBS)
def test_a_job_gives_just_one_recipe_at_a_time(job: str) -> None:
    """`just test build` gives pytest the word "build"."""
    for line in runs(job):
        if "bin/just " in line:
            assert line.split("bin/just ")[1] in RECIPES
