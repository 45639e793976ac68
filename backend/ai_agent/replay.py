"""What did a recorded call do, and what would it do with other settings? Its facts, played through an engine again.

setup ──▶ CallEngine ◀── facts, frames
              └──▶ the commands that it gave then
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from inspect import Parameter, signature
from types import NoneType
from typing import Any, Final, TypeVar

from ai_agent.audio_conditioning import AudioConditioner, ConditioningConfig
from ai_agent.call_engine import FACTS, CallEngine
from ai_agent.commands import Command
from ai_agent.conversation import ConversationPhase
from ai_agent.interviewer.packing import pack_plan, parse_plan
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.noise_profile import NoiseProfile, parse_noise_profile
from ai_agent.persona_behaviors import BargeInPolicy, TurnPolicy
from ai_agent.suppression import Suppression
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
    interview: InterviewPlan | None = None
    """The interview that it leads, as it stood then."""

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
            interview=self.interview,
        )

    def to_json(self) -> dict[str, object]:
        room = None if self.noise_profile is None else self.noise_profile.to_json()
        interview = None if self.interview is None else pack_plan(self.interview)
        return {**asdict(self), "noise_profile": room, "interview": interview}


def parse_setup(written: Mapping[str, Any]) -> EngineSetup:
    """Read what `to_json` wrote.

    Raises:
        ValueError: something is missing, or unknown to this release.
    """
    _require_names(EngineSetup, written)
    room, interview = written["noise_profile"], written["interview"]
    parsed = {
        "turn_policy": _parse_policy(TurnPolicy, written["turn_policy"]),
        "barge_in_policy": _parse_policy(BargeInPolicy, written["barge_in_policy"]),
        "conditioning": _parse_policy(ConditioningConfig, written["conditioning"]),
        "noise_profile": None if room is None else parse_noise_profile(room),
        "interview": None if interview is None else parse_plan(interview),
    }
    return EngineSetup(**{**written, **parsed})


def _parse_policy(kind: type[P], written: Mapping[str, Any]) -> P:
    _require_names(kind, written)
    arguments: dict[str, Any] = {name: _as_given(value) for name, value in written.items()}
    return kind(**arguments)


def _as_given(value: object) -> object:
    """JSON has no tuples."""
    return tuple(value) if isinstance(value, list) else value


def _require_names(kind: type[Any], written: object) -> None:
    names = {field.name for field in fields(kind)}
    found = set(written) if isinstance(written, Mapping) else set()
    if names != found:
        odd = ", ".join(sorted(names ^ found))
        raise ValueError(f"{kind.__name__} of another release: {odd} missing or unknown")


# ── its facts ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Step:
    """One fact, what the engine asked for when it was told, and where the call stood then."""

    fact: str
    now: float
    arguments: Mapping[str, Any]
    """Without the frame of `on_audio_frame`."""
    commands: tuple[Command, ...]
    phase: ConversationPhase
    is_idle: bool
    """It is the user's move, and nothing that sounds is kept: nobody owes anybody anything."""
    due: float | None
    """When the engine wanted to be woken, as it stood after this."""


def require_fact(fact: Mapping[str, Any]) -> None:
    """Whether an engine can be told this line of a journal.

    Raises:
        ValueError: it names no fact, or not the time, or other arguments than that fact has.
    """
    name, now, arguments = (fact.get(key) for key in ("fact", "now", "arguments"))
    if not isinstance(name, str) or name not in FACTS:
        raise ValueError(f"{name!r} is not a fact of a call")
    if isinstance(now, bool) or not isinstance(now, (int, float)) or not math.isfinite(now):
        raise ValueError(f"{name} at {now!r}, which is no time")
    needed, known = _arguments_of(name)
    if not isinstance(arguments, Mapping) or not needed <= arguments.keys() <= known.keys():
        raise ValueError(f"{name} has other arguments than {', '.join(known) or 'none'}")
    for argument, value in arguments.items():
        if not known[argument](value):
            raise ValueError(f"{name}: {argument} cannot be {value!r}"[:200])


IsOfKind = Callable[[object], bool]


def _is_of(*kinds: type) -> IsOfKind:
    return lambda value: isinstance(value, kinds)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _are_texts(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value)


_KINDS: Final[Mapping[str, IsOfKind]] = {
    "str": _is_of(str),
    "bool": _is_of(bool),
    "int": _is_of(int),
    "float": _is_number,
    "int | None": _is_of(int, NoneType),
    "str | None": _is_of(str, NoneType),
    "float | None": _is_of(int, float, NoneType),
    "Iterable[Pause]": _is_of(list, tuple),
    "Mapping[str, object]": _is_of(dict),
    "Sequence[str]": _are_texts,
}


@cache
def _arguments_of(fact: str) -> tuple[frozenset[str], Mapping[str, IsOfKind]]:
    """Which arguments a fact needs, and of which kind each of all is."""
    parameters = [*signature(getattr(CallEngine, fact)).parameters.values()][1:]
    own = [parameter for parameter in parameters if parameter.name not in {"frame", "now"}]
    needed = frozenset(parameter.name for parameter in own if parameter.default is Parameter.empty)
    return needed, {parameter.name: _KINDS[parameter.annotation] for parameter in own}


def play(engine: CallEngine, facts: Iterable[Mapping[str, Any]], frames: Iterable[bytes]) -> Iterator[Step]:
    """What `engine` does with a journal's facts, one after the other.

    `frames` are the 1,920-byte frames of the raw recording that belongs to the journal. A recording that ended early
    (a killed process) ends the replay early.

    Raises:
        ValueError: a fact that no engine knows.
    """
    sound = iter(frames)
    for fact in facts:
        frame = None
        if fact["fact"] == "on_audio_frame" and (frame := next(sound, None)) is None:
            return
        yield tell(engine, fact["fact"], fact["now"], fact["arguments"], frame=frame)


def tell(
    engine: CallEngine, fact: str, now: float, arguments: Mapping[str, Any], *, frame: bytes | None = None
) -> Step:
    """Tell `engine` one fact; `frame` is the sound of `on_audio_frame`.

    Raises:
        ValueError: no engine knows this fact.
    """
    if fact not in FACTS:
        raise ValueError(f"{fact!r} is not a fact of a call")
    sound = {} if frame is None else {"frame": frame}
    commands = getattr(engine, fact)(now=now, **sound, **arguments)
    is_idle = engine.phase is ConversationPhase.WAIT_FOR_USER and engine.active_utterance_id is None
    return Step(fact, now, arguments, tuple(commands), engine.phase, is_idle, engine.get_timer())


def replay(engine: CallEngine, facts: Iterable[Mapping[str, Any]], frames: Iterable[bytes]) -> Iterator[Command]:
    """The commands that `engine` gives for a journal's facts, in order; otherwise as `play`."""
    for step in play(engine, facts, frames):
        yield from step.commands
