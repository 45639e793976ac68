"""One call without its wires: the main path."""

from __future__ import annotations

from ai_agent.commands import (
    AcceptTranscript,
    CloseReply,
    GenerateReply,
    OpenTurn,
    ReportTurn,
    SpeakLine,
    TranscribeTurn,
)
from ai_agent.conversation import ConversationPhase
from tests.timeline import Timeline


def test_a_call_begins_with_the_greeting() -> None:
    call = Timeline(has_greeting=True)
    call.connect()
    [line] = call.asked(SpeakLine)
    assert line.line == "greeting"
    assert call.engine.phase is ConversationPhase.PROCESSING_USER
    call.start_reply("Hello.")
    call.hear("..........")
    call.finish_reply()
    assert call.moves == [("P", "line_begun"), ("A", "reply_started"), ("W", "playback_finished")]
    [closed] = call.asked(CloseReply)
    assert (closed.planned_text, closed.heard_text, closed.interrupted) == ("Hello.", "Hello.", False)


def test_a_turn_goes_from_speech_to_an_answer() -> None:
    call = Timeline()
    call.connect()
    mic = "..........ssssssssss............................"
    phase = "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWVVVV"
    call.hear(mic)
    assert call.phases == phase
    [turn] = call.asked(TranscribeTurn)
    assert [row.utterance_id for row in call.asked(OpenTurn)] == [turn.utterance_id]
    call.transcribe("What is a rope?")
    [asked] = call.asked(GenerateReply)
    assert (asked.utterance_id, asked.turn_id) == (turn.utterance_id, turn.turn_id)
    assert [c.transcript for c in call.asked(AcceptTranscript)] == ["What is a rope?"]
    call.start_reply("A long thing.")
    call.hear("..........")
    call.finish_reply()
    assert call.engine.phase is ConversationPhase.WAIT_FOR_USER
    [report] = call.asked(ReportTurn)
    assert report.turn_id == turn.turn_id
    assert report.end_of_turn_ms is not None and 2_450 <= report.end_of_turn_ms <= 2_650
