"""What is heard of an answer whose voice takes its time, and what is kept of it? Real media; stand-ins that stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from ai_agent import live_calls, signaling
from ai_agent.audio_format import BYTES_PER_SAMPLE, samples_in
from ai_agent.mock_providers.llm import MockLanguageModel
from ai_agent.mock_providers.tts import MockTextToSpeech, tones
from ai_agent.providers import CancelToken, ProviderError, VoiceSettings
from tests.shell.callers import ListeningEar, calling, door_of, guest, seen
from tests.shell.voices import OneThreadVoice

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_time,
    pytest.mark.usefixtures("calls_have_ended"),
]

ANSWER = "The old stone bridge near our village stays open all night long."
"""One chunk for the voice: no clause or phrase begins in it."""
CHUNK_MS = 100


class StreamingVoice(MockTextToSpeech):
    """Gives the answer's sound as fast as it is heard, and fails after `fails_after_ms`; other sentences at once."""

    def __init__(self, *, fails_after_ms: int | None = None) -> None:
        super().__init__()
        self._fails_after_ms = fails_after_ms

    async def synthesize(self, text: str, *, voice: VoiceSettings, cancel: CancelToken) -> AsyncIterator[bytes]:
        sound = tones(text)
        step = samples_in(CHUNK_MS) * BYTES_PER_SAMPLE
        for count, start in enumerate(range(0, len(sound), step)):
            if text == ANSWER:
                await asyncio.sleep(CHUNK_MS / 1000 if count > 2 else 0)
                if self._fails_after_ms is not None and count * CHUNK_MS >= self._fails_after_ms:
                    raise ProviderError(self.name, "the voice broke", retryable=False)
            yield sound[start : start + step]


async def asked_for_the_answer(door, caller) -> str:
    """The greeting is over and the answer is heard; its turn."""
    await seen(caller, "agent_state", state="AI_SPEAKING")
    await door.send({"type": "cancel_tts"})
    await seen(caller, "speaking_state", speaker="agent", speaking=False)
    await door.send({"type": "user_text", "text": "Is the bridge open?"})
    planned = await seen(caller, "transcript", role="assistant", text=ANSWER)
    await seen(caller, "agent_state", state="AI_SPEAKING", turn_id=planned["turn_id"])
    return planned["turn_id"]


async def test_stop_in_the_middle_of_a_sentence_keeps_what_was_heard_of_it(provide):
    provide(llm=MockLanguageModel(reply=ANSWER), tts=StreamingVoice())
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            turn_id = await asked_for_the_answer(door, caller)
            await asyncio.sleep(1.5)
            await door.send({"type": "cancel_tts"})
            last = await seen(caller, "transcript", turn_id=turn_id, final=True, interrupted=True)
            history = live_calls._sessions[UUID(me.room_id)]._orchestrator.history
    heard = ANSWER[: last["heard_upto"]]
    assert last["text"] == ANSWER
    assert history[-1].agent == heard
    assert 3 <= len(heard.split()) <= 6  # 1.4 to 1.5 s less 0.12 s on the way, at 60 ms a character


async def test_an_answer_that_breaks_off_in_a_sentence_is_shown_as_far_as_it_was_heard(provide):
    provide(llm=MockLanguageModel(reply=ANSWER), tts=StreamingVoice(fails_after_ms=1_500))
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            turn_id = await asked_for_the_answer(door, caller)
            last = await seen(caller, "transcript", turn_id=turn_id, final=True, role="assistant")
            await seen(caller, "notice", code="reply_broke_off")
            history = live_calls._sessions[UUID(me.room_id)]._orchestrator.history
    assert ANSWER.startswith(last["text"])
    assert 4 <= len(last["text"].split()) <= 6
    assert last["heard_upto"] == len(last["text"])
    assert history[-1].agent == last["text"]


async def test_the_stop_button_is_heard_within_two_frames(provide):
    provide(llm=MockLanguageModel(reply=ANSWER.replace(" ", "-")))
    me = await guest("ada")
    stopped_at: list[int] = []
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door, ear=ListeningEar()) as caller:
            session = live_calls._sessions[UUID(me.room_id)]
            take = session.take

            def noting_the_frame(message: signaling.ClientMessage) -> None:
                if isinstance(message, signaling.CancelTts):
                    stopped_at.append(session.speaker._frame_count)
                take(message)

            session.take = noting_the_frame
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await asyncio.sleep(0.5)
            await door.send({"type": "cancel_tts"})
            await seen(caller, "transcript", role="assistant", final=True, interrupted=True)
            await asyncio.sleep(0.5)
    [frame] = stopped_at
    assert len(caller.ear.loud_frames(frame - 10, frame)) >= 6
    assert caller.ear.loud_frames(frame + 2, frame + 20) == []
    assert frame + 20 in caller.ear.levels_dbfs, "the line was up all the time"


async def test_a_greeting_that_nobody_has_said_before_is_heard_within_half_a_second(provide):
    voice = OneThreadVoice()
    provide(tts=voice)
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door, hears_greeting=True) as caller:
            await seen(caller, "transcript", role="assistant", final=True)
    assert caller.result.greeting_ms < 500
    assert len(voice.spoken) == len(set(voice.spoken)), "no line was made twice"
