"""What every voice promises. A provider's test class subclasses this and gives a `tts` fixture."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from ai_agent.audio_format import duration_ms
from ai_agent.providers import CancelToken, ProviderError, TextToSpeech, VoiceSettings
from tests.contracts.speech import level_dbfs

SENTENCE = "The little things that people do every day can change the whole week."
GARBAGE = ("", " ", "…", "###", "\x00\x07", "\ufffd", "你好", "🚀", "<b>", "b" * 300, "?!" * 50)
VOICE_IDS = ("clear", "low", "bright", "warm", "soft")


async def spoken(tts: TextToSpeech, text: str = SENTENCE, voice: VoiceSettings | None = None) -> bytes:
    chunks = [chunk async for chunk in tts.synthesize(text, voice=voice or VoiceSettings(), cancel=CancelToken())]
    assert all(isinstance(chunk, bytes) and len(chunk) % 2 == 0 for chunk in chunks)
    return b"".join(chunks)


class TextToSpeechContract:
    def test_it_fills_the_port(self, tts: TextToSpeech) -> None:
        assert isinstance(tts, TextToSpeech)
        assert tts.name

    @pytest.mark.parametrize("voice_id", VOICE_IDS)
    async def test_every_voice_speaks_at_a_fair_level(self, tts: TextToSpeech, voice_id: str) -> None:
        pcm = await spoken(tts, voice=VoiceSettings(voice_id=voice_id))
        assert -30 < level_dbfs(pcm) < -14

    async def test_a_sentence_lasts_about_as_long_as_a_person_would_take(self, tts: TextToSpeech) -> None:
        assert 30 < duration_ms(await spoken(tts)) / len(SENTENCE) < 120

    async def test_a_longer_text_takes_longer(self, tts: TextToSpeech) -> None:
        assert len(await spoken(tts, SENTENCE * 2)) > 1.5 * len(await spoken(tts))

    async def test_a_higher_pace_takes_less_time(self, tts: TextToSpeech) -> None:
        slow, fast = [await spoken(tts, voice=VoiceSettings(pace=pace)) for pace in (0.8, 1.3)]
        assert len(fast) < 0.8 * len(slow)

    async def test_the_same_text_is_the_same_sound(self, tts: TextToSpeech) -> None:
        assert await spoken(tts) == await spoken(tts)

    async def test_the_first_chunk_is_short_enough_to_start_early(self, tts: TextToSpeech) -> None:
        sound = tts.synthesize(SENTENCE, voice=VoiceSettings(), cancel=CancelToken())
        assert duration_ms(await anext(sound)) <= 500
        await sound.aclose()  # type: ignore[attr-defined]

    async def test_a_cancelled_sentence_stops_early_and_without_an_error(self, tts: TextToSpeech) -> None:
        cancel = CancelToken()
        cancel.cancel()
        chunks = [chunk async for chunk in tts.synthesize(SENTENCE, voice=VoiceSettings(), cancel=cancel)]
        assert sum(map(len, chunks)) < len(await spoken(tts))

    async def test_two_sentences_at_once_do_not_mix(self, tts: TextToSpeech) -> None:
        alone = await spoken(tts)
        assert (await asyncio.gather(spoken(tts), spoken(tts, "Quite another one.")))[0] == alone

    async def test_a_sentence_that_is_cancelled_under_way_stops_without_an_error(self, tts: TextToSpeech) -> None:
        cancel, long = CancelToken(), " ".join([SENTENCE] * 6)
        given = 0
        async for chunk in tts.synthesize(long, voice=VoiceSettings(), cancel=cancel):
            given += len(chunk)
            cancel.cancel()
        assert given < len(await spoken(tts, long))

    async def test_a_sentence_that_is_left_frees_the_voice(self, tts: TextToSpeech) -> None:
        alone = await spoken(tts)
        sound = tts.synthesize(" ".join([SENTENCE] * 6), voice=VoiceSettings(), cancel=CancelToken())
        await anext(sound)
        await sound.aclose()  # type: ignore[attr-defined]
        assert await spoken(tts) == alone

    async def test_a_sentence_that_would_come_too_late_frees_the_voice(self, tts: TextToSpeech) -> None:
        late = asyncio.ensure_future(spoken(tts, " ".join([SENTENCE] * 6)))
        await asyncio.sleep(0)
        late.cancel()
        async with asyncio.timeout(1):
            await asyncio.wait({late})
        assert await spoken(tts)

    async def test_garbage_is_whole_samples_or_the_one_error(self, tts: TextToSpeech) -> None:
        for garbage in GARBAGE:
            with suppress(ProviderError):
                await spoken(tts, garbage)
        assert await spoken(tts)
