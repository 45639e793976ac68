"""What a caller says, hums and coughs at moments that only the call itself knows: one 48 kHz file each, and its words.

    python -m tests.e2e.clips FOLDER

The words are the product's own voice, a size smaller than the persona's; the "mm-hm" is a buzz through a closed mouth's
resonances, the cough that of the tests' noises. Prints `{name: {"path": …, "words": …, "seconds": …}}`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.live_providers.hibari import HibariTextToSpeech
from ai_agent.providers import CancelToken, VoiceSettings
from tests.core.noises import Sound, at_level, band, noise_clip

WORDS = {
    "question": "What do you know about the ocean?",
    "again": "Can you tell me more about it?",
    "stop": "Wait, stop. What do you know about the moon?",
}
CALLER = VoiceSettings(voice_id="bright", pitch=1.5)
SPEECH_DBFS, HUM_DBFS, COUGH_DBFS = -20.0, -24.0, -20.0
"""Of the loudest 20 ms."""

NASAL = ((260.0, 60.0, 1.0), (1000.0, 150.0, 0.15), (2200.0, 200.0, 0.08))
"""Hz, bandwidth and gain of what a closed mouth lets through."""


async def spoken(texts: list[str]) -> list[Sound]:
    voice = HibariTextToSpeech()
    await voice.warm_up()
    sounds = []
    for text in texts:
        chunks = [chunk async for chunk in voice.synthesize(text, voice=CALLER, cancel=CancelToken())]
        sounds.append(np.frombuffer(b"".join(chunks), "<i2") / 32_768)
    await voice.close()
    return sounds


def mm_hm(*, pitch_hz: float = 140.0, seconds: float = 0.7) -> Sound:
    """Two hums, the second higher, with a breath between."""
    rng = np.random.default_rng(5)
    t = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ / seconds
    pitch = pitch_hz * np.interp(t, [0, 0.4, 0.55, 1], [1, 0.92, 1.15, 1.3])
    loud = np.interp(t, [0, 0.1, 0.36, 0.44, 0.52, 0.6, 0.85, 1], [0, 1, 0.9, 0.05, 0.05, 0.9, 0.8, 0])
    breath = np.interp(t, [0.42, 0.48, 0.56], [0, 0.05, 0]) * band(rng.standard_normal(len(t)), 600, 3000)
    wobble = lfilter([0.002], [1, -0.998], rng.standard_normal(len(t))) * 0.06
    pulses = np.diff(np.floor(np.cumsum(pitch * (1 + wobble)) / SAMPLE_RATE_HZ), prepend=0.0)
    buzz = lfilter([1], [1, -1.9, 0.9025], pulses)
    hum = sum(_resonance(buzz, hz, bandwidth) * gain for hz, bandwidth, gain in NASAL)
    hum = lfilter([1, -0.97], [1], hum)
    return np.asarray(hum / np.abs(hum).max() * loud + breath)


def _resonance(sound: Sound, hz: float, bandwidth_hz: float) -> Sound:
    radius = np.exp(-np.pi * bandwidth_hz / SAMPLE_RATE_HZ)
    turn = -2 * radius * np.cos(2 * np.pi * hz / SAMPLE_RATE_HZ)
    return np.asarray(lfilter([1 - radius], [1, turn, radius**2], sound))


def cough() -> Sound:
    """One, from its first to its last audible sample."""
    clip = noise_clip("cough, one")
    audible = np.flatnonzero(np.abs(clip) > np.abs(clip).max() * 0.02)
    return clip[audible[0] : audible[-1] + 1]


def write_wav(path: Path, sound: Sound) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((sound * 32_767).astype("<i2").tobytes())


def write_clips(folder: Path) -> dict[str, dict[str, object]]:
    """Write every clip into the folder and say what is in it."""
    sounds = dict(zip(WORDS, asyncio.run(spoken(list(WORDS.values()))), strict=True))
    clips = {name: at_level(sound, SPEECH_DBFS) for name, sound in sounds.items()}
    clips |= {"mm-hm": at_level(mm_hm(), HUM_DBFS), "cough": at_level(cough(), COUGH_DBFS)}
    for name, clip in clips.items():
        write_wav(folder / f"{name}.wav", clip)
    return {
        name: {
            "path": str(folder / f"{name}.wav"),
            "words": WORDS.get(name, ""),
            "seconds": round(len(clip) / SAMPLE_RATE_HZ, 3),
        }
        for name, clip in clips.items()
    }


def tell(write: Callable[[Path], object], *, about: str | None) -> None:
    """The command of a module that writes clips: into which folder, and what it has written."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("folder", type=Path)
    print(json.dumps(write(parser.parse_args().folder)))


if __name__ == "__main__":
    tell(write_clips, about=__doc__)
