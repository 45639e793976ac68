"""Is a session over, and why? The first reason counts, for its rows, for the browser and for the socket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final, Literal

from ai_agent import signaling

EndKind = Literal["ended", "lost", "taken_over", "restarting", "failed"]
CLOSE_CODES: Final[dict[EndKind, int]] = {
    "ended": 1000,
    "lost": 1000,
    "taken_over": signaling.CLOSE_TAKEN_OVER,
    "restarting": signaling.CLOSE_RESTARTING,
    "failed": signaling.CLOSE_INTERNAL,
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a session is over."""

    kind: EndKind
    reason: str

    @property
    def close_code(self) -> int:
        """With which its socket is closed.

        >>> Ending("restarting", "restarting").close_code
        1012
        """
        return CLOSE_CODES[self.kind]


class CallEnding:
    """The end of one session: once it has come, it stays what it is. Construct on the event loop."""

    def __init__(self) -> None:
        self._ending: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    @property
    def has_come(self) -> bool:
        return self._ending.done()

    def set(self, kind: EndKind, reason: str) -> None:
        """The session is over; the first reason counts."""
        if not self._ending.done():
            self._ending.set_result(Ending(kind, reason))

    async def wait(self) -> None:
        """Whoever waits may be cancelled: the end is not."""
        await asyncio.shield(self._ending)

    def get(self) -> Ending:
        """Why it is over.

        Raises:
            asyncio.InvalidStateError: it is not.
        """
        return self._ending.result()
