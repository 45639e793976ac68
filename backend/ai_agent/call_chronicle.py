"""Who is told of what has happened in a call? The page, the log, the rows, the model's memory: of each in one go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ai_agent import commands
from ai_agent.ai_orchestrator import AIOrchestrator
from ai_agent.call_clock import CallClock
from ai_agent.call_engine import CallEngine
from ai_agent.call_log import CallLog
from ai_agent.call_outbox import CallOutbox
from ai_agent.call_rows import CallRows


class CallChronicle:
    """What one call shows, writes and remembers. Every method returns at once."""

    def __init__(
        self,
        engine: CallEngine,
        *,
        clock: CallClock,
        log: CallLog,
        outbox: CallOutbox,
        rows: CallRows,
        orchestrator: AIOrchestrator,
    ) -> None:
        """`engine` is only looked at: for its state, and for the turn that it is in."""
        self._engine = engine
        self._clock = clock
        self._log = log
        self._outbox = outbox
        self._rows = rows
        self._orchestrator = orchestrator
        self._superseded: list[str] = []
        self.question_number = 0
        """Which question of an interview was told of last, from 1."""
        self.performers: dict[type, Callable[[Any], None]] = {
            commands.PhaseChanged: self._show_phase,
            commands.SpeakingChanged: outbox.show_speaking,
            commands.ThinkingChanged: self._show_thinking,
            commands.ReportBargeIn: self._report_barge_in,
            commands.OpenTurn: rows.open_turn,
            commands.SupersedeUtterance: self._supersede,
            commands.AcceptTranscript: self._accept_transcript,
            commands.CloseReply: self.close_reply,
            commands.ReportStaleResult: log.write_stale_result,
            commands.ReportTurn: self._report_turn,
            commands.SaveInterview: rows.save_interview,
            commands.InterviewChanged: self._show_question,
            commands.Notify: lambda command: outbox.notify(command.code, command.message),
        }
        """What is done for each command that only tells of something."""

    def save_state(self) -> None:
        """From here another process could go on."""
        self._rows.save_state(self._engine.snapshot(), at=self._clock.now())

    def close_reply(self, command: commands.CloseReply) -> None:
        self._log.write_transcript("said", command.heard_text)
        self._outbox.show_reply(command)
        self._orchestrator.record_reply(command.heard_text, turn_id=command.turn_id)
        self._rows.close_reply(command)
        self.save_state()

    def _show_phase(self, command: commands.PhaseChanged) -> None:
        self._log.write_phase(command)
        self._outbox.show_phase(command)

    def _show_question(self, command: commands.InterviewChanged) -> None:
        self.question_number = command.index
        self._log.write_question(command)
        self._outbox.show_interview(command)

    def _show_thinking(self, command: commands.ThinkingChanged) -> None:
        self._log.write_thinking(command)
        self._outbox.show_thinking(command)

    def _report_barge_in(self, command: commands.ReportBargeIn) -> None:
        """A candidate that is not decided came over the reply that is spoken now."""
        turn_id = command.record.turn_id if command.record else self._engine.turn_id
        self._log.write_barge_in(command, turn_id)
        self._outbox.show_barge_in(command, turn_id)
        if command.record is not None:
            self._rows.save_barge_in(command.record)

    def _supersede(self, command: commands.SupersedeUtterance) -> None:
        """The joined turn brings these words again: history and page drop them when it is accepted."""
        self._superseded.append(command.turn_id)
        self._orchestrator.forget(command.turn_id)
        self._rows.supersede(command)

    def _accept_transcript(self, command: commands.AcceptTranscript) -> None:
        self._outbox.show_transcript(command, self._clock.now(), supersedes=self._superseded)
        self._superseded = []
        self._orchestrator.record_user(command.transcript, turn_id=command.turn_id)
        self._rows.save_transcript(command)
        self.save_state()

    def _report_turn(self, command: commands.ReportTurn) -> None:
        self._outbox.show_metrics(command)
        self._log.write_turn(command)
        self._rows.save_metrics(command)
