"""What must outlive a process, so that another one can go on with the call? Small, JSON, with a schema version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

SCHEMA_VERSION: Final = 2


class SnapshotRefused(ValueError):
    """The stored state is not one that a call can go on from."""


@dataclass(frozen=True, slots=True)
class UnansweredTurn:
    """A transcript that was accepted, and whose reply has not begun."""

    turn_id: str
    utterance_id: str
    transcript: str


@dataclass(frozen=True, slots=True)
class CallState:
    """One call between two facts. A call that goes on from it is the user's move, whatever `phase` was."""

    phase: str
    turn_id: str | None
    utterance_id: str | None
    now: float
    """The latest time that the call has seen, in seconds since it began; it goes on from there."""
    active_at: float
    has_prompted: bool
    greets: bool
    """The greeting has not been heard yet."""
    frames_received: int
    playout_delay_ms: float
    unanswered: UnansweredTurn | None
    is_unfinished: bool
    """The user was speaking, or had spoken and was not understood yet: whoever goes on has not heard it."""
    hearing: Mapping[str, object]
    """What was learned of the room and of the caller; the ear's own affair."""
    thinking_until: float | None = None
    """The user has asked for time to think, until then."""
    pauses_ms: tuple[int, ...] = ()
    """How long the user's last pauses inside turns were."""

    def to_json(self) -> dict[str, object]:
        unanswered = self.unanswered
        return {
            "schema_version": SCHEMA_VERSION,
            "phase": self.phase,
            "turn_id": self.turn_id,
            "utterance_id": self.utterance_id,
            "now": self.now,
            "idle": {"active_at": self.active_at, "has_prompted": self.has_prompted},
            "greets": self.greets,
            "media": {"frames_received": self.frames_received, "playout_delay_ms": self.playout_delay_ms},
            "unanswered": None
            if unanswered is None
            else {
                "turn_id": unanswered.turn_id,
                "utterance_id": unanswered.utterance_id,
                "transcript": unanswered.transcript,
            },
            "unfinished": self.is_unfinished,
            "levels": dict(self.hearing),
            "thinking_until": self.thinking_until,
            "pauses_ms": list(self.pauses_ms),
        }


def parse_state(snapshot: Mapping[str, object]) -> CallState:
    """Read what `to_json` wrote.

    Raises:
        SnapshotRefused: another schema version, or something is missing or of the wrong kind.
    """
    try:
        return _parse(snapshot)
    except (KeyError, TypeError) as error:
        raise SnapshotRefused(f"this is no state of a call: {error!r}") from error


def _parse(snapshot: Mapping[str, object]) -> CallState:
    if snapshot["schema_version"] != SCHEMA_VERSION:
        raise SnapshotRefused(f"a state of schema version {snapshot['schema_version']}, not {SCHEMA_VERSION}")
    idle, media = (_object(snapshot[name]) for name in ("idle", "media"))
    return CallState(
        phase=_text(snapshot["phase"]),
        turn_id=_text_or_none(snapshot["turn_id"]),
        utterance_id=_text_or_none(snapshot["utterance_id"]),
        now=_number(snapshot["now"]),
        active_at=_number(idle["active_at"]),
        has_prompted=bool(idle["has_prompted"]),
        greets=bool(snapshot["greets"]),
        frames_received=int(_number(media["frames_received"])),
        playout_delay_ms=_number(media["playout_delay_ms"]),
        unanswered=_parse_unanswered(snapshot["unanswered"]),
        is_unfinished=bool(snapshot.get("unfinished", False)),
        hearing=_object(snapshot["levels"]),
        thinking_until=_number_or_none(snapshot.get("thinking_until")),
        pauses_ms=_whole_numbers(snapshot.get("pauses_ms", [])),
    )


def _parse_unanswered(stored: object) -> UnansweredTurn | None:
    if stored is None:
        return None
    turn = _object(stored)
    return UnansweredTurn(_text(turn["turn_id"]), _text(turn["utterance_id"]), _text(turn["transcript"]))


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise TypeError(f"an object was expected, not {type(value).__name__}")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"a number was expected, not {type(value).__name__}")
    return float(value)


def _number_or_none(value: object) -> float | None:
    return None if value is None else _number(value)


def _whole_numbers(value: object) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise TypeError(f"a list was expected, not {type(value).__name__}")
    return tuple(int(_number(item)) for item in value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {type(value).__name__}")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)
