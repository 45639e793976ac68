"""Which recogniser, language model and voice? Ports, their one error, and the tables of those who fill them.

    AI_MODE chooses all three; a role's own variable (STT_PROVIDER, …) beats it; a table turns the name into a class.

Nothing here imports a provider: a class is loaded by its dotted path when it is chosen.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Protocol, cast, get_args, runtime_checkable

Role = Literal["stt", "llm", "tts"]
ROLES: tuple[Role, ...] = get_args(Role)


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


class UnknownProvider(ValueError):
    """A name in the configuration that no table holds. The message is one line that says what can be written."""


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
    is_doubtful: bool = False
    """A probe that is no verdict: the words, if any, are not to be believed."""
    alternatives: tuple[str, ...] = ()
    """Of a probe's few doubtful words: what they may have been as well, all but as likely."""


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
    probe_warm_up_seconds: float
    """How long a probe of a usual clip took when this was warmed up; 0 where it costs no time, or is not known."""

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


@runtime_checkable
class EndOfTurnModel(Protocol):
    """Does this sound like the end of what somebody has to say? Raises ProviderError only.

    It is no role: a call goes on without it, and turns end by silence alone.
    """

    name: str

    async def warm_up(self) -> None:
        """Load what is needed; ProviderError with one clear line when it cannot be had."""

    async def predict(self, audio: bytes, *, cancel: CancelToken) -> float:
        """The probability that nothing follows, 0 to 1. The last 8 s of `audio` count, the silence at its end too.

        `audio` is 48 kHz s16 mono. No sound, or work that was cancelled, is 0.
        """

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

END_OF_TURN_MODELS: dict[str, str] = {
    "mock": "ai_agent.mock_providers.end_of_turn.MockEndOfTurnModel",
    "smart-turn": "ai_agent.live_providers.smart_turn.SmartTurn",
}

PROVIDERS: dict[Role, dict[str, str]] = {"stt": STT_PROVIDERS, "llm": LLM_PROVIDERS, "tts": TTS_PROVIDERS}

AI_MODES: dict[str, dict[Role, str]] = {
    "mock": {"stt": "mock", "llm": "mock", "tts": "mock"},
    "local": {"stt": "whisper", "llm": "local", "tts": "local"},
}

NOT_IN_THIS_RELEASE: dict[Role, frozenset[str]] = {
    "stt": frozenset({"groq", "sarvam", "openai"}),
    "llm": frozenset({"groq", "openai"}),
    "tts": frozenset({"coqui", "sarvam", "kokoro", "openai"}),
}
"""Names that the configuration will know; choosing one now is answered with what there is instead."""


def choose_providers(ai_mode: str, stt: str = "", llm: str = "", tts: str = "") -> dict[Role, str]:
    """The name chosen for each role: its own variable if it is set, else what AI_MODE says.

    >>> choose_providers("local", tts="mock")
    {'stt': 'whisper', 'llm': 'local', 'tts': 'mock'}

    Raises:
        UnknownProvider: a name is not in the tables.
    """
    own: dict[Role, str] = {"stt": stt, "llm": llm, "tts": tts}
    if ai_mode not in AI_MODES and not all(own.values()):
        raise UnknownProvider(_unknown_mode(ai_mode))
    chosen = {role: own[role] or AI_MODES[ai_mode][role] for role in ROLES}
    for role, provider in chosen.items():
        if provider not in PROVIDERS[role]:
            raise UnknownProvider(_unknown_provider(role, provider))
    return chosen


def _unknown_mode(ai_mode: str) -> str:
    if ai_mode == "live":
        return "AI_MODE=live: the cloud providers are not in this release; use AI_MODE=local or AI_MODE=mock"
    return f"AI_MODE={ai_mode}: unknown; write {' or '.join(AI_MODES)}"


def _unknown_provider(role: Role, provider: str) -> str:
    variable, there_is = f"{role.upper()}_PROVIDER", ", ".join(sorted(PROVIDERS[role]))
    if provider in NOT_IN_THIS_RELEASE[role]:
        return f"{variable}={provider}: not in this release, which has {there_is}"
    return f"{variable}={provider}: unknown; this release has {there_is}"


