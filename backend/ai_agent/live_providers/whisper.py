"""What was said? Whisper on this machine, with a shortened window that is believed only when it looks right.

Whisper pads everything to 30 s, so that 2 s of speech cost as much as 30. Here the window is as short as the utterance
allows. A short window is decoded with timestamps (without them it repeats itself), and a result that looks wrong in any
way is thrown away and made again with the full window:

    5 s of speech   [speech.....|..]           8 s window, with timestamps ──> looks right? ──yes──> transcript
                                                                                  │ no
                    [speech.....|....................]  30 s window, without ─────┴──> gate ──> transcript or nothing
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import ctranslate2
import numpy as np
import numpy.typing as npt
import soxr
import tokenizers
from faster_whisper.feature_extractor import FeatureExtractor

from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.engine_pool import EnginePool, StopCheck
from ai_agent.providers import CancelToken, ProviderError, Transcript
from ai_agent.whisper_reading import (
    FULL_WINDOW_SECONDS,
    SHORTEST_WINDOW_SECONDS,
    Reading,
    is_hallucinated,
    max_length_for,
    short_window_seconds,
    token_cap,
    why_doubtful,
)

Window = Literal["short", "full"]
Samples = npt.NDArray[np.float32]

WHISPER_RATE_HZ: Final = 16_000
FEATURES_PER_SECOND: Final = 100
TIMESTAMP_SECONDS: Final = 0.02
LONGEST_PIECE_SECONDS: Final = 28.0
"""Longer turns are cut, at their quietest place after `EARLIEST_CUT_SECONDS`."""
EARLIEST_CUT_SECONDS: Final = 20.0
QUIET_SPAN_SECONDS: Final = 0.2

PROBE_PROMPT: Final = " Stop. Wait. Hold on. Excuse me. Sorry. Cancel that. Okay. Yeah. Mm-hmm. No, what is that?"
"""What was said before a probe's clip, as far as the recogniser knows: a word alone is what it is to expect."""
PROMPTED_LANGUAGE: Final = "en"
ALTERNATIVES: Final = 5
"""A few words of a probe that are not to be believed are looked at so many ways,"""
ALTERNATIVES_PROMPT: Final = (
    " Stop. Wait. Hold on. Excuse me. Sorry. That's enough. Pause. Cancel that. Okay. Yeah. Mm-hmm. No, what is that?"
)
"""with words that laughter is taken for, where they are expected from the first."""
ALTERNATIVE_WORDS: Final = 3
LEAST_TAKEN_LOGPROB: Final = -1.6
"""What was taken down with less certainty than this is half a word, or none."""
ALTERNATIVE_LOGPROB: Final = -0.7
ALTERNATIVE_GAP: Final = 0.15
"""Where what was taken down is as certain as that, an alternative is too, and hardly less certain;"""
SURE_ALTERNATIVE_LOGPROB: Final = -0.5
"""where it is not, an alternative is much more certain."""
LOOPS: Final = frozenset({"token cap", "too many tokens", "compresses", "repeats"})
"""What a prompt leads to now and then: the clip is read again without it."""

TURN_THREADS: Final = 2
"""The agent is silent while a turn is read, so that two threads disturb no sound, and the answer comes sooner."""
PROBE_THREADS: Final = 1
"""The agent speaks, or is about to go on, while a probe is read."""

WARM_UP_SECONDS: Final = 1.0

LONGEST_PROBE_SECONDS: Final = 2.5
"""Of a longer clip the end is listened to."""
USUAL_PROBE_SECONDS: Final = 1.5
PROBES_WAITING: Final = 8
PROBE_WAIT_SECONDS: Final = 1.0
"""A probe that could not begin by then would come too late to decide anything."""


def split_at_pauses(samples: Samples) -> list[Samples]:
    """Sound of any length in pieces that fit the full window, cut where it is quietest."""
    pieces = []
    while len(samples) > LONGEST_PIECE_SECONDS * WHISPER_RATE_HZ:
        span = int(QUIET_SPAN_SECONDS * WHISPER_RATE_HZ)
        start, stop = (int(s * WHISPER_RATE_HZ) for s in (EARLIEST_CUT_SECONDS, LONGEST_PIECE_SECONDS))
        energy = np.square(samples[start:stop]).reshape(-1, span).sum(axis=1)
        cut = start + int(np.argmin(energy)) * span + span // 2
        pieces.append(samples[:cut])
        samples = samples[cut:]
    return [*pieces, samples]


