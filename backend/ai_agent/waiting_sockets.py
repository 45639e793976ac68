"""Who stands at the door without a call? One socket a room, and no more rooms of one person than one may have calls.

A newer socket is the one that somebody looks at: for it the oldest of the same person steps aside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class WaitingSocket:
    """A socket that has not offered yet."""

    user_id: int
    room_id: str
    step_aside: Callable[[], None]
    """Called when a newer one takes its place; gives back at once what it holds."""


class WaitingSockets:
    """The sockets of one process that wait, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[WaitingSocket] = []

    def admit(self, newcomer: WaitingSocket, *, at_most: int) -> None:
        """Let this one wait. Those of its room, and of its person's more than `at_most` the oldest, step aside."""
        for other in [other for other in self._waiting if other.room_id == newcomer.room_id]:
            self._send_away(other)
        own = [other for other in self._waiting if other.user_id == newcomer.user_id]
        for other in own[: max(0, len(own) + 1 - at_most)]:
            self._send_away(other)
        self._waiting.append(newcomer)

    def leave(self, socket: WaitingSocket) -> None:
        """It has its call, or is gone. One that has left already may leave again."""
        if socket in self._waiting:
            self._waiting.remove(socket)

    def _send_away(self, socket: WaitingSocket) -> None:
        self._waiting.remove(socket)
        socket.step_aside()
