"""What every recogniser promises. A provider's test class subclasses this and gives a `stt` fixture."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from ai_agent.providers import CancelToken, ProviderError, SpeechToText, Transcript
from tests.contracts.speech import COMMANDS, noise

GARBAGE = {
    "one byte": b"\x01",
    "one sample": b"\x01\x02",
    "a click": b"\xff\x7f" * 48,
    "full-scale noise": noise(0.5, dbfs=0.0, seed=4),
    "full-scale direct current": b"\xff\x7f" * 24_000,
    "text": b"This is no sound. " * 1_000,
}


class SpeechToTextContract:
    def test_it_fills_the_port(self, stt: SpeechToText) -> None:
        assert isinstance(stt, SpeechToText)
        assert stt.name

    async def test_speech_becomes_words(self, stt: SpeechToText) -> None:
        heard = await stt.transcribe(COMMANDS[0].audio, language="en", cancel=CancelToken())
        assert isinstance(heard, Transcript)
        assert heard.text.strip() == heard.text != ""

    async def test_no_sound_is_an_empty_transcript_and_no_error(self, stt: SpeechToText) -> None:
        assert (await stt.transcribe(b"", language="en", cancel=CancelToken())).text == ""

    async def test_an_odd_last_byte_is_no_error(self, stt: SpeechToText) -> None:
        await stt.transcribe(COMMANDS[0].audio + b"\x01", language="en", cancel=CancelToken())

    async def test_the_same_sound_gives_the_same_words(self, stt: SpeechToText) -> None:
        first = await stt.transcribe(COMMANDS[1].audio, language="en", cancel=CancelToken())
        second = await stt.transcribe(COMMANDS[1].audio, language="en", cancel=CancelToken())
        assert first == second

    async def test_two_callers_at_once_each_get_their_own(self, stt: SpeechToText) -> None:
        both = await asyncio.gather(
            *(stt.transcribe(command.audio, language="en", cancel=CancelToken()) for command in COMMANDS)
        )
        alone = await stt.transcribe(COMMANDS[1].audio, language="en", cancel=CancelToken())
        assert both[1] == alone

    def test_it_says_how_long_a_probe_takes_here(self, stt: SpeechToText) -> None:
        assert 0 <= stt.probe_warm_up_seconds < 60

    async def test_a_probe_answers_too(self, stt: SpeechToText) -> None:
        heard = await stt.transcribe_probe(COMMANDS[1].audio[: 2 * 96_000], language="en", cancel=CancelToken())
        assert isinstance(heard.text, str)

    async def test_cancelled_work_ends_without_an_error(self, stt: SpeechToText) -> None:
        cancel = CancelToken()
        cancel.cancel()
        assert isinstance(await stt.transcribe(COMMANDS[0].audio, language="en", cancel=cancel), Transcript)

    async def test_a_cancelled_task_ends_at_once(self, stt: SpeechToText) -> None:
        task = asyncio.ensure_future(stt.transcribe(COMMANDS[0].audio, language="en", cancel=CancelToken()))
        await asyncio.sleep(0)
        task.cancel()
        async with asyncio.timeout(1):
            await asyncio.wait({task})
        assert task.cancelled()

    @pytest.mark.parametrize("garbage", GARBAGE)
    async def test_garbage_is_a_transcript_or_the_one_error(self, stt: SpeechToText, garbage: str) -> None:
        for listen in (stt.transcribe, stt.transcribe_probe):
            with suppress(ProviderError):
                heard = await listen(GARBAGE[garbage], language="en", cancel=CancelToken())
                assert isinstance(heard, Transcript)

    async def test_work_that_is_cancelled_under_way_ends_without_an_error(self, stt: SpeechToText) -> None:
        cancel = CancelToken()
        listening = asyncio.ensure_future(stt.transcribe(COMMANDS[0].audio, language="en", cancel=cancel))
        await asyncio.sleep(0)
        cancel.cancel()
        assert isinstance(await listening, Transcript)

    async def test_words_that_would_come_too_late_are_not_mixed_with_the_next(self, stt: SpeechToText) -> None:
        alone = await stt.transcribe(COMMANDS[1].audio, language="en", cancel=CancelToken())
        late = asyncio.ensure_future(stt.transcribe(COMMANDS[0].audio, language="en", cancel=CancelToken()))
        await asyncio.sleep(0)
        late.cancel()
        assert await stt.transcribe(COMMANDS[1].audio, language="en", cancel=CancelToken()) == alone
