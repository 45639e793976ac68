"""How good is a conditioned clip? Published measures, each as one function of a clean and a processed sound.

PESQ-WB (ITU-T P.862.2, `pesq`), STOI (`pystoi`), DNSMOS P.835 (the model inside `speechmos`), word error rates, areas
under curves of voice activity, and levels. Sounds are 48 kHz mono between −1 and 1, and lined up before they come here.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime
import soxr
from pesq import pesq
from pystoi import stoi

from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME

Sound = npt.NDArray[np.float64]

SCORE_RATE_HZ: Final = 16_000
DNSMOS_SECONDS: Final = 9.01
DNSMOS_CURVES: Final = {
    "SIG": (-0.08397278, 1.22083953, 0.0052439),
    "BAK": (-0.13166888, 1.60915514, -0.39604546),
    "OVRL": (-0.06766283, 1.11546468, 0.04602535),
}
"""From the model's raw outputs to opinion scores, as published with it (DNS-Challenge, MIT)."""
SPEECH_DBFS: Final = 25.0
"""A clean frame within so many dB of the loud ones is speech, one more than `PAUSE_DB` under them is none."""
PAUSE_DB: Final = 45.0


def at_score_rate(sound: Sound) -> Sound:
    return np.asarray(soxr.resample(sound, SAMPLE_RATE_HZ, SCORE_RATE_HZ))


def pesq_wb(clean: Sound, processed: Sound) -> float:
    """1.0 to 4.64."""
    return float(pesq(SCORE_RATE_HZ, at_score_rate(clean), at_score_rate(processed), "wb"))


def intelligibility(clean: Sound, processed: Sound) -> float:
    """STOI, 0 to 1."""
    return float(stoi(at_score_rate(clean), at_score_rate(processed), SCORE_RATE_HZ))


@cache
def _dnsmos_model() -> Any:
    package = find_spec("speechmos")
    if package is None or package.origin is None:
        raise SystemExit("speechmos is missing: pip install -r requirements-dev.txt")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    path = Path(package.origin).parent / "dnsmos_models" / "sig_bak_ovr.onnx"
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def dnsmos(sound: Sound) -> dict[str, float]:
    """Opinion scores without a reference: speech, background, overall, 1 to 5. A short clip is said again."""
    count = int(DNSMOS_SECONDS * SCORE_RATE_HZ)
    samples = np.clip(at_score_rate(sound), -1.0, 1.0).astype(np.float32)
    samples = np.tile(samples, count // len(samples) + 1)[:count]
    raw = _dnsmos_model().run(None, {"input_1": samples[None]})[0][0]
    return {
        name: float(np.polyval(curve, value)) for (name, curve), value in zip(DNSMOS_CURVES.items(), raw, strict=True)
    }


def frame_levels(sound: Sound) -> npt.NDArray[np.float64]:
    """dBFS of each 20 ms."""
    frames = sound[: len(sound) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME].reshape(-1, SAMPLES_PER_FRAME)
    return np.asarray(10 * np.log10(np.mean(frames**2, axis=1) + 1e-12))


def speech_labels(clean: Sound) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which frames are speech, and which are surely none; those between are left out."""
    levels = frame_levels(clean)
    loud = np.quantile(levels, 0.9)
    return levels > loud - SPEECH_DBFS, levels < loud - PAUSE_DB


def area_under_curve(values: npt.NDArray[np.float64], is_speech: npt.NDArray[np.bool_]) -> float:
    """How likely a frame of speech has a higher value than one without (Mann and Whitney 1947)."""
    order = np.argsort(np.argsort(values, kind="stable"), kind="stable") + 1.0
    speech = int(is_speech.sum())
    rest = len(values) - speech
    return float((order[is_speech].sum() - speech * (speech + 1) / 2) / (speech * rest))
