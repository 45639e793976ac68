"""Where a voice is silent in its own speech: found in pieces as in one, and left out where words are counted."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from ai_agent import spoken_pauses
from ai_agent.heard_cursor import HeardCursor
from ai_agent.spoken_pauses import PauseFinder, pauses_of


def voice(ms: int) -> bytes:
    return np.full(ms * 48, 6_000, dtype="<i2").tobytes()


def silence(ms: int) -> bytes:
    return bytes(2 * ms * 48)


def test_the_example_in_the_module_holds() -> None:
    assert doctest.testmod(spoken_pauses).failed == 0


def test_before_within_and_after_but_not_in_a_stop() -> None:
    sound = silence(100) + voice(200) + silence(50) + voice(100) + silence(120) + voice(80) + silence(250)
    assert pauses_of(sound) == ((0, 4_800), (4_800 + 350 * 48, 4_800 + 470 * 48), (4_800 + 550 * 48, 4_800 + 800 * 48))


@pytest.mark.parametrize("size", [2, 958, 960, 962, 5_000, 100_000])
def test_the_pieces_in_which_it_comes_make_no_difference(size: int) -> None:
    sound = voice(123) + silence(200) + voice(77) + silence(111)
    finder = PauseFinder()
    for start in range(0, len(sound), size):
        finder.add(sound[start : start + size])
    assert finder.pauses() == pauses_of(sound)


def test_the_loudest_negative_sample_is_loud() -> None:
    assert pauses_of(np.full(9_600, -32_768, dtype="<i2").tobytes()) == ()


def test_nothing_has_no_pauses() -> None:
    assert (pauses_of(b""), PauseFinder().pauses()) == ((), ())


def test_a_word_is_heard_when_its_voice_was_and_not_when_the_silence_after_it_was() -> None:
    text, sound = "Yes, I know.", silence(50) + voice(300) + silence(500) + voice(600) + silence(300)
    told, untold = HeardCursor(), HeardCursor()
    told.add_sentence(text, len(sound) // 2, pauses_of(sound))
    untold.add_sentence(text, len(sound) // 2)
    after_the_first_word = (50 + 310) * 48
    assert (told.heard_text(after_the_first_word), untold.heard_text(after_the_first_word)) == ("Yes,", "")
    assert told.heard_text(1_450 * 48) == text  # though the silence after it is still to come
    assert told.heard_text(1_449 * 48) == "Yes, I"


def test_a_journal_gives_the_pauses_as_lists() -> None:
    cursor = HeardCursor()
    cursor.add_sentence("One two.", 9_600, [[0, 4_800]])  # type: ignore[list-item]
    assert (cursor.heard_text(4_800 + 1_300), cursor.heard_text(4_800 + 1_400)) == ("", "One")
