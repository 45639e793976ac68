"""Is it a voice, which goes up and down, or a room, which stays?"""

from __future__ import annotations

import numpy as np
import pytest

from ai_agent.steadiness import LOOKS_BACK_FRAMES, SWING_IN_FRAMES, WINDOW_FRAMES, Steadiness

START = [0.0] * SWING_IN_FRAMES
"""What is left of silence in the first looks at a sound."""


def after(*levels_db: float) -> Steadiness:
    steadiness = Steadiness()
    for level_db in (*START, *levels_db):
        steadiness.add(level_db)
    return steadiness


def room(count: int, level_db: float = 30.0) -> list[float]:
    return [float(level_db + jitter) for jitter in np.random.default_rng(3).uniform(-1.2, 1.2, count)]


def syllables(count: int) -> list[float]:
    return [float(40 + 12 * np.sin(2 * np.pi * 4 * number / 50)) for number in range(count)]


def test_a_room_is_steady_once_it_was_heard_all_through_the_window() -> None:
    assert not after(*room(WINDOW_FRAMES - 1)).is_steady
    steady = after(*room(WINDOW_FRAMES))
    assert steady.is_steady and steady.modulation == 0


def test_a_voice_is_not_and_is_known_as_one_from_its_first_syllable_on() -> None:
    assert not after(*syllables(200)).is_steady
    in_a_room = [*room(WINDOW_FRAMES), *syllables(100)]
    assert [after(*in_a_room[:count]).modulation for count in range(WINDOW_FRAMES + 1, len(in_a_room), 7)] == [1.0] * 15


def test_a_room_that_becomes_louder_is_steady_again_a_window_later() -> None:
    louder = [*room(WINDOW_FRAMES), *room(WINDOW_FRAMES, 50.0)]
    assert not after(*louder[:-1]).is_steady
    assert after(*louder).is_steady and after(*louder).modulation == 0


def test_what_was_heard_before_silence_is_forgotten() -> None:
    steadiness = after(*syllables(100), *room(WINDOW_FRAMES))
    assert steadiness.is_steady and steadiness.modulation == 0
    steadiness.reset()
    assert steadiness.state == Steadiness().state and not steadiness.is_steady


def test_a_room_of_which_frames_are_lost_is_as_steady() -> None:
    """A lost frame is silent, and the next two look back into it."""
    steadiness = after()
    for number, level_db in enumerate(room(2 * WINDOW_FRAMES)):
        if number % 20 == 0:
            steadiness.skip()
        steadiness.add(0.0 if number % 20 < LOOKS_BACK_FRAMES else level_db)
    assert steadiness.is_steady


def test_a_sound_that_does_not_count_is_nobodys_room() -> None:
    """The agent's echo over a steady room, and the frames that look back into it."""
    steadiness = after(*room(WINDOW_FRAMES))
    steadiness.skip()
    assert not steadiness.is_steady
    for _ in range(LOOKS_BACK_FRAMES):
        steadiness.add(60.0)
        assert not steadiness.is_steady
    steadiness.add(30.0)
    assert steadiness.is_steady


@pytest.mark.parametrize("count", [0, 5, WINDOW_FRAMES, 3 * WINDOW_FRAMES])
def test_a_stored_one_goes_on_exactly(count: int) -> None:
    one, other = after(*syllables(count)), after(*syllables(20))
    other.state = one.state
    for level_db in [*room(30), *syllables(30)]:
        one.add(level_db)
        other.add(level_db)
        assert (one.modulation, one.is_steady, one.state) == (other.modulation, other.is_steady, other.state)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("levels_db", [float("nan")] * WINDOW_FRAMES),
        ("levels_db", ["a"] * WINDOW_FRAMES),
        ("levels_db", [1.0]),
        ("levels_db", 3),
        ("heard", None),
        ("heard", WINDOW_FRAMES + 1),
        ("skips", True),
        ("skips", -1),
        ("counts", 1),
    ],
)
def test_a_broken_state_is_refused(name: str, wrong: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        Steadiness().state = {**Steadiness().state, name: wrong}
