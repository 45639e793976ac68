"""Does the bench of conditioning run, and does what it measures hold on a part of its clips?"""

from __future__ import annotations

import pytest

from bench.conditioning.__main__ import FILTERED, OURS, measure
from bench.conditioning.clips import clean_clips, noisy_clips


@pytest.mark.models
def test_on_a_few_clips_the_conditioner_is_ahead_of_webrtc_and_leaves_clean_speech_alone() -> None:
    noisy = [clip for clip in noisy_clips("report", snrs_db=(10.0,)) if clip.noise in {"fan", "hum", "white"}]
    clips = [*noisy, *list(clean_clips("report"))[:2]]
    raw, webrtc, ours = (measure(name, clips, None) for name in ("none", "WebRTC's suppressor", OURS))
    assert ours["pesq_noisy"] > webrtc["pesq_noisy"] > raw["pesq_noisy"]
    assert ours["pesq_clean_worst"] > 4.2
    assert measure(FILTERED, clips[:3] + clips[-1:], None)["silero_auc"] > 0.9
