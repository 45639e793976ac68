"""The 2.5 s rule on real speech with the real Silero: recordings, noises alone, noises over speech."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import FRAME_MS
from ai_agent.call_engine import CallEngine
from ai_agent.commands import CancelTranscription, Command, SpeakingChanged, TranscribeTurn
from ai_agent.live_providers.silero import load_speech_model
from ai_agent.persona_behaviors import MANNERS, TurnPolicy
from tests.core.noises import NOISES, Sound, noise_clip
from tests.core.speech import RECORDINGS, in_a_room, quiet, recording, speech_span, to_frames
from tests.timeline import sequential_ids

LEAD_SECONDS, TRAIL_SECONDS = 1.0, 3.4


def heard(sound: Sound) -> list[tuple[float, Command]]:
    """What the engine asks for while it hears this, with the time of each command."""
    engine = CallEngine(
        turn_policy=TurnPolicy(),
        barge_in_policy=MANNERS["balanced"],
        speech_model=load_speech_model(),
        new_id=sequential_ids(),
        has_greeting=False,
    )
    engine.on_media_connected(0.0)
    commands: list[tuple[float, Command]] = []
    for index, frame in enumerate(to_frames(sound)):
        now = (index + 1) * FRAME_MS / 1000
        commands.extend((now, command) for command in engine.on_audio_frame(frame, now))
    return commands


def turns(commands: list[tuple[float, Command]]) -> list[tuple[float, TranscribeTurn]]:
    return [(at, command) for at, command in commands if isinstance(command, TranscribeTurn)]


def spoken(name: str) -> tuple[Sound, float]:
    """A recording, cut where its speech ends, and that time."""
    clip = recording(name)
    _, end = speech_span(clip)
    return clip[: int(end * 48_000)], end


@functools.cache
def played(name: str) -> tuple[Sound, list[tuple[float, Command]]]:
    """A recording in a quiet room, and what the engine asked for."""
    sound = in_a_room(np.concatenate([quiet(LEAD_SECONDS), recording(name), quiet(TRAIL_SECONDS)]))
    return sound, heard(sound)


@pytest.mark.models
@pytest.mark.parametrize("name", RECORDINGS)
def test_the_turn_is_over_two_and_a_half_seconds_after_the_last_speech_sample(name: str) -> None:
    _, end = speech_span(recording(name))
    [(at, _)] = turns(played(name)[1])
    assert 2.45 <= at - LEAD_SECONDS - end <= 2.65


@pytest.mark.models
@pytest.mark.parametrize("name", RECORDINGS)
def test_the_first_300_ms_of_speech_are_in_the_audio(name: str) -> None:
    begin, _ = speech_span(recording(name))
    sound, commands = played(name)
    [(_, turn)] = turns(commands)
    conditioner = AudioConditioner()
    filtered = b"".join(conditioner.condition(frame).filtered for frame in to_frames(sound))
    start = int((LEAD_SECONDS + begin) * 48_000)
    assert filtered[2 * start : 2 * (start + 14_400)] in turn.audio


def opens_a_turn(noise: Sound) -> bool:
    commands = heard(in_a_room(np.concatenate([quiet(0.5), noise, quiet(0.5)])))
    return any(isinstance(command, SpeakingChanged | TranscribeTurn) for _, command in commands)


@pytest.mark.models
@pytest.mark.parametrize("name", NOISES)
def test_a_noise_alone_opens_no_turn(name: str) -> None:
    assert not opens_a_turn(noise_clip(name))


@pytest.mark.models
@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("cough, two", 1),
        ("cough, fit", 1),
        ("cough, quiet", 1),
        ("cough, two", 330),
        ("cough, fit", 338),
        ("cough, quiet", 334),
        ("cough, two", 236),
        ("cough, fit", 224),
        ("cough, quiet", 219),
    ],
)
def test_coughs_that_follow_one_another_are_not_put_together_to_a_word(name: str, seed: int) -> None:
    assert not opens_a_turn(noise_clip(name, seed))


@pytest.mark.models
@pytest.mark.parametrize("name", NOISES)
@pytest.mark.parametrize("said", ["go forward ten meters", "one two three"])
def test_a_noise_after_speech_does_not_hold_the_turn(name: str, said: str) -> None:
    clip, end = spoken(said)
    sound = np.concatenate([quiet(LEAD_SECONDS), clip, noise_clip(name)])
    commands = heard(in_a_room(sound))
    [(at, _)] = turns(commands)
    assert 2.45 <= at - LEAD_SECONDS - end <= 2.65
    assert not [c for _, c in commands if isinstance(c, CancelTranscription)]


@pytest.mark.models
@pytest.mark.parametrize("name", NOISES)
@pytest.mark.parametrize("said", ["the novel goes on", "one two three"])
def test_a_noise_all_through_does_not_hold_the_turn(name: str, said: str) -> None:
    """It may hide the last weak sounds of a word, and part of what is heard of it, but never more than that."""
    clip, end = spoken(said)
    sound = np.concatenate([quiet(LEAD_SECONDS), clip, quiet(TRAIL_SECONDS)])
    noise = np.resize(noise_clip(name), len(sound))
    _, heard_until = speech_span(sound, noise=noise)
    [(at, _)] = turns(heard(in_a_room(sound + noise)))
    assert at - LEAD_SECONDS - end <= 3.0
    assert at - heard_until >= 2.15


@pytest.mark.models
@pytest.mark.parametrize("pause_seconds", [0.5, 1.0, 1.5, 2.0, 2.3])
def test_a_pause_does_not_split_a_turn(pause_seconds: float) -> None:
    first, _ = spoken("go forward ten meters")
    second = recording("one two three")
    begin, _ = speech_span(second)
    sound = np.concatenate(
        [quiet(LEAD_SECONDS), first, quiet(pause_seconds), second[int(begin * 48_000) :], quiet(TRAIL_SECONDS)]
    )
    commands = heard(in_a_room(sound))
    assert len(turns(commands)) == 1
    assert not [c for _, c in commands if isinstance(c, CancelTranscription)]
