"""Is somebody heard where they speak, and nobody where there is only the room?"""

from __future__ import annotations

import numpy as np

from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.voiced_stretches import voiced_stretches


def sound(*seconds_and_levels: tuple[float, float], room: float = 0.0) -> bytes:
    """Noise of these lengths and levels (full scale: 1), over the room's."""
    chance = np.random.default_rng(7)
    levels = np.concatenate([np.full(round(seconds * SAMPLE_RATE_HZ), level) for seconds, level in seconds_and_levels])
    samples = chance.standard_normal(len(levels)) * levels + chance.standard_normal(len(levels)) * room
    return (np.clip(samples, -1, 1) * 32_000).astype("<i2").tobytes()


def test_speech_in_a_noisy_room_is_found_between_its_pauses() -> None:
    clip = sound((0.5, 0), (1.0, 0.1), (1.5, 0), (2.0, 0.1), (0.5, 0), room=0.01)
    assert voiced_stretches([clip]) == ((500.0, 1_500.0), (3_000.0, 5_000.0))


def test_a_quiet_voice_is_found_in_a_quiet_room() -> None:
    assert voiced_stretches([sound((0.5, 0), (1.0, 0.004), (0.5, 0), room=0.0004)]) == ((500.0, 1_500.0),)


def test_a_short_gap_is_part_of_the_speech_and_a_click_is_none() -> None:
    clip = sound((0.5, 0), (0.4, 0.1), (0.2, 0), (0.4, 0.1), (1.0, 0), (0.02, 0.1), (0.5, 0), room=0.001)
    assert voiced_stretches([clip]) == ((500.0, 1_500.0),)


def test_a_room_alone_is_nobody() -> None:
    assert voiced_stretches([sound((2.0, 0.0), room=0.05)]) == ()
    assert voiced_stretches([bytes(2 * SAMPLE_RATE_HZ)]) == ()


def test_less_than_a_frame_is_nothing_and_no_error() -> None:
    assert voiced_stretches([]) == ()
    assert voiced_stretches([b"\1\0" * 100]) == ()


def test_it_does_not_matter_how_the_sound_is_cut_into_pieces() -> None:
    clip = sound((0.5, 0), (1.0, 0.1), (0.5, 0), room=0.001)
    pieces = [clip[at : at + 1_111] for at in range(0, len(clip), 1_111)]
    assert voiced_stretches(pieces) == voiced_stretches([clip])
