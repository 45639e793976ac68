"""One persona's mind and voice: what is heard, what is answered, and how the answer becomes sound.

    transcript ──> build_messages ──> language model ──tokens──> sentences ──> voice ──> Sound, Sound, …
                                                                 (the next sentence is written while this one is voiced)

Every wait has an end. Whatever a provider does (hangs, fails, says nothing, comes late, talks nonsense) ends here as a
valid result or as one ProviderError; the call engine makes it audible or visible.
"""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Final

from ai_agent.audio_format import BYTES_PER_SAMPLE, duration_ms
from ai_agent.commands import LineName
from ai_agent.line_cache import SHARED_LINE_CACHE, LineCache
from ai_agent.log_markers import FAILURE
from ai_agent.persona_script import LINE_NAMES, Exchange, PersonaScript, build_messages, read_script
from ai_agent.persona_voice import PersonaVoice, SentenceFinished, SentenceStarted, Sound, SpeechEvent
from ai_agent.providers import (
    CancelToken,
    EndOfTurnModel,
    LanguageModel,
    ProviderError,
    Providers,
    ReplyOptions,
    SpeechToText,
    TextToSpeech,
    Transcript,
    build_providers,
)
from ai_agent.speakable import (
    ReplyGate,
    SentenceSplitter,
    TokenBudget,
    asks_to_repeat,
    ends_sentence,
    says_the_same,
    split_sentences,
)
from ai_agent.spoken_pauses import pauses_of
from ai_agent.streams import provider_errors_only, read_ahead, timed, tried_twice, wait_before_retry

__all__ = [
    "AIOrchestrator",
    "Exchange",
    "FirstToken",
    "LineCache",
    "PersonaScript",
    "Providers",
    "ReplyEvent",
    "Timeouts",
    "build_messages",
    "build_providers",
    "read_script",
]

log = logging.getLogger(__name__)

TOKENS_PER_SENTENCE: Final = 30

MAX_TRANSCRIPT_CHARACTERS: Final = 8_000
MAX_ALTERNATIVES: Final = 5
"""Of a probe's words; more are none that a recogniser of ours gives."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each provider may keep the conversation waiting, in seconds. A retry happens within the same wait."""

    transcript_seconds: float = 12.0
    transcript_seconds_per_second: float = 0.25
    """What a long utterance is granted on top, for each second of its sound."""
    probe_seconds: float = 2.5
    """Longer than `BargeInPolicy.probe_patience_ms` ever is: who waits for a probe gives up first."""
    first_token_seconds: float = 8.0
    next_token_seconds: float = 4.0
    first_sample_seconds: float = 5.0
    next_sample_seconds: float = 3.0
    prepare_seconds: float = 30.0
    prediction_seconds: float = 1.7
    """Later than that the turn is over by silence anyway."""


@dataclass(frozen=True, slots=True)
class FirstToken:
    """The language model has begun to answer."""


ReplyEvent = FirstToken | SpeechEvent


