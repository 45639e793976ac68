"""How many words are wrong? Word error rates of texts, and of sound transcribed by the product's own recogniser.

Reads one JSON list from standard input, `[{"reference": str, "hypothesis": str} | {"reference": str, "wav": path}]`,
and prints the same list with `hypothesis` and `wer` filled in. A WAV file is 48 kHz s16 mono.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import wave
from pathlib import Path

import jiwer

_ABBREVIATIONS = {"mr": "mister", "mrs": "missus", "dr": "doctor"}


def plain_words(text: str) -> str:
    """Lower case, no punctuation, hyphens as spaces, abbreviations written out.

    >>> plain_words("Mr. Dashwood -- cold-hearted!")
    'mister dashwood cold hearted'
    """
    words = re.sub(r"[^\w\s']", " ", text.lower()).split()
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def word_error_rate(reference: str, hypothesis: str) -> float:
    """Substitutions, deletions and insertions by the reference's words; 0.0 is perfect."""
    return float(jiwer.wer(plain_words(reference), plain_words(hypothesis)))


async def transcribe_files(paths: list[str]) -> list[str]:
    """The recogniser's text of each WAV file."""
    from django.conf import settings

    from ai_agent.providers import CancelToken
    from tests.e2e.recogniser import recogniser

    engine = recogniser(settings)
    await engine.warm_up()
    texts = []
    for path in paths:
        with wave.open(str(Path(path))) as sound:
            audio = sound.readframes(sound.getnframes())
        texts.append((await engine.transcribe(audio, language="en", cancel=CancelToken())).text)
    await engine.close()
    return texts


def main() -> None:
    items = json.load(sys.stdin)
    heard = [item for item in items if "wav" in item]
    if heard:
        import django

        django.setup()
        for item, text in zip(heard, asyncio.run(transcribe_files([item["wav"] for item in heard])), strict=True):
            item["hypothesis"] = text
    for item in items:
        item["wer"] = word_error_rate(item["reference"], item["hypothesis"])
    print(json.dumps(items))


if __name__ == "__main__":
    main()
