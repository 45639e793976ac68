"""The wires of one call: each command is done by somebody, and each fact reaches the engine and the journal.

The rows are real; nobody has dialled, so that no sound moves but what a test moves.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import numpy as np
import pytest
from channels.db import database_sync_to_async

from ai_agent import call_store, commands, live_calls
from ai_agent.audio_format import SAMPLES_PER_FRAME, SILENT_FRAME, samples_in
from ai_agent.call_engine import CallEngine
from ai_agent.call_session import CallSession, Socket
from ai_agent.mock_providers.llm import MockLanguageModel
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.mock_providers.tts import MockTextToSpeech
from ai_agent.models import BargeIn, Room
from ai_agent.persona_script import read_script
from ai_agent.providers import Providers
from ai_agent.recordings import CallRecording, RecordingWriter, read_journal
from ai_agent.signaling import parse_client_message
from tests.shell.test_call_log import DECIDED
from tests.timeline import ScriptedVad

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 10.0


@dataclass
class Line:
    """A session, the messages that left it, and its journal's folder."""

    session: CallSession
    stt: MockSpeechToText
    folder: Path
    sent: list[dict[str, Any]] = field(default_factory=list)

    async def until(self, kind: str) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                for message in self.sent:
                    if message["type"] == kind:
                        return message
                await asyncio.sleep(0.005)

    def perform(self, *wanted: commands.Command) -> None:
        self.session._perform(list(wanted))

    def frame_out(self) -> bytes:
        return self.session.speaker._next_frame()

    def reply(self, frames: int) -> str:
        """Words are queued for the turn that the engine is in; answers its id."""
        turn_id = str(uuid4())
        self.session._engine._floor.bind(turn_id, utterance_id=None)
        sound = np.random.default_rng(3).integers(-8_000, 8_000, frames * SAMPLES_PER_FRAME).astype(np.int16)
        self.session.speaker.enqueue(turn_id, sound.tobytes())
        return turn_id


