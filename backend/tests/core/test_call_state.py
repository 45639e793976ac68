"""What outlives a process: written, read, and refused where it makes no sense."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ai_agent.audio_format import duration_ms
from ai_agent.call_state import SnapshotRefused, parse_state
from ai_agent.commands import GenerateReply, PhaseChanged, SpeakLine, TranscribeTurn
from ai_agent.persona_behaviors import TurnPolicy
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


def lines(call: Timeline) -> list[str]:
    return [line.line for line in call.asked(SpeakLine)]


def speaks(call: Timeline) -> None:
    call.hear("..ssssssssss")


def is_transcribed(call: Timeline) -> None:
    call.hear("..ssssssssss" + "." * 26)


def goes_on_before_it_was_transcribed(call: Timeline) -> None:
    is_transcribed(call)
    call.hear("ssss")


def was_joined_and_is_transcribed_again(call: Timeline) -> None:
    is_transcribed(call)
    call.transcribe("What is")
    call.hear("ssss" + "." * 26)


def is_apologised_to(call: Timeline) -> None:
    is_transcribed(call)
    utterance_id = call.engine.active_utterance_id or ""
    call.take(call.engine.on_transcription_failed(utterance_id=utterance_id, reason="it is down", now=call.now))


@pytest.mark.parametrize(
    "what_happens",
    [
        speaks,
        is_transcribed,
        goes_on_before_it_was_transcribed,
        was_joined_and_is_transcribed_again,
        is_apologised_to,
    ],
)
def test_who_was_not_heard_to_the_end_is_told_so_after_the_resume(what_happens: Callable[[Timeline], None]) -> None:
    call = Timeline()
    call.connect()
    what_happens(call)
    again = resumed(call)
    again.connect()
    assert lines(again) == ["did_not_catch"]
    assert not again.asked(GenerateReply)
    once_more = resumed(again)
    once_more.connect()
    assert lines(once_more) == ["did_not_catch"]
    once_more.start_reply("Say that again, please.")
    once_more.finish_reply()
    after_all = resumed(once_more)
    after_all.connect()
    assert lines(after_all) == []


def test_who_goes_on_after_the_transcript_was_accepted_is_answered_after_the_resume() -> None:
    call = Timeline()
    call.connect()
    call.hear("..ssssssssss" + "." * 26)
    call.transcribe("What is a rope?")
    [asked] = call.asked(GenerateReply)
    call.hear("ssss")
    again = resumed(call)
    again.connect()
    assert again.asked(GenerateReply) == [asked]
    assert lines(again) == []


def test_the_first_part_of_the_longest_turn_is_answered_after_the_resume() -> None:
    call = Timeline(policy=TurnPolicy(max_turn_seconds=10))
    call.connect()
    call.hear("." + "s" * 110)
    call.transcribe("The first part.")
    again = resumed(call)
    again.connect()
    assert [asked.transcript for asked in again.asked(GenerateReply)] == ["The first part."]


def test_an_answer_that_failed_is_tried_again_after_the_resume() -> None:
    call = Timeline()
    call.connect()
    call.hear("..ssssssssss" + "." * 26)
    call.transcribe("What is a rope?")
    [asked] = call.asked(GenerateReply)
    call.take(call.engine.on_reply_failed(turn_id=asked.turn_id, reason="it is down", now=call.now))
    again = resumed(call)
    again.connect()
    assert again.asked(GenerateReply) == [asked]


@pytest.mark.parametrize("mic", ["." * 10, ".k..c..", "..s"])
def test_who_said_nothing_is_told_nothing_after_the_resume(mic: str) -> None:
    call = Timeline()
    call.connect()
    call.hear(mic)
    again = resumed(call)
    again.connect()
    assert lines(again) == []


@pytest.mark.parametrize("ends", ["nothing intelligible", "stop"])
def test_a_turn_that_came_to_nothing_is_not_mentioned_again(ends: str) -> None:
    call = Timeline()
    call.connect()
    is_transcribed(call)
    if ends == "stop":
        call.take(call.engine.cancel_tts(samples_sent=0, now=call.now))
    else:
        call.transcribe("")
    again = resumed(call)
    again.connect()
    assert lines(again) == []


def test_a_state_that_was_stored_before_this_was_known_is_still_read() -> None:
    call = Timeline()
    call.connect()
    is_transcribed(call)
    old = stored(call)
    del old["unfinished"]
    again = Timeline(snapshot=old, start_at=call.now + 5.0)
    again.connect()
    assert lines(again) == []


def test_a_line_that_is_lost_for_a_moment_within_a_session_loses_no_word() -> None:
    call = Timeline()
    call.connect()
    call.hear("....ssssssssss")
    [announced] = call.connect()
    assert isinstance(announced, PhaseChanged)
    call.hear("ssssssssss" + "." * 26)
    [turn] = call.asked(TranscribeTurn)
    assert duration_ms(turn.audio) == pytest.approx(400 + 2_000 + 500, abs=60)
    call.connect()
    call.transcribe("What is a rope?")
    call.connect()
    assert len(call.asked(GenerateReply)) == 1
    assert lines(call) == []


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
