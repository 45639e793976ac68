"""Memory that a call has used goes back to the machine."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

CALLS = """
import sys
import numpy, psutil
from config.process_memory import give_back_large_pieces

if sys.argv[1] == "told":
    assert give_back_large_pieces()
rss = psutil.Process().memory_info
sounds, small, before = [], [], rss().rss
numpy.ones(1_000_000, numpy.uint8).sum()
for _ in range(100):
    sounds.append(numpy.ones(300_000, numpy.uint8))
    small.append(numpy.ones(3_000, numpy.uint8))
del sounds
print((rss().rss - before) / 1e6)
"""


def kept_megabytes(how: str) -> float:
    """Of the 30 MB of sound of a process that has kept only small pieces."""
    output = subprocess.run([sys.executable, "-c", CALLS, how], capture_output=True, text=True, check=True)
    return float(output.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has these thresholds")
def test_large_pieces_go_back_though_small_ones_are_kept() -> None:
    assert kept_megabytes("told") < 5 < kept_megabytes("untold")
