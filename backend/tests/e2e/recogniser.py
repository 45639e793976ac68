"""The product's own recogniser, as its settings choose it, for judging sound in tests."""

from __future__ import annotations

from typing import Any

from ai_agent.providers import SpeechToText, build_providers


def recogniser(settings: Any) -> SpeechToText:
    """The recogniser of `build_providers`, not yet warmed."""
    return build_providers(settings).stt
