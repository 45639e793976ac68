"""What does it look like? Spectrograms of one sentence in three rooms, before and after: the guide's pictures.

python -m bench.conditioning.pictures        writes docs/screenshots/conditioning-*.png
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot
from scipy.signal import spectrogram

from ai_agent.audio_format import SAMPLE_RATE_HZ
from bench.conditioning.clips import NOISES, Sound, load_speech, mixed
from bench.conditioning.rivals import all_eight

FOLDER: Final = Path(__file__).resolve().parents[3] / "docs" / "screenshots"
ROOMS: Final = ("fan", "hum", "babble")
SNR_DB: Final = 10.0
RANGE_DB: Final = 70.0


def draw(noise: str) -> Path:
    """One picture: the noisy sound above, the conditioned one below."""
    clean = load_speech("report")[0].sound
    noisy = mixed(clean, NOISES[noise](np.random.default_rng(3), len(clean)), SNR_DB)
    figure, axes = pyplot.subplots(2, 1, figsize=(9, 5), sharex=True, layout="constrained")
    for axis, sound, title in zip(
        axes, (noisy, all_eight(noisy).sound), (f"{noise}, {SNR_DB:.0f} dB", "after all eight steps"), strict=True
    ):
        _draw_one(axis, sound, title)
    axes[1].set_xlabel("seconds")
    path = FOLDER / f"conditioning-{noise}.png"
    figure.savefig(path, dpi=70, metadata={"Software": None})
    pyplot.close(figure)
    return path


def _draw_one(axis: pyplot.Axes, sound: Sound, title: str) -> None:
    hz, seconds, power = spectrogram(sound, SAMPLE_RATE_HZ, nperseg=1920, noverlap=1440)
    shown = hz <= 8_500
    level = 10 * np.log10(power[shown] + 1e-14)
    axis.pcolormesh(seconds, hz[shown] / 1000, level, vmax=level.max(), vmin=level.max() - RANGE_DB, rasterized=True)
    axis.set_ylabel("kHz")
    axis.set_title(title, loc="left")


if __name__ == "__main__":
    mpl.use("Agg")
    for room in ROOMS:
        print(draw(room))
