"""What of a call's rows does the rest of the house see? Frozen values; no row leaves the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ai_agent.interviewer.question_bank import Question
from ai_agent.interviewer.state import InterviewState


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One exchange as it is stored; times are seconds on the call's clock."""

    turn_id: str
    utterance_id: str | None
    number: int
    started_at: float
    ended_at: float | None
    transcript: str
    planned_text: str
    heard_text: str
    interrupted: bool


@dataclass(frozen=True, slots=True)
class RoomRecord:
    """A room as its owner may see it."""

    room_id: str
    owner_id: int
    user_name: str
    persona_slug: str


@dataclass(frozen=True, slots=True)
class InterviewRecord:
    """An interview as it is stored."""

    interview_id: UUID
    questions: tuple[Question, ...]
    """As they were in the bank when it began, in the order in which they are asked."""
    state: InterviewState


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """All that a session needs to drive a call, frozen at the moment of opening."""

    call_id: UUID
    room_id: UUID
    epoch: int
    started_at: datetime
    """By the database's clock; of a call that was prepared only, the moment of the last preparation."""
    persona: dict[str, Any]
    """The configuration of the version with which the call began."""
    persona_slug: str
    persona_version: int
    resumed: bool
    """Somebody drove this call before: state and history are theirs."""
    history: tuple[TurnRecord, ...]
    state: dict[str, Any] | None
    """The engine's snapshot at the last turn."""
    noise_profile: dict[str, Any] | None
    """What is known of the room's noise: from its last call, or else from another room of the same person."""
    max_at: float
    """Seconds: the call's clock goes on from here."""
    recording: bool
    """The person said yes when the call began, and has not taken it back."""
    silence_duration_ms: int | None
    owner_id: int
    user_name: str