class AIOrchestrator:
    """Recogniser, language model and voice at the service of one persona in one call."""

    def __init__(
        self,
        *,
        script: PersonaScript,
        stt: SpeechToText,
        llm: LanguageModel,
        tts: TextToSpeech,
        end_of_turn: EndOfTurnModel | None = None,
        history: Sequence[Exchange] = (),
        timeouts: Timeouts = Timeouts(),
        line_cache: LineCache | None = None,
    ) -> None:
        self._script = script
        self._stt, self._llm, self._end_of_turn = stt, llm, end_of_turn
        self._timeouts = timeouts
        self._voice = PersonaVoice(
            script,
            tts,
            first_seconds=timeouts.first_sample_seconds,
            next_seconds=timeouts.next_sample_seconds,
            cache=SHARED_LINE_CACHE if line_cache is None else line_cache,
        )
        self._history: dict[str, Exchange] = {f"before-{index}": exchange for index, exchange in enumerate(history)}

    # ── history: only what was said and heard ─────────────────────────────────────────────────────────────────────

    @property
    def history(self) -> tuple[Exchange, ...]:
        return tuple(self._history.values())

    def record_user(self, transcript: str, turn_id: str) -> None:
        """The user's words enter the history. Where a turn was reopened, the last ones count."""
        self._history[turn_id] = replace(self._history.get(turn_id, Exchange("", "")), user=transcript)

    def record_reply(self, heard_text: str, turn_id: str) -> None:
        """What the user heard of the reply enters the history; words that never left the speaker do not."""
        self._history[turn_id] = replace(self._history.get(turn_id, Exchange("", "")), agent=heard_text)

    def forget(self, turn_id: str) -> None:
        """The turn was joined to a later one, which brings its words again."""
        self._history.pop(turn_id, None)

    def _history_before(self, transcript: str) -> tuple[Exchange, ...]:
        """The history without the question itself, which may have been recorded already."""
        *before, last = self.history or (Exchange("", ""),)
        return tuple(before) if last in (Exchange(transcript, ""), Exchange("", "")) else self.history

    def _last_reply(self) -> str:
        return next((exchange.agent for exchange in reversed(self.history) if exchange.agent), "")

    def _is_asked_again(self, transcript: str) -> bool:
        """Whether these are the words that the user said last: then the same answer is the right one."""
        before = next((exchange.user for exchange in reversed(self._history_before(transcript)) if exchange.user), "")
        return says_the_same(transcript, before)

    # ── before the first word ─────────────────────────────────────────────────────────────────────────────────────

    async def prepare(self, *, opening: str | None = None) -> None:
        """Have the greeting, the model's prompt and the fixed lines ready, in this order.

        `opening`: no model leads this call, and this is said first, greeting and all. A failure is logged and the call
        goes on: what is missing here is made when it is needed.
        """
        await self._prepare_line("greeting")
        if opening is None:
            await self.read_ahead()
        else:
            await self.prepare_words(opening)
        for name in LINE_NAMES[1:]:
            await self._prepare_line(name)

    async def read_ahead(self) -> None:
        """Let the model read all but the next question while nobody waits for it. A failure is logged."""
        try:
            async with asyncio.timeout(self._timeouts.prepare_seconds):
                with provider_errors_only(self._llm.name):
                    await self._llm.prepare(build_messages(self._script, self.history))
        except (ProviderError, TimeoutError) as error:
            log.warning("%s the prompt was not read ahead: %s", FAILURE, str(error) or "too slow")

    async def _prepare_line(self, name: LineName) -> None:
        try:
            for sentence in self._sentences(self._script.lines.get(name, "")):
                await self._voice.whole_sound(sentence)
        except ProviderError as error:
            log.warning("%s the line %r is not ready: %s", FAILURE, name, error)

    # ── hearing ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def transcribe(self, audio: bytes, *, cancel: CancelToken) -> Transcript:
        """The words of one utterance; empty text where there are none. One retry, within the same wait.

        Raises:
            ProviderError: the recogniser failed, or was not done in time.
        """
        seconds = self._timeouts.transcript_seconds
        seconds += self._timeouts.transcript_seconds_per_second * duration_ms(audio) / 1000
        deadline = asyncio.get_running_loop().time() + seconds
        try:
            async with asyncio.timeout_at(deadline):
                try:
                    return await self._transcribe_once(audio, cancel)
                except ProviderError as error:
                    await wait_before_retry(error, deadline, cancel)
                return await self._transcribe_once(audio, cancel)
        except TimeoutError:
            raise ProviderError(self._stt.name, f"no transcript within {seconds:.1f} s", retryable=True) from None

    async def _transcribe_once(self, audio: bytes, cancel: CancelToken) -> Transcript:
        with provider_errors_only(self._stt.name):
            return _readable(await self._stt.transcribe(audio, language=self._script.language, cancel=cancel))

    async def transcribe_probe(self, audio: bytes, *, cancel: CancelToken) -> Transcript:
        """A quick look at a barge-in candidate. Its words are never a turn's transcript; there is no second attempt.

        Raises:
            ProviderError: the recogniser failed, or was not done in time.
        """
        seconds = self._timeouts.probe_seconds
        try:
            async with asyncio.timeout(seconds):
                with provider_errors_only(self._stt.name):
                    language = self._script.language
                    return _readable(await self._stt.transcribe_probe(audio, language=language, cancel=cancel))
        except TimeoutError:
            raise ProviderError(self._stt.name, f"no verdict within {seconds:.1f} s", retryable=True) from None

    async def predict_end(self, audio: bytes, *, cancel: CancelToken) -> float:
        """How likely nothing follows this sound in the user's turn. There is no second attempt.

        Raises:
            ProviderError: there is nobody to ask, or the answer failed, or was not there in time.
        """
        model, seconds = self._end_of_turn, self._timeouts.prediction_seconds
        if model is None:
            raise ProviderError("end of turn", "there is no model", retryable=False)
        try:
            async with asyncio.timeout(seconds):
                with provider_errors_only(model.name):
                    return await model.predict(audio, cancel=cancel)
        except TimeoutError:
            raise ProviderError(model.name, f"no answer within {seconds:.1f} s", retryable=True) from None

    # ── answering ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def reply(
        self, transcript: str, *, cancel: CancelToken, on_late: Callable[[], None] = lambda: None
    ) -> AsyncGenerator[ReplyEvent, None]:
        """Think and speak: each sentence with its sound, as soon as it is written.

        `on_late`: nobody reads this reply any more, and the model has written on; it is not listened to.

        Raises:
            ProviderError: the model or the voice failed, was late, or gave nothing that can be said.
        """
        async with aclosing(read_ahead(self._written(transcript, cancel), on_late=on_late)) as written:
            async for item in written:
                if isinstance(item, FirstToken):
                    yield item
                    continue
                async with aclosing(self._voice.say(item, cancel=cancel)) as events:
                    async for event in events:
                        yield event

    async def _written(self, transcript: str, cancel: CancelToken) -> AsyncGenerator[FirstToken | str, None]:
        """The sentences of the answer. A model that fails before the first one is asked once more.

        An answer that only repeats the last one is asked for once more, and then said: no answer is worse.
        """
        if asks_to_repeat(transcript) and (last_reply := self._last_reply()):
            for sentence in split_sentences(last_reply):
                yield sentence
            return
        gate = ReplyGate(
            language=self._script.language, last_reply="" if self._is_asked_again(transcript) else self._last_reply()
        )
        has_begun = has_sentence = False
        attempts = tried_twice(
            lambda seconds: self._written_once(transcript, gate, seconds, cancel),
            seconds=self._timeouts.first_token_seconds,
            is_result=lambda item: isinstance(item, str),
            cancel=cancel,
        )
        try:
            async with aclosing(attempts) as items:
                async for item in items:
                    if isinstance(item, FirstToken) and has_begun:
                        continue
                    has_begun, has_sentence = True, has_sentence or isinstance(item, str)
                    yield item
        except ProviderError:
            if has_sentence or not gate.repeated:
                raise
            for sentence in gate.repeated:
                yield sentence

    async def _written_once(
        self, transcript: str, gate: ReplyGate, seconds: float, cancel: CancelToken
    ) -> AsyncGenerator[FirstToken | str, None]:
        splitter = SentenceSplitter(max_sentences=self._script.max_sentences)
        options = self._reply_options()
        budget = TokenBudget(options.max_tokens)
        has_token, sentence_count = False, 0
        gate.begin_reply()
        async with aclosing(self._tokens(transcript, options, seconds, cancel)) as tokens:
            async for token in tokens:
                if not has_token:
                    has_token = True
                    yield FirstToken()
                for sentence in filter(None, map(gate.admit, splitter.feed(budget.take(token)))):
                    sentence_count += 1
                    yield sentence
                if splitter.is_full or gate.has_left_language or budget.is_spent:
                    break
        rest = [chunk for chunk in splitter.flush() if not (budget.is_spent and sentence_count) or ends_sentence(chunk)]
        for sentence in filter(None, map(gate.admit, rest)):
            sentence_count += 1
            yield sentence
        if sentence_count == 0 and not cancel.is_cancelled:
            raise ProviderError(self._llm.name, "gave nothing that can be said", retryable=True)

    def _reply_options(self) -> ReplyOptions:
        sentences = self._script.max_sentences
        return ReplyOptions(
            temperature=self._script.temperature,
            max_tokens=TOKENS_PER_SENTENCE * sentences,
            max_sentences=sentences,
        )

    def _tokens(
        self, transcript: str, options: ReplyOptions, seconds: float, cancel: CancelToken
    ) -> AsyncGenerator[str, None]:
        messages = build_messages(self._script, self._history_before(transcript), transcript)
        return timed(
            lambda: self._llm.stream(messages, options=options, cancel=cancel),
            of=str,
            first_seconds=seconds,
            next_seconds=self._timeouts.next_token_seconds,
            provider=self._llm.name,
            what="token",
        )

    async def line(self, name: LineName, *, cancel: CancelToken) -> AsyncGenerator[ReplyEvent, None]:
        """Say one of the persona's fixed lines; nothing comes where it has none of that name.

        Raises:
            ProviderError: the voice failed and the line was not ready.
        """
        for sentence in self._sentences(self._script.lines.get(name, "")):
            pcm = await self._voice.whole_sound(sentence)
            if cancel.is_cancelled:
                return
            for event in _whole_sentence(sentence, pcm):
                yield event

    async def words(self, words: str, *, cancel: CancelToken) -> AsyncGenerator[ReplyEvent, None]:
        """Say exactly this, sentence by sentence; what has been said before is ready.

        Raises:
            ProviderError: the voice failed, and a sentence was not ready.
        """
        for sentence in self._sentences(words):
            pcm = self._voice.sound_at_hand(sentence)
            if pcm is not None:
                for event in _whole_sentence(sentence, pcm):
                    yield event
                continue
            async with aclosing(self._voice.say(sentence, cancel=cancel)) as events:
                async for event in events:
                    yield event

    async def prepare_words(self, words: str) -> None:
        """Have this ready to be said. A failure is logged."""
        for sentence in self._sentences(words):
            try:
                await self._voice.whole_sound(sentence)
            except ProviderError as error:
                log.warning("%s a sentence is not ready: %s", FAILURE, error)

    def _sentences(self, words: str) -> list[str]:
        return [sentence for sentence in split_sentences(words) if self._voice.can_say(sentence)]


def _whole_sentence(sentence: str, pcm: bytes) -> tuple[SpeechEvent, ...]:
    finished = SentenceFinished(sentence, len(pcm) // BYTES_PER_SAMPLE, pauses_of(pcm))
    return SentenceStarted(sentence), Sound(pcm), finished


def _readable(heard: Transcript) -> Transcript:
    """A transcript of words: control characters and symbols alone are nothing intelligible."""
    text = _readable_text(heard.text)
    others = map(_readable_text, heard.alternatives[:MAX_ALTERNATIVES]) if text else ()
    return replace(heard, text=text, alternatives=tuple(filter(None, others)))


def _readable_text(written: str) -> str:
    letters = (" " if unicodedata.category(letter)[0] == "C" or letter == "\ufffd" else letter for letter in written)
    text = " ".join("".join(letters).split())[:MAX_TRANSCRIPT_CHARACTERS]
    return text if any(letter.isalnum() for letter in text) else ""
