"""How does a sentence sound? A small voice on this machine (hibari, ONNX), varied in size and pitch.

The model speaks in one voice. A variant reads the model's 24 kHz as a little more or less than that: everything moves,
as with a smaller or larger speaker, while `speed` keeps the pace; the pitch curve is shifted on top.

    text ──> phonemes ──> spectra and pitch ──> 24 kHz (× size), edges cut ──> 48 kHz, one resampler for all of it

The model puts 0.3 s of silence before what it says and 0.5 s behind it. Kept, each answer would come so much later.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import soxr
from hibari import Hibari, dsp

from ai_agent.audio_format import SAMPLE_RATE_HZ, samples_in
from ai_agent.engine_pool import EnginePool, StopCheck
from ai_agent.providers import CancelToken, ProviderError, VoiceSettings

CHUNK_SAMPLES: Final = samples_in(200)
SENTENCE_ENDS: Final = (".", "?", "!", "…")
GAIN: Final = 1.5
"""Brings the model's voice to about -22 dBFS."""
KNEE: Final = 0.8
"""Above this share of full scale peaks are bent, never cut."""
AUDIBLE: Final = 0.001
"""Share of full scale; what the model gives before and after its words is fainter."""
LEAD_SECONDS: Final = 0.02
"""Before the first audible sample: the breath of an "h" begins below it."""
SENTENCE_PAUSE_SECONDS: Final = 0.25
CLAUSE_PAUSE_SECONDS: Final = 0.08
"""After the last audible sample, where the text ends without a full stop because the rest is still being written."""
SLOWEST, FASTEST = 0.5, 2.0
"""What the model can do, as a factor of its own pace."""

LANGUAGE: Final = "en"


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to use the voice."""

    size: float = 1.0
    """Below 1 a larger speaker (everything lower), above 1 a smaller one."""
    semitones: float = 0.0
    """Of the pitch alone, on top of what the size does."""
    pace: float = 1.0


VARIANTS: Final = {
    "clear": Variant(),
    "low": Variant(size=0.88, semitones=-2.0),
    "bright": Variant(size=1.06, semitones=1.0, pace=1.03),
    "warm": Variant(size=0.95, semitones=-1.0, pace=0.97),
    "soft": Variant(semitones=-1.5, pace=0.95),
}

Sound = npt.NDArray[np.float32]


class HibariTextToSpeech:
    """One voice, one thread."""

    name = "hibari"

    def __init__(self, *, wait_seconds: float = 4.0) -> None:
        """`wait_seconds` is how long a sentence may wait for others to be done."""
        self._pool = EnginePool("hibari", max_waiting=8, wait_seconds=wait_seconds)
        self._voice: Any = None

    async def warm_up(self) -> None:
        """Load the voice and its dictionary, and let it say something."""
        self._voice = await self._pool.run(lambda _: _load(), cancel=CancelToken(), waits=False)

    async def synthesize(self, text: str, *, voice: VoiceSettings, cancel: CancelToken) -> AsyncGenerator[bytes, None]:
        if self._voice is None:
            raise ProviderError(self.name, "not loaded", retryable=False)
        if voice.language.partition("-")[0] != LANGUAGE:
            raise ProviderError(self.name, f"this voice does not speak {voice.language!r}", retryable=False)
        variant = VARIANTS.get(voice.voice_id)
        if variant is None:
            known = ", ".join(VARIANTS)
            raise ProviderError(self.name, f"no voice {voice.voice_id!r}; there are {known}", retryable=False)

        delivery = deliver(variant, voice)

        def speak(emit: Callable[[bytes], None], stop: StopCheck) -> None:
            _speak(self._voice, text, delivery, emit, stop)

        async for chunk in self._pool.stream(speak, cancel=cancel):
            yield chunk

    async def close(self) -> None:
        self._pool.close()


def _load() -> Any:
    voice = Hibari(threads=1)
    voice("Hello.")
    return voice


@dataclass(frozen=True, slots=True)
class Delivery:
    """A variant and a persona's wishes, as numbers for the engine."""

    rate_factor: float
    """The model's samples are taken to be this many times as fast."""
    speed: float
    pitch_factor: float


