"""The real speech model: it knows speech, and keeps nothing between calls."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from ai_agent.live_providers.silero import load_speech_model, model_path
from tests.core.noises import noise_clip
from tests.core.speech import recording


def probabilities(sound: np.ndarray) -> list[float]:
    model, state, found = load_speech_model(), None, []
    for start in range(0, len(sound) - 511, 512):
        probability, state = model(sound[start : start + 512].astype(np.float32), state)
        found.append(probability)
    return found


@pytest.mark.models
def test_it_knows_speech_from_typing() -> None:
    assert max(probabilities(resample_poly(recording("one two three"), 1, 3))) > 0.9
    assert max(probabilities(resample_poly(noise_clip("typing, fast"), 1, 3))) < 0.5


@pytest.mark.models
def test_two_calls_share_the_session_and_nothing_else() -> None:
    speech = resample_poly(recording("something"), 1, 3)
    alone = probabilities(speech)
    model = load_speech_model()
    mine: object = None
    other: object = None
    for index, start in enumerate(range(0, len(speech) - 511, 512)):
        probability, mine = model(speech[start : start + 512].astype(np.float32), mine)
        _, other = model(np.full(512, 0.1, dtype=np.float32), other)
        assert probability == alone[index]


@pytest.mark.models
def test_a_state_of_something_else_is_refused() -> None:
    with pytest.raises(TypeError, match="not a state"):
        load_speech_model()(np.zeros(512, dtype=np.float32), "tired")


def test_the_model_lies_in_the_wheel() -> None:
    assert model_path().is_file()
