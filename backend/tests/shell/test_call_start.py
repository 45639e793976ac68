"""From where a call goes on: what was stored, or the start where that cannot be read."""

from __future__ import annotations

import doctest
import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from ai_agent import call_start
from ai_agent.ai_orchestrator import Timeouts
from ai_agent.audio_conditioning import ConditioningConfig
from ai_agent.call_records import OpenedCall, TurnRecord
from ai_agent.call_start import (
    LONGEST_PROBE_PATIENCE_MS,
    SHORTEST_PROBE_PATIENCE_MS,
    exchanges,
    known_room,
    probe_patience_ms,
    setup_of,
    start_engine,
)
from ai_agent.call_state import SnapshotRefused
from ai_agent.commands import SpeakLine
from ai_agent.noise_profile import NoiseProfile
from ai_agent.persona_script import Exchange
from ai_agent.recordings import engine_ids
from ai_agent.replay import EngineSetup, parse_setup
from tests.timeline import ScriptedVad, taught_by_a_room, tone

CALL_ID = UUID("f47ac10b-58cc-4372-a567-0e02b2c3d479")


def opened(**other: object) -> OpenedCall:
    call = OpenedCall(
        call_id=CALL_ID,
        room_id=uuid4(),
        epoch=2,
        started_at=datetime.now(UTC),
        persona={"turn_taking": {"silence_duration_ms": 2_000}, "barge_in": {"manner": "eager"}},
        persona_slug="helpful-assistant",
        persona_version=7,
        resumed=True,
        history=(),
        state=None,
        noise_profile=None,
        max_at=0.0,
        recording=False,
        silence_duration_ms=None,
        owner_id=1,
        user_name="Ada",
    )
    return replace(call, **other)


def setup(room: NoiseProfile | None = None, *, probe_warm_up_seconds: float = 0.0, **other: object) -> EngineSetup:
    return setup_of(
        opened(**other),
        silence_duration_ms=3_000,
        idle_end_seconds=120.0,
        has_greeting=True,
        conditioning=ConditioningConfig(stt_tap="conditioned"),
        probe_warm_up_seconds=probe_warm_up_seconds,
        room=room,
    )


@pytest.mark.parametrize(("predicts_end", "detection"), [(True, "adaptive"), (False, "fixed")])
def test_where_nobody_can_tell_whether_a_turn_sounds_finished_silence_alone_ends_it(
    predicts_end: bool, detection: str
) -> None:
    built = setup_of(
        opened(persona={"turn_taking": {"turn_detection": "adaptive"}}),
        silence_duration_ms=2_500,
        idle_end_seconds=120.0,
        has_greeting=True,
        conditioning=ConditioningConfig(),
        predicts_end=predicts_end,
    )
    assert built.turn_policy.turn_detection == detection


def first_line(snapshot: dict[str, object] | None, *, has_history: bool) -> tuple[str | None, SnapshotRefused | None]:
    """What the persona says first, and why the stored state was not used."""
    started = start_engine(setup(state=snapshot), speech_model=ScriptedVad(), has_history=has_history)
    said = [command.line for command in started.engine.on_media_connected(1.0) if isinstance(command, SpeakLine)]
    return said[0] if said else None, started.refusal


def test_the_persona_the_person_and_the_process_each_have_a_say() -> None:
    built = setup(state={"schema_version": 1})
    assert (built.turn_policy.silence_duration_ms, built.turn_policy.idle_end_seconds) == (3_000, 120)
    assert built.barge_in_policy.hold_ms == 320
    assert built.conditioning.stt_tap == "conditioned"
    assert (built.call_id, built.epoch, built.persona, built.persona_version) == (
        str(CALL_ID),
        2,
        "helpful-assistant",
        7,
    )
    assert built.snapshot == {"schema_version": 1}


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(call_start).failed == 0


def test_a_slow_machine_is_given_more_time_for_a_probe_and_the_journal_says_how_much() -> None:
    slow = setup(probe_warm_up_seconds=0.8)
    assert slow.barge_in_policy.probe_patience_ms == 1_600
    assert slow.barge_in_policy.in_protected_passage.probe_patience_ms == 1_600
    assert parse_setup(json.loads(json.dumps(slow.to_json()))) == slow


