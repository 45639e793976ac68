"""What does the browser see of a call? Commands of the core as messages, sent in order, without anybody waiting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from ai_agent import commands, log_markers, signaling
from ai_agent.conversation import ConversationPhase

logger = logging.getLogger(__name__)


def at_ms(seconds: float) -> float:
    """Call time as the wire has it.

    >>> at_ms(1.2344)
    1234
    """
    return round(seconds * 1000)


class CallOutbox:
    """The messages of one call. Every method but `run` returns at once."""

    def __init__(self, send: Callable[[str], Awaitable[None]]) -> None:
        self._send = send
        self._queue: asyncio.Queue[signaling.Message | None] = asyncio.Queue()
        self._caption = ""
        self._is_caption_heard = False
        """The first frame of the reply that it belongs to has left."""

    def post(self, message: signaling.Message) -> None:
        self._queue.put_nowait(message)

    def close(self) -> None:
        """Nothing more will be posted; `run` returns when the rest is sent."""
        self._queue.put_nowait(None)

    async def run(self) -> None:
        """Send until closed. A socket that has gone is the consumer's to notice."""
        while (message := await self._queue.get()) is not None:
            try:
                await self._send(signaling.encode(message))
            except Exception as error:
                logger.info("%s a %s did not leave: %s", log_markers.FAILURE, type(message).__name__, error)

    def notify(self, code: str, message: str) -> None:
        self.post(signaling.Notice(code=code, message=message))

    def refuse(self, code: str, message: str) -> None:
        self.post(signaling.ErrorMessage(code=code, message=message, recoverable=True))

    def show_phase(self, command: commands.PhaseChanged) -> None:
        self._is_caption_heard = self._is_caption_heard or command.phase == ConversationPhase.AI_SPEAKING
        state = {"state": str(command.phase), "turn_id": command.turn_id, "at_ms": at_ms(command.at)}
        self.post(signaling.AgentState.model_validate(state))

    def show_speaking(self, command: commands.SpeakingChanged) -> None:
        self.post(signaling.SpeakingState(speaker=command.speaker, speaking=command.speaking, at_ms=at_ms(command.at)))

    def show_barge_in(self, command: commands.ReportBargeIn, turn_id: str | None) -> None:
        """How far a candidate has come; `turn_id` is the reply over which it came."""
        self.post(
            signaling.BargeIn(
                candidate_id=command.candidate_id,
                decision=command.decision,
                reason=command.reason,
                reaction_ms=round(command.reaction_ms),
                turn_id=turn_id,
                at_ms=at_ms(command.at),
            )
        )

    def show_thinking(self, command: commands.ThinkingChanged) -> None:
        until_ms = None if command.until is None else at_ms(command.until)
        self.post(signaling.ThinkingState(until_ms=until_ms, at_ms=at_ms(command.at)))

    def show_interview(self, command: commands.InterviewChanged) -> None:
        self.post(signaling.InterviewProgress.model_validate(asdict(command)))

    def begin_caption(self) -> None:
        """A new reply begins; its caption is empty."""
        self._caption, self._is_caption_heard = "", False

    def show_planned(self, turn_id: str, sentence: str, at: float) -> None:
        """The caption: all that has been planned for speech so far, not final."""
        self._caption = f"{self._caption} {sentence}".strip()
        self.post(
            signaling.TranscriptLine(
                role="assistant", text=self._caption, turn_id=turn_id, final=False, at_ms=at_ms(at)
            )
        )

    def withdraw_caption(self, turn_id: str, at: float) -> None:
        """The reply is given up. What was shown of it, and not heard, is not left standing as if it were to come."""
        if not self._caption or self._is_caption_heard:
            return
        self._caption = ""
        self.post(
            signaling.TranscriptLine(
                role="assistant", text="", turn_id=turn_id, final=True, heard_upto=0, at_ms=at_ms(at)
            )
        )

    def show_transcript(self, command: commands.AcceptTranscript, at: float, *, supersedes: list[str]) -> None:
        """What the user said. `supersedes`: earlier turns whose words it holds too."""
        self.post(
            signaling.TranscriptLine(
                role="user",
                text=command.transcript,
                utterance_id=command.utterance_id,
                turn_id=command.turn_id,
                final=True,
                at_ms=at_ms(at),
                supersedes=supersedes or None,
            )
        )

    def show_reply(self, command: commands.CloseReply) -> None:
        """The whole reply, with how far it was heard; one of which nothing was planned is not shown."""
        if command.planned_text:
            self.post(
                signaling.TranscriptLine(
                    role="assistant",
                    text=command.planned_text,
                    turn_id=command.turn_id,
                    final=True,
                    heard_upto=len(command.heard_text),
                    interrupted=command.interrupted,
                    at_ms=at_ms(command.at),
                )
            )

    def show_metrics(self, command: commands.ReportTurn) -> None:
        self.post(signaling.TurnMetrics.model_validate(asdict(command)))
