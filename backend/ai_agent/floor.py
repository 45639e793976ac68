"""Whose move is it, in which turn, and until when? The phase, the ids that it is about, and how long one waits.

    the user's move   ├── nobody says anything: `idle` ──┤   ├── one speaks without end: `longest_turn_ends_at` ──┤
                      ├── somebody thinks: `thinking` ───┤
    work is pending   ├── a transcript, or the first frame of a reply, is waited for: `pending_until` ──┤

Ids bind at birth, and are taken from one source, so that a call that is played again binds the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ai_agent.audio_format import duration_ms
from ai_agent.commands import Command, PhaseChanged
from ai_agent.conversation import PENDING, ConversationEvent, ConversationPhase, next_phase
from ai_agent.idle_clock import IdleClock
from ai_agent.persona_behaviors import TurnPolicy
from ai_agent.thinking_time import ThinkingTime


class Floor:
    """The right to speak in one call. What is said with it is `Listening`'s and `Speaking`'s."""

    def __init__(self, policy: TurnPolicy, *, new_id: Callable[[], str], silence_steps: Sequence[float] = ()) -> None:
        """`silence_steps`: as the idle clock has them."""
        self.phase = ConversationPhase.WAIT_FOR_USER
        self.active_utterance_id: str | None = None
        """The utterance that is captured, transcribed or answered now."""
        self.turn_id: str | None = None
        self.idle = IdleClock(policy, steps=silence_steps)
        self.thinking = ThinkingTime(policy)
        self.policy = policy
        self.new_id = new_id
        self._pending_until: float | None = None

    # ── whose ─────────────────────────────────────────────────────────────────────────────────────

    def move(
        self,
        event: ConversationEvent,
        *,
        now: float,
        reason: str | None = None,
        turn_id: str | None = None,
    ) -> list[Command]:
        """What leads from this phase to the next, and is told as being about `turn_id`, or else the present turn.

        Who thinks has the floor: where it goes to somebody else, the time to think is over.

        Raises:
            IllegalTransition: the table has no such row.
        """
        previous, self.phase = self.phase, next_phase(self.phase, event)
        if self.phase not in PENDING:
            self.stop_waiting()
        thought = self.thinking.end(now=now)
        return [*thought, PhaseChanged(self.phase, previous, turn_id or self.turn_id, reason or event.value, now)]

    def announce(self, *, now: float) -> list[Command]:
        """The phase, and whether the user is thinking, for a browser that has just connected."""
        return [PhaseChanged(self.phase, self.phase, self.turn_id, "connected", now), *self.thinking.tell(now=now)]

    # ── in which turn ─────────────────────────────────────────────────────────────────────────────

    def bind(self, turn_id: str, *, utterance_id: str | None) -> None:
        """From here on this turn counts, and no other; a line of the persona's has no utterance."""
        self.turn_id, self.active_utterance_id = turn_id, utterance_id

    def release(self) -> None:
        """There is no turn."""
        self.turn_id = self.active_utterance_id = None

    # ── until when ────────────────────────────────────────────────────────────────────────────────

    def await_transcript(self, audio: bytes, *, now: float) -> None:
        """A long utterance takes longer to be recognised."""
        seconds = duration_ms(audio) / 1000
        patience = self.policy.stt_deadline_seconds + self.policy.stt_seconds_per_audio_second * seconds
        self._pending_until = now + patience

    def await_reply(self, *, now: float) -> None:
        self._pending_until = now + self.policy.reply_deadline_seconds

    def stop_waiting(self) -> None:
        self._pending_until = None

    @property
    def pending_until(self) -> float:
        """When the pending transcript, or the first frame of the pending reply, is no longer waited for."""
        if self._pending_until is None:
            raise AssertionError("what is pending has a deadline")
        return self._pending_until

    @property
    def longest_turn_ends_at(self) -> float:
        """When who has spoken since the last activity has spoken too long, should no frame come any more to tell."""
        longest = self.policy.max_turn_seconds + self.policy.silence_duration_ms / 1000
        return self.idle.active_at + longest
