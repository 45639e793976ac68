"""How is a recording sent over HTTP? In small pieces, all of it or the part that is asked for, never from memory."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Final

from django.http import HttpRequest, StreamingHttpResponse

from ai_agent.recording_folders import RecordedSound
from config.errors import ApiError

_READERS: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="sound")
"""A slow disk holds up who listens to recordings, and nobody's call."""

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_WAV: Final = {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}
SOUND_RESPONSES: Final[dict[int, Any]] = {
    200: {"description": "All of it", "content": _WAV},
    206: {"description": "The part that `Range` asked for", "content": _WAV},
}
"""For the API's description."""


class RangeRefused(ValueError):
    """No byte lies in the range that was asked for."""


def parse_range(header: str | None, length: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None: all of it, also where the header makes no sense or asks for more.

    >>> parse_range("bytes=0-99", 1000), parse_range("bytes=900-", 1000), parse_range("bytes=-50", 1000)
    ((0, 100), (900, 1000), (950, 1000))
    >>> parse_range(None, 1000), parse_range("bytes=0-1,5-6", 1000), parse_range("bytes=9-2", 1000)
    (None, None, None)

    Raises:
        RangeRefused: it begins after the end, or is empty.
    """
    asked = _RANGE.fullmatch(header or "")
    if asked is None or asked[0] == "bytes=-":
        return None
    if not asked[1]:
        start, stop = max(0, length - int(asked[2])), length
    else:
        start, stop = int(asked[1]), min(int(asked[2]) + 1, length) if asked[2] else length
        if asked[2] and int(asked[2]) < start:
            return None
    if start >= stop:
        raise RangeRefused(header)
    return start, stop


def answer_with_sound(request: HttpRequest, sound: RecordedSound, *, name: str) -> StreamingHttpResponse:
    """The recording, or the part of it that is asked for.

    Raises:
        ApiError: 416, there is no such part.
    """
    # Nothing tells one state of the file from another: who asks for a part only if it is unchanged gets all of it.
    header = None if "If-Range" in request.headers else request.headers.get("Range")
    try:
        part = parse_range(header, sound.length)
    except RangeRefused:
        bounds = {"Content-Range": f"bytes */{sound.length}"}
        raise ApiError(416, "no_such_range", "The recording is not that long.", headers=bounds) from None
    start, stop = part or (0, sound.length)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'inline; filename="{name}"',
        "Content-Length": str(stop - start),
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{sound.length}"
    return StreamingHttpResponse(
        _stream(sound, start, stop), status=206 if part else 200, content_type="audio/wav", headers=headers
    )


async def _stream(sound: RecordedSound, start: int, stop: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    pieces = sound.read(start, stop)
    try:
        while (piece := await loop.run_in_executor(_READERS, next, pieces, None)) is not None:
            yield piece
    finally:
        with suppress(ValueError):  # whoever listened has gone while a thread reads: it ends by itself
            pieces.close()
