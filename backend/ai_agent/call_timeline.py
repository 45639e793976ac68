"""What happened when, and where in `stereo.wav` is it heard? Turns, phases, words and barge-ins of a whole call.

Every moment has two times, in milliseconds: `at_ms` on the call's own clock, as on the wire, and `stereo_ms` from the
beginning of `stereo.wav`. The clock runs from one epoch to the next as the call's own does; the file has each epoch's
sound right after the one before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from ai_agent import commands
from ai_agent.audio_format import FRAME_MS, SAMPLE_RATE_HZ

TIMELINE_SCHEMA_VERSION: Final = 2

EVENTS: Final[dict[type, str]] = {
    commands.PhaseChanged: "phase",
    commands.SpeakingChanged: "speaking",
    commands.OpenTurn: "utterance",
    commands.SupersedeUtterance: "superseded",
    commands.AcceptTranscript: "transcript",
    commands.CloseReply: "reply",
    commands.ReportBargeIn: "barge_in",
}
"""Which of an engine's commands are kept, and under which name."""

Json = dict[str, Any]


def event_of(command: commands.Command) -> tuple[str, Json] | None:
    """A command as it is kept; None for one that is not.

    >>> event_of(commands.SpeakingChanged("user", speaking=True, at=1.5))
    ('speaking', {'speaker': 'user', 'speaking': True, 'at': 1.5})
    >>> event_of(commands.HoldPlayback(20))
    """
    name = EVENTS.get(type(command))
    return None if name is None else (name, asdict(command))


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """What one epoch left in its files."""

    epoch: int
    sample_count: int
    """Of its raw sound."""
    frame_times: Sequence[float]
    """When each of its frames came, in seconds of the call's clock."""
    events: Sequence[Json]


def build_timeline(epochs: Iterable[EpochRecord]) -> Json:
    """What `timeline.json` holds."""
    timeline = _Timeline()
    for epoch in epochs:
        timeline.add_epoch(epoch)
    return timeline.to_json()


class _Timeline:
    def __init__(self) -> None:
        self._sample_count = 0
        self._epochs: list[Json] = []
        self._phases: list[Json] = []
        self._speaking: list[Json] = []
        self._utterances: dict[str, Json] = {}
        self._replies: list[Json] = []
        self._reply_starts: dict[str, Json] = {}
        self._barge_ins: list[Json] = []

    def add_epoch(self, record: EpochRecord) -> None:
        place = _Place(record, starts_ms=_ms(self._sample_count))
        self._epochs.append(
            {
                "epoch": record.epoch,
                "starts": place.moment(record.frame_times[0] if record.frame_times else 0.0),
                "first_sample": self._sample_count,
                "sample_count": record.sample_count,
                "duration_ms": _ms(record.sample_count),
            }
        )
        self._sample_count += record.sample_count
        for event in record.events:
            self._add_event(event, place)

    def _add_event(self, event: Json, place: _Place) -> None:
        match event:
            case {"event": "phase", "phase": phase, "turn_id": turn_id, "reason": reason, "at": at}:
                moment = place.moment(at)
                self._phases.append({**moment, "phase": phase, "turn_id": turn_id, "reason": reason})
                if phase == "AI_SPEAKING" and turn_id:
                    self._reply_starts.setdefault(turn_id, moment)
            case {"event": "speaking", "speaker": speaker, "speaking": speaking, "at": at}:
                self._speaking.append({**place.moment(at), "speaker": speaker, "speaking": speaking})
            case {"event": "utterance", "utterance_id": utterance_id, "turn_id": turn_id, "ended_at": ended_at}:
                self._utterances[utterance_id] = {
                    "utterance_id": utterance_id,
                    "turn_id": turn_id,
                    "starts": place.moment(event["started_at"]),
                    "ends": place.moment(ended_at),
                    "transcript": "",
                    "superseded_by": None,
                }
            case {"event": "transcript", "utterance_id": utterance_id, "transcript": transcript}:
                self._utterances.get(utterance_id, {})["transcript"] = transcript
            case {"event": "superseded", "utterance_id": utterance_id, "superseded_by": superseded_by}:
                self._utterances.get(utterance_id, {})["superseded_by"] = superseded_by
            case {"event": "reply", "turn_id": turn_id, "at": at}:
                self._add_reply(event, turn_id, ends=place.moment(at))
            case {"event": "barge_in", "record": {"probes": probes, **record}}:
                looks = [place.with_moments(probe) for probe in probes]
                self._barge_ins.append({**place.with_moments(record), "probes": looks})

    def _add_reply(self, event: Json, turn_id: str, *, ends: Json) -> None:
        self._replies.append(
            {
                "turn_id": turn_id,
                "starts": self._reply_starts.get(turn_id, ends),
                "ends": ends,
                "planned": event["planned_text"],
                "heard": event["heard_text"],
                "interrupted": event["interrupted"],
            }
        )

    def to_json(self) -> Json:
        return {
            "schema_version": TIMELINE_SCHEMA_VERSION,
            "sample_rate_hz": SAMPLE_RATE_HZ,
            "duration_ms": _ms(self._sample_count),
            "epochs": self._epochs,
            "turns": self._turns(),
            "phases": self._phases,
            "speaking": self._speaking,
            "utterances": list(self._utterances.values()),
            "replies": self._replies,
            "barge_ins": self._barge_ins,
        }

    def _turns(self) -> list[Json]:
        """From the first word of an exchange to the last of its reply, in order."""
        turns: dict[str, Json] = {}
        parts = [*self._utterances.values(), *self._replies]
        for part in sorted(parts, key=lambda part: part["starts"]["stereo_ms"]):
            turn = turns.setdefault(
                part["turn_id"], {"turn_id": part["turn_id"], "starts": part["starts"], "utterance_ids": []}
            )
            turn["ends"] = part["ends"]
            turn["utterance_ids"] += [part["utterance_id"]] if "utterance_id" in part else []
        return list(turns.values())


class _Place:
    """Where a moment of one epoch lies: beside the frame that came last before it."""

    def __init__(self, record: EpochRecord, *, starts_ms: float) -> None:
        self._times = record.frame_times
        self._starts_ms = starts_ms
        self._duration_ms = _ms(record.sample_count)

    def moment(self, at: float) -> Json:
        number = bisect_right(self._times, at) - 1
        into_ms = 0.0
        if number >= 0:
            into_ms = number * FRAME_MS + min((at - self._times[number]) * 1000, FRAME_MS)
        into_ms = min(into_ms, self._duration_ms)
        return {"at_ms": round(at * 1000, 3), "stereo_ms": round(self._starts_ms + into_ms, 3)}

    def with_moments(self, fields: Json) -> Json:
        """Each time in seconds, `held_at`, as the moment `held`."""
        return {
            name.removesuffix("_at"): self.moment(value) if name.endswith("_at") and value is not None else value
            for name, value in fields.items()
        }


def _ms(sample_count: int) -> float:
    return round(sample_count * 1000 / SAMPLE_RATE_HZ, 3)
