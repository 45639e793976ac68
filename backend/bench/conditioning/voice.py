"""What does the neural VAD think of a sound? Its probability for each 20 ms, as a call asks for it."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from ai_agent.live_providers.silero import load_speech_model
from ai_agent.voice_activity import SpeechModel, SpeechProbability
from bench.conditioning.clips import Sound, to_pcm


@cache
def _model() -> SpeechModel:
    return load_speech_model()


def silero_probabilities(sound: Sound) -> npt.NDArray[np.float64]:
    probability = SpeechProbability(_model())
    pcm = to_pcm(sound)
    frames = pcm[: len(pcm) // 960 * 960].reshape(-1, 960)
    return np.array([probability.process(frame.tobytes()) for frame in frames])