@dataclass(frozen=True, slots=True)
class Heard:
    """Sound as the encoder has it."""

    encoded: Any
    seconds: float
    is_short: bool
    """Of the short window."""


class WhisperEngine:
    """One loaded model. Every method works in the caller's thread and takes its time."""

    def __init__(self, path: Path, *, threads: int, readers: int = 1) -> None:
        """So many `readers` may read at the same time, each with so many `threads`; they share the weights."""
        self._model: Any = ctranslate2.models.Whisper(
            str(path), device="cpu", compute_type="int8", intra_threads=threads, inter_threads=readers
        )
        self._to_storage = ctranslate2.StorageView.from_array
        self._features = FeatureExtractor(feature_size=self._model.n_mels)
        self._tokenizer = tokenizers.Tokenizer.from_file(str(path / "tokenizer.json"))
        self._end_of_text = self._token("<|endoftext|>")
        self._no_timestamps = self._token("<|notimestamps|>")
        self._first_timestamp = self._no_timestamps + 1

    def _token(self, written: str) -> int:
        token: int | None = self._tokenizer.token_to_id(written)
        if token is None:
            raise ProviderError("whisper", f"the model does not know {written}", retryable=False)
        return token

    def knows(self, language: str) -> bool:
        """Whether this model understands `language`."""
        if not self._model.is_multilingual:
            return language == "en"
        return self._tokenizer.token_to_id(f"<|{language}|>") is not None

    def read(self, samples: Samples, *, language: str, window_seconds: float, said_before: str = "") -> Reading:
        """One pass over at most 30 s of 16 kHz sound. `said_before` tells what kind of words are to be expected."""
        heard = self.listen(samples, window_seconds=window_seconds)
        return self.take_down(heard, language=language, said_before=said_before)[0]

    def listen(self, samples: Samples, *, window_seconds: float) -> Heard:
        """What the encoder makes of at most 30 s of 16 kHz sound: it may be taken down more than once."""
        encoded = self._model.encode(self._to_storage(self._window_features(samples, window_seconds)))
        return Heard(encoded, len(samples) / WHISPER_RATE_HZ, is_short=window_seconds < FULL_WINDOW_SECONDS)

    def take_down(self, heard: Heard, *, language: str, said_before: str = "", ways: int = 1) -> list[Reading]:
        """The likeliest words, or so many `ways` to take it down, by a beam as wide; the likeliest first."""
        prompt = [*self._context(said_before), *self._prompt(language, with_timestamps=heard.is_short)]
        cap = token_cap(heard.seconds, is_short=heard.is_short, prompt_tokens=len(prompt))
        result = self._model.generate(
            heard.encoded,
            [prompt],
            beam_size=ways,
            num_hypotheses=ways,
            return_scores=True,
            return_no_speech_prob=True,
            max_length=max_length_for(cap, prompt_tokens=len(prompt)),
        )[0]
        return [
            self._reading(tokens, score, result.no_speech_prob, cap=cap)
            for tokens, score in zip(result.sequences_ids, result.scores, strict=True)
        ]

    def _reading(self, tokens: list[int], avg_logprob: float, no_speech: float, *, cap: int) -> Reading:
        stamps = [token - self._first_timestamp for token in tokens if token >= self._first_timestamp]
        words = [token for token in tokens if token < self._end_of_text]
        return Reading(
            text=self._tokenizer.decode(words).strip(),
            token_count=len(words),
            avg_logprob=avg_logprob,
            no_speech_probability=no_speech,
            was_capped=len(tokens) >= cap,
            end_seconds=max(stamps) * TIMESTAMP_SECONDS if stamps else None,
            ends_with_timestamp=bool(tokens) and tokens[-1] >= self._first_timestamp,
        )

    def _context(self, said_before: str) -> list[int]:
        if not said_before:
            return []
        return [self._token("<|startofprev|>"), *self._tokenizer.encode(said_before, add_special_tokens=False).ids]

    def _prompt(self, language: str, *, with_timestamps: bool) -> list[int]:
        prompt = [self._token("<|startoftranscript|>")]
        if self._model.is_multilingual:
            prompt += [self._token(f"<|{language}|>"), self._token("<|transcribe|>")]
        return prompt if with_timestamps else [*prompt, self._no_timestamps]

    def _window_features(self, samples: Samples, window_seconds: float) -> npt.NDArray[np.float32]:
        """Log-mel features of exactly the window's length. The full window is padded as faster-whisper does."""
        count = round(window_seconds * FEATURES_PER_SECOND)
        if window_seconds < FULL_WINDOW_SECONDS:
            silence = max(0, int(window_seconds * WHISPER_RATE_HZ) - len(samples))
            samples = np.concatenate([samples, np.zeros(silence, np.float32)])
        features = self._features(samples, padding=160)[:, :count]
        features = np.pad(features, [(0, 0), (0, count - features.shape[1])])
        return np.ascontiguousarray(features[None], dtype=np.float32)


