"""A recogniser that hears the same words in every sound."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from ai_agent.mock_providers.faults import LATE_SECONDS, Fault, FaultScript
from ai_agent.providers import CancelToken, Transcript

DEFAULT_TEXT = "Hello, this is a test of the call."
GARBAGE_TEXT = "\x00\x07 ##\ufffd \ufffd@@ ... \x1b"


class MockSpeechToText:
    """Answers `text` for any sound after `delay_ms`, and `probe_text` for a probe; no sound is an empty transcript."""

    name = "mock"
    probe_warm_up_seconds = 0.0

    def __init__(
        self,
        *,
        delay_ms: float = 0,
        text: str = "",
        probe_text: str = "",
        faults: Iterable[Fault] = (),
        late_seconds: float = LATE_SECONDS,
    ) -> None:
        self._delay_ms = delay_ms
        self._text = text or DEFAULT_TEXT
        self._probe_text = probe_text or self._text
        self._script = FaultScript(faults, late_seconds=late_seconds)
        self.calls: list[int] = []
        """The length in bytes of each turn's sound that it was given, in order."""
        self.probes: list[int] = []
        """And of each probe's."""

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def transcribe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
        self.calls.append(len(audio))
        return await self._hear(audio, self._text, cancel)

    async def transcribe_probe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
        self.probes.append(len(audio))
        return await self._hear(audio, self._probe_text, cancel)

    async def _hear(self, audio: bytes, text: str, cancel: CancelToken) -> Transcript:
        await asyncio.sleep(self._delay_ms / 1000)
        fault = self._script.next_fault()
        await self._script.suffer(fault, self.name)
        if cancel.is_cancelled or not audio or fault == "empty":
            return Transcript("")
        if fault == "garbage":
            return Transcript(GARBAGE_TEXT)
        return Transcript(text, avg_logprob=-0.1, no_speech_probability=0.01)

    async def close(self) -> None:
        """Nothing to let go."""
