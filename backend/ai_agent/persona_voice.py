"""How does a sentence become sound? One persona's voice: read aloud, in time, and only as long as it is speech.

"It's 25% off."  ──spoken_text──> voice ──> SentenceStarted, Sound, Sound, …, SentenceFinished
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

from ai_agent.audio_format import BYTES_PER_SAMPLE, duration_ms
from ai_agent.line_cache import LineCache
from ai_agent.persona_script import PersonaScript
from ai_agent.providers import CancelToken, ProviderError, TextToSpeech
from ai_agent.speakable import spoken_text
from ai_agent.spoken_pauses import Pause, PauseFinder
from ai_agent.streams import timed, tried_twice

MAX_SPEECH_MS: Final = 2_000
MAX_SPEECH_MS_PER_CHARACTER: Final = 400
"""A voice that speaks longer than both together has run away."""
EMPTY_CHUNK_MS: Final = 1.0
"""What a chunk without sound counts as, so that they come to an end too."""


@dataclass(frozen=True, slots=True)
class SentenceStarted:
    """This sentence's sound begins. `sentence` is what the page shows."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Sound:
    """The next piece of the sentence: 48 kHz s16 mono, any even length."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class SentenceFinished:
    """All of the sentence's sound has been given."""

    sentence: str
    samples: int
    pauses: tuple[Pause, ...] = ()
    """Where the voice is silent in it."""


SpeechEvent = SentenceStarted | Sound | SentenceFinished


class PersonaVoice:
    """What a persona sounds like in one call."""

    def __init__(
        self, script: PersonaScript, tts: TextToSpeech, *, first_seconds: float, next_seconds: float, cache: LineCache
    ) -> None:
        """`first_seconds` and `next_seconds`: how long the first piece of sound, and each next one, may take."""
        self._script = script
        self._tts = tts
        self._first_seconds, self._next_seconds = first_seconds, next_seconds
        self._cache = cache

    def can_say(self, sentence: str) -> bool:
        """Whether there is anything in it to say."""
        return bool(self._spoken(sentence))

    async def say(self, sentence: str, *, cancel: CancelToken) -> AsyncGenerator[SpeechEvent, None]:
        """A sentence with its sound, as it is made.

        Raises:
            ProviderError: the voice failed, was late, or gave something that is not speech.
        """
        samples, silence = 0, PauseFinder()
        async with aclosing(self._voiced(self._spoken(sentence), cancel)) as chunks:
            async for pcm in chunks:
                if samples == 0:
                    yield SentenceStarted(sentence)
                samples += len(pcm) // BYTES_PER_SAMPLE
                silence.add(pcm)
                yield Sound(pcm)
        if not cancel.is_cancelled:
            yield SentenceFinished(sentence, samples, silence.pauses())

    def sound_at_hand(self, sentence: str) -> bytes | None:
        """All of a sentence's sound, where it has been made before."""
        return self._cache.get(self._cache.key(self._tts.name, self._script.voice, self._spoken(sentence)))

    async def whole_sound(self, sentence: str) -> bytes:
        """All of a sentence's sound, from the process-wide cache or made now.

        Raises:
            ProviderError: as `say`.
        """
        text = self._spoken(sentence)
        key = self._cache.key(self._tts.name, self._script.voice, text)
        return await self._cache.get_or_make(key, lambda: self._made_whole(text))

    async def _made_whole(self, text: str) -> bytes:
        return b"".join([chunk async for chunk in self._voiced(text, CancelToken())])

    def _spoken(self, sentence: str) -> str:
        return spoken_text(sentence, self._script.language)

    def _voiced(self, text: str, cancel: CancelToken) -> AsyncGenerator[bytes, None]:
        """The sound of `text`. A voice that fails before the first sample is asked once more."""
        return tried_twice(
            lambda seconds: self._voiced_once(text, seconds, cancel),
            seconds=self._first_seconds,
            is_result=lambda _: True,
            cancel=cancel,
        )

    async def _voiced_once(self, text: str, seconds: float, cancel: CancelToken) -> AsyncGenerator[bytes, None]:
        sound = timed(
            lambda: self._tts.synthesize(text, voice=self._script.voice, cancel=cancel),
            of=bytes,
            first_seconds=seconds,
            next_seconds=self._next_seconds,
            provider=self._tts.name,
            what="sound",
        )
        longest_ms = MAX_SPEECH_MS + MAX_SPEECH_MS_PER_CHARACTER * len(text)
        given_ms, is_audible = 0.0, False
        async with aclosing(sound) as chunks:
            async for pcm in chunks:
                given_ms += duration_ms(pcm) or EMPTY_CHUNK_MS
                if len(pcm) % BYTES_PER_SAMPLE or given_ms > longest_ms:
                    raise ProviderError(self._tts.name, "gave something that is not speech", retryable=True)
                is_audible = is_audible or pcm.count(0) < len(pcm)
                if pcm:
                    yield pcm
        if not is_audible and not cancel.is_cancelled:
            raise ProviderError(self._tts.name, "gave no sound", retryable=True)
