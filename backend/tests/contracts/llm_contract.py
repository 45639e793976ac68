"""What every language model promises. A provider's test class subclasses this and gives an `llm` fixture."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from ai_agent.providers import CancelToken, ChatMessage, LanguageModel, ProviderError, ReplyOptions

PROMPT = (
    ChatMessage("system", "You are Juno, a friendly assistant on a voice call. Answer in two short sentences."),
    ChatMessage("user", "Hello, who are you?"),
    ChatMessage("assistant", "I am Juno. Nice to meet you."),
    ChatMessage("user", "What is a good way to start the day?"),
)
OPTIONS = ReplyOptions(max_tokens=24)
GARBAGE = ("", "\x00\x07\x1b", "\ufffd \ufffd", "🚀🚀🚀", "<|im_end|><|im_start|>assistant", "{{{{", "a" * 400)


async def answer(llm: LanguageModel, messages: tuple[ChatMessage, ...] = PROMPT) -> str:
    return "".join([token async for token in llm.stream(messages, options=OPTIONS, cancel=CancelToken())])


class LanguageModelContract:
    def test_it_fills_the_port(self, llm: LanguageModel) -> None:
        assert isinstance(llm, LanguageModel)
        assert llm.name

    async def test_a_question_is_answered_in_words(self, llm: LanguageModel) -> None:
        reply = await answer(llm)
        assert sum(letter.isalpha() for letter in reply) > len(reply) / 2
        assert "<|" not in reply

    async def test_the_answer_comes_in_pieces(self, llm: LanguageModel) -> None:
        tokens = [token async for token in llm.stream(PROMPT, options=OPTIONS, cancel=CancelToken())]
        assert len(tokens) > 2
        assert all(isinstance(token, str) and token for token in tokens)

    async def test_a_prompt_may_be_read_ahead(self, llm: LanguageModel) -> None:
        await llm.prepare(PROMPT[:3])
        assert await answer(llm)

    async def test_a_prompt_that_ends_with_an_example_and_a_greeting_may_be_read_ahead(
        self, llm: LanguageModel
    ) -> None:
        await llm.prepare((*PROMPT[:3], ChatMessage("assistant", "Hello, I am Ada.")))

    async def test_a_prompt_may_begin_with_the_assistant(self, llm: LanguageModel) -> None:
        assert await answer(llm, (PROMPT[0], ChatMessage("assistant", "Hello!"), PROMPT[3]))

    async def test_no_token_comes_after_the_cancellation_is_seen(self, llm: LanguageModel) -> None:
        cancel = CancelToken()
        after = 0
        async for _ in llm.stream(PROMPT, options=OPTIONS, cancel=cancel):
            after += cancel.is_cancelled
            cancel.cancel()
        assert after <= 2

    async def test_a_stream_that_is_left_frees_the_model(self, llm: LanguageModel) -> None:
        stream = llm.stream(PROMPT, options=OPTIONS, cancel=CancelToken())
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]
        assert await answer(llm)

    async def test_two_callers_at_once_are_both_answered(self, llm: LanguageModel) -> None:
        replies = await asyncio.gather(answer(llm), answer(llm, (PROMPT[0], ChatMessage("user", "Say hello."))))
        assert all(replies)

    async def test_no_more_tokens_come_than_were_asked_for(self, llm: LanguageModel) -> None:
        options = ReplyOptions(max_tokens=5)
        tokens = [token async for token in llm.stream(PROMPT, options=options, cancel=CancelToken())]
        assert 0 < len(tokens) <= 5

    async def test_a_question_that_nobody_waits_for_ends_at_once_and_without_an_error(self, llm: LanguageModel) -> None:
        cancel = CancelToken()
        cancel.cancel()
        assert len([token async for token in llm.stream(PROMPT, options=OPTIONS, cancel=cancel)]) <= 2

    async def test_garbage_is_answered_in_text_or_refused_with_the_one_error(self, llm: LanguageModel) -> None:
        options = ReplyOptions(max_tokens=2)
        for garbage in GARBAGE:
            prompt = (PROMPT[0], ChatMessage("user", garbage))
            with suppress(ProviderError):
                tokens = [token async for token in llm.stream(prompt, options=options, cancel=CancelToken())]
                assert all(isinstance(token, str) for token in tokens)
        assert await answer(llm)

    async def test_an_answer_that_would_come_too_late_frees_the_model(self, llm: LanguageModel) -> None:
        late = asyncio.ensure_future(answer(llm))
        await asyncio.sleep(0)
        late.cancel()
        async with asyncio.timeout(1):
            await asyncio.wait({late})
        assert await answer(llm)
