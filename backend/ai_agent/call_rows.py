"""How do a call's facts reach its rows? In order, one after the other, without anybody waiting for the database.

Every write names the call's epoch. One that finds no row: another session holds the call now, `on_lease_lost`.
A database error is logged and the call goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields
from uuid import UUID

from ai_agent import call_store, commands, interview_store, log_markers
from ai_agent.call_refusals import LeaseLost

logger = logging.getLogger(__name__)

Write = Callable[[], Awaitable[None]]


class CallRows:
    """The rows of one call under one epoch. Every method but `run` and `written` returns at once."""

    def __init__(self, call_id: UUID, epoch: int, *, on_lease_lost: Callable[[], None]) -> None:
        self._call_id = call_id
        self._epoch = epoch
        self._on_lease_lost = on_lease_lost
        self._queue: asyncio.Queue[Write | None] = asyncio.Queue()

    def open_turn(self, command: commands.OpenTurn) -> None:
        self._write(
            lambda: call_store.open_turn(
                self._call_id,
                self._epoch,
                turn_id=command.turn_id,
                utterance_id=command.utterance_id,
                started_at=command.started_at,
                ended_at=command.ended_at,
                sound=command.sound,
            )
        )

    def supersede(self, command: commands.SupersedeUtterance) -> None:
        self._write(
            lambda: call_store.supersede(self._call_id, self._epoch, command.utterance_id, command.superseded_by)
        )

    def save_transcript(self, command: commands.AcceptTranscript) -> None:
        self._write(lambda: call_store.save_transcript(self._call_id, self._epoch, command.turn_id, command.transcript))

    def close_reply(self, command: commands.CloseReply) -> None:
        self._write(
            lambda: call_store.close_reply(
                self._call_id,
                self._epoch,
                command.turn_id,
                command.planned_text,
                command.heard_text,
                command.interrupted,
                command.at,
            )
        )

    def save_metrics(self, command: commands.ReportTurn) -> None:
        """The turn's times. Its sound was written with its row."""
        sound = {field.name for field in fields(commands.TurnSound)}
        metrics = {name: value for name, value in asdict(command).items() if name not in sound}
        turn_id = metrics.pop("turn_id")
        self._write(lambda: call_store.save_metrics(self._call_id, self._epoch, turn_id, metrics))

    def save_barge_in(self, record: commands.BargeInRecord) -> None:
        self._write(lambda: call_store.save_barge_in(self._call_id, self._epoch, record))

    def save_interview(self, command: commands.SaveInterview) -> None:
        self._write(lambda: interview_store.save_interview(self._call_id, self._epoch, command.state))

    def save_state(self, state: dict[str, object], *, at: float) -> None:
        self._write(lambda: call_store.save_state(self._call_id, self._epoch, state, at))

    def save_noise_profile(self, profile: Mapping[str, object]) -> None:
        self._write(lambda: call_store.save_noise_profile(self._call_id, self._epoch, profile))

    def mark_lost(self) -> None:
        self._write(lambda: call_store.mark_lost(self._call_id, self._epoch))

    def end(self, reason: str) -> None:
        self._write(lambda: call_store.end_call(self._call_id, self._epoch, reason))

    def close(self) -> None:
        """Nothing more will be written; `run` returns when the rest is."""
        self._queue.put_nowait(None)

    async def written(self) -> None:
        """Wait until everything asked for so far is in the database."""
        done = asyncio.Event()

        async def mark() -> None:
            done.set()

        self._write(mark)
        await done.wait()

    async def run(self) -> None:
        """Write until closed."""
        while (write := await self._queue.get()) is not None:
            try:
                await write()
            except LeaseLost:
                self._on_lease_lost()
            except Exception:
                logger.exception("%s call %s: a row was not written", log_markers.FAILURE, self._call_id)

    def _write(self, write: Write) -> None:
        self._queue.put_nowait(write)
