"""Who speaks in the cases? The product's own voice in other sizes, voices and recordings that Debian packages.

Nothing here lies in the tree: what a voice says is made when it is first wanted, and kept under `.cache`. espeak-ng is
called as a program of its own. A voice that is not installed is told of, and its cases are left out.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import soxr

from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.live_providers.hibari import HibariTextToSpeech
from ai_agent.providers import CancelToken, VoiceSettings
from bench.bargein.cases import Case, Voice
from tests.contracts.speech import RECORDINGS

Sound = npt.NDArray[np.float64]
"""48 kHz mono between −1 and 1."""

CACHE: Final = Path(__file__).with_name(".cache")
ASTERISK: Final = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
FESTIVAL: Final = Path("/usr/share/festival/voices/us/cmu_us_slt_arctic_hts")
PACKAGES: Final = {
    "flite": "flite",
    "espeak-ng": "espeak-ng",
    "asterisk": "asterisk-core-sounds-en-wav",
    "pocketsphinx": "pocketsphinx-testdata",
    "festival": "festvox-us-slt-hts",
}
"""Engine → the Debian package that brings it."""


def speak(voice: Voice, words: str) -> Sound:
    """These words in this voice, without silence before and after."""
    return _trimmed(cached(f"{voice.engine} {json.dumps(dict(voice.settings))} {words}", lambda: _made(voice, words)))


def missing_engines(cases: Iterable[Case]) -> dict[str, list[str]]:
    """Engines that are not installed → the ids of the cases that need them."""
    missing: dict[str, list[str]] = {}
    for case in cases:
        voices = [case.voice, case.then.get("voice")]
        for voice in filter(None, voices):
            if not is_installed(voice.engine):
                missing.setdefault(voice.engine, []).append(case.id)
    return missing


@cache
def is_installed(engine: str) -> bool:
    match engine:
        case "flite" | "espeak-ng":
            return shutil.which(engine) is not None
        case "festival":
            return FESTIVAL.is_dir() and shutil.which("text2wave") is not None
        case "asterisk":
            return ASTERISK.is_dir()
        case "pocketsphinx":
            return RECORDINGS.is_dir()
        case _:
            return True


def cached(name: str, make: Callable[[], Sound]) -> Sound:
    """The sound of this name, made once and kept as 16-bit samples."""
    path = CACHE / "sounds" / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.npy"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            np.save(file, (np.clip(make(), -1, 1) * 32767).astype(np.int16))
        part.replace(path)
    return np.load(path) / 32768


def say_hibari(text: str, settings: VoiceSettings) -> bytes:
    """What the product's voice makes of a sentence: 48 kHz s16 mono."""
    return asyncio.run(_hibari(text, settings))


async def _hibari(text: str, settings: VoiceSettings) -> bytes:
    tts = HibariTextToSpeech()
    await tts.warm_up()
    sound = [chunk async for chunk in tts.synthesize(text, voice=settings, cancel=CancelToken())]
    await tts.close()
    return b"".join(sound)


def _made(voice: Voice, words: str) -> Sound:
    settings = voice.settings
    match voice.engine:
        case "hibari":
            return np.frombuffer(say_hibari(words, VoiceSettings(**settings)), "<i2") / 32768
        case "flite":
            stretch = f"duration_stretch={settings['stretch']}"
            return _spoken_by(["flite", "-voice", settings["voice_id"], "--setf", stretch, "-t", words, "-o"])
        case "espeak-ng":
            pace = str(settings["words_a_minute"])
            return _spoken_by(["espeak-ng", "-v", settings["voice_id"], "-s", pace, words, "-w"])
        case "festival":
            return _spoken_by(["text2wave", "-eval", f"(voice_{settings['voice_id']})", "-o"], said=words)
        case "asterisk":
            return read_sound(ASTERISK / f"{words}.wav")
        case "pocketsphinx":
            return read_sound(RECORDINGS / words)
        case _:
            raise ValueError(f"no engine {voice.engine!r}")


def _spoken_by(command: list[str], *, said: str = "") -> Sound:
    """What a program writes into the file that is named last. `said` is given to it to read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "spoken.wav"
        subprocess.run([*command, str(path)], input=said.encode(), check=True, capture_output=True, timeout=60)
        return read_sound(path)


def read_sound(path: Path) -> Sound:
    """A mono recording of any rate; without a header it is 16 kHz."""
    if path.suffix == ".wav":
        with wave.open(str(path), "rb") as recording:
            rate_hz, content = recording.getframerate(), recording.readframes(recording.getnframes())
    else:
        rate_hz, content = 16_000, path.read_bytes()
    samples = np.frombuffer(content, "<i2").astype(np.float64) / 32768
    return np.asarray(soxr.resample(samples, rate_hz, SAMPLE_RATE_HZ))


def _trimmed(sound: Sound) -> Sound:
    """Between its first and its last sample within 40 dB of the loudest."""
    loud = np.flatnonzero(np.abs(sound) > np.abs(sound).max() * 0.01)
    return sound[loud[0] : loud[-1] + 1] if len(loud) else sound