class WhisperSpeechToText:
    """Whisper for turns, a smaller Whisper for barge-in probes, each with threads of its own.

    A probe never waits for a turn. In a language that the smaller one does not know, the larger one reads both.
    """

    name = "whisper"

    def __init__(
        self,
        *,
        model_path: Path,
        probe_model_path: Path,
        window: Window = "short",
        threads: int = TURN_THREADS,
        wait_seconds: float = 5.0,
    ) -> None:
        """`threads` is for one turn, `wait_seconds` how long an utterance may wait for others to be done."""
        self.probe_warm_up_seconds = 0.0
        self._paths = {"turns": model_path, "probes": probe_model_path}
        self._window = window
        self._threads = threads
        self._turns = EnginePool("whisper", wait_seconds=wait_seconds)
        probe_wait_seconds = min(PROBE_WAIT_SECONDS, wait_seconds)
        self._probes = EnginePool("whisper probe", max_waiting=PROBES_WAITING, wait_seconds=probe_wait_seconds)
        self._turn_engine: WhisperEngine | None = None
        self._probe_engine: WhisperEngine | None = None

    async def warm_up(self) -> None:
        """Load both models, let each hear a second of silence, and see how long a probe takes here."""
        self._turn_engine = await self._turns.run(
            lambda _: self._load(self._paths["turns"], threads=self._threads, readers=2),
            cancel=CancelToken(),
            waits=False,
        )
        self._probe_engine = engine = self._turn_engine
        if self._paths["probes"] != self._paths["turns"]:
            self._probe_engine = engine = await self._probes.run(
                lambda _: self._load(self._paths["probes"], threads=PROBE_THREADS), cancel=CancelToken(), waits=False
            )
        self.probe_warm_up_seconds = await self._probes.run(
            lambda _: _probe_seconds(engine), cancel=CancelToken(), waits=False
        )

    def _load(self, path: Path, *, threads: int, readers: int = 1) -> WhisperEngine:
        if not (path / "model.bin").is_file():
            raise ProviderError(
                self.name, f"{path / 'model.bin'} is missing: run `python manage.py fetch_models`", retryable=False
            )
        engine = WhisperEngine(path, threads=threads, readers=readers)
        silence = np.zeros(int(WARM_UP_SECONDS * WHISPER_RATE_HZ), np.float32)
        window_seconds = SHORTEST_WINDOW_SECONDS if self._window == "short" else FULL_WINDOW_SECONDS
        engine.read(silence, language="en", window_seconds=window_seconds)
        return engine

    async def transcribe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
        language = _without_region(language)
        engine = self._ready(self._turn_engine, language)
        if not audio:
            return Transcript("")
        return await self._turns.run(lambda stop: self._transcribe(engine, audio, language, stop), cancel=cancel)

    def _transcribe(self, engine: WhisperEngine, audio: bytes, language: str, stop: StopCheck) -> Transcript:
        readings = []
        for piece in split_at_pauses(to_whisper_rate(audio)):
            if stop():
                return Transcript("")
            readings.append(self._read_piece(engine, piece, language))
        return _join(readings)

    def _read_piece(self, engine: WhisperEngine, samples: Samples, language: str) -> Reading:
        seconds = len(samples) / WHISPER_RATE_HZ
        window_seconds = short_window_seconds(seconds)
        has_short_window = self._window == "short" and window_seconds < FULL_WINDOW_SECONDS
        if has_short_window:
            reading = engine.read(samples, language=language, window_seconds=window_seconds)
            if why_doubtful(reading, seconds) is None:
                return reading
        full = engine.read(samples, language=language, window_seconds=FULL_WINDOW_SECONDS)
        return replace(full, fell_back=has_short_window)

    async def transcribe_probe(self, audio: bytes, *, language: str, cancel: CancelToken) -> Transcript:
        """The short window, and no second look."""
        language = _without_region(language)
        small = self._ready(self._probe_engine, "en")
        engine = small if small.knows(language) else self._ready(self._turn_engine, language)
        if not audio:
            return Transcript("", is_doubtful=True)
        return await self._probes.run(lambda _: _probe(engine, audio, language), cancel=cancel)

    def _ready(self, engine: WhisperEngine | None, language: str) -> WhisperEngine:
        if engine is None:
            raise ProviderError(self.name, "not loaded", retryable=False)
        if not engine.knows(language):
            raise ProviderError(self.name, f"the recogniser does not know the language {language!r}", retryable=False)
        return engine

    async def close(self) -> None:
        self._turns.close()
        self._probes.close()


