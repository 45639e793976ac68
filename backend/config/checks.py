"""Is what the operator wrote usable? Every problem at once, as Django system checks with a hint each."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from ai_agent.providers import LLM_PROVIDERS, STT_PROVIDERS, TTS_PROVIDERS
from ai_agent.question_banks import bank_problems

_TABLES = {"STT_PROVIDER": STT_PROVIDERS, "LLM_PROVIDER": LLM_PROVIDERS, "TTS_PROVIDER": TTS_PROVIDERS}
_KEYS = {"groq": "GROQ_API_KEY", "sarvam": "SARVAM_API_KEY", "openai": "OPENAI_API_KEY"}
"""Provider → the variable that holds its key."""
_BASE_URLS = {"STT_PROVIDER": "STT_BASE_URL", "LLM_PROVIDER": "LLM_BASE_URL", "TTS_PROVIDER": "TTS_BASE_URL"}


@checks.register("parley")
def check_environment(**_: Any) -> list[checks.CheckMessage]:
    """Values of the wrong kind, out of range, too long or missing."""
    return [
        checks.Error(problem.message, hint=problem.hint, id="parley.E001") for problem in settings.ENVIRONMENT_PROBLEMS
    ]


@checks.register("parley")
def check_providers(**_: Any) -> list[checks.CheckMessage]:
    """Each role's provider is one that we have, and its key is there."""
    chosen = {variable: getattr(settings, variable) for variable in _TABLES}
    return [*_missing_keys(chosen), *_unknown_providers(chosen)]


@checks.register("parley")
def check_question_banks(**_: Any) -> list[checks.CheckMessage]:
    """Every bank's files can be read, and hold what an interview asks."""
    return [
        checks.Error(problem, hint="Put this file right: an interview is made of it.", id="parley.E004")
        for problem in bank_problems()
    ]


def _missing_keys(chosen: dict[str, str]) -> list[checks.CheckMessage]:
    """One line a key, however many roles want it."""
    wanted_by: dict[str, list[str]] = {}
    for variable, provider in chosen.items():
        if _lacks_key(variable, provider):
            wanted_by.setdefault(provider, []).append(variable)
    return [
        checks.Error(
            f"{_KEYS[provider]} is missing: AI_MODE={settings.AI_MODE} with "
            f"{' and '.join(f'{variable}={provider}' for variable in variables)} needs it.",
            hint=_hint_for_key(provider, variables),
            id="parley.E002",
        )
        for provider, variables in wanted_by.items()
    ]


def _hint_for_key(provider: str, variables: list[str]) -> str:
    """Nobody is sent to buy a key that this release has no use for."""
    if any(provider in _TABLES[variable] for variable in variables):
        return f"Write {_KEYS[provider]}=… into backend/.env, or set AI_MODE=local, which needs no key."
    return f"This release does not speak to {provider} yet, with or without a key: set AI_MODE=local, which needs none."


def _unknown_providers(chosen: dict[str, str]) -> list[checks.CheckMessage]:
    """A provider that this version does not have; where its key is missing too, that is said first."""
    return [
        checks.Error(
            f"{variable}={provider} is not in this version; it has: {', '.join(_TABLES[variable])}.",
            hint="Choose one of these, or leave the variable out: AI_MODE=local chooses for you.",
            id="parley.E003",
        )
        for variable, provider in chosen.items()
        if provider not in _TABLES[variable] and not _lacks_key(variable, provider)
    ]


def _lacks_key(variable: str, provider: str) -> bool:
    if provider not in _KEYS or getattr(settings, _KEYS[provider]):
        return False
    # An endpoint of one's own may want no key.
    return not (provider == "openai" and getattr(settings, _BASE_URLS[variable]))
