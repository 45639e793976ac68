"""What did a recorded call do, and what would it do with other settings? Its facts, played through an engine again.

setup ──▶ CallEngine ◀── facts, frames
              └──▶ the commands that it gave then
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from ai_agent.audio_conditioning import AudioConditioner, ConditioningConfig, Suppression
from ai_agent.call_engine import FACTS, CallEngine
from ai_agent.commands import Command
from ai_agent.noise_profile import NoiseProfile, parse_noise_profile
from ai_agent.persona_behaviors import BargeInPolicy, TurnPolicy
from ai_agent.voice_activity import SpeechModel

P = TypeVar("P", TurnPolicy, BargeInPolicy, ConditioningConfig)


@dataclass(frozen=True, slots=True)
class EngineSetup:
    """What an engine is built from: all that its constructor gets, except for the two things that are no numbers."""

    call_id: str
    epoch: int
    """The engine's ids come from the call and its epoch."""
    persona: str
    persona_version: int
    turn_policy: TurnPolicy
    barge_in_policy: BargeInPolicy
    conditioning: ConditioningConfig
    noise_profile: NoiseProfile | None
    """What was known of the room before the first frame."""
    has_greeting: bool
    snapshot: Mapping[str, object] | None
    """Where the call went on from, after a resume."""

    def build(
        self, *, speech_model: SpeechModel, new_id: Callable[[], str], suppression: Suppression | None = None
    ) -> CallEngine:
        """The engine. `suppression`: step 4 of the conditioning, where it is not our own.

        Raises:
            SnapshotRefused: the snapshot is none that a call can go on from.
            ValueError: the suppression is not ours and was not given.
        """
        return CallEngine(
            turn_policy=self.turn_policy,
            barge_in_policy=self.barge_in_policy,
            speech_model=speech_model,
            new_id=new_id,
            has_greeting=self.has_greeting,
            conditioner=AudioConditioner(self.conditioning, self.noise_profile, suppression=suppression),
            snapshot=self.snapshot,
        )

    def to_json(self) -> dict[str, object]:
        room = None if self.noise_profile is None else self.noise_profile.to_json()
        return {**asdict(self), "noise_profile": room}


def parse_setup(written: Mapping[str, Any]) -> EngineSetup:
    """Read what `to_json` wrote.

    Raises:
        ValueError: something is missing, or unknown to this release.
    """
    _require_names(EngineSetup, written)
    room = written["noise_profile"]
    parsed = {
        "turn_policy": _parse_policy(TurnPolicy, written["turn_policy"]),
        "barge_in_policy": _parse_policy(BargeInPolicy, written["barge_in_policy"]),
        "conditioning": _parse_policy(ConditioningConfig, written["conditioning"]),
        "noise_profile": None if room is None else parse_noise_profile(room),
    }
    return EngineSetup(**{**written, **parsed})


def _parse_policy(kind: type[P], written: Mapping[str, Any]) -> P:
    _require_names(kind, written)
    return kind(**written)


def _require_names(kind: type[Any], written: object) -> None:
    names = {field.name for field in fields(kind)}
    found = set(written) if isinstance(written, Mapping) else set()
    if names != found:
        odd = ", ".join(sorted(names ^ found))
        raise ValueError(f"{kind.__name__} of another release: {odd} missing or unknown")


def replay(engine: CallEngine, facts: Iterable[Mapping[str, Any]], frames: Iterable[bytes]) -> Iterator[Command]:
    """The commands that `engine` gives for a journal's facts, in order.

    `frames` are the 1,920-byte frames of the raw recording that belongs to the journal. A recording that ended early
    (a killed process) ends the replay early.

    Raises:
        ValueError: a fact that no engine knows.
    """
    sound = iter(frames)
    for fact in facts:
        name, now, arguments = fact["fact"], fact["now"], fact["arguments"]
        if name not in FACTS:
            raise ValueError(f"{name!r} is not a fact of a call")
        if name != "on_audio_frame":
            yield from getattr(engine, name)(now=now, **arguments)
            continue
        frame = next(sound, None)
        if frame is None:
            return
        yield from engine.on_audio_frame(frame, now, **arguments)
