"""A room's profile comes back to the bit, and nothing else is taken for one."""

from __future__ import annotations

import doctest
import json

import numpy as np
import pytest

from ai_agent import noise_profile, packed_state
from ai_agent.noise_profile import NoiseProfile, parse_noise_profile

GOOD = NoiseProfile(-48.25, np.linspace(0.1, 1e7, 321).astype("<f4").tobytes()).to_json()


@pytest.mark.parametrize("module", [noise_profile, packed_state])
def test_the_examples_in_the_modules_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_a_profile_survives_the_database_to_the_bit() -> None:
    assert parse_noise_profile(json.loads(json.dumps(GOOD))).to_json() == GOOD
    assert len(json.dumps(GOOD)) < 2_000


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (None, "an object"),
        ([], "an object"),
        ({}, "version None"),
        ({**GOOD, "version": 2}, "version 2"),
        ({**GOOD, "noise_floor_dbfs": "loud"}, "a level"),
        ({**GOOD, "noise_floor_dbfs": True}, "a level"),
        ({**GOOD, "noise_floor_dbfs": float("nan")}, "between"),
        ({**GOOD, "noise_floor_dbfs": float("inf")}, "between"),
        ({**GOOD, "noise_floor_dbfs": 10**400}, "between"),
        ({**GOOD, "noise_floor_dbfs": 12}, "between"),
        ({**GOOD, "power": None}, "short text"),
        ({**GOOD, "power": "A" * 10_000}, "short text"),
        ({**GOOD, "power": "not base64!"}, "base64"),
        ({**GOOD, "power": "AAAA"}, "cut off"),
        ({**GOOD, "power": "AAAAAA=="}, "positive"),
        ({**GOOD, "power": "AADAfw=="}, "positive"),
    ],
)
def test_a_corrupt_profile_is_refused_in_one_line(wrong: object, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refused:
        parse_noise_profile(wrong)
    assert "\n" not in str(refused.value)


def test_only_known_arrays_are_unpacked() -> None:
    with pytest.raises(ValueError, match="not kept"):
        packed_state.unpack({"type": "object", "shape": [1], "bytes": "AAAA"})


@pytest.mark.parametrize(
    ("noise_floor_dbfs", "power"),
    [(float("nan"), b""), (3.0, b""), (-50.0, b"abc"), (-50.0, np.zeros(3, "<f4").tobytes())],
)
def test_no_call_begins_with_a_room_that_cannot_be(noise_floor_dbfs: float, power: bytes) -> None:
    with pytest.raises(ValueError, match=r"room's level|cut off|positive"):
        NoiseProfile(noise_floor_dbfs, power)
