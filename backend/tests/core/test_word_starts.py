"""Where a voice goes on after it was silenced: drawn as loudness, ten milliseconds a letter."""

from __future__ import annotations

import time

import numpy as np
import pytest

from ai_agent.audio_format import samples_in
from ai_agent.word_starts import Pcm, resume_point

LOUDNESS = {"S": 8_000, "s": 2_000, "n": 60, ".": 0}
"""Speech, soft speech, the breath and hiss of a voice, silence."""


def drawn(picture: str) -> Pcm:
    rng = np.random.default_rng(1)
    parts = [rng.uniform(-1, 1, samples_in(10)) * LOUDNESS[letter] for letter in picture]
    return np.concatenate(parts).astype(np.int16) if parts else np.zeros(0, np.int16)


def goes_on(picture: str, *, rise_ms: float = 40, lost_ms: float = 20) -> float:
    """Milliseconds from the beginning of the picture."""
    heard = drawn(picture)
    return resume_point(heard, rise_samples=samples_in(rise_ms), lost_samples=samples_in(lost_ms)) / 48


@pytest.mark.parametrize(
    ("picture", "ms"),
    [
        ("SSSSSSSSSS.....SSSSSSS", 110),  # the word after the pause, with 40 ms for the voice to come in
        ("SSSSSSSSSSnnnnnSSSSSSS", 110),  # a pause is not digital silence
        ("SSSSS.....SSSSS.....SS", 160),  # the last one, though the word has hardly begun
        ("SSSSS.....SSSSS.......", 180),  # still in the pause: up to its end
        ("SSSSS.....SSSSSSSSS..S", 60),  # two quiet steps are a stop inside a word
        ("SSSSSS.....SSSSSSSSSS.", 70),  # and so is one at the end
        ("......................", 180),
        ("SSSSSSSSSSSSSSSSSSSSSS", 160),  # no pause: as near as nothing is lost
        (".....SSSSSSSSSSSSSSSSS", 10),
        ("...SSSSSSSSSSSSSSSSSSS", 0),  # no room for the whole rise
        ("SSSSSSSSsSSSSSSSSSSSSS", 80),  # no pause: the quietest place
        ("SSSSSSSSSSSSSSSSSSSSsS", 160),  # but none so late that sound would be lost
    ],
)
def test_it_goes_on_at_the_last_pause_or_at_the_quietest_place(picture: str, ms: float) -> None:
    assert goes_on(picture) == ms


@pytest.mark.parametrize("picture", ["", "S", "SSS", "...", "SSSSSS"])
def test_the_little_that_there_is_is_taken_from_its_start_or_end(picture: str) -> None:
    assert 0 <= goes_on(picture) <= 10 * len(picture)


@pytest.mark.parametrize(
    ("picture", "ahead", "ms"),
    [
        ("SSSSSSSSSS......", "....SSSS", 160),  # in a pause: its rest is left out
        ("SSSSSSSSSS......", "..........", 220),  # of a pause whose end is not known, too
        ("SSSSSSSSSS......", "", 120),
        ("SSSSS.....SSSSSS", "...SSSSS", 60),  # the pause that comes next is left alone
        ("SSSSS.....SSSSS.", "..SSSSSS", 60),  # also where it began as the voice faded
        ("SSSSSSSSSSSSSSSS", "....SSSS", 100),
    ],
)
def test_only_of_the_pause_that_it_was_silenced_in_the_rest_is_left_out(picture: str, ahead: str, ms: float) -> None:
    heard, rise, lost = drawn(picture), samples_in(40), samples_in(20)
    assert resume_point(heard, rise_samples=rise, lost_samples=lost, ahead=drawn(ahead)) / 48 == ms


def test_sound_of_any_length_is_measured_from_its_end() -> None:
    heard = np.concatenate([np.full(123, 9_000, np.int16), drawn("SSSSSSSSSS.....SSSSSSS")])
    assert resume_point(heard, rise_samples=samples_in(40), lost_samples=samples_in(20)) == 123 + samples_in(110)


def test_a_soft_voice_has_pauses_too() -> None:
    soft = (drawn("SSSSSSSSSS.....SSSSSSS") // 20).astype(np.int16)
    assert resume_point(soft, rise_samples=samples_in(40), lost_samples=samples_in(20)) == samples_in(110)


def test_it_is_found_in_a_third_of_a_millisecond() -> None:
    heard = drawn("S" * 35)
    spent = []
    for _ in range(50):
        began = time.perf_counter()
        resume_point(heard, rise_samples=samples_in(40), lost_samples=samples_in(20))
        spent.append(time.perf_counter() - began)
    assert min(spent) < 0.3e-3
