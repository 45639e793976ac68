"""The engines on this machine: the promises of every port, and how well they hear, answer and speak."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import numpy as np
import pytest

from ai_agent.audio_format import BYTES_PER_SAMPLE, samples_in
from ai_agent.live_providers.hibari import HibariTextToSpeech
from ai_agent.live_providers.local_llm import LocalLanguageModel
from ai_agent.live_providers.smart_turn import SmartTurn
from ai_agent.live_providers.whisper import WhisperSpeechToText
from ai_agent.model_files import find_problems, read_table
from ai_agent.providers import CancelToken, ChatMessage, ProviderError, VoiceSettings
from bench.conditioning.clips import noisy_clips, to_pcm
from tests.contracts.end_of_turn_contract import EndOfTurnContract, ask
from tests.contracts.llm_contract import OPTIONS, LanguageModelContract, answer
from tests.contracts.speech import COMMANDS, READ_ALOUD, noise, word_error_rate
from tests.contracts.stt_contract import SpeechToTextContract
from tests.contracts.tts_contract import SENTENCE, VOICE_IDS, TextToSpeechContract, spoken

pytestmark = pytest.mark.models

SENTENCES = (
    SENTENCE,
    "Hello, this is Juno. What can I do for you today?",
    "I would start with a glass of water and a short walk.",
)


class TestWhisperSpeechToText(SpeechToTextContract):
    @pytest.fixture
    def stt(self, whisper: WhisperSpeechToText) -> WhisperSpeechToText:
        return whisper

    async def test_speech_read_aloud_is_understood_at_the_first_reading(self, stt: WhisperSpeechToText) -> None:
        heard = [await stt.transcribe(clip.audio, language="en", cancel=CancelToken()) for clip in READ_ALOUD]
        assert word_error_rate([clip.words for clip in READ_ALOUD], [one.text for one in heard]) <= 0.10
        assert not any(one.fell_back for one in heard)

    async def test_a_turn_longer_than_the_window_is_one_transcript(self, stt: WhisperSpeechToText) -> None:
        pause = bytes(96_000)
        audio = pause.join(clip.audio for clip in READ_ALOUD + READ_ALOUD)
        said = " ".join(clip.words for clip in READ_ALOUD + READ_ALOUD)
        heard = await stt.transcribe(audio, language="en", cancel=CancelToken())
        assert word_error_rate([said], [heard.text]) <= 0.12

    async def test_twenty_seconds_of_quick_speech_are_not_cut_short(
        self, stt: WhisperSpeechToText, hibari: HibariTextToSpeech
    ) -> None:
        said = " ".join(clip.words for clip in (*READ_ALOUD, *READ_ALOUD[:3]))
        sound = await spoken(hibari, said, VoiceSettings(voice_id="clear", pace=1.5))
        heard = await stt.transcribe(sound, language="en", cancel=CancelToken())
        assert word_error_rate([said], [heard.text]) <= 0.10

    async def test_what_was_said_once_in_a_humming_room_is_not_heard_twice(self, stt: WhisperSpeechToText) -> None:
        clips = await asyncio.to_thread(lambda: [*noisy_clips("report", snrs_db=(10.0, 20.0), noises=("hum", "white"))])
        heard = [
            await stt.transcribe(to_pcm(clip.noisy).tobytes(), language="en", cancel=CancelToken()) for clip in clips
        ]
        assert word_error_rate([clip.words for clip in clips], [one.text for one in heard]) <= 0.10

    @pytest.mark.parametrize("dbfs", [-60, -45, -30])
    async def test_noise_is_an_empty_transcript(self, stt: WhisperSpeechToText, dbfs: float) -> None:
        heard = await stt.transcribe(noise(2.5, dbfs=dbfs, seed=1), language="en", cancel=CancelToken())
        assert heard.text in ("", ".")

    async def test_silence_is_an_empty_transcript(self, stt: WhisperSpeechToText) -> None:
        assert (await stt.transcribe(bytes(3 * 96_000), language="en", cancel=CancelToken())).text == ""

    async def test_a_probe_of_noise_is_no_verdict(self, stt: WhisperSpeechToText) -> None:
        heard = await stt.transcribe_probe(noise(1.0, dbfs=-35, seed=2), language="en", cancel=CancelToken())
        assert heard.is_doubtful

    async def test_the_words_of_a_short_interruption_are_caught_by_a_probe(
        self, stt: WhisperSpeechToText, hibari: HibariTextToSpeech
    ) -> None:
        said = await spoken(hibari, "Wait, hold on.", VoiceSettings(voice_id="clear"))
        heard = await stt.transcribe_probe(said, language="en", cancel=CancelToken())
        assert {"wait", "hold", "on"} <= set(re.findall(r"[a-z]+", heard.text.lower()))
        assert heard.avg_logprob is not None and heard.no_speech_probability is not None
        assert not heard.fell_back

    async def test_of_a_clip_that_is_too_long_for_a_probe_the_end_is_heard(self, stt: WhisperSpeechToText) -> None:
        clip = READ_ALOUD[1].audio
        longest = clip[-samples_in(2_500) * BYTES_PER_SAMPLE :]
        heard = [await stt.transcribe_probe(one, language="en", cancel=CancelToken()) for one in (clip, longest)]
        assert heard[0].text == heard[1].text != ""

    async def test_a_usual_probe_is_measured_when_the_models_are_loaded(self, stt: WhisperSpeechToText) -> None:
        assert stt.probe_warm_up_seconds > 0.01

    async def test_a_probe_waits_for_no_turn(self, stt: WhisperSpeechToText) -> None:
        turns = [
            asyncio.ensure_future(stt.transcribe(READ_ALOUD[1].audio, language="en", cancel=CancelToken()))
            for _ in range(4)
        ]
        for language in ("en", "de"):  # the second is one that only the larger model knows
            await stt.transcribe_probe(COMMANDS[1].audio, language=language, cancel=CancelToken())
            assert not turns[-1].done()
        for turn in turns:
            turn.cancel()
        await asyncio.gather(*turns, return_exceptions=True)

    async def test_a_region_is_its_language(self, stt: WhisperSpeechToText) -> None:
        for hear in (stt.transcribe, stt.transcribe_probe):
            heard = [
                await hear(COMMANDS[1].audio, language=language, cancel=CancelToken()) for language in ("en", "en-IN")
            ]
            assert heard[0].text == heard[1].text != ""

    async def test_a_language_it_does_not_know_is_one_clear_line(self, stt: WhisperSpeechToText) -> None:
        with pytest.raises(ProviderError, match="does not know the language 'tlh'"):
            await stt.transcribe(READ_ALOUD[1].audio, language="tlh", cancel=CancelToken())

    async def test_the_event_loop_stays_free_while_it_listens(self, stt: WhisperSpeechToText) -> None:
        assert await loop_seconds_while(stt.transcribe(READ_ALOUD[0].audio, language="en", cancel=CancelToken())) < 0.05

    async def test_too_many_at_once_are_told_to_come_back(self, stt: WhisperSpeechToText) -> None:
        outcomes = await asyncio.gather(
            *(stt.transcribe(READ_ALOUD[1].audio, language="en", cancel=CancelToken()) for _ in range(12)),
            return_exceptions=True,
        )
        refused = [outcome for outcome in outcomes if isinstance(outcome, ProviderError)]
        assert refused
        assert all(refusal.retryable and "busy" in refusal.reason for refusal in refused)


class TestSmartTurn(EndOfTurnContract):
    @pytest.fixture
    def end_of_turn(self, smart_turn: SmartTurn) -> SmartTurn:
        return smart_turn

    async def test_a_command_sounds_finished_and_half_a_sentence_read_aloud_does_not(
        self, end_of_turn: SmartTurn
    ) -> None:
        """The reader of the novel goes on after these two."""
        half_sentences = (READ_ALOUD[1], READ_ALOUD[4])
        assert all([await ask(end_of_turn, clip.audio) > 0.9 for clip in COMMANDS])
        assert all([await ask(end_of_turn, clip.audio) < 0.5 for clip in half_sentences])

    async def test_the_event_loop_stays_free_while_it_listens(self, end_of_turn: SmartTurn) -> None:
        assert await loop_seconds_while(ask(end_of_turn, READ_ALOUD[0].audio)) < 0.05

    async def test_a_file_that_is_missing_is_one_clear_line(self, tmp_path: Path) -> None:
        model = SmartTurn(model_path=tmp_path / "none.onnx")
        with pytest.raises(ProviderError, match=r"none\.onnx is missing: run `python manage\.py fetch_models`"):
            await model.warm_up()
        with pytest.raises(ProviderError, match="not loaded"):
            await ask(model, b"\0\0")
        await model.close()

    async def test_a_file_that_is_no_model_is_the_one_error(self, tmp_path: Path) -> None:
        path = tmp_path / "odd.onnx"
        path.write_text("This is no model.")
        model = SmartTurn(model_path=path)
        with pytest.raises(ProviderError):
            await model.warm_up()
        await model.close()


class TestLocalLanguageModel(LanguageModelContract):
    @pytest.fixture
    def llm(self, local_llm: LocalLanguageModel) -> LocalLanguageModel:
        return local_llm

    async def test_a_prompt_read_ahead_shortens_the_wait_for_the_first_token(self, llm: LocalLanguageModel) -> None:
        def prompt(start: str) -> tuple[ChatMessage, ...]:
            return (ChatMessage("system", start + " Be kind and brief." * 60), ChatMessage("user", "Hello."))

        cold = await first_token_seconds(llm, prompt("You are Ada."))
        await llm.prepare(prompt("You are Bob.")[:1])
        assert await first_token_seconds(llm, prompt("You are Bob.")) < 0.7 * cold

    async def test_a_prompt_that_is_too_long_is_one_clear_line(self, llm: LocalLanguageModel) -> None:
        with pytest.raises(ProviderError, match="exceeds the available context size"):
            await answer(llm, (ChatMessage("user", "word " * 6000),))

    async def test_the_event_loop_stays_free_while_it_thinks(self, llm: LocalLanguageModel) -> None:
        assert await loop_seconds_while(answer(llm)) < 0.2


class TestHibariTextToSpeech(TextToSpeechContract):
    @pytest.fixture
    def tts(self, hibari: HibariTextToSpeech) -> HibariTextToSpeech:
        return hibari

    @pytest.mark.parametrize("voice_id", VOICE_IDS)
    async def test_what_it_says_can_be_understood(
        self, tts: HibariTextToSpeech, whisper: WhisperSpeechToText, voice_id: str
    ) -> None:
        voice = VoiceSettings(voice_id=voice_id)
        heard = [
            await whisper.transcribe(await spoken(tts, text, voice), language="en", cancel=CancelToken())
            for text in SENTENCES
        ]
        assert word_error_rate(list(SENTENCES), [one.text for one in heard]) <= 0.20

    async def test_the_voices_differ_in_pitch(self, tts: HibariTextToSpeech) -> None:
        low, clear, bright = [
            pitch_hz(await spoken(tts, voice=VoiceSettings(voice_id=voice_id)))
            for voice_id in ("low", "clear", "bright")
        ]
        assert low < 0.9 * clear < clear < bright

    async def test_the_joints_of_its_chunks_cannot_be_heard(self, tts: HibariTextToSpeech) -> None:
        samples = np.frombuffer(await spoken(tts), "<i2").astype(float)
        steps = np.abs(np.diff(samples))
        joints = steps[9599::9600]
        assert joints.max() <= steps.max()
        assert joints.mean() < 3 * steps.mean() + 200

    @pytest.mark.parametrize(
        ("text", "pause_ms"), [("How are you?", 250), ('He said "go."', 250), ("That is a common problem", 80)]
    )
    async def test_it_speaks_at_once_and_pauses_after_a_sentence(
        self, tts: HibariTextToSpeech, text: str, pause_ms: float
    ) -> None:
        samples = np.frombuffer(await spoken(tts, text), "<i2")
        audible = np.flatnonzero(np.abs(samples.astype(int)) > 50)
        assert audible[0] / 48 < 40
        assert (len(samples) - audible[-1]) / 48 == pytest.approx(pause_ms, abs=30)

    async def test_a_voice_that_it_has_not_is_one_clear_line(self, tts: HibariTextToSpeech) -> None:
        with pytest.raises(ProviderError, match="no voice 'gruff'; there are clear"):
            await spoken(tts, voice=VoiceSettings(voice_id="gruff"))

    async def test_the_event_loop_stays_free_while_it_speaks(self, tts: HibariTextToSpeech) -> None:
        assert await loop_seconds_while(spoken(tts)) < 0.05


def test_the_models_on_this_machine_are_the_ones_of_the_table(models_dir: Path) -> None:
    files, _ = read_table()
    sources = [file.made_of for file in files]
    assert find_problems([file for file in files if file not in sources], models_dir) == ()


@pytest.mark.parametrize("what", ["recogniser", "model"])
async def test_a_missing_model_is_one_line_that_names_file_and_command(tmp_path: Path, what: str) -> None:
    provider = (
        WhisperSpeechToText(model_path=tmp_path / "base", probe_model_path=tmp_path / "tiny")
        if what == "recogniser"
        else LocalLanguageModel(model_path=tmp_path / "model.gguf")
    )
    with pytest.raises(ProviderError, match=f"{tmp_path}.*missing: run `python manage.py fetch_models`") as caught:
        await provider.warm_up()
    assert not caught.value.retryable
    await provider.close()


async def first_token_seconds(llm: LocalLanguageModel, messages: tuple[ChatMessage, ...]) -> float:
    started = time.monotonic()
    stream = llm.stream(messages, options=OPTIONS, cancel=CancelToken())
    await anext(stream)
    waited = time.monotonic() - started
    await stream.aclose()
    return waited


async def loop_seconds_while(work: object) -> float:
    """The processor time that the event loop's own thread spent until `work` was done."""
    started = time.thread_time()
    await work  # type: ignore[misc]
    return time.thread_time() - started


def pitch_hz(pcm: bytes) -> float:
    """The median pitch of the voiced parts, by autocorrelation."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)[::2] / 32768
    pitches = []
    for start in range(0, len(samples) - 2048, 1024):
        span = samples[start : start + 2048]
        similarity = np.correlate(span, span, "full")[2047:]
        lag = 60 + int(np.argmax(similarity[60:267]))
        if np.mean(span**2) > 1e-3 and similarity[lag] > 0.5 * similarity[0]:
            pitches.append(24_000 / lag)
    return float(np.median(pitches))
