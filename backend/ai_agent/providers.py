"""Which recogniser, language model and voice? Ports, their one error, and the tables of those who fill them."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

Role = Literal["stt", "llm", "tts"]


class ProviderError(Exception):
    """The only error that leaves an adapter. It answers the caller's question: is it worth trying again?

    `reason` is one plain line without keys, addresses with credentials or transcripts.
    """

    def __init__(self, provider: str, reason: str, *, retryable: bool, retry_after: float | None = None) -> None:
        super().__init__(f"{provider}: {reason}")
        self.provider = provider
        self.reason = reason
        self.retryable = retryable
        self.retry_after = retry_after
        """Seconds that the provider asked us to wait, where it said so."""


class CancelToken:
    """A flag that may be set from any thread. Work that sees it stops early; its result is dropped either way."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        self._event.set()

    @property
    def is_cancelled(self) -> bool:
        return self._event.is_set()


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said. Empty text is a valid result: nothing intelligible. Sound is given as 48 kHz s16 mono bytes."""

    text: str
    avg_logprob: float | None = None
    no_speech_probability: float | None = None
    fell_back: bool = False
    """The short window was not believed and the full one was used."""


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ReplyOptions:
    temperature: float = 0.6
    max_tokens: int = 60
    max_sentences: int = 2


@dataclass(frozen=True, slots=True)
class VoiceSettings:
    voice_id: str = "clear"
    pace: float = 1.0
    """Speaking rate, 1.0 is the voice's own."""
    pitch: float = 0.0
    """Semitones up or down."""
    language: str = "en"
    by_provider: dict[str, dict[str, object]] = field(default_factory=dict)


@runtime_checkable
class SpeechToText(Protocol):
    """One call a turn. `audio` is 48 kHz s16 mono; the adapter resamples for itself. Raises ProviderError only."""

    name: str

    async def warm_up(self) -> None:
        """Load what is needed; ProviderError with one clear line when it cannot be had."""

    async def transcribe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript: ...

    async def transcribe_probe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
        """A quick look at a short clip (at most 2.5 s), for barge-in only; may be unsure, never falls back."""

    async def close(self) -> None: ...


@runtime_checkable
class LanguageModel(Protocol):
    """Text in, text out, token by token. Raises ProviderError only."""

    name: str

    async def warm_up(self) -> None: ...

    async def prepare(self, messages: Sequence[ChatMessage]) -> None:
        """Read a prompt's prefix ahead of its first use, where the engine can; else nothing."""

    def stream(
        self, messages: Sequence[ChatMessage], *, options: ReplyOptions, cancel: CancelToken
    ) -> AsyncIterator[str]: ...

    async def close(self) -> None: ...


@runtime_checkable
class TextToSpeech(Protocol):
    """One sentence in, 48 kHz s16 mono chunks of any even length out. Raises ProviderError only."""

    name: str

    async def warm_up(self) -> None: ...

    def synthesize(self, text: str, *, voice: VoiceSettings, cancel: CancelToken) -> AsyncIterator[bytes]: ...

    async def close(self) -> None: ...


STT_PROVIDERS: dict[str, str] = {
    "mock": "ai_agent.mock_providers.stt.MockSpeechToText",
    "whisper": "ai_agent.live_providers.whisper.WhisperSpeechToText",
}
LLM_PROVIDERS: dict[str, str] = {
    "mock": "ai_agent.mock_providers.llm.MockLanguageModel",
    "local": "ai_agent.live_providers.local_llm.LocalLanguageModel",
}
TTS_PROVIDERS: dict[str, str] = {
    "mock": "ai_agent.mock_providers.tts.MockTextToSpeech",
    "local": "ai_agent.live_providers.hibari.HibariTextToSpeech",
}
