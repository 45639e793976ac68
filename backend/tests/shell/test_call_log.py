"""The log of a call: a line a move, and nobody's words unless they were asked for."""

from __future__ import annotations

import doctest
import logging
from dataclasses import replace
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


LOOKED = commands.ProbeRecord(7.5, 900, 7.7, "Wait, stop.", verdict="stop", reason="stop_word")
DECIDED = commands.BargeInRecord(
    candidate_id="c1",
    turn_id="t1",
    onset_at=6.5,
    suspected_at=6.56,
    held_at=6.98,
    decided_at=7.7,
    decision="accepted",
    reason="stop_word",
    voiced_ms=820,
    level_dbfs=-28.4567,
    noise_floor_dbfs=-61.0,
    echo_dbfs=-47.25,
    caller_dbfs=-26.0,
    ducked_ms=1_150,
    lost_ms=0,
    probes=(LOOKED,),
)


def told(decision: commands.BargeInDecision, record: commands.BargeInRecord | None = None) -> commands.ReportBargeIn:
    return commands.ReportBargeIn("c1", decision, "stop_word", at=7.7, reaction_ms=1_200.4, record=record)


def test_each_step_of_a_barge_in_is_one_line_with_its_figures_and_no_words(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "a.session")
    mine = log()
    mine.write_barge_in(told("suspected"), "t1")
    mine.write_barge_in(told("accepted", DECIDED), "t1")
    mine.write_barge_in(told("rejected", replace(DECIDED, probes=())), None)
    figures = "level_dbfs=-28.5 noise_floor_dbfs=-61.0 echo_dbfs=-47.2 caller_dbfs=-26.0 ducked_ms=1150 lost_ms=0"
    assert caplog.messages == [
        f"{log_markers.VAD} call {CALL_ID}: barge-in suspected (stop_word) candidate c1 turn t1: reaction_ms=1200",
        f"{log_markers.STOP} call {CALL_ID}: barge-in accepted (stop_word) candidate c1 turn t1: "
        f"reaction_ms=1200 voiced_ms=820 {figures} probes=1",
        f"{log_markers.VAD} call {CALL_ID}: barge-in rejected (stop_word) candidate c1 turn None: "
        f"reaction_ms=1200 voiced_ms=820 {figures} probes=0",
    ]


def test_what_a_probe_heard_is_written_only_where_the_operator_asked(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "a.session")
    log(with_transcripts=True).write_barge_in(told("accepted", DECIDED), "t1")
    assert caplog.messages[1].endswith("probe (stop, stop_word): Wait, stop.")


def test_time_to_think_is_a_line_each_way(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "a.session")
    log().write_thinking(commands.ThinkingChanged(until=48.2, at=18.2))
    log().write_thinking(commands.ThinkingChanged(until=None, at=20.0))
    assert [line.split(f"{CALL_ID}: ")[1] for line in caplog.messages] == [
        "silence does not count for 30.0 s",
        "silence counts again",
    ]
