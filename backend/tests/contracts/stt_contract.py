"""What every recogniser promises. A provider's test class subclasses this and gives a `stt` fixture."""

from __future__ import annotations

import asyncio

from ai_agent.providers import CancelToken, SpeechToText, Transcript
from tests.contracts.speech import COMMANDS


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
