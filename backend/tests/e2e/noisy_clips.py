"""A bad microphone for a browser: read speech, and the room that it is read in, as 48 kHz files to be played together.

    python -m tests.e2e.noisy_clips FOLDER

The room is a fan, the rumble of a house, some mains hum and an offset, 10 dB under the speech, and can be played again
and again. Equal on every run. Prints `{"room": path, "turns": [{"path": …, "words": …}, …]}`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ai_agent.audio_format import SAMPLE_RATE_HZ
from bench.conditioning.clips import ACTIVE_DBFS, Sound, active_dbfs, brown, fan, hum
from tests.contracts.speech import READ_ALOUD
from tests.e2e.clips import tell, write_wav

SPOKEN = READ_ALOUD[3:]
SNR_DB = 10.0
OFFSET = 0.02
HUM_SHARE = 0.5
ROOM_SECONDS = 20
"""Whole seconds, so that rumble and hum have no seam."""
SEED = 4


def speech(audio: bytes) -> Sound:
    """A recording at the bench's level."""
    sound = np.frombuffer(audio, "<i2") / 32_768
    return sound * 10 ** ((ACTIVE_DBFS - active_dbfs(sound)) / 20)


def room() -> Sound:
    """A fan and rumble, equally strong, and half as much hum."""
    rng, count = np.random.default_rng(SEED), ROOM_SECONDS * SAMPLE_RATE_HZ
    parts = (fan(rng, count), brown(rng, count), hum(rng, count))
    noise = sum(share * part / part.std() for share, part in zip((1.0, 1.0, HUM_SHARE), parts, strict=True))
    return noise * 10 ** ((ACTIVE_DBFS - SNR_DB) / 20) / noise.std() + OFFSET


def write_clips(folder: Path) -> dict[str, object]:
    """Write the room and every turn into the folder and say what is where."""
    turns = []
    for number, one in enumerate(SPOKEN, 1):
        path = folder / f"turn-{number}.wav"
        write_wav(path, speech(one.audio))
        turns.append({"path": str(path), "words": one.words})
    write_wav(folder / "room.wav", room())
    return {"room": str(folder / "room.wav"), "turns": turns}


if __name__ == "__main__":
    tell(write_clips, about=__doc__)