def _without_region(language: str) -> str:
    """Whisper knows languages, and no regions.

    >>> _without_region("en-IN"), _without_region("hi")
    ('en', 'hi')
    """
    return language.partition("-")[0]


def _probe(engine: WhisperEngine, audio: bytes, language: str) -> Transcript:
    samples = to_whisper_rate(audio)[-int(LONGEST_PROBE_SECONDS * WHISPER_RATE_HZ) :]
    seconds = len(samples) / WHISPER_RATE_HZ
    window_seconds = short_window_seconds(seconds)
    said_before = PROBE_PROMPT if language == PROMPTED_LANGUAGE else ""
    heard = engine.listen(samples, window_seconds=window_seconds)
    [reading] = engine.take_down(heard, language=language, said_before=said_before)
    doubt = why_doubtful(reading, seconds)
    if said_before and doubt in LOOPS:
        [reading] = engine.take_down(heard, language=language)
        doubt = why_doubtful(reading, seconds)
    alternatives: tuple[str, ...] = ()
    is_doubted = doubt is not None and reading.avg_logprob >= LEAST_TAKEN_LOGPROB
    if is_doubted and 0 < len(reading.text.split()) <= ALTERNATIVE_WORDS:
        said_before = ALTERNATIVES_PROMPT if said_before else ""
        others = engine.take_down(heard, language=language, said_before=said_before, ways=ALTERNATIVES)
        alternatives = _alternatives(reading, others)
    return Transcript(
        reading.text,
        avg_logprob=reading.avg_logprob,
        no_speech_probability=reading.no_speech_probability,
        is_doubtful=doubt is not None,
        alternatives=alternatives,
    )


def _alternatives(taken: Reading, others: Sequence[Reading]) -> tuple[str, ...]:
    """What a few words may have been as well, all but as likely."""
    least = SURE_ALTERNATIVE_LOGPROB
    if taken.avg_logprob >= ALTERNATIVE_LOGPROB:
        least = max(ALTERNATIVE_LOGPROB, taken.avg_logprob - ALTERNATIVE_GAP)
    texts = [
        other.text
        for other in others
        if other.avg_logprob >= least and len(other.text.split()) <= ALTERNATIVE_WORDS and other.text != taken.text
    ]
    return tuple(dict.fromkeys(texts))


def _probe_seconds(engine: WhisperEngine) -> float:
    """How long a probe of a usual clip takes: a buzz in syllables is as much work as a handful of words."""
    seconds = np.arange(int(USUAL_PROBE_SECONDS * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    buzz = 0.1 * np.sign(np.sin(2 * np.pi * 120 * seconds)) * (np.sin(2 * np.pi * 4 * seconds) > 0)
    clip = (buzz * 32767).astype("<i2").tobytes()
    began = time.perf_counter()
    _probe(engine, clip, "en")
    return time.perf_counter() - began


def _join(readings: Sequence[Reading]) -> Transcript:
    """One transcript of all pieces, without those that are words over noise; as sure as the least sure of the rest."""
    believed = [reading for reading in readings if not is_hallucinated(reading)]
    return Transcript(
        " ".join(reading.text for reading in believed if reading.text),
        avg_logprob=min((reading.avg_logprob for reading in believed), default=None),
        no_speech_probability=max((reading.no_speech_probability for reading in believed), default=None),
        fell_back=any(reading.fell_back for reading in readings),
    )


def to_whisper_rate(audio: bytes) -> Samples:
    """48 kHz s16 mono bytes as 16 kHz float samples."""
    samples = np.frombuffer(audio[: len(audio) // 2 * 2], "<i2").astype(np.float32) / 32768
    resampled: Samples = soxr.resample(samples, SAMPLE_RATE_HZ, WHISPER_RATE_HZ)
    return resampled.astype(np.float32, copy=False)
