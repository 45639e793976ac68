"""Does the bench of conditioning run, and does what it measures hold on a part of its clips?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bench.conditioning.clips import SNRS_DB, noisy_clips

BACKEND = Path(__file__).resolve().parents[2]


@pytest.mark.models
def test_the_quick_bench_holds_every_bar() -> None:
    command = [sys.executable, "-m", "bench.conditioning", "--quick"]
    run = subprocess.run(command, cwd=BACKEND, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"
    assert "met    AUC of the energy VAD" in run.stdout


@pytest.mark.models
def test_the_quick_benchs_clips_are_among_the_published_ones() -> None:
    quick, all_of_them = ({clip.name for clip in noisy_clips("report", snrs_db=snrs)} for snrs in ((10.0,), SNRS_DB))
    assert quick == {name for name in all_of_them if "10 dB" in name}
