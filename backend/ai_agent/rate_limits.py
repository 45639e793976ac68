"""How often may one socket speak, and one address call? Token buckets; the time is an argument."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

MAX_KEYS: Final = 10_000
"""Keys that are remembered; the one that was quiet for longest is forgotten first."""


class TokenBucket:
    """`rate` tokens a second flow in, up to `burst`; each message takes one.

    >>> bucket = TokenBucket(rate=1, burst=2)
    >>> [bucket.take(0.0), bucket.take(0.0), bucket.take(0.0), bucket.take(1.0)]
    [True, True, False, True]
    """

    def __init__(self, *, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._filled_at: float | None = None

    def take(self, now: float) -> bool:
        """Take one token; False when there is none."""
        if self._filled_at is not None:
            self._tokens = min(self._burst, self._tokens + (now - self._filled_at) * self._rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    @property
    def wait_seconds(self) -> float:
        """How long after the last `take` there will be a token.

        >>> bucket = TokenBucket(rate=0.5, burst=1)
        >>> bucket.take(0.0), bucket.take(0.5), bucket.wait_seconds
        (True, False, 1.5)
        """
        return max(0.0, (1 - self._tokens) / self._rate)


class KeyedBuckets:
    """A bucket of its own for each key (an address), for at most `max_keys` of them.

    >>> buckets = KeyedBuckets(rate=1, burst=1)
    >>> [buckets.take("ada", 0.0), buckets.take("ada", 0.25), buckets.take("eve", 0.25)]
    [0.0, 0.75, 0.0]
    """

    def __init__(self, *, rate: float, burst: float, max_keys: int = MAX_KEYS) -> None:
        self._rate = rate
        self._burst = burst
        self._max_keys = max_keys
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    def take(self, key: str, now: float) -> float:
        """Take one of this key's tokens; where there is none, the seconds until there is."""
        bucket = self._buckets.setdefault(key, TokenBucket(rate=self._rate, burst=self._burst))
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._max_keys:
            self._buckets.popitem(last=False)
        return 0.0 if bucket.take(now) else bucket.wait_seconds
