"""The same facts give the same commands: a call that was written down can be played again."""

from __future__ import annotations

import json
import re
from dataclasses import replace as with_other
from typing import Any

import pytest

from ai_agent.audio_conditioning import ConditioningConfig
from ai_agent.call_engine import FACTS, CallEngine
from ai_agent.commands import Command, OpenTurn
from ai_agent.noise_profile import parse_noise_profile
from ai_agent.persona_behaviors import MANNERS, TurnPolicy
from ai_agent.replay import EngineSetup, parse_setup, replay, require_fact
from tests.timeline import SPEECH_FRAME, ScriptedVad, Timeline, sequential_ids, taught_by_a_room

Fact = tuple[str, float, dict[str, object]]


class JournaledEngine:
    """An engine whose every fact is written down, with what the VAD would say at that moment."""

    def __init__(self, engine: CallEngine, vad: ScriptedVad, journal: list[Fact]) -> None:
        self._engine, self._vad, self._journal = engine, vad, journal

    def __getattr__(self, name: str) -> object:
        attribute = getattr(self._engine, name)
        if name not in FACTS:
            return attribute

        def fact(*args: object, **named: object) -> list[Command]:
            positional = {"on_audio_frame": ("frame", "now"), "on_media_connected": ("now",)}.get(name, ())
            arguments = {**dict(zip(positional, args, strict=True)), **named}
            self._journal.append((name, self._vad.probability, arguments))
            commands = attribute(**arguments)
            assert isinstance(commands, list)
            return commands

        return fact


def test_every_call_can_be_played_again_and_gives_the_same_trace() -> None:
    journal: list[Fact] = []
    call = Timeline(has_greeting=True)
    call.engine = JournaledEngine(call.engine, call.vad, journal)  # type: ignore[assignment]
    call.connect()
    call.start_reply("Hello.")
    call.hear("." * 10, agent_dbfs=-20)
    call.finish_reply()
    call.hear("..........ssssssssss.c..k..........................")
    call.hear("ssss" + "." * 26)
    call.transcribe("What is a rope?")
    call.start_reply("A long thing.", "Longer.", completes=False)
    call.hear("..ssss", agent_dbfs=-20)
    call.take(call.engine.cancel_tts(samples_sent=50_000, now=call.now))
    call.hear("ssss" + "." * 26)
    call.take(call.engine.on_user_text(transcript="Never mind.", now=call.now))
    call.wait(120)
    assert {name for name, _, _ in journal} >= {"on_audio_frame", "handle_timer", "cancel_tts"}

    vad = ScriptedVad()
    again = CallEngine(
        turn_policy=TurnPolicy(),
        barge_in_policy=MANNERS["balanced"],
        speech_model=vad,
        new_id=sequential_ids(),
        has_greeting=True,
    )
    trace: list[Command] = []
    for name, probability, arguments in journal:
        vad.probability = probability
        trace.extend(getattr(again, name)(**arguments))
    assert trace == call.commands
    assert json.dumps(again.snapshot()) == json.dumps(call.engine.snapshot())


SETUP = EngineSetup(
    call_id="f47ac10b-58cc-4372-a567-0e02b2c3d479",
    epoch=1,
    persona="helpful-assistant",
    persona_version=1,
    turn_policy=TurnPolicy(),
    barge_in_policy=MANNERS["balanced"],
    conditioning=ConditioningConfig(stt_tap="raw"),
    noise_profile=parse_noise_profile(taught_by_a_room(-40)),
    has_greeting=False,
    snapshot=None,
)


def written(setup: EngineSetup) -> dict[str, Any]:
    """As a journal keeps it."""
    content: dict[str, Any] = json.loads(json.dumps(setup.to_json()))
    return content


