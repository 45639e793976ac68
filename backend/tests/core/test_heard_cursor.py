"""The heard cursor: samples in, words out."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent import heard_cursor
from ai_agent.heard_cursor import HeardCursor, SpeakingRate


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(heard_cursor).failed == 0


def test_nothing_sent_is_nothing_heard() -> None:
    cursor = HeardCursor()
    cursor.add_sentence("Hello there.", samples=48_000)
    assert cursor.heard_text(0) == ""
    assert cursor.heard_text(-5_000) == ""


def test_a_word_counts_when_its_end_has_left() -> None:
    cursor = HeardCursor()
    cursor.add_sentence("abcd efgh", samples=12_000)
    assert cursor.heard_text(3_999) == ""
    assert cursor.heard_text(4_000) == "abcd"
    assert cursor.heard_text(11_999) == "abcd"
    assert cursor.heard_text(12_000) == "abcd efgh"


@pytest.mark.parametrize(
    ("text", "pause_at", "heard"),
    [
        pytest.param("one two, three four", 88_000, "one", id="a comma is the pause that is close to it"),
        pytest.param("one two three four.", 88_000, "one two", id="without a comma it is another pause"),
        pytest.param("one two, three four", 110_000, "one two,", id="and so is one that is far from the comma"),
    ],
)
def test_a_word_with_a_comma_ends_where_the_voice_pauses(text: str, pause_at: int, heard: str) -> None:
    cursor = HeardCursor()
    cursor.add_sentence(text, samples=240_000, pauses=[(pause_at, pause_at + 20_000)])
    assert cursor.heard_text(85_000) == heard
    assert cursor.heard_text(240_000) == text


def test_blank_sentences_are_not_planned() -> None:
    cursor = HeardCursor()
    cursor.add_sentence("  ", samples=100)
    assert (cursor.planned_text, cursor.planned_samples) == ("", 0)


def test_a_sentence_has_no_negative_length() -> None:
    with pytest.raises(ValueError, match="negative"):
        HeardCursor().add_sentence("Hello.", samples=-1)


def steady_rate(samples_per_character: int) -> SpeakingRate:
    rate = SpeakingRate()
    rate.add_sentence("a" * 100_000, samples=100_000 * samples_per_character)
    return rate


def test_of_a_sentence_that_is_still_coming_the_words_that_left_are_heard() -> None:
    cursor = HeardCursor(steady_rate(3_000))
    cursor.begin_sentence("One two three four five.")
    cursor.add_sound(48_000)
    assert (cursor.planned_text, cursor.planned_samples) == ("One two three four five.", 48_000)
    assert cursor.heard_text(21_500) == "One two"
    assert cursor.heard_text(48_000) == "One two three"
    assert cursor.heard_text(90_000) == "One two three", "what was not queued cannot have been heard"


def test_a_voice_slower_than_expected_says_no_word_before_it_came() -> None:
    cursor = HeardCursor(steady_rate(1_000))
    cursor.begin_sentence("One two.")
    cursor.add_sound(96_000)
    assert cursor.heard_text(40_000) == "One"


def test_once_it_is_whole_its_own_length_counts() -> None:
    cursor = HeardCursor(steady_rate(3_000))
    cursor.begin_sentence("One two three.")
    cursor.add_sound(10_000)
    cursor.add_sentence("One two three.", samples=14_000)
    assert (cursor.planned_text, cursor.planned_samples) == ("One two three.", 14_000)
    assert cursor.heard_text(8_000) == "One two"


def test_a_sentence_that_never_came_whole_stands_before_the_next() -> None:
    cursor = HeardCursor()
    cursor.begin_sentence("One two.")
    cursor.add_sound(8_000)
    cursor.begin_sentence("Three.")
    assert cursor.planned_text == "One two. Three."


words = st.lists(st.sampled_from(["I", "am", "quite", "interesting", "today,", "bridge"]), min_size=1, max_size=12)


@given(words, st.integers(2_000, 6_000), st.floats(0.85, 1.15), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_while_it_is_coming_the_estimate_is_wrong_by_at_most_one_word(
    spoken: list[str], rate: int, steadiness: float, queued: float, heard: float
) -> None:
    text = " ".join(spoken)[:40]
    length = round(len(text) * rate * steadiness)
    coming, whole = HeardCursor(steady_rate(rate)), HeardCursor()
    whole.add_sentence(text, samples=length)
    coming.begin_sentence(text)
    coming.add_sound(round(length * queued))
    samples = round(length * queued * heard)
    off = len(coming.heard_text(samples).split()) - len(whole.heard_text(samples).split())
    assert abs(off) <= 1 or steadiness < 0.95 or steadiness > 1.05


sentences = st.lists(
    st.tuples(st.text(alphabet="ab ,.", min_size=1, max_size=20), st.integers(0, 50_000)), min_size=1, max_size=5
)


@given(sentences, st.integers(-10_000, 300_000), st.integers(0, 50_000))
def test_what_was_heard_is_a_beginning_of_what_was_planned_and_only_grows(
    spoken: list[tuple[str, int]], samples: int, more: int
) -> None:
    cursor = HeardCursor()
    for text, length in spoken:
        cursor.add_sentence(text, length)
    heard = cursor.heard_text(samples)
    assert cursor.planned_text.startswith(heard)
    assert cursor.heard_text(samples + more).startswith(heard)
    assert cursor.heard_text(cursor.planned_samples) == cursor.planned_text
