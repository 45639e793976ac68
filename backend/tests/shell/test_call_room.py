"""What does a call make of the room around its person? Real media through the whole stack; stand-ins for the minds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.test import override_settings

from ai_agent import live_calls
from ai_agent.audio_conditioning import ConditioningConfig
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.models import Room, Turn
from ai_agent.noise_profile import NoiseProfile
from ai_personas.models import Persona
from bench.calls.caller import Caller
from tests.shell.callers import Door, calling, door_of, guest, load_speech, seen

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_time,
    pytest.mark.usefixtures("calls_have_ended"),
]

SPEECH = load_speech()[: 48_000 * 2]
ROOM_SECONDS = 3
"""So long the loud room is heard before anybody speaks in it."""


def in_a_loud_room(speech: np.ndarray, *, snr_db: float = 5.0) -> np.ndarray:
    """The room, then speech in it, then the room."""
    padded = np.concatenate([np.zeros(48_000 * ROOM_SECONDS), speech, np.zeros(48_000)])
    power = float(np.mean(speech.astype(np.float64) ** 2))
    noise = np.random.default_rng(7).standard_normal(len(padded)) * np.sqrt(power * 10 ** (-snr_db / 10))
    return (padded + noise).clip(-32_768, 32_767).astype(np.int16)


@asynccontextmanager
async def called(name: str = "ada") -> AsyncIterator[tuple[Door, Caller, Any]]:
    """A call whose greeting is over: its door, its caller, its session."""
    me = await guest(name)
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await door.send({"type": "cancel_tts"})
            await seen(caller, "transcript", role="assistant", final=True)
            yield door, caller, live_calls._sessions[UUID(me.room_id)]


async def test_words_that_noise_hides_are_asked_for_again_in_the_personas_own_words(provide: Any) -> None:
    provide(stt=MockSpeechToText(faults=["empty"]))
    async with called() as (door, caller, _):
        await caller.voice.say(in_a_loud_room(SPEECH))
        await door.send({"type": "end_turn"})
        told = await seen(caller, "notice", code="not_understood_loud_room")
        said = await seen(caller, "transcript", role="assistant", final=True, interrupted=False)
        metrics = await seen(caller, "turn_metrics")
    persona = await Persona.objects.select_related("published_version").aget(slug="helpful-assistant")
    assert told["message"] == "I could not make out any words: it is loud around you."
    assert said["text"] == persona.published_version.configuration["lines"]["did_not_catch"]
    assert metrics["snr_db"] < 10 and "reply_latency_ms" not in metrics
    turn = await Turn.objects.aget(utterance_id__isnull=False)
    assert (turn.snr_db, turn.noise_floor_dbfs) == (metrics["snr_db"], metrics["noise_floor_dbfs"])


async def test_a_loud_room_is_mentioned_while_it_is_loud(provide: Any) -> None:
    provide()
    async with called() as (_, caller, _session):
        caller.voice.say(in_a_loud_room(np.zeros(48_000 * 5) + 1, snr_db=-70.0))
        told = await seen(caller, "notice", code="loud_room")
        assert told["message"].startswith("It is loud around you.")
        await seen(caller, "notice", code="room_ok")


async def test_how_a_turn_sounded_is_shown_kept_and_logged_in_one_line(
    provide: Any, caplog: pytest.LogCaptureFixture
) -> None:
    provide()
    with caplog.at_level(logging.INFO, "ai_agent.call_session"):
        async with called() as (door, caller, _):
            await caller.voice.say(SPEECH)
            await door.send({"type": "end_turn"})
            metrics = await seen(caller, "turn_metrics")
    turn = await Turn.objects.aget(utterance_id__isnull=False)
    names = ("snr_db", "noise_floor_dbfs", "energy_dbfs", "spectral_flatness", "clipping_percent")
    assert [getattr(turn, name) for name in names] == [metrics[name] for name in names]
    assert not set(names) & set(turn.metrics)
    assert metrics["snr_db"] > 20 and -40 < metrics["energy_dbfs"] < -10
    [line] = [line for line in caplog.messages if line.startswith("📊")]
    assert all(f"{name}=" in line for name in names)
    assert "Hello" not in line


async def test_the_room_is_known_to_the_next_call(provide: Any) -> None:
    provide()
    async with called() as (door, caller, session):
        await caller.voice.say(in_a_loud_room(SPEECH[:960]))
        await door.send({"type": "end_call"})
        await session.finished()
        room_id = session.opened.room_id
    room = await Room.objects.aget(id=room_id)
    assert room.noise_profile == session._engine.noise_profile
    assert room.noise_learned_at is not None
    opened = await live_calls.call_store.open_call(room.id, room.owner_id, owner="elsewhere")
    assert opened.noise_profile == room.noise_profile


@pytest.mark.parametrize(
    ("stored", "reason"),
    [
        ({"version": 0, "secret": "of the room"}, "version 0"),
        (NoiseProfile(-50.0, np.ones(7, "<f4").tobytes()).to_json(), "learned in 7 bins, and this call has 321"),
    ],
    ids=["of another release", "of another band"],
)
async def test_a_profile_that_is_of_no_use_is_set_aside_in_one_line(
    provide: Any, caplog: pytest.LogCaptureFixture, stored: dict[str, object], reason: str
) -> None:
    provide()
    me = await guest("ada")
    await Room.objects.filter(id=me.room_id).aupdate(noise_profile=stored)
    with caplog.at_level(logging.INFO, "ai_agent.call_session"):
        async with door_of(me) as door:
            await door.until("ready")
            async with calling(door) as caller:
                await seen(caller, "agent_state", state="AI_SPEAKING")
    [line] = [line for line in caplog.messages if "noise profile" in line]
    assert me.room_id in line and reason in line and "of the room" not in line


async def test_what_the_browser_did_and_the_operator_set_reach_the_conditioner(
    provide: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[dict[str, bool]] = []
    monkeypatch.setattr(
        "ai_agent.hearing.AudioConditioner.set_browser_processing", lambda _, **processing: left.append(processing)
    )
    with override_settings(STT_TAP="raw", NOISE_SUPPRESSION="off"):
        provide()
        async with called() as (door, _, session):
            processing = {"noise_suppression": True, "auto_gain_control": False}
            await door.send({"type": "media_settings", "echo_cancellation": True, **processing, "muted": False})
            async with asyncio.timeout(5):
                while processing not in left:
                    await asyncio.sleep(0.01)
            assert session._engine._hearing._conditioner.config == ConditioningConfig(
                stt_tap="raw", noise_suppression="off"
            )
