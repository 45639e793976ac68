"""A microphone for a browser: real recorded speech with a known text, and silence around it, as one 48 kHz file.

    python -m tests.e2e.microphone OUT.wav --lead-seconds 14 --gap-seconds 30

The speech is LibriVox's reading of "Sense and Sensibility" from Debian's `pocketsphinx-testdata`. The lead-in is longer
than a greeting; the gap is longer than a reply. Prints the two texts as JSON.
"""

from __future__ import annotations

import argparse
import json
import wave
from pathlib import Path

import numpy as np
import soxr

SPEECH_FOLDER = Path("/usr/share/pocketsphinx/test/data/librivox")
UTTERANCES = {
    "sense_and_sensibility_01_austen_64kb-0870.wav": (
        "and mister john dashwood had then leisure to consider how much there might be prudently in his power"
        " to do for them"
    ),
    "sense_and_sensibility_01_austen_64kb-0930.wav": "he might even have been made amiable himself",
}
SAMPLE_RATE_HZ = 48_000


def read_speech(name: str) -> np.ndarray:
    """One recording as int16 at 48 kHz."""
    with wave.open(str(SPEECH_FOLDER / name)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        rate = sound.getframerate()
    return soxr.resample(samples, rate, SAMPLE_RATE_HZ)


def silence(seconds: float) -> np.ndarray:
    """A quiet room: noise at −75 dBFS, since real microphones are never digitally silent."""
    noise = np.random.default_rng(7).normal(0, 32768 * 10 ** (-75 / 20), int(seconds * SAMPLE_RATE_HZ))
    return noise.astype(np.int16)


def write_microphone(path: Path, *, lead_seconds: float, gap_seconds: float) -> list[str]:
    """Write the file and answer the texts in the order spoken."""
    first, second = (read_speech(name) for name in UTTERANCES)
    sound = np.concatenate([silence(lead_seconds), first, silence(gap_seconds), second, silence(60)])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(sound.tobytes())
    return list(UTTERANCES.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--lead-seconds", type=float, default=14)
    parser.add_argument("--gap-seconds", type=float, default=30)
    arguments = parser.parse_args()
    texts = write_microphone(arguments.path, lead_seconds=arguments.lead_seconds, gap_seconds=arguments.gap_seconds)
    print(json.dumps(texts))


if __name__ == "__main__":
    main()