def load_provider(role: Role, provider: str) -> type[Any]:
    """The class that a table names, imported now.

    Raises:
        UnknownProvider: the name is not in the role's table.
    """
    if provider not in PROVIDERS[role]:
        raise UnknownProvider(_unknown_provider(role, provider))
    return _load_class(PROVIDERS[role][provider])


def _load_class(dotted_path: str) -> type[Any]:
    module_path, _, class_name = dotted_path.rpartition(".")
    return cast("type[Any]", getattr(import_module(module_path), class_name))


@dataclass(frozen=True, slots=True)
class Providers:
    """The three that this process uses for every call. Made once, loaded and warmed before the first call."""

    stt: SpeechToText
    llm: LanguageModel
    tts: TextToSpeech
    stand_ins: tuple[Role, ...]
    """Roles filled by a stand-in: the page and the log say so."""
    end_of_turn: EndOfTurnModel | None = None
    """None: turns end by silence alone."""

    async def warm_up(self) -> tuple[ProviderError, ...]:
        """Load all three at the same time. Empty when every one is ready; else what is wrong with which."""
        outcomes = await asyncio.gather(
            self.stt.warm_up(), self.llm.warm_up(), self.tts.warm_up(), return_exceptions=True
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, ProviderError):
                raise outcome
        return tuple(outcome for outcome in outcomes if isinstance(outcome, ProviderError))

    async def warm_up_end_of_turn(self) -> ProviderError | None:
        """Load the one that a call can do without; why it cannot be had."""
        try:
            if self.end_of_turn is not None:
                await self.end_of_turn.warm_up()
        except ProviderError as error:
            return error
        return None

    async def close(self) -> None:
        """Let the engines and their threads go."""
        engines = (self.stt, self.llm, self.tts, self.end_of_turn)
        await asyncio.gather(*(engine.close() for engine in engines if engine is not None))


def build_providers(settings: Any) -> Providers:
    """The providers that the settings choose, not yet warmed. `settings` is Django's, or anything with its names.

    Raises:
        UnknownProvider: AI_MODE or a role's variable names what this release has not.
        ProviderError: the stand-in voice's file cannot be used.
    """
    chosen = choose_providers(settings.AI_MODE, settings.STT_PROVIDER, settings.LLM_PROVIDER, settings.TTS_PROVIDER)
    built = {
        role: load_provider(role, provider)(**_arguments(role, provider, settings)) for role, provider in chosen.items()
    }
    stand_ins = tuple(role for role in ROLES if chosen[role] == "mock")
    return Providers(
        stt=built["stt"],
        llm=built["llm"],
        tts=built["tts"],
        stand_ins=stand_ins,
        end_of_turn=_build_end_of_turn(settings),
    )


def _build_end_of_turn(settings: Any) -> EndOfTurnModel:
    if settings.AI_MODE == "mock":
        return cast("EndOfTurnModel", _load_class(END_OF_TURN_MODELS["mock"])())
    model_path = Path(settings.MODELS_DIR) / settings.END_OF_TURN_MODEL
    return cast("EndOfTurnModel", _load_class(END_OF_TURN_MODELS["smart-turn"])(model_path=model_path))


def _arguments(role: Role, provider: str, settings: Any) -> Mapping[str, object]:
    """What a provider's constructor takes from the settings."""
    models_dir = Path(settings.MODELS_DIR)
    match role, provider:
        case "stt", "mock":
            return {"delay_ms": settings.MOCK_STT_DELAY_MS, "text": settings.MOCK_STT_TEXT}
        case "llm", "mock":
            return {"delay_ms": settings.MOCK_LLM_DELAY_MS, "reply": settings.MOCK_LLM_REPLY}
        case "tts", "mock":
            return {"delay_ms": settings.MOCK_TTS_DELAY_MS, "wav": settings.MOCK_TTS_WAV}
        case "stt", "whisper":
            return {
                "model_path": models_dir / settings.WHISPER_MODEL,
                "probe_model_path": models_dir / settings.PROBE_WHISPER_MODEL,
                "window": settings.WHISPER_WINDOW,
            }
        case "llm", "local":
            return {"model_path": models_dir / settings.LOCAL_LLM_MODEL}
        case _:
            return {}
