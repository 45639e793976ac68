"""Does every answer come in time, in order and fit to be heard, and does every failure end as one error?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, repeat
from typing import Any

import pytest

from ai_agent.ai_orchestrator import (
    TOKENS_PER_SENTENCE,
    AIOrchestrator,
    Exchange,
    FirstToken,
    LineCache,
    PersonaScript,
    ReplyEvent,
    Timeouts,
    build_messages,
    read_script,
)
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.mock_providers.faults import Fault
from ai_agent.mock_providers.llm import MockLanguageModel
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.mock_providers.tts import MockTextToSpeech
from ai_agent.persona_voice import SentenceFinished, SentenceStarted, Sound
from ai_agent.providers import CancelToken, ChatMessage, ProviderError, ReplyOptions, Transcript
from tests.shell.virtual_time import run_in_virtual_time
from tests.shell.voices import OneThreadVoice

UTTERANCE = b"\x01\x00" * 48_000
SCRIPT = PersonaScript(
    name="Juno",
    system_prompt="You are Juno.",
    examples=(Exchange("Hi.", "Hello!"),),
    lines={"greeting": "Hello, I am Juno. How are you?", "apology": "Sorry, that went wrong."},
)
SHORT_WAITS = Timeouts(
    transcript_seconds=0.2,
    transcript_seconds_per_second=0.0,
    probe_seconds=0.2,
    first_token_seconds=0.2,
    next_token_seconds=0.2,
    first_sample_seconds=0.2,
    next_sample_seconds=0.2,
    prepare_seconds=0.2,
)
OUTER_SECONDS = 2.0
"""No outcome may take longer, whatever fails: two tries of two stages of SHORT_WAITS, and a busy machine."""

FAULTS: tuple[Fault, ...] = ("hang", "error", "empty", "late", "garbage")


class LooseTokens(MockLanguageModel):
    """A model that says what it is given, token by token, a list an answer."""

    def __init__(self, *answers: Sequence[str]) -> None:
        super().__init__()
        self._answers = iter(answers)
        self.tokens_given = 0

    async def stream(
        self, messages: Sequence[ChatMessage], *, options: ReplyOptions, cancel: CancelToken
    ) -> AsyncIterator[str]:
        self.prompts.append(tuple(messages))
        for token in next(self._answers):
            self.tokens_given += 1
            yield token
            await asyncio.sleep(0)


class RepeatsThenFails(MockLanguageModel):
    """A model that says `reply` once and then suffers `fault`."""

    def __init__(self, reply: str, fault: Fault) -> None:
        super().__init__(reply=reply)
        self._failing = MockLanguageModel(faults=repeat(fault), late_seconds=SHORT_WAITS.first_token_seconds * 2)

    def stream(self, messages: Sequence[ChatMessage], **wishes: Any) -> AsyncIterator[str]:
        model = self._failing if self.prompts else super()
        return model.stream(messages, **wishes)


def orchestrator(
    *,
    script: PersonaScript = SCRIPT,
    stt: MockSpeechToText | None = None,
    llm: MockLanguageModel | None = None,
    tts: MockTextToSpeech | None = None,
    history: Sequence[Exchange] = (),
    line_cache: LineCache | None = None,
    timeouts: Timeouts = SHORT_WAITS,
) -> AIOrchestrator:
    return AIOrchestrator(
        script=script,
        stt=stt or MockSpeechToText(),
        llm=llm or MockLanguageModel(reply="I am well. Thank you for asking."),
        tts=tts or MockTextToSpeech(),
        history=history,
        timeouts=timeouts,
        line_cache=line_cache or LineCache(),
    )


async def all_of(events: AsyncIterator[ReplyEvent]) -> list[ReplyEvent]:
    async with asyncio.timeout(OUTER_SECONDS):
        return [event async for event in events]


def sentences(events: Sequence[ReplyEvent]) -> list[str]:
    return [event.sentence for event in events if isinstance(event, SentenceFinished)]


def answering(*answers: str) -> LooseTokens:
    return LooseTokens(*(answer.replace(" ", "\0 ").split("\0") for answer in answers))


# ── an answer ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_answer_is_spoken_sentence_by_sentence_each_with_its_own_sound() -> None:
    events = await all_of(orchestrator().reply("How are you?", cancel=CancelToken()))
    assert isinstance(events[0], FirstToken)
    assert sentences(events) == ["I am well.", "Thank you for asking."]
    for finished in (event for event in events if isinstance(event, SentenceFinished)):
        start = events.index(SentenceStarted(finished.sentence))
        sounds = [event.pcm for event in events[start : events.index(finished)] if isinstance(event, Sound)]
        assert sum(map(len, sounds)) == 2 * finished.samples > 0


async def test_the_first_sound_is_there_before_the_model_has_finished() -> None:
    llm = answering("Well, that is a good question, and here is more. And more of it to come. Third.")
    async for event in orchestrator(llm=llm).reply("Why?", cancel=CancelToken()):
        if isinstance(event, SentenceStarted):
            break
    assert event == SentenceStarted("Well, that is a good question,")
    assert llm.tokens_given < 17


async def test_no_more_sentences_are_spoken_than_the_persona_allows() -> None:
    llm = answering("One is here. Two is here. Three is here. Four is here.")
    events = await all_of(orchestrator(llm=llm).reply("Count.", cancel=CancelToken()))
    assert sentences(events) == ["One is here.", "Two is here."]


async def test_markdown_is_neither_shown_nor_spoken_and_numbers_are_read() -> None:
    tts = MockTextToSpeech()
    llm = answering("**Sure**, it is `20%`.")
    events = await all_of(orchestrator(llm=llm, tts=tts).reply("How much?", cancel=CancelToken()))
    assert sentences(events) == ["Sure, it is 20%."]
    assert tts.spoken == ["Sure, it is twenty percent."]


async def test_an_answer_that_repeats_the_last_one_is_asked_for_again() -> None:
    llm = answering("I really like green tea.", "And what do you like?")
    subject = orchestrator(llm=llm, history=[Exchange("Tea?", "I really like green tea.")])
    events = await all_of(subject.reply("Coffee?", cancel=CancelToken()))
    assert sentences(events) == ["And what do you like?"]
    assert sum(isinstance(event, FirstToken) for event in events) == 1


async def test_a_model_that_always_says_the_same_is_heard_in_every_turn() -> None:
    same = "The bridge is open until nine tonight."
    subject = orchestrator(llm=MockLanguageModel(reply=same))
    for turn, question in enumerate(["When is it open?", "And the bridge?", "And the bridge?", "Really?", "Sure?"]):
        subject.record_user(question, f"turn-{turn}")
        events = await all_of(subject.reply(question, cancel=CancelToken()))
        assert " ".join(sentences(events)) == same
        subject.record_reply(same, f"turn-{turn}")


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_repetition_is_said_when_the_second_attempt_fails(fault: Fault) -> None:
    same = "I really like green tea."
    llm = RepeatsThenFails(same, fault)
    subject = orchestrator(llm=llm, history=[Exchange("Tea?", same)])
    assert sentences(await all_of(subject.reply("Coffee?", cancel=CancelToken()))) == [same]


async def test_the_same_question_twice_may_have_the_same_answer_at_once() -> None:
    llm = answering("I really like green tea.")
    subject = orchestrator(llm=llm, history=[Exchange("What do you drink?", "I really like green tea.")])
    subject.record_user("What do you drink", "turn-2")
    events = await all_of(subject.reply("What do you drink", cancel=CancelToken()))
    assert sentences(events) == ["I really like green tea."]
    assert len(llm.prompts) == 1


async def test_an_answer_stops_where_it_leaves_the_language() -> None:
    llm = answering("That is fine. 你好，我是助手。 And more.")
    events = await all_of(orchestrator(llm=llm).reply("Hello?", cancel=CancelToken()))
    assert sentences(events) == ["That is fine."]


async def test_asked_to_say_it_again_the_last_words_come_back_without_the_model() -> None:
    llm = MockLanguageModel()
    subject = orchestrator(llm=llm, history=[Exchange("Tea?", "Yes, please. With milk.")])
    events = await all_of(subject.reply("Sorry, could you repeat that?", cancel=CancelToken()))
    assert sentences(events) == ["Yes, please.", "With milk."]
    assert llm.prompts == []


async def test_a_sentence_cut_off_by_the_token_limit_is_left_out_when_something_was_said() -> None:
    script = replace(SCRIPT, max_sentences=1)
    long_winded = "Yes I do like it, " + " ".join(["and"] * 60)
    events = await all_of(orchestrator(script=script, llm=answering(long_winded)).reply("?", cancel=CancelToken()))
    assert sentences(events)[0] == "Yes I do like it,"
    assert sentences(events)[1:] == [" ".join(["and"] * 8)] * 2, "the rest has neither its end nor a clause's"


async def test_a_cancelled_answer_ends_without_an_error_and_without_a_finished_sentence() -> None:
    cancel = CancelToken()
    events = []
    async for event in orchestrator().reply("How are you?", cancel=cancel):
        events.append(event)
        if isinstance(event, Sound):
            cancel.cancel()
    assert sentences(events) == []


async def test_leaving_an_answer_in_the_middle_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    events = orchestrator().reply("How are you?", cancel=CancelToken())
    async for event in events:
        if isinstance(event, Sound):
            break
    await events.aclose()
    assert asyncio.all_tasks() == before


# ── the fifteen failures ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_failing_recogniser_ends_in_an_error_or_an_empty_transcript(fault: Fault) -> None:
    stt = MockSpeechToText(faults=repeat(fault), late_seconds=SHORT_WAITS.transcript_seconds * 2)
    transcription = orchestrator(stt=stt).transcribe(UTTERANCE, cancel=CancelToken())
    async with asyncio.timeout(OUTER_SECONDS):
        if fault in ("empty", "garbage"):
            assert (await transcription).text == ""
        else:
            with pytest.raises(ProviderError):
                await transcription


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_failing_language_model_ends_in_one_error_and_no_sound(fault: Fault) -> None:
    llm = MockLanguageModel(faults=repeat(fault), late_seconds=SHORT_WAITS.first_token_seconds * 2)
    events: list[ReplyEvent] = []
    with pytest.raises(ProviderError):
        async with asyncio.timeout(OUTER_SECONDS):
            async for event in orchestrator(llm=llm).reply("Hello?", cancel=CancelToken()):
                events.append(event)
    assert not any(isinstance(event, Sound) for event in events)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_failing_voice_ends_in_one_error_and_no_sentence(fault: Fault) -> None:
    tts = MockTextToSpeech(faults=repeat(fault), late_seconds=SHORT_WAITS.first_sample_seconds * 2)
    events: list[ReplyEvent] = []
    with pytest.raises(ProviderError):
        async with asyncio.timeout(OUTER_SECONDS):
            async for event in orchestrator(tts=tts).reply("Hello?", cancel=CancelToken()):
                events.append(event)
    assert sentences(events) == []


# ── whatever a provider does ──────────────────────────────────────────────────────────────────────────────────────────

SECRET = "key-4711"


class Bare:
    """An iterator as the port asks for it, with nothing that is not asked for: it cannot be closed."""

    def __init__(self, *items: object) -> None:
        self._items = iter(items)

    def __aiter__(self) -> Bare:
        return self

    async def __anext__(self) -> Any:
        item = next(self._items, None)
        if isinstance(item, BaseException):
            raise item
        if item is None:
            raise StopAsyncIteration
        return item


def broken(*errors: BaseException) -> Iterator[Callable[[], Any]]:
    """Ways to fail: at the call, at the first item."""
    for error in errors:
        yield lambda error=error: throw(error)
        yield lambda error=error: Bare(error)


def throw(error: BaseException) -> Any:
    raise error


MISBEHAVIOURS = [
    *broken(RuntimeError(SECRET), ConnectionResetError(SECRET), asyncio.CancelledError(SECRET), TimeoutError(SECRET)),
    lambda: Bare(42),
    lambda: Bare({"text": SECRET}),
    lambda: 42,
    lambda: None,
]


async def test_what_a_probe_may_have_been_as_well_is_cleaned_like_its_words() -> None:
    class Junk(MockSpeechToText):
        async def transcribe_probe(self, *_: object, **__: object) -> Transcript:
            return Transcript(self._probe_text, alternatives=("Sto\x00p.", "…", "la " * 9_000, *["Wait."] * 99))

    heard = await orchestrator(stt=Junk(probe_text="Shop.")).transcribe_probe(UTTERANCE, cancel=CancelToken())
    assert heard.alternatives[0] == "Sto p."
    assert len(heard.alternatives) <= 5
    assert max(map(len, heard.alternatives)) <= 8_000
    nothing = await orchestrator(stt=Junk(probe_text="\x00")).transcribe_probe(UTTERANCE, cancel=CancelToken())
    assert (nothing.text, nothing.alternatives) == ("", ())


class Misbehaving(MockLanguageModel, MockTextToSpeech, MockSpeechToText):  # type: ignore[misc]
    """A model, a voice or a recogniser that does none of what it promised."""

    name = "mock"

    def __init__(self, does: Callable[[], Any]) -> None:
        super().__init__()
        self._does = does

    def stream(self, *_: object, **__: object) -> Any:
        return self._does()

    synthesize = stream

    async def transcribe(self, *_: object, **__: object) -> Any:
        return await anext(self._does())

    transcribe_probe = transcribe

    async def prepare(self, *_: object) -> None:
        await anext(self._does())


@pytest.mark.parametrize("does", MISBEHAVIOURS)
async def test_whatever_a_provider_raises_or_gives_leaves_as_its_one_error_without_its_words(
    does: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    bad = Misbehaving(does)
    for work in (
        lambda: all_of(orchestrator(llm=bad).reply("Hello?", cancel=CancelToken())),
        lambda: all_of(orchestrator(tts=bad).reply("Hello?", cancel=CancelToken())),
        lambda: all_of(orchestrator(tts=bad).line("greeting", cancel=CancelToken())),
        lambda: orchestrator(stt=bad).transcribe(UTTERANCE, cancel=CancelToken()),
        lambda: orchestrator(stt=bad).transcribe_probe(UTTERANCE, cancel=CancelToken()),
    ):
        with pytest.raises(ProviderError) as caught:
            await work()
        assert SECRET not in str(caught.value)
    await orchestrator(llm=bad, tts=bad).prepare()
    assert SECRET not in caplog.text


async def test_a_voice_that_breaks_in_mid_sentence_ends_in_one_error() -> None:
    tts = Misbehaving(lambda: Bare(b"\x01\x02" * 4_800, OSError(SECRET)))
    events: list[ReplyEvent] = []
    with pytest.raises(ProviderError, match=r"^mock: failed \(OSError\)$"):
        async for event in orchestrator(tts=tts).reply("Hello?", cancel=CancelToken()):
            events.append(event)
    assert any(isinstance(event, Sound) for event in events)
    assert sentences(events) == []


async def test_a_stream_that_cannot_be_closed_is_read_all_the_same() -> None:
    llm, tts = Misbehaving(lambda: Bare("All", " is", " well.")), Misbehaving(lambda: Bare(b"\x01\x02" * 4_800))
    events = await all_of(orchestrator(llm=llm, tts=tts).reply("Hello?", cancel=CancelToken()))
    assert sentences(events) == ["All is well."]


@pytest.mark.parametrize("fault", ["error", "hang"])
async def test_a_stream_that_fails_or_hangs_when_it_is_closed_costs_nothing_of_the_answer(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ai_agent.streams.CLOSE_SECONDS", 0.05)

    class Stubborn(Bare):
        async def aclose(self) -> None:
            if fault == "hang":
                await asyncio.Event().wait()
            raise RuntimeError(SECRET)

    llm = Misbehaving(lambda: Stubborn("All", " is", " well."))
    events = await all_of(orchestrator(llm=llm).reply("Hello?", cancel=CancelToken()))
    assert sentences(events) == ["All is well."]


async def test_a_model_that_runs_on_is_left_at_the_limit() -> None:
    llm = LooseTokens(["and "] * 5_000)
    events = await all_of(orchestrator(llm=llm).reply("Hello?", cancel=CancelToken()))
    assert llm.tokens_given == 2 * TOKENS_PER_SENTENCE
    assert sum(len(sentence.split()) for sentence in sentences(events)) <= llm.tokens_given


async def test_a_model_that_says_a_book_in_one_token_is_cut_off_too() -> None:
    events = await all_of(orchestrator(llm=LooseTokens(["and " * 50_000])).reply("Hello?", cancel=CancelToken()))
    assert sum(map(len, sentences(events))) < 1_000


async def test_a_last_sentence_that_ends_at_the_limit_is_spoken() -> None:
    filler = "Well, " + "so " * (2 * TOKENS_PER_SENTENCE - 4) + "on."
    events = await all_of(orchestrator(llm=answering(f"Yes. {filler}")).reply("Hello?", cancel=CancelToken()))
    assert sentences(events)[-1].endswith("on.")


async def test_a_voice_that_gives_nothing_for_ever_is_left() -> None:
    tts = Misbehaving(lambda: Bare(*[b""] * 100_000))
    with pytest.raises(ProviderError, match="not speech"):
        await all_of(orchestrator(tts=tts).reply("Hello?", cancel=CancelToken()))


# ── the second try ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_recogniser_that_fails_once_is_asked_once_more() -> None:
    stt = MockSpeechToText(text="Good morning.", faults=["error"])
    heard = await orchestrator(stt=stt).transcribe(UTTERANCE, cancel=CancelToken())
    assert (heard.text, len(stt.calls)) == ("Good morning.", 2)


@pytest.mark.parametrize("fault", ["error", "empty", "garbage"])
async def test_a_model_that_fails_once_is_asked_once_more(fault: Fault) -> None:
    llm = MockLanguageModel(reply="Good morning.", faults=[fault])
    events = await all_of(orchestrator(llm=llm).reply("Hello?", cancel=CancelToken()))
    assert sentences(events) == ["Good morning."]


@pytest.mark.parametrize("fault", ["error", "empty"])
async def test_a_voice_that_fails_once_is_asked_once_more(fault: Fault) -> None:
    tts = MockTextToSpeech(faults=[fault])
    events = await all_of(orchestrator(tts=tts).reply("Hello?", cancel=CancelToken()))
    assert sentences(events) == ["I am well.", "Thank you for asking."]


async def test_a_provider_that_asks_for_more_time_than_there_is_is_not_asked_again() -> None:
    class Busy(MockSpeechToText):
        async def transcribe(self, audio: bytes, *, language: str, cancel: CancelToken):  # type: ignore[no-untyped-def]
            self.calls.append(len(audio))
            raise ProviderError("busy", "too many requests", retryable=True, retry_after=30)

    stt = Busy()
    with pytest.raises(ProviderError, match="too many requests"):
        await orchestrator(stt=stt).transcribe(UTTERANCE, cancel=CancelToken())
    assert len(stt.calls) == 1


async def test_a_probe_is_never_tried_twice() -> None:
    stt = MockSpeechToText(faults=["error"])
    with pytest.raises(ProviderError):
        await orchestrator(stt=stt).transcribe_probe(SILENT_FRAME, cancel=CancelToken())
    assert (len(stt.probes), stt.calls) == (1, [])


# ── the fixed lines ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_prepared_greeting_is_there_at_once_and_is_synthesised_only_once() -> None:
    tts = MockTextToSpeech()
    subject = orchestrator(tts=tts)
    await subject.prepare()
    already_spoken = len(tts.spoken)
    events = await all_of(subject.line("greeting", cancel=CancelToken()))
    assert sentences(events) == ["Hello, I am Juno.", "How are you?"]
    assert len(tts.spoken) == already_spoken


async def test_a_greeting_asked_for_while_it_is_being_made_is_not_made_twice() -> None:
    tts = MockTextToSpeech(delay_ms=20)
    subject = orchestrator(tts=tts)
    _, events = await asyncio.gather(subject.prepare(), all_of(subject.line("greeting", cancel=CancelToken())))
    assert sentences(events) == ["Hello, I am Juno.", "How are you?"]
    assert tts.spoken.count("Hello, I am Juno.") == 1


async def test_a_second_call_of_the_same_persona_finds_the_lines_ready() -> None:
    cache, tts = LineCache(), MockTextToSpeech()
    await orchestrator(tts=tts, line_cache=cache).prepare()
    spoken = list(tts.spoken)
    await orchestrator(tts=tts, line_cache=cache).prepare()
    assert tts.spoken == spoken


async def test_where_no_model_leads_its_opening_is_ready_and_no_prompt_is_read() -> None:
    llm, tts = MockLanguageModel(), MockTextToSpeech()
    subject = orchestrator(llm=llm, tts=tts)
    await subject.prepare(opening="Question one: What is a list?")
    already_spoken = len(tts.spoken)
    events = await all_of(subject.words("Question one: What is a list?", cancel=CancelToken()))
    assert sentences(events) == ["Question one: What is a list?"]
    assert (len(tts.spoken), llm.prepared) == (already_spoken, [])


async def test_the_apology_can_still_be_spoken_when_the_voice_has_failed_since() -> None:
    tts = MockTextToSpeech()
    subject = orchestrator(tts=tts)
    await subject.prepare()
    tts.synthesize = MockTextToSpeech(faults=repeat("error")).synthesize  # type: ignore[method-assign]
    events = await all_of(subject.line("apology", cancel=CancelToken()))
    assert sentences(events) == ["Sorry, that went wrong."]


async def test_a_line_that_the_persona_has_not_is_silence_and_no_error() -> None:
    assert await all_of(orchestrator().line("goodbye", cancel=CancelToken())) == []


async def test_a_voice_that_fails_in_preparation_does_not_stop_the_call() -> None:
    llm = MockLanguageModel()
    await orchestrator(llm=llm, tts=MockTextToSpeech(faults=repeat("error"))).prepare()
    assert len(llm.prepared) == 1


def test_the_session_s_greeting_is_the_one_that_was_begun_when_its_socket_connected() -> None:
    async def first_sound_at() -> tuple[float, list[str]]:
        cache, tts, loop = LineCache(), OneThreadVoice(), asyncio.get_running_loop()
        preparing = asyncio.ensure_future(orchestrator(tts=tts, line_cache=cache, timeouts=Timeouts()).prepare())
        await asyncio.sleep(0.1)  # the media is connected, and another orchestrator speaks
        session_s = orchestrator(tts=tts, line_cache=cache, timeouts=Timeouts())
        async for event in session_s.line("greeting", cancel=CancelToken()):
            if isinstance(event, Sound):
                break
        at = loop.time()
        await preparing
        return at, tts.spoken

    at, spoken = run_in_virtual_time(first_sound_at())
    assert at == pytest.approx(0.2, abs=0.01)
    assert spoken == ["Hello, I am Juno.", "How are you?", "Sorry, that went wrong."]


async def test_a_line_is_made_to_its_end_when_the_one_who_asked_has_gone() -> None:
    cache, tts = LineCache(), MockTextToSpeech(delay_ms=20)
    asked = asyncio.ensure_future(orchestrator(tts=tts, line_cache=cache).prepare())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asked.cancel()
    await asyncio.wait({asked})
    events = await all_of(orchestrator(tts=tts, line_cache=cache).line("greeting", cancel=CancelToken()))
    assert sentences(events)[0] == "Hello, I am Juno."
    assert tts.spoken.count("Hello, I am Juno.") == 1


async def test_a_line_that_failed_for_two_is_made_anew_for_the_third() -> None:
    cache, tts = LineCache(), MockTextToSpeech(faults=["error", "error"])

    async def say() -> list[ReplyEvent]:
        return await all_of(orchestrator(tts=tts, line_cache=cache).line("apology", cancel=CancelToken()))

    both = await asyncio.gather(say(), say(), return_exceptions=True)
    assert all(isinstance(outcome, ProviderError) for outcome in both)
    assert sentences(await say()) == ["Sorry, that went wrong."]


def test_a_line_under_way_on_one_event_loop_is_not_waited_for_on_another() -> None:
    cache = LineCache()

    async def ask(seconds: float) -> bytes:
        async def make() -> bytes:
            await asyncio.sleep(seconds)
            return b"\x01\x02"

        async with asyncio.timeout(0.05):
            return await cache.get_or_make("a", make)

    with pytest.raises(TimeoutError):
        asyncio.run(ask(3600))
    assert asyncio.run(ask(0)) == b"\x01\x02"
    assert not cache._under_way


def test_the_cache_lets_the_oldest_sound_go_when_it_is_full() -> None:
    cache = LineCache(max_bytes=10)
    for key in "abc":
        cache.put(key, bytes(4))
    assert [cache.get(key) for key in "abc"] == [None, bytes(4), bytes(4)]
    cache.put("d", bytes(11))
    assert cache.get("d") is None


# ── the prompt and the history ────────────────────────────────────────────────────────────────────────────────────────


def test_the_prompt_says_that_the_persona_speaks_and_for_how_long() -> None:
    system = build_messages(SCRIPT)[0]
    assert system.content.startswith("You are Juno.")
    assert "at most 2 short sentences" in system.content
    assert "markdown" in system.content


def test_the_prompt_remembers_only_as_many_exchanges_as_the_persona_says() -> None:
    history = [Exchange(f"question {n}", f"answer {n}") for n in range(5)]
    messages = build_messages(replace(SCRIPT, history_turns=2, examples=()), history, "And now?")
    assert [message.content for message in messages[1:]] == [
        "question 3",
        "answer 3",
        "question 4",
        "answer 4",
        "And now?",
    ]


def test_a_very_long_history_loses_its_oldest_part_and_keeps_the_question() -> None:
    history = [Exchange("long " * 1000, f"answer {n}") for n in range(5)]
    contents = [message.content for message in build_messages(SCRIPT, history, "And now?")]
    assert contents[-2:] == ["answer 4", "And now?"]
    assert "answer 0" not in contents


@pytest.mark.parametrize("answer", ["Short.", "A much longer answer. " * 30])
def test_a_long_call_s_prompt_begins_like_the_one_before_at_nearly_every_turn(answer: str) -> None:
    history = [Exchange(f"question {n}", f"{n} {answer}") for n in range(200)]
    prompts = [build_messages(SCRIPT, history[:n], "And now?")[:-1] for n in range(201)]
    read_anew = sum(after[: len(before)] != before for before, after in pairwise(prompts))
    assert 0 < read_anew <= 200 / (SCRIPT.history_turns / 2)
    assert all(len(prompt) <= 1 + len(SCRIPT.examples) * 2 + 2 * SCRIPT.history_turns for prompt in prompts)
    assert all(prompt[-1].content == history[n].agent for n, prompt in enumerate(prompts[1:]))


async def test_the_model_hears_the_question_once_though_it_was_recorded_before() -> None:
    llm = MockLanguageModel(reply="Fine.")
    subject = orchestrator(llm=llm)
    subject.record_user("How are you?", "turn-1")
    await all_of(subject.reply("How are you?", cancel=CancelToken()))
    assert [message.content for message in llm.prompts[0]].count("How are you?") == 1


async def test_the_history_keeps_what_was_heard_of_an_answer() -> None:
    llm = MockLanguageModel(reply="Fine.")
    subject = orchestrator(llm=llm)
    subject.record_reply("Hello!", "turn-0")
    subject.record_user("Tell me", "turn-1")
    subject.record_user("Tell me a story.", "turn-1")
    subject.record_reply("Once upon", "turn-1")
    assert subject.history == (Exchange("", "Hello!"), Exchange("Tell me a story.", "Once upon"))
    await all_of(subject.reply("Go on.", cancel=CancelToken()))
    assert [message.content for message in llm.prompts[0]][-4:] == [
        "Hello!",
        "Tell me a story.",
        "Once upon",
        "Go on.",
    ]


def test_a_persona_configuration_becomes_a_script_with_its_variables_filled_in() -> None:
    configuration = {
        "name": "Sol",
        "metadata": {"source_template_id": "blank", "language": "en"},
        "prompt": {"system": "You are {name}.", "examples": [{"user": "I am {user}", "assistant": "Hi {user}"}]},
        "lines": {"greeting": "Hello {user}, I am {name}.", "acknowledgements": ["Hm."]},
        "voice": {"voice_id": "warm", "pace": 0.9},
    }
    script = read_script(configuration, user_name="Ada")
    assert script.system_prompt == "You are Sol."
    assert script.lines["greeting"] == "Hello Ada, I am Sol."
    assert script.examples == (Exchange("I am Ada", "Hi Ada"),)
    assert (script.voice.voice_id, script.voice.pace, script.max_sentences) == ("warm", 0.9, 2)
