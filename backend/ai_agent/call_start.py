"""From where does a call go on? Its engine from the stored state, or else from the start; its model from what was said.

An engine is built from the persona's own words, the person's wishes and the process's settings: a journal holds it all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ai_agent.audio_conditioning import ConditioningConfig, require_own_band
from ai_agent.call_engine import CallEngine
from ai_agent.call_records import OpenedCall, TurnRecord
from ai_agent.call_state import SnapshotRefused
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.live_providers.webrtc_suppression import WebRtcSuppression
from ai_agent.noise_profile import NoiseProfile, parse_noise_profile
from ai_agent.persona_behaviors import BargeInPolicy, PersonaBehavior, read_behavior
from ai_agent.persona_script import Exchange, fill_in
from ai_agent.recordings import engine_ids
from ai_agent.replay import EngineSetup
from ai_agent.voice_activity import SpeechModel

SHORTEST_PROBE_PATIENCE_MS: Final = 1_200
LONGEST_PROBE_PATIENCE_MS: Final = 2_000


def probe_patience_ms(warm_up_seconds: float) -> int:
    """How long a barge-in waits for a probe's words: twice what a usual one takes on this machine, within reason.

    >>> probe_patience_ms(0.2), probe_patience_ms(0.7), probe_patience_ms(3.0)
    (1200, 1400, 2000)
    """
    return round(min(max(2_000 * warm_up_seconds, SHORTEST_PROBE_PATIENCE_MS), LONGEST_PROBE_PATIENCE_MS))


def known_room(stored: object, conditioning: ConditioningConfig) -> NoiseProfile | None:
    """What is known of the room, as far as this call can go on with it; None where nothing is stored.

    Raises:
        ValueError: it cannot be read, or was learned in another band; one plain line.
    """
    if stored is None:
        return None
    profile = parse_noise_profile(stored)
    require_own_band(profile, conditioning)
    return profile


def setup_of(
    opened: OpenedCall,
    *,
    silence_duration_ms: int,
    idle_end_seconds: float,
    has_greeting: bool,
    conditioning: ConditioningConfig,
    predicts_end: bool = False,
    probe_warm_up_seconds: float = 0.0,
    room: NoiseProfile | None = None,
    interview: InterviewPlan | None = None,
) -> EngineSetup:
    """What the engine of this call is built from.

    `predicts_end`: there is somebody to ask whether a turn sounds finished. Otherwise silence alone ends it.
    `probe_warm_up_seconds`: as the recogniser has measured it.
    """
    behavior = read_behavior(opened.persona)
    turn_policy = behavior.turn_policy(silence_duration_ms_override=silence_duration_ms)
    barge_in_policy = replace(
        spoken_policy(behavior, opened.persona, user_name=opened.user_name),
        probe_patience_ms=probe_patience_ms(probe_warm_up_seconds),
    )
    return EngineSetup(
        call_id=str(opened.call_id),
        epoch=opened.epoch,
        persona=opened.persona_slug,
        persona_version=opened.persona_version,
        turn_policy=replace(
            turn_policy,
            idle_end_seconds=idle_end_seconds,
            turn_detection=turn_policy.turn_detection if predicts_end else "fixed",
        ),
        barge_in_policy=barge_in_policy,
        conditioning=conditioning,
        noise_profile=room,
        has_greeting=has_greeting,
        snapshot=opened.state,
        interview=interview,
    )


def spoken_policy(behavior: PersonaBehavior, persona: Mapping[str, Any], *, user_name: str) -> BargeInPolicy:
    """The numbers for interruptions, with protected passages as they are spoken: `{name}` and `{user}` filled in."""
    passages = (fill_in(passage, name=persona["name"], user_name=user_name) for passage in behavior.protected)
    return replace(behavior.barge_in_policy(), protected=tuple(passages))


@dataclass(frozen=True, slots=True)
class StartedEngine:
    """An engine where its call stands."""

    engine: CallEngine
    setup: EngineSetup
    """What it was really built from."""
    refusal: SnapshotRefused | None = None
    """Why the stored state was not used."""


def start_engine(setup: EngineSetup, *, speech_model: SpeechModel, has_history: bool) -> StartedEngine:
    """Build it. A stored state that cannot be read costs the call its place, not the call.

    `has_history`: something was said already, so a call that lost its place does not greet again.
    """
    new_id = engine_ids(setup.call_id, setup.epoch)
    suppression = WebRtcSuppression() if setup.conditioning.noise_suppression == "webrtc" else None
    try:
        engine = setup.build(speech_model=speech_model, new_id=new_id, suppression=suppression)
    except SnapshotRefused as refused:
        usable = replace(setup, snapshot=None, has_greeting=setup.has_greeting and not has_history)
        engine = usable.build(speech_model=speech_model, new_id=new_id, suppression=suppression)
        return StartedEngine(engine, usable, refused)
    return StartedEngine(engine, setup)


def exchanges(history: Sequence[TurnRecord]) -> list[Exchange]:
    """Stored turns as the language model remembers them: what was said, and what of the answer was heard."""
    return [Exchange(turn.transcript, turn.heard_text) for turn in history]
