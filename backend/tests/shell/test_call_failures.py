"""What does the caller get when a provider fails? Recogniser, model, voice × hang, error, empty, late, garbage.

Each ends in something that is heard or seen, and in a phase that listens. Real media; the stand-ins play the faults.
"""

from __future__ import annotations

import pytest

from ai_agent.mock_providers.llm import MockLanguageModel
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.mock_providers.tts import MockTextToSpeech
from tests.shell.callers import calling, door_of, guest, load_speech, seen

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_time,
    pytest.mark.usefixtures("calls_have_ended"),
]

FAULTS = ["hang", "error", "empty", "late", "garbage"]


async def outcome_of_a_turn(*, spoken: bool) -> list[dict]:
    """Greeting over, one turn, until somebody listens again; the messages from the turn on."""
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await door.send({"type": "cancel_tts"})
            await seen(caller, "speaking_state", speaker="agent", speaking=False)
            start = len(caller.result.messages)
            if spoken:
                await caller.voice.say(load_speech())
                await door.send({"type": "end_turn"})
            else:
                await door.send({"type": "user_text", "text": "What is a queue?"})
            await until_listening_again(caller, start)
            return caller.result.messages[start:]


async def until_listening_again(caller, start: int) -> None:
    has_left = False
    while True:
        states = [m["state"] for m in caller.result.messages[start:] if m["type"] == "agent_state"]
        has_left = has_left or any(state != "WAIT_FOR_USER" for state in states)
        if has_left and states[-1] == "WAIT_FOR_USER":
            return
        await caller.next_message()


def is_seen_or_heard(messages: list[dict]) -> bool:
    spoken = any(m["type"] == "transcript" and m["role"] == "assistant" and m["final"] for m in messages)
    shown = any(m["type"] == "notice" for m in messages)
    return spoken or shown


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_recogniser_that_fails_is_heard_or_seen(provide, fault):
    provide(stt=MockSpeechToText(faults=[fault, fault], late_seconds=2.0))
    assert is_seen_or_heard(await outcome_of_a_turn(spoken=True))


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_language_model_that_fails_is_heard_or_seen(provide, fault):
    provide(llm=MockLanguageModel(faults=[fault, fault], late_seconds=2.0))
    assert is_seen_or_heard(await outcome_of_a_turn(spoken=False))


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_voice_that_fails_is_seen(provide, fault):
    provide(tts=VoiceThatFailsLater(fault))
    assert is_seen_or_heard(await outcome_of_a_turn(spoken=False))


class VoiceThatFailsLater(MockTextToSpeech):
    """Fails for every sentence of a reply, and speaks the persona's own lines."""

    def __init__(self, fault: str) -> None:
        super().__init__(late_seconds=2.0)
        self._failing = MockTextToSpeech(faults=[fault] * 50, late_seconds=2.0)

    def synthesize(self, text, *, voice, cancel):
        is_reply = "stand-in" in text.lower() or "queue" in text.lower()
        return (self._failing if is_reply else super()).synthesize(text, voice=voice, cancel=cancel)
