"""What does the product's recogniser make of a clip? Its answers are kept, so that a second run takes seconds."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from dataclasses import asdict
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, Literal

from ai_agent import whisper_reading
from ai_agent.live_providers import whisper
from ai_agent.live_providers.whisper import WhisperSpeechToText
from ai_agent.providers import CancelToken, Transcript
from bench.bargein.agent import MODELS
from bench.bargein.voices import CACHE

Look = Literal["probe", "turn"]

KEPT: Final = CACHE / "transcripts"


class Recogniser:
    """Whisper as the product uses it: tiny.en for probes, base for turns. One a process; loaded when first needed."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._loaded: WhisperSpeechToText | None = None

    def read(self, audio: bytes, *, look: Look) -> Transcript:
        """The words of 48 kHz s16 mono."""
        path = _path(audio, look)
        if path.is_file():
            return Transcript(**json.loads(path.read_text()))
        transcript = self.read_anew(audio, look=look)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_text(json.dumps(asdict(transcript)))
        part.replace(path)
        return transcript

    def read_anew(self, audio: bytes, *, look: Look) -> Transcript:
        """The same, whatever is kept."""
        return self._runner.run(self._read(audio, look))

    async def _read(self, audio: bytes, look: Look) -> Transcript:
        if self._loaded is None:
            self._loaded = WhisperSpeechToText(
                model_path=MODELS / "whisper-base", probe_model_path=MODELS / "whisper-tiny.en"
            )
            await self._loaded.warm_up()
        read: Any = self._loaded.transcribe_probe if look == "probe" else self._loaded.transcribe
        transcript: Transcript = await read(audio, language="en", cancel=CancelToken())
        return transcript


@cache
def _rules() -> str:
    """The recogniser's code, in short: what is kept of an older one is stale. (Models are pinned by digests.)"""
    sources = (whisper, whisper_reading)
    return hashlib.sha256(b"".join(Path(source.__file__).read_bytes() for source in sources)).hexdigest()[:12]


def _path(audio: bytes, look: Look) -> Path:
    return KEPT / _rules() / look / f"{hashlib.sha256(audio).hexdigest()[:32]}.json"


class SharedRecogniser:
    """A recogniser in a process of its own, for one that forks: the engine's threads would not be in its children."""

    def __init__(self) -> None:
        context = get_context("fork")
        self._ours, theirs = context.Pipe()
        context.Process(target=_answer_for_ever, args=(theirs,), daemon=True).start()

    def read(self, audio: bytes, *, look: Look) -> Transcript:
        """As `Recogniser` does; one question at a time."""
        path = _path(audio, look)
        if path.is_file():
            return Transcript(**json.loads(path.read_text()))
        self._ours.send((audio, look))
        answer: Transcript = self._ours.recv()
        return answer


def _answer_for_ever(questions: Any) -> None:
    engine = Recogniser()
    while True:
        audio, look = questions.recv()
        questions.send(engine.read(audio, look=look))
