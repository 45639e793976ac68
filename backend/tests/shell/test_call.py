"""A whole call: socket, media, engine, stand-ins for the three providers, rows. Real sound, real time."""

from __future__ import annotations

import asyncio
import json
import math
import threading
import time
import wave
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from channels.db import database_sync_to_async
from django.conf import settings

from accounts.models import User
from ai_agent import live_calls
from ai_agent.audio_format import FRAME_MS, split_frames
from ai_agent.call_session import CallSession
from ai_agent.commands import Command, PhaseChanged
from ai_agent.conversation import ConversationPhase
from ai_agent.live_providers.silero import load_speech_model
from ai_agent.models import Call, Turn
from ai_agent.process import THIS_PROCESS
from ai_agent.recordings import engine_ids, read_journal
from ai_agent.replay import replay
from ai_agent.wav_files import sound_bytes
from tests.shell.callers import calling, door_of, guest, load_speech, seen

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_time,
    pytest.mark.usefixtures("calls_have_ended"),
]


@pytest.fixture(autouse=True)
def _warm_process(monkeypatch):
    """A process with its stand-ins loaded and four lines."""
    monkeypatch.setattr(THIS_PROCESS, "slots", 4)
    live_calls.ENGINES.load()
    THIS_PROCESS.warm_up_succeeded()
    yield
    assert THIS_PROCESS.calls == 0, "every slot was given back"


@database_sync_to_async
def the_call() -> Call:
    return Call.objects.select_related("room", "persona_version").get()


@database_sync_to_async
def turns() -> list[Turn]:
    return list(Turn.objects.order_by("number"))


async def until_over(status: str) -> Call:
    """Wait for the call's row to say so: the session writes it after its socket has gone."""
    async with asyncio.timeout(10):
        while (call := await the_call()).status != status:
            await asyncio.sleep(0.05)
        return call


async def test_a_person_speaks_is_heard_once_and_hears_an_answer():
    me = await guest("ada")
    async with door_of(me) as door:
        ready = await door.until("ready")
        assert (ready["resumed"], ready["history"], ready["persona"]["slug"]) == (False, [], "helpful-assistant")
        assert ready["stand_ins"] == ["stt", "llm", "tts"]
        async with calling(door) as caller:
            await seen(caller, "transcript", role="assistant", final=True)
            await caller.turn(load_speech())
            heard = await seen(caller, "transcript", role="user")
            metrics = await seen(caller, "turn_metrics")
            await door.send({"type": "end_call"})
            ended = await seen(caller, "call_ended")
    assert heard["text"] and heard["final"]
    assert 2450 <= metrics["end_of_turn_ms"] <= 2650
    assert metrics["stt_ms"] <= metrics["reply_latency_ms"] < metrics["voice_to_voice_ms"]
    assert ended["reason"] == "user_ended"
    call = await until_over("ended")
    rows = [turn for turn in await turns() if turn.transcript]
    assert (call.end_reason, len(rows), rows[0].transcript) == ("user_ended", 1, heard["text"])
    assert str(rows[0].utterance_id) == heard["utterance_id"]


async def test_the_greeting_leaves_within_half_a_second_of_the_media():
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        loop = asyncio.get_running_loop()
        async with calling(door) as caller:
            sound, began = caller.ear.next_sound(), loop.time()
            first_sound = await asyncio.wait_for(sound, 5)
    assert first_sound - began < 0.5


async def test_a_typed_utterance_is_answered_and_the_stop_button_keeps_only_what_was_heard():
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await door.send({"type": "user_text", "text": "What is a queue?"})
            typed = await seen(caller, "transcript", role="user", text="What is a queue?")
            await seen(caller, "speaking_state", speaker="agent", speaking=False)
            await door.send({"type": "cancel_tts"})
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    assert typed["final"]
    await until_over("ended")
    rows = await turns()
    assert rows[0].interrupted and len(rows[0].heard_text) < len(rows[0].planned_text)
    assert rows[1].transcript == "What is a queue?"


