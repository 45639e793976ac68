"""A language model that always says the same, word by word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence

from ai_agent.mock_providers.faults import LATE_SECONDS, Fault, FaultScript
from ai_agent.providers import CancelToken, ChatMessage, ReplyOptions

GARBAGE_TOKENS = ("\ufffd", " ###", " ```", " 你好", "，", "我是", " \x00", " ***", " |---|")


class MockLanguageModel:
    """Streams `reply` after `delay_ms`; without one it says back what it was told, so that a test sees the way."""

    name = "mock"

    def __init__(
        self, *, delay_ms: float = 0, reply: str = "", faults: Iterable[Fault] = (), late_seconds: float = LATE_SECONDS
    ) -> None:
        self._delay_ms = delay_ms
        self._reply = reply
        self._script = FaultScript(faults, late_seconds=late_seconds)
        self.prompts: list[tuple[ChatMessage, ...]] = []
        """Each prompt it was asked to answer, in order."""
        self.prepared: list[tuple[ChatMessage, ...]] = []

    async def warm_up(self) -> None:
        """Nothing to load."""

    async def prepare(self, messages: Sequence[ChatMessage]) -> None:
        self.prepared.append(tuple(messages))

    async def stream(
        self, messages: Sequence[ChatMessage], *, options: ReplyOptions, cancel: CancelToken
    ) -> AsyncIterator[str]:
        self.prompts.append(tuple(messages))
        await asyncio.sleep(self._delay_ms / 1000)
        fault = self._script.next_fault()
        await self._script.suffer(fault, self.name)
        if fault == "empty":
            return
        tokens = self._tokens(messages) if fault is None else GARBAGE_TOKENS
        for token in tokens[: options.max_tokens]:
            if cancel.is_cancelled:
                return
            yield token
            await asyncio.sleep(0)

    def _tokens(self, messages: Sequence[ChatMessage]) -> Sequence[str]:
        words = (self._reply or _echo(messages)).split(" ")
        return [word if index == 0 else f" {word}" for index, word in enumerate(words)]

    async def close(self) -> None:
        """Nothing to let go."""


def _echo(messages: Sequence[ChatMessage]) -> str:
    heard = next((message.content for message in reversed(messages) if message.role == "user"), "")
    turns = sum(message.role == "user" for message in messages)
    return f"You said: {heard.rstrip('.!?')}. This is answer {turns} of a stand-in."
