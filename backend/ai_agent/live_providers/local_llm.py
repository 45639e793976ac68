"""What is answered? A language model on this machine (llama.cpp), any GGUF file with a chat template.

The prompt of a call grows at its end only, so the engine keeps what it has read: `prepare` reads the beginning ahead,
and a turn costs only its new words. Two calls at a time are answered together, each at half the speed.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import xllamacpp

from ai_agent.engine_pool import EnginePool, StopCheck
from ai_agent.providers import CancelToken, ChatMessage, ProviderError, ReplyOptions

PARALLEL_REPLIES: Final = 2
CONTEXT_TOKENS: Final = 4096
"""For one reply: prompt and answer. The orchestrator's longest prompt is about 3,000 tokens of English."""
KEPT_PROMPTS_MB: Final = 256
"""Memory for the beginnings of prompts of other calls."""
TOP_P: Final = 0.9
REPEAT_PENALTY: Final = 1.1
SILENT: Final = 0
TO_BE_ASKED: Final = ChatMessage("user", "…")
"""Stands for the next question. llama.cpp would go on writing a last message of the assistant's, and refuses two."""


class LocalLanguageModel:
    """llama.cpp in this process, with threads of its own."""

    name = "local"

    def __init__(self, *, model_path: Path, threads: int = 2, wait_seconds: float = 6.0) -> None:
        """`wait_seconds` is how long a reply may wait for others to be done."""
        self._model_path = model_path
        self._threads = threads
        self._pool = EnginePool("local", threads=PARALLEL_REPLIES, wait_seconds=wait_seconds)
        self._server: Any = None

    async def warm_up(self) -> None:
        """Load the model and let it answer one word."""
        self._server = await self._pool.run(lambda _: self._load(), cancel=CancelToken(), waits=False)
        await self.prepare([ChatMessage("user", "Hello.")])

    def _load(self) -> Any:
        if not self._model_path.is_file():
            raise ProviderError(
                self.name, f"{self._model_path} is missing: run `python manage.py fetch_models`", retryable=False
            )
        params = xllamacpp.CommonParams()
        params.model.path = str(self._model_path)
        params.n_ctx = CONTEXT_TOKENS * PARALLEL_REPLIES
        params.n_parallel = PARALLEL_REPLIES
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads
        # Threads that wait must sleep: spinning takes the processor from the sound, and from the thread waited for.
        params.cpuparams.poll = params.cpuparams_batch.poll = 0
        params.cache_ram_mib = KEPT_PROMPTS_MB
        # No search for a graphics card's memory, and no warm-up of the engine's own: `warm_up` answers one word.
        params.fit_params = params.warmup = False
        params.verbosity = SILENT
        # The engine opens an HTTP door on the loopback interface that nobody here uses: nobody has its key.
        params.api_keys = [secrets.token_urlsafe(32)]
        params.n_threads_http = 1
        params.ui = params.endpoint_slots = False
        return xllamacpp.Server(params)

    async def prepare(self, messages: Sequence[ChatMessage]) -> None:
        """With a question that is not known yet behind it: so all is read up to where the real one will begin."""
        async for _ in self._stream((*messages, TO_BE_ASKED), {"max_tokens": 1}, CancelToken()):
            pass

    async def stream(
        self, messages: Sequence[ChatMessage], *, options: ReplyOptions, cancel: CancelToken
    ) -> AsyncGenerator[str, None]:
        wishes = {
            "max_tokens": options.max_tokens,
            "temperature": options.temperature,
            "top_p": TOP_P,
            "repeat_penalty": REPEAT_PENALTY,
        }
        async for token in self._stream(messages, wishes, cancel):
            yield token

    async def _stream(
        self, messages: Sequence[ChatMessage], wishes: Mapping[str, object], cancel: CancelToken
    ) -> AsyncGenerator[str, None]:
        if self._server is None:
            raise ProviderError(self.name, "not loaded", retryable=False)
        request = {
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "cache_prompt": True,
            **wishes,
        }

        def answer(emit: Callable[[str], None], stop: StopCheck) -> None:
            self._answer(request, emit, stop)

        async for token in self._pool.stream(answer, cancel=cancel):
            yield token

    def _answer(self, request: Mapping[str, object], emit: Callable[[str], None], stop: StopCheck) -> None:
        """Runs in the engine's thread; the engine ends when its callback answers True."""
        failures: list[str] = []

        def on_chunk(chunk: Mapping[str, Any]) -> bool:
            if "error" in chunk:
                failures.append(str(chunk["error"].get("message", "failed")))
                return True
            for choice in chunk.get("choices", ()):
                if token := choice.get("delta", {}).get("content"):
                    emit(token)
            return stop()

        self._server.handle_chat_completions(request, on_chunk)
        if failures:
            raise ProviderError(self.name, failures[0], retryable=False)

    async def close(self) -> None:
        self._pool.close()
        self._server = None