def played(setup: EngineSetup) -> list[Command]:
    """A word into a room that was not heard before, and "I'm done"."""
    frames = [SPEECH_FRAME] * 30
    facts: list[dict[str, Any]] = [
        {"fact": "on_media_connected", "now": 0.0, "arguments": {}},
        {
            "fact": "on_media_settings",
            "now": 0.0,
            "arguments": {"muted": False, "noise_suppression": True, "auto_gain_control": False},
        },
        *({"fact": "on_audio_frame", "now": index * 0.02, "arguments": {}} for index in range(len(frames))),
        {"fact": "end_turn", "now": 1.0, "arguments": {}},
    ]
    engine = setup.build(speech_model=ScriptedVad(probability=0.95), new_id=sequential_ids())
    return list(replay(engine, facts, frames))


def test_a_call_is_played_again_in_the_room_that_was_known_then() -> None:
    again = parse_setup(written(SETUP))
    assert again == SETUP
    assert played(again) == played(SETUP)

    def floor_dbfs(trace: list[Command]) -> float:
        [row] = [command for command in trace if isinstance(command, OpenTurn)]
        assert row.sound is not None
        return row.sound.noise_floor_dbfs

    assert floor_dbfs(played(again)) == pytest.approx(-40, abs=1)
    assert floor_dbfs(played(with_other(again, noise_profile=None))) == -72


def test_a_journal_with_a_room_or_a_conditioning_of_another_release_is_refused() -> None:
    with pytest.raises(ValueError):
        parse_setup({**written(SETUP), "noise_profile": {"bins": "of another release"}})
    with pytest.raises(ValueError, match="ConditioningConfig of another release"):
        parse_setup({**written(SETUP), "conditioning": {"stt_tap": "raw"}})


LOOK: dict[str, Any] = {"candidate_id": "c", "look": 1, "transcript": "stop"}


def told(fact: object = "end_turn", now: object = 0.5, **arguments: object) -> dict[str, object]:
    return {"fact": fact, "now": now, "arguments": arguments}


@pytest.mark.parametrize(
    "line",
    [
        told(),
        told("on_audio_frame", 3, agent_dbfs=-20, samples_sent=None),
        told("on_audio_frame"),
        told("on_media_settings", muted=True),
        told("on_probe_transcribed", **LOOK, avg_logprob=None),
        told("on_probe_transcribed", **LOOK, alternatives=["Stop.", "Shop."]),
        told("on_playback_finished", turn_id="t", samples_sent=960),
    ],
)
def test_a_fact_with_its_arguments_can_be_told(line: dict[str, object]) -> None:
    require_fact(line)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (told("on_nothing"), "'on_nothing' is not a fact of a call"),
        (told("snapshot"), "'snapshot' is not a fact of a call"),
        (told(["end_turn"]), "is not a fact of a call"),
        (told(now="soon"), "end_turn at 'soon', which is no time"),
        (told(now=True), "which is no time"),
        (told(now=float("nan")), "which is no time"),
        (told(loud=True), "end_turn has other arguments than none"),
        ({"fact": "end_turn", "now": 0.5}, "end_turn has other arguments than none"),
        (told("on_media_settings"), "on_media_settings has other arguments than muted, noise_suppression"),
        (told("on_user_text", transcript=5), "on_user_text: transcript cannot be 5"),
        (told("on_playback_finished", turn_id="t", samples_sent=9.5), "samples_sent cannot be 9.5"),
        (told("on_media_settings", muted=1), "muted cannot be 1"),
        (told("on_audio_frame", agent_dbfs=True), "agent_dbfs cannot be True"),
        (told("on_probe_transcribed", **LOOK, alternatives="stop"), "alternatives cannot be 'stop'"),
        (told("on_probe_transcribed", **LOOK, alternatives=[5]), "alternatives cannot be [5]"),
    ],
)
def test_a_line_that_no_engine_can_be_told_says_what_is_wrong_with_it(line: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=re.escape(problem)):
        require_fact(line)


def test_every_argument_of_every_fact_can_be_checked() -> None:
    for fact in FACTS:
        with pytest.raises(ValueError, match="has other arguments"):
            require_fact(told(fact, nobody_has_this=1))
