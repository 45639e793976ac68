"""Sounds whose metrics are known, measured by the conditioner; and the files are what the script makes."""

from __future__ import annotations

import numpy as np
import pytest

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import split_frames
from tests.golden.make_golden import GOLDEN, read_pcm, signal, to_pcm


@pytest.mark.parametrize("name", GOLDEN)
def test_the_metrics_of_a_known_sound_are_the_known_ones(name: str) -> None:
    conditioner, expected = AudioConditioner(), GOLDEN[name]
    measured = [conditioner.condition(frame).metrics for frame in split_frames(read_pcm(name))]
    assert np.median([m.energy_dbfs for m in measured]) == pytest.approx(
        expected.energy_dbfs, abs=expected.energy_within
    )
    assert np.median([m.spectral_flatness for m in measured]) == pytest.approx(
        expected.spectral_flatness, abs=expected.flatness_within
    )
    assert np.median([m.clipping_percent for m in measured]) == pytest.approx(
        expected.clipping_percent, abs=expected.clipping_within
    )


@pytest.mark.parametrize("name", GOLDEN)
def test_the_files_are_what_the_script_makes(name: str) -> None:
    ours, made = (np.frombuffer(pcm, dtype="<i2").astype(int) for pcm in (read_pcm(name), to_pcm(signal(name))))
    assert np.abs(ours - made).max() <= 1
