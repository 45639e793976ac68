"""Voices for tests that behave like engines: slow, and one sentence at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from ai_agent.mock_providers.tts import MockTextToSpeech


class OneThreadVoice(MockTextToSpeech):
    """Takes 200 ms for each sentence, and says one at a time, as an engine with one thread does."""

    def __init__(self) -> None:
        super().__init__(delay_ms=200)
        self._thread = asyncio.Lock()

    async def synthesize(self, text: str, **wishes: Any) -> AsyncIterator[bytes]:
        async with self._thread:
            async for chunk in super().synthesize(text, **wishes):
                yield chunk
