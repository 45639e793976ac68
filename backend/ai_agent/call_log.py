"""What does the log say of a call? Ids, markers and figures, a line a move; words only where they are wanted."""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Final
from uuid import UUID

from ai_agent import commands, log_markers
from ai_agent.audio_format import duration_ms

BARGE_IN_FIGURES: Final = (
    "voiced_ms",
    "level_dbfs",
    "noise_floor_dbfs",
    "echo_dbfs",
    "caller_dbfs",
    "ducked_ms",
    "lost_ms",
)
"""What is written of a candidate that is decided."""


class CallLog:
    """The lines of one call in its session's log."""

    def __init__(self, logger: logging.Logger, call_id: UUID, *, with_transcripts: bool) -> None:
        self._logger = logger
        self._call_id = call_id
        self._with_transcripts = with_transcripts

    def write(self, marker: str, line: str, *values: object) -> None:
        self._logger.info(f"{marker} call %s: {line}", self._call_id, *values)

    def write_phase(self, command: commands.PhaseChanged) -> None:
        phases = (command.previous, command.phase)
        self.write(log_markers.VAD, "%s → %s (%s) turn %s", *phases, command.reason, command.turn_id)

    def write_turn_over(self, command: commands.TranscribeTurn) -> None:
        sound_ms = duration_ms(command.audio)
        self.write(log_markers.VAD, "turn over, %.0f ms to transcribe, utterance %s", sound_ms, command.utterance_id)

    def write_stale_result(self, command: commands.ReportStaleResult) -> None:
        ids = (command.dead_id, command.active_id)
        self.write(log_markers.FAILURE, "a %s came late for %s (active: %s), dropped", command.kind, *ids)

    def write_turn(self, command: commands.ReportTurn) -> None:
        """The turn's figures, those that it has."""
        metrics = asdict(command)
        turn_id = metrics.pop("turn_id")
        written = " ".join(f"{name}={_figure(name, value)}" for name, value in metrics.items() if value is not None)
        self.write(log_markers.METRICS, "turn %s: %s", turn_id, written)

    def write_barge_in(self, command: commands.ReportBargeIn, turn_id: str | None) -> None:
        """How far a candidate has come, with all that was measured of it once it is decided."""
        marker = log_markers.STOP if command.decision == "accepted" else log_markers.VAD
        written = f"reaction_ms={_figure('reaction_ms', command.reaction_ms)}"
        if (record := command.record) is not None:
            figures = {name: getattr(record, name) for name in BARGE_IN_FIGURES}
            written += "".join(f" {name}={_figure(name, value)}" for name, value in figures.items())
            written += f" probes={len(record.probes)}"
        ids = (command.candidate_id, turn_id)
        self.write(marker, "barge-in %s (%s) candidate %s turn %s: %s", command.decision, command.reason, *ids, written)
        for probe in record.probes if record else ():
            self.write_transcript(f"probe ({probe.verdict}, {probe.reason})", probe.words)

    def write_thinking(self, command: commands.ThinkingChanged) -> None:
        if command.until is None:
            self.write(log_markers.VAD, "silence counts again")
        else:
            self.write(log_markers.VAD, "silence does not count for %.1f s", command.until - command.at)

    def write_question(self, command: commands.InterviewChanged) -> None:
        """How a question of an interview stands."""
        points = "" if command.score is None else f", {command.score} points"
        figures = (command.index, command.total, command.stage, command.status, points)
        self.write(log_markers.SUCCESS, "question %d of %d (%s): %s%s", *figures)

    def write_transcript(self, verb: str, transcript: str) -> None:
        """Somebody's words, where they may be written."""
        if self._with_transcripts:
            self.write(log_markers.SUCCESS, "%s: %s", verb, transcript)


def _figure(name: str, value: float) -> str:
    """Whole milliseconds, levels to a tenth; what else was measured of the sound, as finely as it was measured.

    >>> _figure("stt_ms", 120.4), _figure("level_dbfs", -31.2345), _figure("spectral_flatness", 0.062)
    ('120', '-31.2', '0.062')
    """
    if name.endswith("_dbfs"):
        return f"{value:.1f}"
    return f"{value:.0f}" if name.endswith("_ms") else f"{value:g}"
