"""Does `.ci/run` end with what somebody wants to know: the runners' closing lines, the outcome, and the minutes?"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

CLOSING_LINES = """\
===== 12 passed, 1 rerun in 3.40s =====
      Tests  7 passed (7)
  3 passed (1.2m)
"""


def ci_run(tree: Path, setup: str) -> subprocess.CompletedProcess[str]:
    """`.ci/run` where setup.sh is this."""
    (tree / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tree / ".ci/run")
    (tree / "setup.sh").write_text(f"#!/usr/bin/env bash\n{setup}", encoding="utf-8")
    (tree / "setup.sh").chmod(0o755)
    return subprocess.run([tree / ".ci/run"], capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.parametrize(
    ("status", "verdict"), [(0, "✅ every check passed"), (3, "❌ ./setup.sh test ended with status 3")]
)
def test_closing_lines_verdict_and_minutes_come_last(tmp_path: Path, status: int, verdict: str) -> None:
    outcome = ci_run(tmp_path, f"cat <<'END'\nmuch before\n{CLOSING_LINES}END\nexit {status}\n")
    assert outcome.returncode == status
    closing = outcome.stdout.split("── closing lines ──\n")[1]
    assert closing == f"{CLOSING_LINES}{verdict}\n1 minutes, at most 60\n"


def test_more_than_an_hour_is_a_failure(tmp_path: Path) -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "readonly MOST_MINUTES=60" in script
    outcome = ci_run(tmp_path, "")
    assert outcome.returncode == 0
    (tmp_path / ".ci/run").write_text(script.replace("MOST_MINUTES=60", "MOST_MINUTES=0"), encoding="utf-8")
    late = subprocess.run([tmp_path / ".ci/run"], capture_output=True, text=True, timeout=30, check=False)
    assert late.returncode == 1
    assert late.stdout.endswith("❌ that is too long\n")
