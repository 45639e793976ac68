"""The same facts give the same commands: a call that was written down can be played again."""

from __future__ import annotations

import json

from ai_agent.call_engine import FACTS, CallEngine
from ai_agent.commands import Command
from ai_agent.persona_behaviors import MANNERS, TurnPolicy
from tests.timeline import ScriptedVad, Timeline, sequential_ids

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
