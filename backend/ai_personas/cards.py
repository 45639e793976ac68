"""What does a page show of a persona? Its name, its manners and its voice, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from django.conf import settings

from ai_agent.persona_behaviors import MANNERS, Manner
from ai_agent.signaling import PersonaCard
from ai_personas.schema import BargeIn, Voice, VoiceId, parse_persona

_MANNER_WORDS: Final[dict[Manner, str]] = {
    "eager": "Stops at your first word",
    "balanced": "Stops after two words",
    "patient": "Lets “mm-hm” pass",
    "stop-words-only": "Say “stop”, or use the button",
}

_VOICE_WORDS: Final[dict[VoiceId, tuple[str, str]]] = {
    "clear": ("Clear", "medium pace"),
    "low": ("Low", "unhurried"),
    "bright": ("Bright", "even"),
    "warm": ("Warm", "slow"),
    "soft": ("Soft", "very slow"),
}
"""Each voice → its sound, and its pace where a persona leaves it near the voice's own."""

_NEAR_ITS_OWN_PACE: Final = (0.9, 1.1)


def persona_card(configuration: Mapping[str, Any], *, slug: str, version: int) -> PersonaCard:
    """The card of one version, whose configuration `parse_persona` has accepted."""
    config = parse_persona(configuration)
    return PersonaCard(
        slug=slug,
        name=config.name,
        role=config.role or "",
        description=config.description,
        shape=config.look.shape,
        manner=config.barge_in.manner,
        manner_words=manner_words(config.barge_in),
        adjusted=is_adjusted(config.barge_in),
        voice_words=voice_words(config.voice),
        kind=config.kind,
        version=version,
        language=config.metadata.language,
        silence_duration_ms=silence_duration_ms(configuration),
    )


def silence_duration_ms(configuration: Mapping[str, Any]) -> int:
    """The silence that ends a turn, as the persona has it, else the setting."""
    own: int | None = configuration.get("turn_taking", {}).get("silence_duration_ms")
    return own or settings.SILENCE_DURATION_MS


def is_adjusted(barge_in: BargeIn) -> bool:
    """Does it differ from what its manner says? An override that repeats the manner's number does not."""
    numbers = asdict(MANNERS[barge_in.manner])
    return any(numbers[name] != value for name, value in barge_in.overrides.model_dump().items())


def manner_words(barge_in: BargeIn) -> str:
    """What a caller will notice first about being heard or not."""
    numbers = {**asdict(MANNERS[barge_in.manner]), **barge_in.overrides.model_dump()}
    if numbers["content_words"] == MANNERS[barge_in.manner].content_words:
        return _MANNER_WORDS[barge_in.manner]
    match numbers["content_words"]:
        case None:
            return _MANNER_WORDS["stop-words-only"]
        case 1:
            return _MANNER_WORDS["eager"]
        case 2:
            return _MANNER_WORDS["balanced"]
        case _:
            return "Lets “okay” pass"


def voice_words(voice: Voice) -> str:
    """How the voice sounds, and how fast.

    >>> voice_words(Voice(voice_id="warm")), voice_words(Voice(voice_id="clear", pace=1.3))
    ('Warm, slow', 'Clear, faster than usual')
    """
    sound, own_pace = _VOICE_WORDS[voice.voice_id]
    slowest, fastest = _NEAR_ITS_OWN_PACE
    if voice.pace < slowest:
        return f"{sound}, slower than usual"
    if voice.pace > fastest:
        return f"{sound}, faster than usual"
    return f"{sound}, {own_pace}"
