"""What time is it in this call? Seconds since it began, standing still while the line is down."""

from __future__ import annotations

from collections.abc import Callable


class CallClock:
    """A monotonic clock with a pause, so that no deadline passes while nobody can hear it.

    >>> moments = iter([10.0, 12.5, 13.0])
    >>> clock = CallClock(base=1.0, clock=lambda: next(moments))
    >>> clock.start()
    >>> clock.now()
    3.5
    >>> clock.pause()
    >>> clock.now()
    4.0
    """

    def __init__(self, *, base: float, clock: Callable[[], float]) -> None:
        """`base`: seconds that the call has lasted already, from its rows."""
        self._clock = clock
        self._elapsed = base
        self._running_since: float | None = None

    @property
    def is_running(self) -> bool:
        return self._running_since is not None

    def now(self) -> float:
        """Seconds since the call began."""
        if self._running_since is None:
            return self._elapsed
        return self._elapsed + self._clock() - self._running_since

    def start(self) -> None:
        if self._running_since is None:
            self._running_since = self._clock()

    def pause(self) -> None:
        self._elapsed = self.now()
        self._running_since = None