async def test_time_stands_still_while_the_line_is_quiet():
    """No deadline passes, and a reply that waits for its listener is not taken for one that broke off."""
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            session = live_calls._sessions[UUID(me.room_id)]
            session.on_media_quiet(0.5)
            assert not session._clock.is_running and not session._timer.is_set
            session.on_media_back()
            assert session._clock.is_running and session._timer.is_set
            await seen(caller, "speaking_state", speaker="agent", speaking=False)


async def test_the_model_reads_the_conversation_ahead_while_the_user_has_the_floor():
    me = await guest("ada")
    prepared = live_calls.ENGINES.providers.llm.prepared
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await door.send({"type": "user_text", "text": "What is a queue?"})
            said = await seen(caller, "transcript", role="assistant", final=True, interrupted=False)
            async with asyncio.timeout(5):
                while prepared[-1][-1].content != said["text"]:
                    await asyncio.sleep(0.05)
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    assert prepared[-1][-2].content == "What is a queue?"


async def test_a_lost_socket_is_resumed_with_the_history_and_the_same_call():
    me = await guest("ada")
    async with door_of(me) as door:
        first = await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
    await until_over("lost")
    async with door_of(me) as door:
        again = await door.until("ready")
        assert (again["call_id"], again["resumed"]) == (first["call_id"], True)
        assert [line["role"] for line in again["history"]] == ["assistant"]
        assert again["history"][0]["interrupted"]
        async with calling(door) as caller:
            state = await seen(caller, "agent_state")
            assert state["state"] == "WAIT_FOR_USER"
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    assert (await until_over("ended")).end_reason == "user_ended"


async def test_the_longest_call_is_counted_over_every_session(settings):
    settings.MAX_CALL_SECONDS = 4
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await asyncio.sleep(2)
    await until_over("lost")
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            ended = await seen(caller, "call_ended")
    assert ended["reason"] == "longest_call"
    call = await until_over("ended")
    assert 3.9 <= call.max_at <= 5.5


async def test_a_second_tab_takes_the_call_over_and_the_first_is_told():
    me = await guest("ada")
    async with door_of(me) as first:
        await first.until("ready")
        async with calling(first) as one:
            await seen(one, "agent_state")
            async with door_of(me) as second:
                assert (await second.until("ready"))["resumed"]
                async with calling(second) as two:
                    await seen(two, "agent_state")
                    await second.send({"type": "end_call"})
                    await seen(two, "call_ended")
    assert (await until_over("ended")).end_reason == "user_ended"


async def test_where_the_person_said_yes_the_journal_and_the_sound_are_kept():
    me = await guest("ada", recording=True)
    async with door_of(me) as door:
        ready = await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await asyncio.sleep(1.2)
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    call = await until_over("ended")
    folder = Path(settings.RECORDINGS_DIR) / me.room_id / ready["call_id"]
    await asyncio.to_thread(live_calls.flush_recordings)
    journal = read_journal(folder / f"journal.{call.lease_epoch}.jsonl")
    names = {fact["fact"] for fact in journal.facts}
    assert {"on_media_connected", "on_audio_frame", "on_reply_started"} <= names


