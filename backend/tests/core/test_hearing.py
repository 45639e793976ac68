"""One call's ear: whose sound moves the gain, and what is kept of the room."""

from __future__ import annotations

from typing import Literal

import pytest

from ai_agent.audio_conditioning import AudioConditioner, ConditioningConfig
from ai_agent.hearing import Hearing
from tests.timeline import NOTHING, SURE, ScriptedVad, tone

AGENT_DBFS = -12.0
ECHO = tone(-34)
"""The agent through a speaker beside the microphone: not louder than an echo may be before it was measured."""


class Ear:
    """A conditioner whose gain can be read, and a VAD that says what it is told."""

    def __init__(self, suppression: Literal["classic", "off"] = "classic") -> None:
        self.vad = ScriptedVad()
        self.conditioner = AudioConditioner(ConditioningConfig(noise_suppression=suppression))
        self.hearing = Hearing(self.vad, snr_db=3.0, check_seconds=5.0, conditioner=self.conditioner)

    def hear(self, frame: bytes, probability: float, *, count: int, agent_speaking: bool = False) -> None:
        self.vad.probability = probability
        for _ in range(count):
            agent_dbfs = AGENT_DBFS if agent_speaking else -96.0
            self.hearing.process(frame, agent_dbfs=agent_dbfs, agent_speaking=agent_speaking)


@pytest.mark.parametrize(
    ("frame", "moves"),
    [pytest.param(ECHO, False, id="its own echo"), pytest.param(tone(-8), True, id="the user, over it")],
)
def test_while_the_agent_speaks_only_the_user_moves_the_gain(frame: bytes, moves: bool) -> None:
    """The neural VAD is as sure of the one as of the other."""
    ear = Ear()
    ear.hear(tone(-60), NOTHING, count=100)
    ear.hear(tone(-45), SURE, count=150)
    before = ear.conditioner.gain_db
    ear.hear(frame, SURE, count=100, agent_speaking=True)
    assert (abs(ear.conditioner.gain_db - before) > 3) == moves


def test_the_agents_echo_is_not_learned_as_the_room() -> None:
    ear = Ear()
    ear.hear(tone(-60), NOTHING, count=200)
    before = ear.conditioner.noise_profile
    ear.hear(ECHO, SURE, count=200, agent_speaking=True)
    assert ear.conditioner.noise_profile == before


@pytest.mark.parametrize(("suppression", "is_kept"), [("classic", True), ("off", False)])
def test_a_suppression_that_learns_nothing_does_not_take_a_rooms_profile_away(
    suppression: Literal["classic", "off"], is_kept: bool
) -> None:
    ear = Ear(suppression)
    ear.hear(tone(-60), NOTHING, count=200)
    assert (ear.hearing.noise_profile is not None) == is_kept
