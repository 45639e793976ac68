"""The log of a call: a line a move, and nobody's words unless they were asked for."""

from __future__ import annotations

import doctest
import logging
from uuid import UUID

import pytest

from ai_agent import call_log, commands, log_markers
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.call_log import CallLog

CALL_ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(call_log).failed == 0


def log(*, with_transcripts: bool = False) -> CallLog:
    return CallLog(logging.getLogger("a.session"), CALL_ID, with_transcripts=with_transcripts)


def test_every_line_names_its_call(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "a.session")
    log().write(log_markers.STOP, "over: %s (%s)", "ended", "idle")
    assert caplog.messages == [f"{log_markers.STOP} call {CALL_ID}: over: ended (idle)"]


def test_a_move_a_late_result_and_a_turn_are_a_line_each(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "a.session")
    mine = log()
    mine.write_phase(commands.PhaseChanged("PROCESSING_USER", "VALIDATING_UTTERANCE", "t1", "transcript_accepted", 1.0))
    mine.write_turn_over(commands.TranscribeTurn("u2", "t1", SILENT_FRAME * 50))
    mine.write_stale_result(commands.ReportStaleResult("transcript", "u1", "u2"))
    mine.write_turn(commands.ReportTurn("t1", end_of_turn_ms=2_500.4, snr_db=31.6, spectral_flatness=0.062))
    assert [line.split(f"{CALL_ID}: ")[1] for line in caplog.messages] == [
        "VALIDATING_UTTERANCE → PROCESSING_USER (transcript_accepted) turn t1",
        "turn over, 1000 ms to transcribe, utterance u2",
        "a transcript came late for u1 (active: u2), dropped",
        "turn t1: end_of_turn_ms=2500 snr_db=31.6 spectral_flatness=0.062",
    ]


@pytest.mark.parametrize(("with_transcripts", "count"), [(False, 0), (True, 1)])
def test_words_are_written_only_where_the_operator_asked(
    caplog: pytest.LogCaptureFixture, with_transcripts: bool, count: int
) -> None:
    caplog.set_level(logging.INFO, "a.session")
    log(with_transcripts=with_transcripts).write_transcript("heard", "What is a rope?")
    assert sum("What is a rope?" in line for line in caplog.messages) == count