async def test_both_sides_of_a_recording_lie_where_they_were_in_the_call_also_after_a_resume(moments):
    """From the first loud frame that came to the first that left: as long in `stereo.wav` as it was in the call."""
    me = await guest("ada", recording=True)
    async with door_of(me) as door:
        ready = await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await door.send({"type": "cancel_tts"})
            await seen(caller, "speaking_state", speaker="agent", speaking=False)
            await asyncio.sleep(0.6)
    await until_over("lost")
    async with door_of(me) as door:
        await door.until("ready", resumed=True)
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="WAIT_FOR_USER")
            await asyncio.sleep(0.3)
            await caller.voice.say(load_speech()[:48_000])
            await door.send({"type": "user_text", "text": "What is a queue?"})
            await seen(caller, "speaking_state", speaker="agent", speaking=True)
            await asyncio.sleep(0.7)
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    await until_over("ended")
    await asyncio.sleep(0.1)
    await asyncio.to_thread(live_calls.flush_recordings, with_chores=True)
    folder = Path(settings.RECORDINGS_DIR) / me.room_id / ready["call_id"]
    timeline = json.loads((folder / "timeline.json").read_text())
    with wave.open(str(folder / "stereo.wav")) as sound:
        both = np.frombuffer(sound.readframes(sound.getnframes()), np.int16).reshape(-1, 2)
    first, last = timeline["epochs"][0], timeline["epochs"][-1]
    assert len(timeline["epochs"]) == 2 and len(both) == last["first_sample"] + last["sample_count"]
    for epoch in timeline["epochs"]:
        lengths = [sound_bytes(folder / f"{name}.{epoch['epoch']}.wav") for name in ("raw", "conditioned", "agent")]
        assert lengths == [2 * epoch["sample_count"]] * 3
    greeting = first_loud(both[: first["sample_count"], 1]) / 48_000
    assert abs(greeting - moments[first["epoch"]].agent) < 0.005, "the greeting is there from its first sample on"
    user, agent = (first_loud(side) / 48_000 for side in both[last["first_sample"] :].T)
    assert abs(user - moments[last["epoch"]].user) < 0.001
    assert abs(agent - moments[last["epoch"]].agent) < 0.005
    (utterance,) = timeline["utterances"]
    assert utterance["transcript"] == "What is a queue?"
    assert timeline["replies"][-1]["turn_id"] == utterance["turn_id"]
    assert abs(timeline["replies"][-1]["starts"]["stereo_ms"] - last["first_sample"] / 48 - agent * 1000) < 45
    assert {"WAIT_FOR_USER", "AI_SPEAKING"} <= {phase["phase"] for phase in timeline["phases"]}


LOUD = 1_500


def first_loud(samples: np.ndarray) -> int:
    return int(np.flatnonzero(np.abs(samples.astype(np.int32)) > LOUD)[0])


@dataclass
class Moments:
    """Of one epoch's line, in seconds since it began: when the first loud sample of each side passed, by the process's
    own clock."""

    frames: int = 0
    began: float = math.inf
    """The earliest frames of the user's show it: each comes in its own 20 ms, or later."""
    user: float | None = None
    agent_left: float | None = None

    @property
    def agent(self) -> float:
        assert self.agent_left is not None
        return self.agent_left - self.began

    def hear(self, frame: bytes) -> None:
        since = self.frames * FRAME_MS / 1000
        self.frames, self.began = self.frames + 1, min(self.began, time.monotonic() - since)
        if self.user is None and is_loud(frame):
            self.user = since + first_loud(np.frombuffer(frame, np.int16)) / 48_000

    def send(self, frame: bytes, *, late_seconds: float) -> None:
        if self.agent_left is None and is_loud(frame):
            left = time.monotonic() - late_seconds
            self.agent_left = left + first_loud(np.frombuffer(frame, np.int16)) / 48_000


def is_loud(frame: bytes) -> bool:
    return bool(np.abs(np.frombuffer(frame, np.int16).astype(np.int32)).max() > LOUD)


@pytest.fixture
def moments(monkeypatch) -> dict[int, Moments]:
    """Of each epoch."""
    noted: dict[int, Moments] = defaultdict(Moments)
    hear, send = CallSession.on_media_frame, CallSession._on_agent_frame

    def on_media_frame(session: CallSession, frame: bytes) -> None:
        noted[session.opened.epoch].hear(frame)
        hear(session, frame)

    def on_agent_frame(session: CallSession, frame: bytes) -> None:
        noted[session.opened.epoch].send(frame, late_seconds=session.speaker.late_seconds)
        send(session, frame)

    monkeypatch.setattr(CallSession, "on_media_frame", on_media_frame)
    monkeypatch.setattr(CallSession, "_on_agent_frame", on_agent_frame)
    return noted


