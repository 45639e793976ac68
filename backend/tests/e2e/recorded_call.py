"""Do the recordings of a finished call lie on one line, and what is in them? Heads, levels, and lags in milliseconds.

    python -m tests.e2e.recorded_call FOLDER CUTS

FOLDER is the call's own. What each utterance's stretch sounded like in the raw and in the conditioned file is written
into CUTS, for a recogniser. A lag is where two sounds are most alike; how alike they are there (1: the same but for
loudness) says what it is worth. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import correlate

from ai_agent.audio_format import SAMPLE_RATE_HZ, samples_in
from ai_agent.capture import PRE_ROLL_MS
from ai_agent.recording_folders import STEREO, TIMELINE, UTTERANCES
from ai_agent.wav_files import HEADER_BYTES, wav_header

Sound = npt.NDArray[np.float64]

REACH = samples_in(250)
"""A lag is looked for so far to both sides."""


def read_wav(path: Path) -> tuple[list[Sound], dict[str, Any]]:
    """Its channels between −1 and 1, and what its head says."""
    with wave.open(str(path)) as file:
        channels = file.getnchannels()
        pcm = file.readframes(file.getnframes())
        head = {
            "channels": channels,
            "rate_hz": file.getframerate(),
            "bits": 8 * file.getsampwidth(),
            "seconds": round(file.getnframes() / file.getframerate(), 3),
        }
    sound_bytes = path.stat().st_size - HEADER_BYTES
    head["is_right"] = path.read_bytes()[:HEADER_BYTES] == wav_header(sound_bytes, channels=channels)
    sides = np.frombuffer(pcm, "<i2").reshape(-1, channels).T / 32_768
    return list(sides), head


def dbfs(sound: Sound) -> float:
    """RMS, without the offset; of silence −120."""
    return round(float(10 * np.log10(np.var(sound) + 1e-12)), 1)


def peak(sound: Sound) -> float:
    return round(float(np.abs(sound).max()), 3)


def lag(sound: Sound, reference: Sound) -> dict[str, float]:
    """By how much `sound` lies behind `reference`, and how alike they are there.

    >>> click = np.eye(1, 4_800, 100)[0]
    >>> lag(np.roll(click, 48), click)
    {'ms': 1.0, 'alike': 1.0}
    """
    one, other = sound - sound.mean(), reference - reference.mean()
    products = correlate(one, other, mode="full", method="fft")
    middle = len(other) - 1
    first = max(0, middle - REACH)
    best = first + int(np.argmax(products[first : middle + REACH + 1]))
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    return {
        "ms": round((best - middle) * 1000 / SAMPLE_RATE_HZ, 3),
        "alike": round(float(products[best]) / norm if norm else 0.0, 3),
    }


def write_cut(path: Path, sound: Sound) -> str:
    pcm = np.rint(sound * 32_768).astype("<i2").tobytes()
    path.write_bytes(wav_header(len(pcm)) + pcm)
    return str(path)


def place_in(raw: Sound, utterance: Sound) -> int:
    """The sample of the raw file at which the utterance's file begins."""
    products = correlate(raw - raw.mean(), utterance - utterance.mean(), mode="valid", method="fft")
    return int(np.argmax(products))


def measure_utterance(said: dict[str, Any], folder: Path, tracks: dict[str, Sound], cuts: Path) -> dict[str, Any]:
    """Where an utterance's file lies in the raw one by its sound, and where the timeline says."""
    utterance_id = said["utterance_id"]
    path = folder / UTTERANCES / f"{utterance_id}.wav"
    (sound,), head = read_wav(path)
    begins = place_in(tracks["raw"], sound)
    stretch = slice(begins, begins + len(sound))
    told_ms = said["starts"]["stereo_ms"] - PRE_ROLL_MS
    return {
        "utterance_id": utterance_id,
        "transcript": said["transcript"],
        "head": head,
        "dbfs": dbfs(sound),
        "begins_ms": round(begins * 1000 / SAMPLE_RATE_HZ, 3),
        "off_timeline_ms": round(begins * 1000 / SAMPLE_RATE_HZ - told_ms, 3),
        "alike": lag(sound, tracks["raw"][stretch])["alike"],
        "conditioned_lag": lag(tracks["conditioned"][stretch], tracks["raw"][stretch]),
        "wav": str(path),
        "raw_wav": write_cut(cuts / f"raw-{utterance_id}.wav", tracks["raw"][stretch]),
        "conditioned_wav": write_cut(cuts / f"conditioned-{utterance_id}.wav", tracks["conditioned"][stretch]),
    }


def measure(folder: Path, cuts: Path) -> dict[str, Any]:
    timeline = json.loads((folder / TIMELINE).read_text())
    (epoch,) = timeline["epochs"]
    files = {name: f"{name}.{epoch['epoch']}.wav" for name in ("raw", "conditioned", "agent")}
    sounds = {name: read_wav(folder / file) for name, file in {**files, "stereo": STEREO}.items()}
    tracks = {name: sounds[name][0][0] for name in files}
    left, right = sounds["stereo"][0]
    utterances = [measure_utterance(said, folder, tracks, cuts) for said in timeline["utterances"]]
    return {
        "files": {
            name: {
                **head,
                "dbfs": [dbfs(side) for side in sides],
                "peaks": [peak(side) for side in sides],
            }
            for name, (sides, head) in sounds.items()
        },
        "lags": {
            "conditioned": lag(tracks["conditioned"], tracks["raw"]),
            "stereo, left, to raw": lag(left, tracks["raw"]),
            "stereo, right, to agent": lag(right, tracks["agent"]),
        },
        "timeline_seconds": timeline["duration_ms"] / 1000,
        "utterances": utterances,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("cuts", type=Path)
    arguments = parser.parse_args()
    print(json.dumps(measure(arguments.folder, arguments.cuts)))


if __name__ == "__main__":
    main()
