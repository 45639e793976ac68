"""What does the log say of a call? Ids, markers and figures, a line a move; words only where they are wanted."""

from __future__ import annotations

import logging
from dataclasses import asdict
from uuid import UUID

from ai_agent import commands, log_markers
from ai_agent.audio_format import duration_ms


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

    def write_transcript(self, verb: str, transcript: str) -> None:
        """Somebody's words, where they may be written."""
        if self._with_transcripts:
            self.write(log_markers.SUCCESS, "%s: %s", verb, transcript)


def _figure(name: str, value: float) -> str:
    """Whole milliseconds; what was measured of the sound, as finely as it was measured.

    >>> _figure("stt_ms", 120.4), _figure("snr_db", 31.6)
    ('120', '31.6')
    """
    return f"{value:.0f}" if name.endswith("_ms") else f"{value:g}"