async def test_a_recording_that_fails_is_told_and_the_call_goes_on():
    me = await guest("ada", recording=True)
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            session = live_calls._sessions[UUID(me.room_id)]
            writer = threading.Thread(target=session._tape.recording._end, args=("No space left on device",))
            writer.start()
            writer.join()
            assert session._tape.recording is not None, "it changes on the loop, never between two lines of it"
            notice = await seen(caller, "notice", code="recording_ended")
            await door.send({"type": "user_text", "text": "Are you there?"})
            await seen(caller, "transcript", role="assistant", final=True, interrupted=False)
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended", reason="user_ended")
    assert notice["message"] == "The recording of this call has ended: No space left on device. The call goes on."


async def test_who_takes_the_yes_back_is_not_recorded_after_a_resume():
    me = await guest("ada", recording=True)
    async with door_of(me) as door:
        ready = await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
    call = await until_over("lost")
    await database_sync_to_async(User.objects.update)(recording=False)
    async with door_of(me) as door:
        await door.until("ready", resumed=True)
        async with calling(door) as caller:
            await seen(caller, "agent_state")
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    await until_over("ended")
    await asyncio.to_thread(live_calls.flush_recordings, with_chores=True)
    folder = Path(settings.RECORDINGS_DIR) / me.room_id / ready["call_id"]
    assert [path.name for path in folder.glob("journal.*")] == [f"journal.{call.lease_epoch}.jsonl"]


@pytest.mark.parametrize("recording", [True, False, None])
async def test_where_the_server_says_no_nothing_is_kept(settings, recording):
    settings.RECORDINGS_ENABLED = False
    me = await guest("ada", recording=recording)
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    await until_over("ended")
    await asyncio.to_thread(live_calls.flush_recordings, with_chores=True)
    assert not (Path(settings.RECORDINGS_DIR) / me.room_id).exists()


async def test_without_a_yes_nothing_is_kept():
    me = await guest("ada", recording=False)
    async with door_of(me) as door:
        await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
    await until_over("lost")
    assert not (Path(settings.RECORDINGS_DIR) / me.room_id).exists()


async def test_a_journal_played_again_gives_every_command_again_also_after_a_resume(performed):
    me = await guest("ada", recording=True, silence_duration_ms=3_000)
    async with door_of(me) as door:
        ready = await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await door.send({"type": "cancel_tts"})
            await seen(caller, "speaking_state", speaker="agent", speaking=False)
            await caller.voice.say(load_speech())
            await seen(caller, "turn_metrics")
    await until_over("lost")
    async with door_of(me) as door:
        await door.until("ready", resumed=True)
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="WAIT_FOR_USER")
            await caller.voice.say(load_speech())
            await seen(caller, "turn_metrics")
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    await until_over("ended")
    await asyncio.to_thread(live_calls.flush_recordings)
    folder = Path(settings.RECORDINGS_DIR) / me.room_id / ready["call_id"]

    first, second = performed
    for epoch, trace in performed.items():
        assert list(played_again(folder, epoch)) == trace
        assert {command.phase for command in trace if isinstance(command, PhaseChanged)} == set(ConversationPhase)
    assert read_journal(folder / f"journal.{first}.jsonl").setup.snapshot is None
    resumed = read_journal(folder / f"journal.{second}.jsonl").setup
    assert resumed.snapshot is not None
    assert resumed.turn_policy.silence_duration_ms == 3_000


@pytest.fixture
def performed(monkeypatch) -> dict[int, list[Command]]:
    """Every command of every session, by its epoch, in the order in which they were done."""
    traces: dict[int, list[Command]] = {}
    perform = CallSession._perform

    def noting(session: CallSession, wanted: list[Command]) -> None:
        traces.setdefault(session.opened.epoch, []).extend(wanted)
        perform(session, wanted)

    monkeypatch.setattr(CallSession, "_perform", noting)
    return traces


def played_again(folder: Path, epoch: int) -> Iterator[Command]:
    journal = read_journal(folder / f"journal.{epoch}.jsonl")
    with wave.open(str(folder / f"raw.{epoch}.wav")) as sound:
        frames = list(split_frames(sound.readframes(sound.getnframes())))
    new_id = engine_ids(journal.setup.call_id, journal.setup.epoch)
    return replay(journal.setup.build(speech_model=load_speech_model(), new_id=new_id), journal.facts, frames)