def deliver(variant: Variant, voice: VoiceSettings) -> Delivery:
    """How the engine must work for this variant, pace and pitch.

    >>> deliver(Variant(size=0.8), VoiceSettings(pace=1.0, pitch=12.0))
    Delivery(rate_factor=0.8, speed=1.25, pitch_factor=2.0)
    """
    speed = min(FASTEST, max(SLOWEST, voice.pace * variant.pace / variant.size))
    return Delivery(variant.size, speed, 2 ** ((variant.semitones + voice.pitch) / 12))


def _speak(hibari: Any, text: str, delivery: Delivery, emit: Callable[[bytes], None], stop: StopCheck) -> None:
    """All of `text`, in chunks. Runs in the engine's thread."""
    resampler = soxr.ResampleStream(hibari.sample_rate * delivery.rate_factor, SAMPLE_RATE_HZ, 1, dtype="float32")
    noise = np.random.default_rng(zlib.crc32(text.encode()))
    for phonemes in hibari.phonemize(text):
        if stop():
            return
        pause_seconds = SENTENCE_PAUSE_SECONDS if phonemes.endswith(SENTENCE_ENDS) else CLAUSE_PAUSE_SECONDS
        sound = without_edges(
            _render(hibari, phonemes, delivery, noise), rate_hz=hibari.sample_rate, pause_seconds=pause_seconds
        )
        _emit_chunks(resampler.resample_chunk(sound), emit)
    _emit_chunks(resampler.resample_chunk(np.zeros(0, np.float32), last=True), emit)


def _render(hibari: Any, phonemes: str, delivery: Delivery, noise: np.random.Generator) -> Sound:
    """One sentence at the model's rate, with its pitch curve moved."""
    feed = {
        "ids": np.asarray([hibari.ids(phonemes)], np.int64),
        "speed": np.asarray([delivery.speed], np.float32),
    }
    *spectra, pitch_hz = (output[0] for output in hibari.sess.run(None, feed))
    sound: Sound = dsp.synth(*spectra, pitch_hz * np.float32(delivery.pitch_factor), noise)
    return sound


def without_edges(sound: Sound, *, rate_hz: int, pause_seconds: float) -> Sound:
    """`sound` from just before its first audible sample to `pause_seconds` after its last; nothing of silence alone.

    >>> word = np.repeat(np.array([0, 0.5, 0], np.float32), 100)
    >>> len(without_edges(word, rate_hz=1000, pause_seconds=0.05))
    170
    """
    audible = np.flatnonzero(np.abs(sound) > AUDIBLE)
    if len(audible) == 0:
        return sound[:0]
    start = max(0, audible[0] - round(LEAD_SECONDS * rate_hz))
    return sound[start : audible[-1] + 1 + round(pause_seconds * rate_hz)]


def _emit_chunks(sound: Sound, emit: Callable[[bytes], None]) -> None:
    pcm = (limited(sound * GAIN) * 32767).astype("<i2").tobytes()
    for start in range(0, len(pcm), CHUNK_SAMPLES * 2):
        emit(pcm[start : start + CHUNK_SAMPLES * 2])


def limited(sound: Sound) -> Sound:
    """`sound` with its peaks bent so that none reaches full scale.

    >>> [round(float(level), 2) for level in limited(np.array([0.5, 0.8, 1.0, 5.0], np.float32))]
    [0.5, 0.8, 0.95, 1.0]
    """
    over = np.maximum(np.abs(sound) - KNEE, 0.0)
    bent = np.sign(sound) * (KNEE + (1 - KNEE) * np.tanh(over / (1 - KNEE)))
    return np.where(over > 0, bent, sound).astype(np.float32)