def test_a_protected_passage_is_as_it_is_spoken() -> None:
    persona = {"name": "Sol", "barge_in": {"protected": ["Hello {user}, I'm {name}."]}}
    assert setup(persona=persona).barge_in_policy.protected == ("hello Ada, i'm Sol.",)


@pytest.mark.parametrize("nonsense", [float("inf"), -1.0])
def test_the_patience_with_a_probe_has_its_limits(nonsense: float) -> None:
    assert SHORTEST_PROBE_PATIENCE_MS <= probe_patience_ms(nonsense) <= LONGEST_PROBE_PATIENCE_MS


def test_nobody_is_told_that_a_probe_failed_who_would_have_waited_longer() -> None:
    assert Timeouts().probe_seconds * 1_000 > LONGEST_PROBE_PATIENCE_MS


def test_a_call_begins_with_what_is_known_of_its_room() -> None:
    room = known_room(taught_by_a_room(-41), ConditioningConfig())
    started = start_engine(setup(room), speech_model=ScriptedVad(), has_history=False)
    assert room is not None and started.setup.noise_profile == room
    first = started.engine._hearing._conditioner.condition(tone(-30)).metrics
    assert first.noise_floor_dbfs == pytest.approx(-41, abs=1)


@pytest.mark.parametrize("corrupt", [{}, {"bins": "loud"}, dict([*taught_by_a_room(-41).items()][:-1]), 3, []])
def test_a_profile_that_cannot_be_read_is_refused(corrupt: object) -> None:
    with pytest.raises(ValueError, match="noise profile"):
        known_room(corrupt, ConditioningConfig())


def test_a_room_that_was_learned_in_another_band_is_not_known() -> None:
    profile = taught_by_a_room(-41)
    with pytest.raises(ValueError, match="learned in 321 bins, and this call has 641"):
        known_room(profile, ConditioningConfig(low_pass_hz=16_000.0))
    elsewhere = known_room(profile, ConditioningConfig(low_pass_hz=16_000.0, noise_suppression="off"))
    assert elsewhere is not None, "what has no bins of its own goes on with the level"
    only_level = NoiseProfile(-41.0).to_json()
    assert known_room(only_level, ConditioningConfig(low_pass_hz=16_000.0)) == NoiseProfile(-41.0)


def test_a_new_call_begins_with_its_greeting_and_the_ids_of_its_epoch() -> None:
    started = start_engine(setup(), speech_model=ScriptedVad(), has_history=False)
    [_, said] = started.engine.on_media_connected(1.0)
    assert said == SpeakLine(engine_ids(CALL_ID, 2)(), "greeting")
    assert started.refusal is None


def test_a_call_goes_on_where_it_stood() -> None:
    former = start_engine(setup(), speech_model=ScriptedVad(), has_history=False).engine
    former.on_user_text(transcript="What is a rope?", now=4.0)
    started = start_engine(setup(state=former.snapshot()), speech_model=ScriptedVad(), has_history=True)
    assert started.setup.snapshot is not None
    assert started.engine.snapshot()["unanswered"] == former.snapshot()["unanswered"]


@pytest.mark.parametrize(("has_history", "line"), [(False, "greeting"), (True, None)])
def test_a_state_that_cannot_be_read_costs_the_place_and_not_the_call(has_history: bool, line: str | None) -> None:
    said, refusal = first_line({"schema_version": 99}, has_history=has_history)
    assert said == line
    assert "schema version 99" in str(refusal)


def test_the_journal_is_told_what_the_engine_was_really_built_from() -> None:
    refused = start_engine(setup(state={"schema_version": 99}), speech_model=ScriptedVad(), has_history=True)
    assert (refused.setup.snapshot, refused.setup.has_greeting) == (None, False)


def test_the_model_remembers_what_was_said_and_what_was_heard() -> None:
    turn = TurnRecord("t1", "u1", 1, 0.0, 1.0, "What is a rope?", "A long cord, and more.", "A long cord,", True)
    assert exchanges([turn]) == [Exchange("What is a rope?", "A long cord,")]