@pytest.fixture
async def line(room: Room, tmp_path: Path) -> AsyncIterator[Line]:
    opened = await call_store.open_call(room.id, room.owner_id, owner="here")
    writer, stt = RecordingWriter(), MockSpeechToText(probe_text="Wait, stop.")
    stt.probe_warm_up_seconds = 0.75
    sent: list[dict[str, Any]] = []

    async def send(text: str) -> None:
        sent.append(json.loads(text))

    async def close(_: int) -> None:
        """There is no socket to close."""

    session = CallSession(
        opened,
        script=read_script(opened.persona, user_name="Ada"),
        providers=Providers(stt, MockLanguageModel(), MockTextToSpeech(), stand_ins=("stt", "llm", "tts")),
        speech_model=ScriptedVad(),
        settings=live_calls._session_settings(),
        silence_duration_ms=2_500,
        socket=Socket(send, close),
        open_recording=partial(CallRecording, tmp_path, epoch=opened.epoch, writer=writer),
    )
    await session.start()
    session._clock.start()
    yield Line(session, stt, tmp_path, sent)
    session.end("ended", "tested")
    async with asyncio.timeout(PATIENCE_SECONDS):
        await session.finished()
    writer.close()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the engine was told of probes and of thinking; it wants nothing done."""
    told: list[tuple[str, dict[str, Any]]] = []

    def hear(fact: str, _: CallEngine, **arguments: Any) -> list[commands.Command]:
        told.append((fact, arguments))
        return []

    for fact in ("on_probe_transcribed", "on_probe_failed", "on_thinking", "on_media_settings"):
        monkeypatch.setattr(CallEngine, fact, lambda *a, fact=fact, **k: hear(fact, *a, **k), raising=False)
    return told


async def test_every_command_is_somebodys(line: Line) -> None:
    assert set(get_args(commands.Command)) - set(line.session._performers) == set()


async def test_a_slow_recogniser_is_waited_for_and_the_journal_knows_how_long(line: Line) -> None:
    assert line.session._engine._speaking.barge_in.policy.probe_patience_ms == 1_500
    line.session._tape.close()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (written := list(line.folder.glob("journal.*"))) or not written[0].read_text():
            await asyncio.sleep(0.01)
    assert read_journal(written[0]).setup.barge_in_policy.probe_patience_ms == 1_500


async def test_a_reply_is_ducked_held_and_goes_on_a_little_before_where_it_stood(line: Line) -> None:
    turn_id = line.reply(100)
    full = [line.frame_out() for _ in range(20)][-1]
    line.perform(commands.DuckPlayback(-12.0))
    ducked = [line.frame_out() for _ in range(5)][-1]
    assert np.abs(np.frombuffer(ducked, np.int16)).max() < np.abs(np.frombuffer(full, np.int16)).max() / 3.5
    line.perform(commands.HoldPlayback(fade_ms=20))
    line.frame_out()
    assert [line.frame_out() for _ in range(3)] == [SILENT_FRAME] * 3
    stood_at = line.session.speaker.samples_sent(turn_id)
    assert stood_at == 26 * SAMPLES_PER_FRAME
    line.perform(commands.RestorePlayback(fade_ms=40, rewind_ms=350))
    assert stood_at - samples_in(350) <= line.session.speaker.samples_sent(turn_id) <= stood_at - samples_in(60)


async def test_the_engine_and_the_journal_get_the_playhead_beside_each_frame(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[int] = []

    def on_audio_frame(_: CallEngine, frame: bytes, now: float, *, agent_dbfs: float, samples_sent: int) -> list[Any]:
        heard.append(samples_sent)
        return []

    monkeypatch.setattr(CallEngine, "on_audio_frame", on_audio_frame)
    line.session.on_media_frame(SILENT_FRAME)
    line.reply(50)
    for _ in range(3):
        line.frame_out()
    line.session.on_media_frame(SILENT_FRAME)
    line.perform(commands.HoldPlayback(fade_ms=20))
    for _ in range(4):
        line.frame_out()
    line.session.on_media_frame(SILENT_FRAME)
    line.perform(commands.RestorePlayback(fade_ms=40, rewind_ms=350))
    line.session.on_media_frame(SILENT_FRAME)
    await asyncio.sleep(0)
    assert heard[:3] == [0, 3 * SAMPLES_PER_FRAME, 4 * SAMPLES_PER_FRAME]
    assert heard[3] < heard[2], "it has gone back"
    recording = line.session._tape.recording
    assert recording is not None
    written = [json.loads(row) for row in recording._journal.pending]
    assert [row["arguments"]["samples_sent"] for row in written if row.get("fact") == "on_audio_frame"] == heard


async def test_a_probe_is_heard_while_the_call_goes_on_and_comes_back_as_a_fact(
    line: Line, told: list[tuple[str, dict[str, Any]]]
) -> None:
    line.perform(commands.TranscribeProbe("candidate", 1, SILENT_FRAME * 40))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not told:
            await asyncio.sleep(0.005)
    [(fact, arguments)] = told
    assert (fact, arguments["candidate_id"], arguments["look"]) == ("on_probe_transcribed", "candidate", 1)
    assert (arguments["transcript"], arguments["is_doubtful"]) == ("Wait, stop.", False)
    assert arguments["now"] >= 0
    assert (line.stt.probes, line.stt.calls) == ([40 * 1_920], [])


async def test_of_a_probe_that_fails_the_log_and_the_engine_know_and_the_page_does_not(
    line: Line, told: list[tuple[str, dict[str, Any]]], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ai_agent")
    line.stt._script._faults = iter(["error"])
    line.perform(commands.TranscribeProbe("candidate", 2, SILENT_FRAME))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not told:
            await asyncio.sleep(0.005)
    assert (told[0][0], told[0][1]["look"]) == ("on_probe_failed", 2)
    assert any("told to fail" in message for message in caplog.messages)
    await asyncio.sleep(0)
    assert not [message for message in line.sent if message["type"] in {"notice", "error"}]


async def test_a_cancelled_probe_tells_nothing(line: Line, told: list[tuple[str, dict[str, Any]]]) -> None:
    line.perform(commands.TranscribeProbe("candidate", 1, SILENT_FRAME), commands.CancelProbe("candidate"))
    line.perform(commands.TranscribeProbe("next", 1, SILENT_FRAME))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not told:
            await asyncio.sleep(0.005)
    assert [arguments["candidate_id"] for _, arguments in told] == ["next"]


async def test_a_decided_barge_in_is_on_the_page_in_the_log_and_in_its_row(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ai_agent")
    over, candidate_id = line.reply(10), str(uuid4())
    record = commands.BargeInRecord(
        **{name: getattr(DECIDED, name) for name in DECIDED.__slots__ if name not in {"candidate_id", "turn_id"}},
        candidate_id=candidate_id,
        turn_id=str(uuid4()),
    )
    line.perform(
        commands.ReportBargeIn(candidate_id, "suspected", "near_end_speech", at=6.56, reaction_ms=60.0),
        commands.ReportBargeIn(candidate_id, "accepted", "stop_word", at=7.7, reaction_ms=1_200.0, record=record),
    )
    await line.session._rows.written()
    row = await database_sync_to_async(BargeIn.objects.get)()
    assert (str(row.candidate_id), str(row.turn_id), row.reason) == (candidate_id, record.turn_id, "stop_word")
    await line.until("barge_in")
    messages = [message for message in line.sent if message["type"] == "barge_in"]
    assert [(message["decision"], message["turn_id"]) for message in messages] == [
        ("suspected", over),
        ("accepted", record.turn_id),
    ]
    assert sum("barge-in" in message for message in caplog.messages) == 2
    assert "Wait, stop." not in caplog.text


async def test_what_the_speaker_lost_is_told_of_a_bid_that_was_rejected(line: Line) -> None:
    line.session.speaker.lost_ms = 40
    ids = {"rejected": str(uuid4()), "accepted": str(uuid4())}
    for decision, candidate_id in ids.items():
        record = replace(DECIDED, candidate_id=candidate_id, turn_id=str(uuid4()), decision=decision)
        line.perform(commands.ReportBargeIn(candidate_id, decision, "few_words", 7.7, 900.0, record=record))
    await line.session._rows.written()
    lost = {
        decision: (await database_sync_to_async(BargeIn.objects.get)(candidate_id=candidate_id)).lost_ms
        for decision, candidate_id in ids.items()
    }
    assert lost == {"rejected": 40, "accepted": 0}


async def test_a_row_that_cannot_be_written_costs_the_call_nothing(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    line.perform(commands.ReportBargeIn("c1", "accepted", "stop_word", at=7.7, reaction_ms=1_200.0, record=DECIDED))
    await line.session._rows.written()
    assert any("a row was not written" in message for message in caplog.messages), "c1 is no id"
    assert not line.session.has_ended_call
    line.perform(commands.Notify("room_ok", "It is quiet now."))
    assert (await line.until("notice"))["code"] == "room_ok"


async def test_time_to_think_goes_both_ways(line: Line, told: list[tuple[str, dict[str, Any]]]) -> None:
    line.session.take(parse_client_message('{"type": "thinking", "seconds": 20}'))
    [(fact, arguments)] = told
    assert (fact, arguments["seconds"]) == ("on_thinking", 20)
    line.perform(commands.ThinkingChanged(until=48.2, at=18.2))
    assert (await line.until("thinking"))["until_ms"] == 48_200


async def test_push_to_talk_reaches_the_engine(line: Line, told: list[tuple[str, dict[str, Any]]]) -> None:
    settings = {"echo_cancellation": True, "noise_suppression": True, "auto_gain_control": True, "muted": True}
    line.session.take(parse_client_message(json.dumps({"type": "media_settings", **settings, "push_to_talk": True})))
    [(_, arguments)] = told
    assert (arguments["push_to_talk"], arguments["muted"]) == (True, True)


async def test_after_the_end_of_a_call_nothing_is_told(line: Line, told: list[tuple[str, dict[str, Any]]]) -> None:
    line.perform(commands.EndCall("user_ended"))
    line.session.take(parse_client_message('{"type": "thinking"}'))
    line.session.on_fact("on_probe_failed", candidate_id="candidate", look=1, reason="late")
    assert told == []
