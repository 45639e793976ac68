"""Is what a model writes fit to be heard: no markdown, numbers and symbols read, cut where a sentence ends?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.speakable import (
    MAX_CHUNK_CHARACTERS,
    ReplyGate,
    SentenceSplitter,
    asks_to_repeat,
    has_left_language,
    plain_text,
    split_sentences,
    spoken_text,
)
from ai_agent.spoken_numbers import cardinal, ordinal, read_numbers


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("**Bold**, *italic*, __strong__ and _soft_.", "Bold, italic, strong and soft."),
        ("# A title\nAnd a line", "A title. And a line"),
        ("1. First\n2. Second\n\n- third\n* fourth", "First. Second. third. fourth"),
        ("> quoted\n> twice", "quoted. twice"),
        ("See [the guide](https://example.org/a_(b)) now.", "See the guide now."),
        ("![a cat](cat.png) sits", "a cat sits"),
        ("Use `pip install` or ~~conda~~.", "Use pip install or conda."),
        ("Before\n```python\nprint('x')\n```\nafter", "Before. after"),
        ("An open fence ```py\nx = 1", "An open fence"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a b. 1 2"),
        ("<b>Hi</b> there<br/>friend", "Hi there friend"),
        ("Great 🚀🎉 work ✅!", "Great work!"),
        ("one\n\n---\n\ntwo", "one. two"),
        ("snake_case and 2 * 3 stay", "snake_case and 2 3 stay"),
        ("a\x00b\x1b[0m", "a b [0m"),
        ("", ""),
        ("```\nonly code\n```", ""),
    ],
)
def test_markdown_and_pictures_are_gone_and_the_words_stay(written: str, plain: str) -> None:
    assert plain_text(written) == plain


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It is 20% off.", "It is twenty percent off."),
        ("That is $5.50 or €3.", "That is five dollars and fifty cents or three euros."),
        ("A $2 million plan.", "A two million dollars plan."),
        ("Call at 7:30 pm or 9am.", "Call at seven thirty P M or nine A M."),
        ("At 14:05.", "At fourteen oh five."),
        ("In 1984 and 2024.", "In nineteen eighty-four and twenty twenty-four."),
        ("The 1st, 22nd and 103rd.", "The first, twenty-second and one hundred and third."),
        ("1,234,567 people.", "one million two hundred and thirty-four thousand five hundred and sixty-seven people."),
        ("About 3.14.", "About three point one four."),
        ("It was -4 °C.", "It was minus four degrees Celsius."),
        ("Run 5 km in 30 min.", "Run five kilometres in thirty minutes."),
        ("A change of -5%.", "A change of minus five percent."),
        ("Pages 3-5.", "Pages three to five."),
        ("Take 1/2 of it.", "Take one over two of it."),
        ("Code 007.", "Code zero zero seven."),
        ("R&D and Q&A.", "R and D and Q and A."),
        ("2 + 2 = 4", "two plus two equals four"),
        ("H2O", "H two O"),
        ("Open main.py at example.com.", "Open main dot py at example dot com."),
        ("Write to sam@example.org", "Write to sam at example dot org"),
        ("and/or", "and or"),
        ("?!…", ""),
    ],
)
def test_numbers_and_symbols_are_read_in_english(written: str, spoken: str) -> None:
    assert spoken_text(written) == spoken


def test_in_another_language_numbers_are_left_to_the_voice() -> None:
    assert spoken_text("**Es kostet** 20 %.", "de") == "Es kostet 20 %."


@given(st.integers(min_value=0, max_value=10**15 - 1))
def test_every_whole_number_has_words_and_no_digit_is_left(number: int) -> None:
    assert cardinal(number).replace(" ", "").replace("-", "").isalpha()
    assert ordinal(number).endswith(("th", "st", "nd", "rd"))


@given(st.text(max_size=200))
def test_whatever_is_written_the_spoken_text_has_no_digit_and_no_markup(text: str) -> None:
    spoken = spoken_text(text)
    assert not any(character in "0123456789*`#|~\n\x00" for character in spoken)


@given(st.text(alphabet=" 0123456789.,:-%$/kmpas", max_size=40))
def test_strange_numbers_are_read_without_an_error(text: str) -> None:
    assert not any(character.isdigit() for character in read_numbers(text))


@given(st.text(alphabet="ab. ,!?\n'\"(", max_size=300), st.integers(min_value=1, max_value=7))
def test_cut_anywhere_into_tokens_a_text_loses_nothing(text: str, size: int) -> None:
    splitter = SentenceSplitter()
    chunks = [chunk for start in range(0, len(text), size) for chunk in splitter.feed(text[start : start + size])]
    chunks += splitter.flush()
    assert "".join("".join(chunks).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Hello there. How are you? Fine!", ["Hello there.", "How are you?", "Fine!"]),
        ("Dr. Fox met Mr. Hill at 3.5 p.m. today.", ["Dr. Fox met Mr. Hill at 3.5 p.m. today."]),
        ("J. K. Rowling wrote it.", ["J. K. Rowling wrote it."]),
        ("He said \"go.\" Then he left.", ['He said "go."', "Then he left."]),
        ("Wait... what? No!", ["Wait...", "what?", "No!"]),
        ("One line\nanother line", ["One line", "another line"]),
        ("1. First thing. 2. Second thing.", ["1. First thing.", "2. Second thing."]),
        ("No end", ["No end"]),
        ("   ", []),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_its_sentences_end(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


def test_only_the_first_chunk_may_end_at_a_comma_and_only_after_four_words() -> None:
    splitter = SentenceSplitter()
    assert splitter.feed("Well, that is a fine idea, and later, it works. ") == [
        "Well, that is a fine idea,",
        "and later, it works.",
    ]


@pytest.mark.parametrize(
    ("text", "chunks"),
    [
        ("That is a common problem when someone moves. ", ["That is a common problem", "when someone moves."]),
        ("Eat bread and butter and cheese before noon. ", ["Eat bread and butter", "and cheese before noon."]),
        ("I know what I mean and what I say and do. ", ["I know what I mean", "and what I say and do."]),
        ("So it is. A list is a row of things that stay. ", ["So it is.", "A list is a row of things that stay."]),
        ("This is one of the andirons. ", ["This is one of the andirons."]),
        ("It could indeed be very useful for their lives. ", ["It could indeed be very useful", "for their lives."]),
        ("They sat in the shade. ", ["They sat in the shade."]),
        (
            "He had a good plan that his whole family had made in a long winter, and it failed. ",
            ["He had a good plan", "that his whole family had made in a long winter,", "and it failed."],
        ),
    ],
)
def test_the_first_sentence_is_cut_where_a_clause_or_a_phrase_begins(text: str, chunks: list[str]) -> None:
    splitter = SentenceSplitter()
    assert [chunk for character in text for chunk in splitter.feed(character)] == chunks


def test_a_sentence_without_an_end_is_cut_between_two_words() -> None:
    chunks = SentenceSplitter().feed("word " * 200)
    assert chunks
    assert all(len(chunk) <= MAX_CHUNK_CHARACTERS and chunk.endswith("word") for chunk in chunks)


def test_after_the_last_allowed_sentence_nothing_more_comes() -> None:
    splitter = SentenceSplitter(max_sentences=1)
    assert splitter.feed("One. Two. ") == ["One."]
    assert splitter.flush() == []


@pytest.mark.parametrize("size", [1, 3, 200])
def test_a_chunk_says_that_its_line_ends_there(size: int) -> None:
    text = "These are the things I like:\n\n- tea with milk\n- A walk in the rain.\nAnd you?\n"
    splitter = SentenceSplitter()
    chunks = [chunk for start in range(0, len(text), size) for chunk in splitter.feed(text[start : start + size])]
    assert [chunk.rstrip() for chunk in chunks] == [
        "These are the things I like:",
        "- tea with milk",
        "- A walk in the rain.",
        "And you?",
    ]
    assert all(chunk.endswith("\n") for chunk in chunks)


def test_code_is_held_back_until_its_fence_is_closed() -> None:
    splitter = SentenceSplitter()
    assert splitter.feed("```py\nx. y. ") == []


@pytest.mark.parametrize(
    ("text", "language", "left"),
    [
        ("你好，我是一个助手。", "en", True),
        ("Sure. 我是助手我是助手", "en", True),
        ("Привет", "en", True),
        ("A naïve café in Zürich.", "en", False),
        ("The letter π is Greek.", "en", False),
        ("Привет", "ru", False),
        ("", "en", False),
        ("42!", "en", False),
    ],
)
def test_leaving_the_language_is_noticed_by_its_letters(text: str, language: str, left: bool) -> None:
    assert has_left_language(text, language) is left


def test_a_repeated_sentence_is_dropped_to_its_end_and_the_next_is_heard() -> None:
    gate = ReplyGate(language="en", last_reply="Well, that is quite a story, my friend.")
    chunks = ["Well, that is quite a story,", "my friend.", "Tell me more."]
    assert [gate.admit(chunk) for chunk in chunks] == ["", "", "Tell me more."]


@pytest.mark.parametrize("size", [1, 4, 400])
@pytest.mark.parametrize(
    ("again", "heard"),
    [
        ("- I like tea very much\n- And what about you?", ["And what about you?"]),
        ("- I like tea very much\n\n- Or coffee\n- And what about you?", ["Or coffee", "And what about you?"]),
        ("- Here are some of the things that I like:\n- Cake", ["Cake"]),
        ("- Cake\n- I like tea very much\n- Or coffee", ["Cake", "Or coffee"]),
        ("I like tea very much\nI like tea with milk\nI like tea very much\n", ["I like tea with milk"]),
    ],
)
def test_of_a_list_only_the_item_that_was_said_before_is_dropped(again: str, heard: list[str], size: int) -> None:
    gate = ReplyGate(language="en", last_reply="Here are some of the things that I like: I like tea very much")
    splitter = SentenceSplitter()
    chunks = [chunk for start in range(0, len(again), size) for chunk in splitter.feed(again[start : start + size])]
    assert [words for chunk in [*chunks, *splitter.flush()] if (words := gate.admit(chunk))] == heard


@pytest.mark.parametrize(
    "chunks", [["He is a famous man", "with little to do."], ["He is a famous man", "of the north."]]
)
def test_an_answer_may_begin_like_the_last_one_and_is_then_heard_to_its_end(chunks: list[str]) -> None:
    gate = ReplyGate(language="en", last_reply="He is a famous man with little to do.")
    assert [gate.admit(chunk) for chunk in chunks] == chunks


def test_a_short_phrase_may_come_twice() -> None:
    assert ReplyGate(language="en", last_reply="Of course. It is late.").admit("Of course.") == "Of course."


@pytest.mark.parametrize(
    ("transcript", "asks"),
    [
        ("Can you repeat that, please?", True),
        ("Pardon?", True),
        ("Pardon me?", True),
        ("What did you say?", True),
        ("Say it again.", True),
        ("Repeat that word in French.", False),
        ("Tell me again why it works.", False),
        ("", False),
    ],
)
def test_only_a_plain_wish_to_hear_it_again_is_one(transcript: str, asks: bool) -> None:
    assert asks_to_repeat(transcript) is asks
