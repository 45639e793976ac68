"""How does written text become text for the ear? Markdown goes, numbers and symbols are read, sentences are cut.

    "**Sure!** It's 25% off, see https://x.org"  --plain_text-->   "Sure! It's 25% off, see x.org"      (shown)
                                                 --spoken_text-->  "… twenty-five percent off, see x dot org"   (said)

Plain text is what the page shows and the history keeps; spoken text goes to the voice. Numbers and symbols are read in
English only: in any other language the voice reads them itself.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

from ai_agent.spoken_numbers import read_numbers

MIN_WORDS_OF_FIRST_CHUNK: Final = 4
"""The first chunk may end at a comma, or where a clause or a phrase begins, when it has at least this many words."""

MIN_WORDS_OF_LATER_CHUNK: Final = 8
"""What follows it in the same sentence may end at a comma or a clause, too: a long rest would come after a gap."""

CLAUSE_BEGINNINGS: Final = (
    "after although and because before but if or so that though unless until when where which while who".split()  # noqa: SIM905
)
PHRASE_BEGINNINGS: Final = (
    "about across against at between by during for from in into on over through to under with without".split()  # noqa: SIM905
)

MAX_CHUNK_CHARACTERS: Final = 400
"""A sentence that does not end is cut here, between two words."""

LATIN_LANGUAGES: Final = frozenset(
    "af cs da de en es et fi fr hr hu id is it lt lv ms nl no pl pt ro sk sl sv sw tr vi".split()  # noqa: SIM905
)
"""Languages written in Latin letters: another script in a reply means that it has left the language."""

FOREIGN_LETTER_SHARE: Final = 0.2
"""More letters of another script than this share, and a sentence has left its language."""

ABBREVIATIONS: Final = frozenset(
    "mr mrs ms dr prof sr jr st vs etc approx inc ltd co dept est fig no vol e.g i.e a.m p.m u.s u.k ph.d".split()  # noqa: SIM905
)
"""Words whose full stop does not end a sentence."""

_FENCE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)", re.DOTALL)
_IMAGE_OR_LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$", re.MULTILINE)
_LINE_RULE = re.compile(r"^\s*([-*_=])(\s*\1){2,}\s*$", re.MULTILINE)
_LINE_START = re.compile(r"^\s*(?:#{1,6}\s+|>+\s?|[-*+•‣◦]\s+|\(?\d{1,2}[.)]\s+(?=\S))", re.MULTILINE)
_STRONG = re.compile(r"(\*{1,3}|_{2,3}|~~)(?=\S)(.+?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)")
_LEFT_OVER = re.compile(r"[`*#|~\\]|_{2,}")
_URL_SCHEME = re.compile(r"\b(?:https?|ftp)://(?:www\.)?", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\f\v\u00a0\u2000-\u200a]+")
_SPACE_BEFORE_STOP = re.compile(r"\s+(?=[,.;:!?](?:\s|$))")
_END_OF_LINE = re.compile(r"(?<![.!?…:;,\n])\s*\n+\s*")

SYMBOL_WORDS: Final = (
    ("&", " and "),
    ("@", " at "),
    ("+", " plus "),
    ("=", " equals "),
    ("≈", " about "),
    ("≤", " at most "),
    ("≥", " at least "),
    ("<", " less than "),
    (">", " more than "),
    ("×", " times "),
    ("÷", " divided by "),
    ("°", " degrees "),
    ("→", " to "),
    ("%", " percent "),
    ("©", " copyright "),
    ("™", ""),
    ("®", ""),
)


def plain_text(text: str) -> str:
    """`text` without markdown, code blocks, tags, pictures and control characters, in one line.

    >>> plain_text("## Plan\\n- **first** [look](https://x.org)\\n- then `go` 🚀")
    'Plan. first look. then go'
    >>> plain_text("```python\\nprint(1)\\n```")
    ''
    """
    text = _FENCE.sub(" ", text)
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _HTML_TAG.sub(" ", text)
    text = _TABLE_RULE.sub("", text)
    text = _LINE_RULE.sub("", text)
    text = _LINE_START.sub("", text)
    text = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\2", text))
    text = _URL_SCHEME.sub("", _LEFT_OVER.sub(" ", text))
    text = "".join(character if _is_readable(character) else " " for character in text)
    text = _END_OF_LINE.sub(". ", text.strip()).replace("\n", " ")
    return _SPACE_BEFORE_STOP.sub("", _SPACE.sub(" ", text)).strip()


def _is_readable(character: str) -> bool:
    """Letters, digits, marks, punctuation and the symbols that have words; not controls, emoji or dingbats."""
    if character == "\n" or character in "°©®™":
        return True
    return unicodedata.category(character)[0] not in "C" and unicodedata.category(character) not in ("So", "Sk")


def spoken_text(text: str, language: str = "en") -> str:
    """Plain text as a voice should read it. Empty when there is nothing to say.

    >>> spoken_text("It costs $5.50 & takes 20%.")
    'It costs five dollars and fifty cents and takes twenty percent.'
    >>> spoken_text("...!")
    ''
    """
    text = plain_text(text)
    if language.partition("-")[0] == "en":
        text = _read_addresses(text)
        text = read_numbers(text)
        for symbol, words in SYMBOL_WORDS:
            text = text.replace(symbol, words)
        text = text.replace("/", " ")
    text = _SPACE_BEFORE_STOP.sub("", _SPACE.sub(" ", text)).strip()
    return text if any(character.isalnum() for character in text) else ""


_ADDRESS = re.compile(
    r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[a-zA-Z][\w-]*\.)+(?:com|org|net|io|dev|edu|gov|py|js|ts|md)\b[\w/]*"
)


def _read_addresses(text: str) -> str:
    """Mail and web addresses and file names, with their dots read.

    >>> _read_addresses("Write to sam@example.org.")
    'Write to sam at example dot org.'
    """

    def read(match: re.Match[str]) -> str:
        return match[0].replace("@", " at ").replace(".", " dot ").replace("/", " slash ")

    return _ADDRESS.sub(read, text)


def has_left_language(text: str, language: str) -> bool:
    """Whether a sentence is written in letters that its language does not have.

    >>> has_left_language("你好，我是助手", "en"), has_left_language("Café, naïve?", "en")
    (True, False)
    """
    if language.partition("-")[0] not in LATIN_LANGUAGES:
        return False
    letters = [character for character in text if character.isalpha()]
    foreign = sum(not _is_latin(character) for character in letters)
    return foreign > FOREIGN_LETTER_SHARE * len(letters)


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith(("LATIN", "FEMININE", "MASCULINE"))


class SentenceSplitter:
    """Cuts a stream of tokens into chunks for the voice. A chunk is a sentence; the first sentence may be several.

        tokens   "Well," " that" " is" " quite" " a" " story," " my" " friend." " Go" " on."
        chunks   |---------------- at a comma ----------------|  |---sentence---|  |-----|
        tokens   "That" " is" " a" " common" " problem" " when" " someone" " moves."
        chunks   |--------- before a clause ----------| |---rest of the sentence---|
        tokens   "This" " could" " indeed" " be" " very" " useful" " for" " their" " lives."
        chunks   |--------------- before a phrase ---------------| |------- rest -------|

    A chunk with which a line ends keeps its line break. After `max_sentences` whole sentences nothing more comes out.
    """

    def __init__(self, *, max_sentences: int | None = None) -> None:
        self.sentence_count = 0
        self._max_sentences = max_sentences
        self._pending = ""
        self._has_begun = False
        self.may_cut_sentences = True

    @property
    def is_full(self) -> bool:
        return self._max_sentences is not None and self.sentence_count >= self._max_sentences

    def feed(self, token: str) -> list[str]:
        """The chunks that `token` completes, in order."""
        self._pending += token
        chunks: list[str] = []
        while not self.is_full and (cut := self._next_cut()) is not None:
            chunks.extend(self._take(cut))
        return chunks

    def flush(self) -> list[str]:
        """What is left when the stream is over."""
        return [] if self.is_full else self._take(len(self._pending))

    def _take(self, cut: int) -> list[str]:
        if line_end := _LINE_BREAK.match(self._pending, cut):
            cut = line_end.end()
        chunk, self._pending = self._pending[:cut], self._pending[cut:].lstrip(" ")
        words = chunk.strip()
        if not words:
            return []
        self._has_begun = True
        self.sentence_count += ends_sentence(words)
        return [f"{words}\n" if chunk.endswith("\n") else words]

    def _next_cut(self) -> int | None:
        """Where the next chunk ends: only before white space, so that "3.5" and "e.g." are never cut."""
        if self._pending.count("```") % 2:
            return None
        for match in _BOUNDARY.finditer(self._pending):
            if match["comma"] or match["clause"] or match["phrase"]:
                if len(self._pending[: match.start()].split()) >= self._fewest_words(match):
                    return match.end()
            elif match["line"] or ends_sentence(self._pending[: match.end()].rstrip()):
                return match.end()
        if len(self._pending) > MAX_CHUNK_CHARACTERS:
            return self._pending.rfind(" ", 1, MAX_CHUNK_CHARACTERS) + 1 or MAX_CHUNK_CHARACTERS
        return None

    def _fewest_words(self, match: re.Match[str]) -> float:
        """How many words a chunk has at least that ends here, within a sentence."""
        if not self.may_cut_sentences or self.sentence_count:
            return math.inf
        if self._has_begun:
            return math.inf if match["phrase"] else MIN_WORDS_OF_LATER_CHUNK
        return MIN_WORDS_OF_FIRST_CHUNK


def split_sentences(text: str) -> list[str]:
    """The sentences of a text that is all there.

    >>> split_sentences("Hello, Dr. Fox. How are you?")
    ['Hello, Dr. Fox.', 'How are you?']
    """
    splitter = SentenceSplitter()
    splitter.may_cut_sentences = False
    return [chunk.rstrip() for chunk in (*splitter.feed(text), *splitter.flush())]


_BOUNDARY = re.compile(
    r"""(?P<stop>[.!?…]+["'”’)\]*_]*(?=\s)|[。！？]+)|(?P<comma>[,;:—](?=\s))|(?P<line>\n+)|"""
    rf"""(?P<clause> (?=(?:{"|".join(CLAUSE_BEGINNINGS)}) ))|"""
    rf"""(?P<phrase> (?=(?:{"|".join(PHRASE_BEGINNINGS)}) ))"""
)
_LINE_BREAK = re.compile(r"[ \t]*\n+")
_STOP_AT_END = re.compile(r"""([.!?…。！？]+)["'”’)\]*_]*$""")
_LAST_WORD = re.compile(r"([\w.]+)\.$")


def ends_sentence(text: str) -> bool:
    """Whether `text` ends where a sentence does.

    >>> [ends_sentence(text) for text in ("Go on.", "Ask Dr.", "Is it?", "J.", "It is 3.", "1.", "so,")]
    [True, False, True, False, True, False, False]
    """
    stop = _STOP_AT_END.search(text)
    if stop is None:
        return False
    if stop[1] != ".":
        return True
    word = _LAST_WORD.search(text[: stop.end(1)])
    if word is None:
        return True
    is_initial = len(word[1]) == 1 and word[1].isupper() and word[1] != "I"
    is_list_number = text.strip() == word[0] and word[1].isdigit()
    return not (is_initial or is_list_number or word[1].lower() in ABBREVIATIONS)


class TokenBudget:
    """How much may a model still say? A model that runs on past what it was granted is not listened to any more.

    Nobody says how long a provider's tokens are: a long one counts as several.

    >>> budget = TokenBudget(3)
    >>> budget.take("Yes,"), budget.take(" " + "o" * 100), budget.is_spent
    ('Yes,', ' ooooooooooooooooooooooooooooooo', True)
    """

    LONGEST_TOKEN_CHARACTERS: Final = 16

    def __init__(self, max_tokens: int) -> None:
        self._left = max_tokens

    @property
    def is_spent(self) -> bool:
        return self._left <= 0

    def take(self, token: str) -> str:
        """As much of `token` as is granted."""
        granted = token[: self._left * self.LONGEST_TOKEN_CHARACTERS]
        self._left -= max(1, -(-len(token) // self.LONGEST_TOKEN_CHARACTERS))
        return granted


class ReplyGate:
    """Which sentences of a reply may be heard? None in another language, and not those of the last reply over again.

    Chunks come in order, as `SentenceSplitter` cuts them: a sentence that begins as a repetition is dropped to its end.
    A line's end is one too, with a full stop or without. A model that has nothing else to say may repeat itself: in a
    second attempt repetitions pass.

        first attempt    "I like tea very much."  dropped      "And you?"  heard
        second attempt   "I like tea very much."  heard
    """

    MIN_REPEATED_WORDS: Final = 4
    """A shorter sentence ("Of course.") may come twice running."""
    MIN_REPEATED_BEGINNING: Final = 6
    """Answers often begin alike: so many words are a repetition though the sentence goes on."""

    def __init__(self, *, language: str, last_reply: str = "") -> None:
        self.has_left_language = False
        self.repeated: list[str] = []
        """What was dropped because the last reply had it."""
        self._language = language
        self._last_words = f" {' '.join(_words(last_reply))} "
        self._attempt_count = 0
        self._is_within_sentence = self._is_dropping = False

    def begin_reply(self) -> None:
        """The model begins to answer, for the first time or again."""
        self._attempt_count += 1
        self.has_left_language = self._is_within_sentence = self._is_dropping = False

    def admit(self, chunk: str) -> str:
        """The chunk as plain text, or nothing where it must not be heard.

        >>> gate = ReplyGate(language="en", last_reply="I like tea very much.")
        >>> gate.admit("**I like tea very much.**"), gate.admit("And you?"), gate.repeated
        ('', 'And you?', ['I like tea very much.'])
        >>> gate.admit("- I like tea very much\\n"), gate.admit("- And what about you?")
        ('', 'And what about you?')
        """
        sentence = plain_text(chunk)
        if self.has_left_language or has_left_language(sentence, self._language):
            self.has_left_language = True
            return ""
        is_dropped = self._drops(sentence, is_end=ends_sentence(sentence) or chunk.endswith("\n"))
        return sentence if _words(sentence) and not is_dropped else ""

    def _drops(self, sentence: str, *, is_end: bool) -> bool:
        words = _words(sentence)
        if not self._is_within_sentence:
            fewest = self.MIN_REPEATED_WORDS if is_end else self.MIN_REPEATED_BEGINNING
            is_repeated = len(words) >= fewest and f" {' '.join(words)} " in self._last_words
            self._is_dropping = is_repeated and self._attempt_count <= 1
        self._is_within_sentence = not is_end
        if self._is_dropping and words:
            self.repeated.append(sentence)
        return self._is_dropping


def says_the_same(text: str, other: str) -> bool:
    """Whether two texts have the same words.

    >>> says_the_same("When is it open?", "when is it open"), says_the_same("", "")
    (True, False)
    """
    return _words(text) == _words(other) != []


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("'", "").replace("’", ""))


_REPEAT_REQUEST = re.compile(
    r"(?:sorry |please |can you |could you |would you )*"
    r"(?:repeat (?:that|it)|say (?:that|it) again|pardon(?: me)?|what did you say|come again)(?: please)?"
)


def asks_to_repeat(transcript: str) -> bool:
    """Whether the user asks, in English, to hear the last reply again, and for nothing else.

    >>> asks_to_repeat("Sorry, could you say that again, please?"), asks_to_repeat("Say that again in French.")
    (True, False)
    """
    return _REPEAT_REQUEST.fullmatch(" ".join(_words(transcript))) is not None
