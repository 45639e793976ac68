"""Voice activity: the decimator, the gates, the weak ending, the echo and the caller's level."""

from __future__ import annotations

import numpy as np
import pytest

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.voice_activity import (
    INITIAL_CALLER_DBFS,
    INITIAL_COUPLING_DB,
    CallerLevel,
    Decimator,
    EchoCoupling,
    SpeechProbability,
    VoiceActivityDetector,
    VoiceFrame,
)
from tests.timeline import NOTHING, SURE, ScriptedVad, tone

ROOM, SPEECH = tone(-60), tone(-25)


class Ear:
    """A detector with a scripted VAD behind a conditioner of its own."""

    def __init__(self) -> None:
        self.vad = ScriptedVad()
        self.detector = VoiceActivityDetector(self.vad, snr_db=3)
        self.conditioner = AudioConditioner()

    def hear(self, frame: bytes, probability: float, *, count: int = 1, agent_dbfs: float = -96.0) -> list[VoiceFrame]:
        self.vad.probability = probability
        heard = []
        for _ in range(count):
            conditioned = self.conditioner.condition(frame, speech_probability=self.detector.probability)
            heard.append(self.detector.process(conditioned, agent_dbfs=agent_dbfs))
        return heard


def in_frames(signal: np.ndarray) -> list[np.ndarray]:
    return [signal[start : start + 960].astype(np.float32) for start in range(0, len(signal), 960)]


def gain_db(hz: float) -> float:
    decimator = Decimator()
    tone_48 = np.sin(2 * np.pi * hz * np.arange(48_000) / 48_000)
    out = np.concatenate([decimator.process(frame) for frame in in_frames(tone_48)])[400:]
    return float(20 * np.log10(np.sqrt(np.mean(out**2)) * np.sqrt(2) + 1e-9))


@pytest.mark.parametrize("hz", [80, 300, 1_000, 3_000, 6_000])
def test_speech_passes_the_decimator(hz: float) -> None:
    assert gain_db(hz) == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("hz", [9_500, 12_000, 20_000])
def test_what_16_khz_cannot_hold_does_not_fold_back(hz: float) -> None:
    assert gain_db(hz) < -60


def test_frame_borders_leave_no_trace() -> None:
    sound = np.random.default_rng(2).standard_normal(9_600).astype(np.float32)
    streaming, whole = Decimator(), Decimator()
    pieces = np.concatenate([streaming.process(frame) for frame in in_frames(sound)])
    assert np.allclose(pieces, whole.process(sound), atol=1e-5)
    assert len(pieces) == 3_200


def test_the_vad_gets_chunks_of_512_samples_and_its_own_state_back() -> None:
    seen: list[tuple[int, object]] = []

    def model(chunk: np.ndarray, state: object) -> tuple[float, object]:
        seen.append((len(chunk), state))
        return 0.5, len(seen)

    probability = SpeechProbability(model)
    for _ in range(8):
        probability.process(ROOM)
    assert seen == [(512, None), (512, 1), (512, 2), (512, 3), (512, 4)]


def test_loud_sound_that_the_vad_does_not_believe_is_not_speech() -> None:
    assert not any(voice.is_near_end for voice in Ear().hear(SPEECH, NOTHING, count=10))


def test_what_the_vad_believes_but_does_not_stand_out_of_the_room_is_not_speech() -> None:
    ear = Ear()
    ear.hear(ROOM, NOTHING, count=50)
    assert not any(voice.is_near_end for voice in ear.hear(ROOM, SURE, count=10))
    assert ear.hear(SPEECH, SURE, count=3)[-1].is_near_end


def test_a_weak_ending_belongs_to_speech_for_a_while_and_the_room_does_not() -> None:
    ear = Ear()
    ear.hear(ROOM, NOTHING, count=50)
    ear.hear(SPEECH, SURE, count=20)
    ending = ear.hear(tone(-40), NOTHING, count=20)
    assert [voice.is_tail for voice in ending].count(True) in range(8, 13)
    assert not ending[-1].is_tail
    ear.hear(SPEECH, SURE, count=20)
    ear.hear(SPEECH, NOTHING, count=2)
    assert not any(voice.is_tail for voice in ear.hear(tone(-50), NOTHING, count=10))


def test_a_short_dip_does_not_cut_a_weak_ending() -> None:
    ear = Ear()
    ear.hear(SPEECH, SURE, count=20)
    ear.hear(tone(-35), NOTHING, count=4)
    ear.hear(ROOM, NOTHING, count=2)
    assert ear.hear(tone(-35), NOTHING)[0].is_tail


def test_the_agents_echo_is_not_near_end_speech() -> None:
    ear = Ear()
    ear.hear(ROOM, NOTHING, count=50)
    echo = ear.hear(tone(-40), SURE, count=30, agent_dbfs=-20)
    assert not any(voice.is_near_end for voice in echo[10:])
    assert ear.hear(tone(-20), SURE, count=3, agent_dbfs=-20)[-1].is_near_end


def test_the_coupling_is_measured_from_what_comes_back() -> None:
    coupling = EchoCoupling()
    assert coupling.coupling_db == INITIAL_COUPLING_DB
    for _ in range(60):
        coupling.on_agent_frame(-20.0)
        coupling.learn(-55.0)
    assert coupling.coupling_db == pytest.approx(-35)
    assert coupling.echo_dbfs == pytest.approx(-55)


def test_a_silent_agent_teaches_nothing_about_the_coupling() -> None:
    coupling = EchoCoupling()
    for _ in range(60):
        coupling.on_agent_frame(-96.0)
        coupling.learn(-55.0)
    assert coupling.coupling_db == INITIAL_COUPLING_DB


def test_the_echo_of_the_last_frames_has_not_come_back_yet_and_that_of_old_ones_is_over() -> None:
    coupling = EchoCoupling()
    for _ in range(3):
        coupling.on_agent_frame(-20.0)
    assert coupling.agent_dbfs == -96
    coupling.on_agent_frame(-96.0)
    assert coupling.agent_dbfs == -20
    for _ in range(21):
        coupling.on_agent_frame(-96.0)
    assert coupling.agent_dbfs == -96


def test_nobody_is_somebody_else_before_the_caller_was_heard() -> None:
    caller = CallerLevel()
    assert caller.dbfs == INITIAL_CALLER_DBFS
    assert not caller.is_somebody_else(-70)
    for level in (-20.0, -24.0, -60.0):
        caller.add_turn(level)
    assert caller.dbfs == -24
    assert caller.is_somebody_else(-37)
    assert not caller.is_somebody_else(-37, began_dbfs=-34)
    assert caller.is_somebody_else(-47, began_dbfs=-34)
    assert caller.is_somebody_else(-37, began_dbfs=-12)
    assert not caller.is_somebody_else(-35)


def test_what_was_measured_survives_a_snapshot() -> None:
    ear, other = Ear(), Ear()
    ear.hear(tone(-50), NOTHING, count=60, agent_dbfs=-20)
    other.detector.restore(ear.detector.snapshot())
    assert other.detector.echo.coupling_db == ear.detector.echo.coupling_db
    with pytest.raises(TypeError):
        other.detector.restore({"echo_coupling": "loud"})
