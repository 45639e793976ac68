"""What everybody promises who is asked whether a turn sounds finished. A test class gives an `end_of_turn` fixture."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress

import pytest

from ai_agent.providers import CancelToken, EndOfTurnModel, ProviderError
from tests.contracts.speech import COMMANDS, READ_ALOUD, noise
from tests.contracts.stt_contract import GARBAGE


def is_probability(answer: float) -> bool:
    return isinstance(answer, float) and 0.0 <= answer <= 1.0


async def ask(model: EndOfTurnModel, audio: bytes) -> float:
    return await model.predict(audio, cancel=CancelToken())


class EndOfTurnContract:
    def test_it_fills_the_port(self, end_of_turn: EndOfTurnModel) -> None:
        assert isinstance(end_of_turn, EndOfTurnModel)
        assert end_of_turn.name

    async def test_speech_gives_a_probability(self, end_of_turn: EndOfTurnModel) -> None:
        assert is_probability(await ask(end_of_turn, COMMANDS[0].audio + bytes(76_800)))

    async def test_no_sound_is_no_end(self, end_of_turn: EndOfTurnModel) -> None:
        assert await ask(end_of_turn, b"") == 0.0

    async def test_an_odd_last_byte_is_no_error(self, end_of_turn: EndOfTurnModel) -> None:
        assert is_probability(await ask(end_of_turn, COMMANDS[0].audio + b"\x01"))

    async def test_the_same_sound_gives_the_same_answer(self, end_of_turn: EndOfTurnModel) -> None:
        assert await ask(end_of_turn, COMMANDS[1].audio) == await ask(end_of_turn, COMMANDS[1].audio)

    async def test_only_the_last_eight_seconds_count(self, end_of_turn: EndOfTurnModel) -> None:
        last = (READ_ALOUD[0].audio * 2)[-8 * 96_000 :]
        assert await ask(end_of_turn, noise(3.0, dbfs=-20, seed=1) + last) == await ask(end_of_turn, last)

    async def test_two_callers_at_once_each_get_their_own(self, end_of_turn: EndOfTurnModel) -> None:
        both = await asyncio.gather(*(ask(end_of_turn, command.audio) for command in COMMANDS))
        assert both == [await ask(end_of_turn, command.audio) for command in COMMANDS]

    @pytest.mark.parametrize("garbage", GARBAGE)
    async def test_garbage_is_a_probability_or_the_one_error(self, end_of_turn: EndOfTurnModel, garbage: str) -> None:
        with suppress(ProviderError):
            answer = await ask(end_of_turn, GARBAGE[garbage])
            assert is_probability(answer) and not math.isnan(answer)

    async def test_cancelled_work_ends_without_an_error_and_is_no_end(self, end_of_turn: EndOfTurnModel) -> None:
        cancel = CancelToken()
        cancel.cancel()
        assert await end_of_turn.predict(COMMANDS[0].audio, cancel=cancel) == 0.0

    async def test_a_cancelled_task_ends_at_once(self, end_of_turn: EndOfTurnModel) -> None:
        task = asyncio.ensure_future(ask(end_of_turn, COMMANDS[0].audio))
        await asyncio.sleep(0)
        task.cancel()
        async with asyncio.timeout(1):
            await asyncio.wait({task})
        assert task.cancelled()
