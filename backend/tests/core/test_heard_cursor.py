"""The heard cursor: samples in, words out."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent import heard_cursor
from ai_agent.heard_cursor import HeardCursor


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(heard_cursor).failed == 0


def test_nothing_sent_is_nothing_heard() -> None:
    cursor = HeardCursor()
    cursor.add_sentence("Hello there.", samples=48_000)
    assert cursor.heard_text(0) == ""
    assert cursor.heard_text(-5_000) == ""


def test_a_word_counts_when_its_end_has_left() -> None:
    cursor = HeardCursor()
    cursor.add_sentence("abcd efgh", samples=9_000)
    assert cursor.heard_text(3_999) == ""
    assert cursor.heard_text(4_000) == "abcd"
    assert cursor.heard_text(8_999) == "abcd"
    assert cursor.heard_text(9_000) == "abcd efgh"


def test_blank_sentences_are_not_planned() -> None:
    cursor = HeardCursor()
    cursor.add_sentence("  ", samples=100)
    assert (cursor.planned_text, cursor.planned_samples) == ("", 0)


def test_a_sentence_has_no_negative_length() -> None:
    with pytest.raises(ValueError, match="negative"):
        HeardCursor().add_sentence("Hello.", samples=-1)


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
