"""A voice of tones: the same text is the same sound, and a longer text is a longer one."""

from __future__ import annotations

import asyncio
import wave
import zlib
from collections.abc import AsyncIterator, Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

from ai_agent.audio_format import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, samples_in
from ai_agent.mock_providers.faults import LATE_SECONDS, Fault, FaultScript
from ai_agent.providers import CancelToken, ProviderError, VoiceSettings

CHARACTER_MS = 60
"""How long a character lasts at pace 1.0."""

CHUNK_BYTES = samples_in(200) * BYTES_PER_SAMPLE
FADE_SAMPLES = samples_in(5)
AMPLITUDE = 0.2
LOWEST_HZ, NOTES, SEMITONE = 220.0, 24, 2 ** (1 / 12)
GARBAGE_CHUNK = b"\x7f"


class MockTextToSpeech:
    """Speaks tones, one a character, after `delay_ms`; or the 48 kHz mono WAV file `wav`, whatever the text."""

    name = "mock"

    def __init__(
        self,
        *,
        delay_ms: float = 0,
        wav: str | Path = "",
        faults: Iterable[Fault] = (),
        late_seconds: float = LATE_SECONDS,
    ) -> None:
        self._delay_ms = delay_ms
        self._recording = _read_wav(Path(wav)) if wav else None
        self._script = FaultScript(faults, late_seconds=late_seconds)
        self.spoken: list[str] = []
        """Each text it was given, in order."""

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def synthesize(self, text: str, *, voice: VoiceSettings, cancel: CancelToken) -> AsyncIterator[bytes]:
        self.spoken.append(text)
        await asyncio.sleep(self._delay_ms / 1000)
        fault = self._script.next_fault()
        await self._script.suffer(fault, self.name)
        if fault == "garbage":
            yield GARBAGE_CHUNK
        if fault is not None:
            return
        sound = self._recording or tones(text, pace=voice.pace, semitones=voice.pitch)
        for start in range(0, len(sound), CHUNK_BYTES):
            if cancel.is_cancelled:
                return
            yield sound[start : start + CHUNK_BYTES]
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Nothing to let go."""


@lru_cache(maxsize=64)
def tones(text: str, *, pace: float = 1.0, semitones: float = 0.0) -> bytes:
    """`text` as 48 kHz s16 mono tones: a note a character, a space is silence.

    >>> tones("hello") == tones("hello"), len(tones("hello")) == 5 * samples_in(60) * 2
    (True, True)
    """
    length = samples_in(CHARACTER_MS / pace)
    notes = [_note(character, length, SEMITONE**semitones) for character in text]
    sound = np.concatenate(notes) if notes else np.zeros(0)
    return (sound * 32767).astype("<i2").tobytes()


def _note(character: str, length: int, factor: float) -> np.ndarray:
    if character.isspace():
        return np.zeros(length)
    frequency_hz = LOWEST_HZ * SEMITONE ** (zlib.crc32(character.lower().encode()) % NOTES) * factor
    tone = AMPLITUDE * np.sin(2 * np.pi * frequency_hz * np.arange(length) / SAMPLE_RATE_HZ)
    fade = np.minimum(1.0, np.arange(length) / FADE_SAMPLES)
    return tone * fade * fade[::-1]


def _read_wav(path: Path) -> bytes:
    try:
        with wave.open(str(path), "rb") as recording:
            form = (recording.getframerate(), recording.getsampwidth(), recording.getnchannels())
            if form != (SAMPLE_RATE_HZ, BYTES_PER_SAMPLE, 1):
                raise ProviderError("mock", f"MOCK_TTS_WAV={path}: not 48 kHz, 16 bit, mono", retryable=False)
            return recording.readframes(recording.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise ProviderError(
            "mock", f"MOCK_TTS_WAV={path}: {str(error) or 'ends too early'}", retryable=False
        ) from error
