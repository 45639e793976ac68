"""What is known of a room before its first frame? Learned in one call, kept with the room, given to the next."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from ai_agent.levels import LEVELS_DBFS, Samples

PROFILE_VERSION: Final = 1
BYTES_PER_BIN: Final = 4
MAX_PROFILE_BINS: Final = 1_000
HIGHEST_POWER: Final = 1e16
"""Of a bin: full scale under the longest window has a tenth of it."""


@dataclass(frozen=True, slots=True)
class NoiseProfile:
    """A room's noise.

    Raises:
        ValueError: it is none that 16 bits can hold; one plain line.
    """

    noise_floor_dbfs: float
    power: bytes = b""
    """Of each 25 Hz, as float32, little-endian, in the suppressor's own measure; nothing where it was not learned."""

    def __post_init__(self) -> None:
        if not LEVELS_DBFS[0] <= self.noise_floor_dbfs <= LEVELS_DBFS[1]:
            raise ValueError(f"a room's level is between {LEVELS_DBFS[0]:g} and {LEVELS_DBFS[1]:g} dBFS")
        if len(self.power) % BYTES_PER_BIN:
            raise ValueError("a noise profile's power is cut off")
        values = np.frombuffer(self.power, "<f4")
        if not ((values > 0).all() and (values < HIGHEST_POWER).all()):
            raise ValueError("a noise profile's power is positive, and none of a sound that 16 bits can hold is larger")

    @property
    def bins(self) -> int:
        """Of so many frequencies the noise was learned; 0 where it was not."""
        return len(self.power) // BYTES_PER_BIN

    def as_power(self) -> Samples | None:
        return np.frombuffer(self.power, "<f4").astype(np.float32) if self.power else None

    def to_json(self) -> dict[str, object]:
        """What `parse_noise_profile` reads; it comes back to the bit."""
        return {
            "version": PROFILE_VERSION,
            "noise_floor_dbfs": self.noise_floor_dbfs,
            "power": base64.b64encode(self.power).decode("ascii"),
        }


def parse_noise_profile(content: object) -> NoiseProfile:
    """A stored profile.

    Raises:
        ValueError: it is of another version, or nothing that was stored here; one plain line.

    >>> profile = NoiseProfile(-51.5, np.array([1.5, 2.0], "<f4").tobytes())
    >>> parse_noise_profile(profile.to_json()) == profile
    True
    """
    if not isinstance(content, Mapping):
        raise ValueError(f"a noise profile is an object, not {type(content).__name__}")  # noqa: TRY004
    if content.get("version") != PROFILE_VERSION:
        raise ValueError(f"noise profile version {content.get('version')!r}, this release reads {PROFILE_VERSION}")
    level_dbfs, written = content.get("noise_floor_dbfs"), content.get("power")
    if isinstance(level_dbfs, bool) or not isinstance(level_dbfs, (int, float)):
        raise ValueError("a noise profile has a level")  # noqa: TRY004
    return NoiseProfile(level_dbfs, _parse_power(written))


def _parse_power(written: object) -> bytes:
    if not isinstance(written, str) or len(written) > MAX_PROFILE_BINS * 6:
        raise ValueError("a noise profile's power is a short text")
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a noise profile's power is base64") from None
