"""The stand-ins keep the same promises as the engines they stand in for, and are the same every time."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

import pytest

from ai_agent.audio_format import duration_ms
from ai_agent.mock_providers.end_of_turn import MockEndOfTurnModel
from ai_agent.mock_providers.llm import MockLanguageModel
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.mock_providers.tts import MockTextToSpeech
from ai_agent.providers import CancelToken, ProviderError, VoiceSettings
from tests.contracts.end_of_turn_contract import EndOfTurnContract, ask
from tests.contracts.llm_contract import LanguageModelContract, answer
from tests.contracts.stt_contract import SpeechToTextContract
from tests.contracts.tts_contract import TextToSpeechContract, spoken


class TestMockSpeechToText(SpeechToTextContract):
    @pytest.fixture
    def stt(self) -> MockSpeechToText:
        return MockSpeechToText()

    async def test_it_hears_the_text_it_was_told_to_hear(self) -> None:
        stt = MockSpeechToText(text="Go forward ten meters.")
        assert (await stt.transcribe(b"\0\0", language="en", cancel=CancelToken())).text == "Go forward ten meters."

    async def test_a_probe_may_hear_other_words_and_is_counted_for_itself(self) -> None:
        stt = MockSpeechToText(text="Go forward ten meters.", probe_text="Stop.")
        assert (await stt.transcribe_probe(b"\0\0", language="en", cancel=CancelToken())).text == "Stop."
        assert (await stt.transcribe(b"\0\0", language="en", cancel=CancelToken())).text == "Go forward ten meters."
        assert (stt.probes, stt.calls) == ([2], [2])

    async def test_it_takes_as_long_as_it_was_told_to(self) -> None:
        stt = MockSpeechToText(delay_ms=30)
        started = asyncio.get_running_loop().time()
        await stt.transcribe(b"\0\0", language="en", cancel=CancelToken())
        assert asyncio.get_running_loop().time() - started >= 0.03


class TestMockLanguageModel(LanguageModelContract):
    @pytest.fixture
    def llm(self) -> MockLanguageModel:
        return MockLanguageModel()

    async def test_it_says_back_what_it_was_told(self) -> None:
        assert (await answer(MockLanguageModel())).startswith("You said: What is a good way to start the day.")

    async def test_it_answers_the_reply_it_was_given(self) -> None:
        assert await answer(MockLanguageModel(reply="As you wish. Good day.")) == "As you wish. Good day."


class TestMockEndOfTurnModel(EndOfTurnContract):
    @pytest.fixture
    def end_of_turn(self) -> MockEndOfTurnModel:
        return MockEndOfTurnModel()

    async def test_it_answers_what_it_was_told_to(self) -> None:
        assert await ask(MockEndOfTurnModel(probability=0.3), b"\0\0") == 0.3

    async def test_it_fails_as_it_was_told_to(self) -> None:
        model = MockEndOfTurnModel(faults=["error", "garbage", "empty"])
        with pytest.raises(ProviderError):
            await ask(model, b"\0\0")
        assert str(await ask(model, b"\0\0")) == "nan"
        assert await ask(model, b"\0\0") == 0.0


class TestMockTextToSpeech(TextToSpeechContract):
    @pytest.fixture
    def tts(self) -> MockTextToSpeech:
        return MockTextToSpeech()

    async def test_a_character_is_sixty_milliseconds_long(self) -> None:
        assert duration_ms(await spoken(MockTextToSpeech(), "ten chars.")) == 600

    async def test_it_plays_the_file_it_was_given_whatever_the_text(self, tmp_path: Path) -> None:
        recording = tmp_path / "voice.wav"
        write_wav(recording, rate_hz=48_000, pcm=b"\x01\x02" * 4800)
        assert await spoken(MockTextToSpeech(wav=recording), "Anything.") == b"\x01\x02" * 4800

    @pytest.mark.parametrize(
        ("content", "reason"), [(None, "No such file"), (b"this is no sound", "RIFF"), (b"", "ends too early")]
    )
    def test_a_file_it_cannot_play_is_one_clear_line(self, tmp_path: Path, content: bytes | None, reason: str) -> None:
        recording = tmp_path / "voice.wav"
        if content is not None:
            recording.write_bytes(content)
        with pytest.raises(ProviderError, match=reason):
            MockTextToSpeech(wav=recording)

    def test_a_file_of_another_rate_is_refused(self, tmp_path: Path) -> None:
        write_wav(tmp_path / "voice.wav", rate_hz=16_000, pcm=bytes(320))
        with pytest.raises(ProviderError, match="not 48 kHz"):
            MockTextToSpeech(wav=tmp_path / "voice.wav")

    async def test_a_higher_pitch_is_another_sound_of_the_same_length(self) -> None:
        low, high = [await spoken(MockTextToSpeech(), voice=VoiceSettings(pitch=pitch)) for pitch in (0.0, 4.0)]
        assert low != high
        assert len(low) == len(high)


def write_wav(path: Path, *, rate_hz: int, pcm: bytes) -> None:
    with wave.open(str(path), "wb") as recording:
        recording.setnchannels(1)
        recording.setsampwidth(2)
        recording.setframerate(rate_hz)
        recording.writeframes(pcm)
