"""Is this chunk speech? Silero v6 on onnxruntime: one session for the process, the state as an argument.

The model file lies in the faster-whisper wheel. A state is 1 kB, and belongs to the caller.
"""

from __future__ import annotations

import functools
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]

from ai_agent.voice_activity import VAD_CHUNK_SAMPLES, SpeechModel

MODEL_FILE: Final = "silero_vad_v6.onnx"

CONTEXT_SAMPLES: Final = 64
"""So much of the chunk before goes in front of each chunk."""

STATE_SHAPE: Final = (1, 1, 128)

Floats = npt.NDArray[np.float32]
State = tuple[Floats, Floats, Floats]
"""The recurrent network's h and c, and the end of the chunk before."""


def model_path() -> Path:
    """Where the model lies. The wheel is only asked for its place: importing it would load the recogniser as well.

    Raises:
        FileNotFoundError: faster-whisper is not installed, or is one without this model.
    """
    wheel = find_spec("faster_whisper")
    folders = wheel.submodule_search_locations if wheel else None
    path = Path(folders[0], "assets", MODEL_FILE) if folders else Path(MODEL_FILE)
    if not path.is_file():
        raise FileNotFoundError(f"{MODEL_FILE} should lie in the faster-whisper wheel; install requirements.txt")
    return path


def _first_state() -> State:
    return (
        np.zeros(STATE_SHAPE, dtype=np.float32),
        np.zeros(STATE_SHAPE, dtype=np.float32),
        np.zeros(CONTEXT_SAMPLES, dtype=np.float32),
    )


def _as_state(state: object) -> State:
    if state is None:
        return _first_state()
    if isinstance(state, tuple) and len(state) == 3:
        return state
    raise TypeError(f"not a state of this model: {type(state).__name__}")


@functools.cache
def _session() -> onnxruntime.InferenceSession:
    """Shared by all calls: a run keeps nothing in it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model_path()), sess_options=options, providers=["CPUExecutionProvider"])


def load_speech_model() -> SpeechModel:
    """The model, loaded once a process and warm."""
    session = _session()

    def speech_probability(chunk: Floats, state: object) -> tuple[float, object]:
        h, c, context = _as_state(state)
        sound = np.concatenate((context, chunk))[np.newaxis]
        probability, h, c = session.run(None, {"input": sound, "h": h, "c": c})
        return float(probability[0]), (h, c, chunk[-CONTEXT_SAMPLES:])

    speech_probability(np.zeros(VAD_CHUNK_SAMPLES, dtype=np.float32), None)
    return speech_probability
