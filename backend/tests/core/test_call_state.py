"""What outlives a process: written, read, and refused where it makes no sense."""

from __future__ import annotations

import json

import pytest

from ai_agent.call_state import SnapshotRefused, parse_state
from ai_agent.commands import GenerateReply, PhaseChanged, SpeakLine
from tests.timeline import Timeline


def stored(call: Timeline) -> dict[str, object]:
    """A snapshot as the database gives it back."""
    snapshot = json.loads(json.dumps(call.engine.snapshot()))
    assert isinstance(snapshot, dict)
    return snapshot


def resumed(call: Timeline, *, has_greeting: bool = False) -> Timeline:
    return Timeline(snapshot=stored(call), start_at=call.now + 5.0, has_greeting=has_greeting)


def test_what_was_written_is_what_is_read() -> None:
    call = Timeline()
    call.connect()
    call.hear("..ssssssssss" + "." * 26)
    call.transcribe("Hello.")
    snapshot = stored(call)
    assert parse_state(snapshot).to_json() == snapshot


def test_a_resumed_call_announces_its_phase_and_greets_nobody_twice() -> None:
    call = Timeline(has_greeting=True)
    call.connect()
    call.start_reply("Hello.")
    call.finish_reply()
    again = resumed(call, has_greeting=True)
    [announced] = again.connect()
    assert isinstance(announced, PhaseChanged)
    assert (announced.phase, announced.previous) == ("WAIT_FOR_USER", "WAIT_FOR_USER")


def test_a_greeting_that_nobody_heard_is_said_after_the_resume() -> None:
    call = Timeline(has_greeting=True)
    call.connect()
    again = resumed(call, has_greeting=True)
    again.connect()
    assert [line.line for line in again.asked(SpeakLine)] == ["greeting"]


def test_a_transcript_that_was_accepted_and_not_answered_is_answered_after_the_resume() -> None:
    call = Timeline()
    call.connect()
    call.hear("..ssssssssss" + "." * 26)
    call.transcribe("What is a rope?")
    [asked] = call.asked(GenerateReply)
    again = resumed(call)
    again.connect()
    assert again.asked(GenerateReply) == [asked]
    again.start_reply("A long thing.")
    assert resumed(again).connect()[0] == PhaseChanged(
        "WAIT_FOR_USER", "WAIT_FOR_USER", None, "connected", again.now + 5.0
    )


def test_a_typed_turn_takes_the_place_of_the_unanswered_one() -> None:
    call = Timeline()
    call.connect()
    call.hear("..ssssssssss" + "." * 26)
    call.transcribe("What is a rope?")
    again = resumed(call)
    again.take(again.engine.on_user_text(transcript="Never mind.", now=again.now))
    again.connect()
    assert [asked.transcript for asked in again.asked(GenerateReply)] == ["Never mind."]


def test_time_goes_on_from_the_stored_maximum_and_what_was_learned_is_kept() -> None:
    call = Timeline()
    call.connect()
    call.hear("." * 30)
    snapshot = stored(call)
    assert snapshot["now"] == call.now
    assert snapshot["media"] == {"frames_received": 150, "playout_delay_ms": 120.0}
    assert resumed(call).engine.snapshot()["levels"] == snapshot["levels"]


@pytest.mark.parametrize(
    "change",
    [
        {"schema_version": 99},
        {"now": "late"},
        {"idle": None},
        {"unanswered": {"turn_id": 3}},
        {"levels": {"conditioner": {}, "detector": {}, "caller_turns_dbfs": []}},
        {"levels": {"conditioner": {}, "detector": {}, "caller_turns_dbfs": "loud"}},
    ],
)
def test_a_state_that_makes_no_sense_is_refused(change: dict[str, object]) -> None:
    snapshot = {**Timeline().engine.snapshot(), **change}
    with pytest.raises(SnapshotRefused):
        Timeline(snapshot=snapshot)
    with pytest.raises(SnapshotRefused):
        parse_state({})
