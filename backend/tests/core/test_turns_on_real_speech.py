"""The 2.5 s rule on real speech with the real Silero: recordings, noises alone, noises over speech."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import FRAME_MS
from ai_agent.call_engine import CallEngine
from ai_agent.commands import CancelTranscription, Command, SpeakingChanged, SupersedeUtterance, TranscribeTurn
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


def cut(name: str) -> Sound:
    """A recording from its first to its last speech sample."""
    clip = recording(name)
    begin, end = speech_span(clip)
    return clip[int(begin * 48_000) : int(end * 48_000)]


PAUSES = [round(float(seconds), 2) for seconds in np.linspace(0.5, 2.4, 15)]
BEFORE = ["go forward ten meters", "a third card", "the novel goes on", "digits", "something"]
AFTER = ["one two three", "a novel", "another card"]


def parts(commands: list[tuple[float, Command]]) -> int:
    """Into how many turns it fell, for good: one that was joined to a later one is not counted."""
    joined = {command.utterance_id for _, command in commands if isinstance(command, SupersedeUtterance)}
    return len([turn for _, turn in turns(commands) if turn.utterance_id not in joined])


@pytest.mark.models
@pytest.mark.parametrize(("number", "pause_seconds"), list(enumerate(PAUSES)))
def test_a_pause_does_not_split_a_turn(number: int, pause_seconds: float) -> None:
    """A soft beginning is noticed 0.1 s late: after the longest pause the turn may have to be reopened."""
    first, second = cut(BEFORE[number % len(BEFORE)]), cut(AFTER[number % len(AFTER)])
    said = np.concatenate([quiet(LEAD_SECONDS), first, quiet(pause_seconds), second])
    commands = heard(in_a_room(np.concatenate([said, quiet(TRAIL_SECONDS)])))
    at, _ = turns(commands)[-1]
    assert 2.45 <= at - len(said) / 48_000 <= 2.65
    assert parts(commands) == 1
    assert len(turns(commands)) == 1 or pause_seconds > 2.35


NOISES_IN_A_PAUSE = ["typing, hammering", "fan, desk", "cough, two", "clicks, mouse", "clicks, desk knocks"]


@pytest.mark.models
@pytest.mark.parametrize("name", NOISES_IN_A_PAUSE)
def test_a_noise_in_a_pause_neither_splits_the_turn_nor_counts_as_speech(name: str) -> None:
    """It may hide the last weak sounds of a word."""
    noise = noise_clip(name)
    first, second = cut("go forward ten meters"), cut("one two three")
    said = np.concatenate([quiet(LEAD_SECONDS), first, noise[: 2 * 48_000], second])
    commands = heard(in_a_room(np.concatenate([said, noise[: int(TRAIL_SECONDS * 48_000)]])))
    [(at, _)] = turns(commands)
    assert 2.15 <= at - len(said) / 48_000 <= 2.65
    shown = [command.speaking for _, command in commands if isinstance(command, SpeakingChanged)]
    assert shown == [True, False, True, False]


CALLER_DBFS = -26.0


def as_loud_as(clip: Sound, dbfs: float) -> Sound:
    """With this mean power."""
    return np.asarray(clip * 10 ** (dbfs / 20) / np.sqrt((clip**2).mean()))


def turn_beside(far: Sound, *, said: str, gap_seconds: float) -> float:
    """How long after a known caller's speech the turn was over, while somebody farther off spoke on."""
    call = CallEngine(
        turn_policy=TurnPolicy(),
        barge_in_policy=MANNERS["balanced"],
        speech_model=load_speech_model(),
        new_id=sequential_ids(),
        has_greeting=False,
    )
    call.on_media_connected(0.0)
    caller = as_loud_as(cut(said), CALLER_DBFS)
    first = np.concatenate([quiet(LEAD_SECONDS), caller, quiet(TRAIL_SECONDS)])
    second = np.concatenate([caller, quiet(gap_seconds), far])
    now, spoken_until = 0.0, (len(first) + len(caller)) / 48_000
    for frame in to_frames(in_a_room(np.concatenate([first, second]))):
        now += FRAME_MS / 1000
        for command in call.on_audio_frame(frame, now):
            if not isinstance(command, TranscribeTurn):
                continue
            if now > spoken_until:
                return now - spoken_until
            call.process_user_utterance(utterance_id=command.utterance_id, transcript="Words.", now=now)
            call.cancel_tts(samples_sent=0, now=now)
    return float("inf")


@pytest.mark.models
@pytest.mark.parametrize("said", ["go forward ten meters", "something"])
@pytest.mark.parametrize("far", ["a novel", "digits"])
def test_a_far_voice_does_not_hold_the_turn(said: str, far: str) -> None:
    behind = np.resize(as_loud_as(cut(far), CALLER_DBFS - 18), 6 * 48_000)
    assert 2.45 <= turn_beside(behind, said=said, gap_seconds=0.4) <= 2.65


@pytest.mark.models
@pytest.mark.parametrize("said", ["go forward ten meters", "something"])
def test_a_far_voice_that_goes_on_where_the_caller_ends_holds_the_turn_only_a_moment(said: str) -> None:
    behind = np.resize(as_loud_as(cut("a novel"), CALLER_DBFS - 18), 6 * 48_000)
    assert turn_beside(behind, said=said, gap_seconds=0.0) <= 4.0


@pytest.mark.models
def test_somebody_as_loud_as_the_caller_holds_the_turn() -> None:
    beside = np.resize(as_loud_as(cut("a novel"), CALLER_DBFS - 6), 6 * 48_000)
    assert turn_beside(beside, said="something", gap_seconds=0.4) == float("inf")
