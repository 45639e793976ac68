"""What does the page get of a call's barge-ins? Each candidate with all that was measured of it, and their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from ai_agent.models import BargeIn, BargeInOutcome


class ProbeBody(Schema):
    """One look at a candidate's words."""

    asked_at_ms: float
    clip_ms: int
    answered_at_ms: float | None
    """None: it failed, or nobody waited for it any more."""
    words: str
    alternatives: list[str] = Field(default_factory=list)
    """What the words may have been as well; a stop word among them counts."""
    avg_logprob: float | None
    no_speech_probability: float | None
    verdict: str
    reason: str


class BargeInBody(Schema):
    """One bid for the floor while the persona spoke; times are on the call's own clock."""

    candidate_id: UUID
    """The utterance's id where it was accepted."""
    turn_id: UUID | None
    """The reply over which it came."""
    onset_at_ms: float
    suspected_at_ms: float
    held_at_ms: float | None
    decided_at_ms: float
    decision: Literal["accepted", "rejected"]
    reason: str
    voiced_ms: int
    level_dbfs: float
    noise_floor_dbfs: float
    echo_dbfs: float
    caller_dbfs: float
    ducked_ms: int
    lost_ms: int
    probes: list[ProbeBody]


class BargeInCounts(Schema):
    suspected: int
    """All of them."""
    held: int
    accepted: int
    rejected: dict[str, int]
    """How many for each reason."""
    ducked_ms: int
    lost_ms: int


def barge_in_body(row: BargeIn) -> BargeInBody:
    written = _in_ms({name: getattr(row, name) for name in ("onset_at", "suspected_at", "held_at", "decided_at")})
    written["probes"] = [ProbeBody(**_in_ms(probe)) for probe in row.probes]
    as_they_are = BargeInBody.model_fields.keys() - written.keys()
    return BargeInBody(**written, **{name: getattr(row, name) for name in as_they_are})


def count_barge_ins(rows: Sequence[BargeIn]) -> BargeInCounts:
    return BargeInCounts(
        suspected=len(rows),
        held=sum(row.held_at is not None for row in rows),
        accepted=sum(row.decision == BargeInOutcome.ACCEPTED for row in rows),
        rejected=Counter(row.reason for row in rows if row.decision == BargeInOutcome.REJECTED),
        ducked_ms=sum(row.ducked_ms for row in rows),
        lost_ms=sum(row.lost_ms for row in rows),
    )


def _in_ms(fields: dict[str, Any]) -> dict[str, Any]:
    """Seconds of the call's clock as milliseconds.

    >>> _in_ms({"asked_at": 1.25, "answered_at": None, "clip_ms": 800})
    {'asked_at_ms': 1250.0, 'answered_at_ms': None, 'clip_ms': 800}
    """
    at = {name: value for name, value in fields.items() if name.endswith("_at")}
    in_ms = {f"{name}_ms": None if value is None else round(value * 1000, 3) for name, value in at.items()}
    return {**in_ms, **{name: value for name, value in fields.items() if name not in at}}
