"""What does the agent say meanwhile? Three fixed replies in the product's own voice, and when their words end."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import soxr

from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.providers import VoiceSettings
from ai_agent.speakable import SentenceSplitter, split_sentences, spoken_text
from bench.bargein.cases import Case, ReplyName
from bench.bargein.voices import CACHE, Sound, cached, say_hibari

MODELS: Final = Path(__file__).resolve().parents[2] / "models"
VOICE: Final = VoiceSettings(voice_id="clear")

REPLIES: Final[dict[ReplyName, str]] = {
    "long": (
        "A hash table keeps its entries in an array, and a hash function tells in which place of it a key belongs. "
        "Looking one up takes the same time however many there are, as long as the keys spread evenly. "
        "When two keys land in the same place, the table keeps both of them and compares one after the other."
    ),
    "short": "It is quick because the key itself tells the table where it has to look.",
    "question": "That is how a lookup works. Shall I go on and tell you how the table grows?",
}
GREETING: Final = "Hello, I can tell you a lot about hash tables."
"""What is said at the start of every call but those of cases that are about the start."""


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Speech:
    """One reply as it is spoken."""

    text: str
    sentences: tuple[Sentence, ...]

    @property
    def pcm(self) -> bytes:
        return b"".join(sentence.pcm for sentence in self.sentences)

    @property
    def sound(self) -> Sound:
        return np.frombuffer(self.pcm, "<i2") / 32768

    @property
    def audible_seconds(self) -> float:
        """Until its last audible sample."""
        return float(np.flatnonzero(np.abs(self.sound) > 0.01)[-1] + 1) / SAMPLE_RATE_HZ

    @property
    def first_audible_seconds(self) -> float:
        return float(np.flatnonzero(np.abs(self.sound) > 0.01)[0]) / SAMPLE_RATE_HZ


@cache
def speech_of(text: str, *, is_line: bool = False) -> Speech:
    """A text in the agent's voice, as a call speaks it: an answer in pieces for a quick start, a line in sentences."""
    splitter = SentenceSplitter()
    pieces = split_sentences(text) if is_line else [*splitter.feed(text), *splitter.flush()]
    return Speech(text, tuple(Sentence(piece, _pcm(piece)) for piece in pieces))


def reply_speech(case: Case) -> Speech:
    """What the agent says while this case happens: an answer, or, at the start of a call, its greeting."""
    return speech_of(REPLIES[case.reply], is_line=case.new)


def _pcm(sentence: str) -> bytes:
    sound = cached(
        f"agent {VOICE} {sentence}",
        lambda: np.frombuffer(say_hibari(spoken_text(sentence, VOICE.language), VOICE), "<i2") / 32767,
    )
    return np.rint(sound * 32768).astype("<i2").tobytes()


# ── when its words end ────────────────────────────────────────────────────────────────────────────


@cache
def word_ends(speech: Speech) -> tuple[float, ...]:
    """When each word of a reply has ended, in seconds of its sound: what a recogniser's attention says of it."""
    path = CACHE / "words" / f"{hashlib.sha256(speech.pcm).hexdigest()[:24]}.json"
    if not path.is_file():
        heard = [(_plain(word.word), float(word.end)) for word in _recognised(speech.sound)]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(fitted_ends(speech.text.split(), heard, speech.audible_seconds)))
    return tuple(json.loads(path.read_text()))


def _recognised(sound: Sound) -> list[Any]:
    import faster_whisper

    model = faster_whisper.WhisperModel(
        str(MODELS / "whisper-base"), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True
    )
    samples = np.asarray(soxr.resample(sound, SAMPLE_RATE_HZ, 16_000), np.float32)
    segments, _ = model.transcribe(samples, language="en", word_timestamps=True, beam_size=1)
    return [word for segment in segments for word in segment.words or ()]


def fitted_ends(words: list[str], heard: list[tuple[str, float]], seconds: float) -> list[float]:
    """The ends of `words`, from those that were made out; between them in proportion to the letters.

    >>> fitted_ends(["One", "two", "three."], [("one", 0.5), ("three", 1.5)], 1.5)
    [0.5, 1.0, 1.5]
    """
    known: dict[int, float] = {len(words) - 1: seconds}
    matcher = difflib.SequenceMatcher(a=[_plain(word) for word in words], b=[word for word, _ in heard], autojunk=False)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            known[block.a + offset] = heard[block.b + offset][1]
    return [float(end) for end in np.interp(range(len(words)), sorted(known), [known[key] for key in sorted(known)])]


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9']", "", word.lower())
