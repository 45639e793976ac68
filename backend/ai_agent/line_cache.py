"""Has this sentence been spoken by this voice before? Its sound, kept within a bound; the oldest used goes first."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import asdict
from typing import Final

from ai_agent.providers import VoiceSettings

MAX_BYTES: Final = 32 * 2**20
"""About six minutes of sound."""


class LineCache:
    """Sound by voice and text. A persona's new version has other words or another voice, so it finds only its own."""

    def __init__(self, *, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._sounds: OrderedDict[str, bytes] = OrderedDict()
        self._size_bytes = 0

    @staticmethod
    def key(provider: str, voice: VoiceSettings, text: str) -> str:
        """What a sound depends on."""
        return json.dumps([provider, asdict(voice), text], sort_keys=True, default=str)

    def get(self, key: str) -> bytes | None:
        if key not in self._sounds:
            return None
        self._sounds.move_to_end(key)
        return self._sounds[key]

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
