"""Has this sentence been spoken by this voice before? Its sound, kept within a bound; the oldest used goes first.

Whoever asks for a sound while it is being made waits for that one: a voice never says the same twice at a time.

    call 1   get_or_make ──▶ make ▓▓▓▓▓▓▓▓▓▓▓▓▓ ──▶ sound
    call 2            get_or_make ░░░░░░░░░░░░░ ──▶ the same sound
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from typing import Any, Final

from ai_agent.providers import VoiceSettings

MAX_BYTES: Final = 32 * 2**20
"""About six minutes of sound."""


class LineCache:
    """Sound by voice and text. A persona's new version has other words or another voice, so it finds only its own."""

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._sounds: OrderedDict[str, bytes] = OrderedDict()
        self._size_bytes = 0
        self._under_way: dict[tuple[asyncio.AbstractEventLoop, str], asyncio.Task[bytes]] = {}
        """What is being made now. A task belongs to the event loop on which it was begun."""

    @staticmethod
    def key(provider: str, voice: VoiceSettings, text: str) -> str:
        """What a sound depends on."""
        return json.dumps([provider, asdict(voice), text], sort_keys=True, default=str)

    def get(self, key: str) -> bytes | None:
        if key not in self._sounds:
            return None
        self._sounds.move_to_end(key)
        return self._sounds[key]

    async def get_or_make(self, key: str, make: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """The sound, from here or made now: to its end, whoever stops waiting. What `make` raises is raised here."""
        if (pcm := self.get(key)) is not None:
            return pcm
        place = (asyncio.get_running_loop(), key)
        if (task := self._under_way.get(place)) is None:
            task = self._under_way[place] = asyncio.create_task(self._make(key, make))
            task.add_done_callback(lambda done: self._end(place, done))
        return await asyncio.shield(task)

    async def _make(self, key: str, make: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        pcm = await make()
        self.put(key, pcm)
        return pcm

    def _end(self, place: tuple[asyncio.AbstractEventLoop, str], done: asyncio.Task[bytes]) -> None:
        """An error is for those who wait; where nobody does any more it has been seen here."""
        del self._under_way[place]
        if not done.cancelled():
            done.exception()

    def put(self, key: str, pcm: bytes) -> None:
        """Keep `pcm`, unless it is larger than the whole cache."""
        self._size_bytes -= len(self._sounds.pop(key, b""))
        if len(pcm) > self._max_bytes:
            return
        self._sounds[key] = pcm
        self._size_bytes += len(pcm)
        while self._size_bytes > self._max_bytes:
            self._size_bytes -= len(self._sounds.popitem(last=False)[1])


SHARED_LINE_CACHE = LineCache()
"""One for all calls of this process: two calls of a persona say the same lines."""
