"""Does it sound finished? Smart Turn v3.2 on this machine: Whisper's smallest encoder with one output.

    48 kHz ──> 16 kHz, its last 8 s, zeros in front ──> mean 0, variance 1 ──> 80 log-mel bins ──> a probability

It hears how something was said, not what. One answer takes about 0.12 s of one thread.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]
import soxr
from faster_whisper.feature_extractor import FeatureExtractor

from ai_agent.audio_format import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ
from ai_agent.engine_pool import EnginePool, StopCheck
from ai_agent.providers import CancelToken, ProviderError

MODEL_RATE_HZ: Final = 16_000
HEARD_SECONDS: Final = 8
"""So much of the end is heard; less has zeros in front."""

VARIANCE_FLOOR: Final = 1e-7
"""Digital silence has no variance to divide by."""

Samples = npt.NDArray[np.float32]


class SmartTurn:
    """One model, one thread."""

    name = "smart-turn"

    def __init__(self, *, model_path: Path, wait_seconds: float = 1.0) -> None:
        """`wait_seconds` is how long a question may wait for others: a later answer helps nobody."""
        self._model_path = model_path
        self._pool = EnginePool(self.name, wait_seconds=wait_seconds)
        self._session: Any = None
        self._features = FeatureExtractor(chunk_length=HEARD_SECONDS)

    async def warm_up(self) -> None:
        """Load the model, and let it hear something."""
        if not self._model_path.is_file():
            line = f"{self._model_path} is missing: run `python manage.py fetch_models`"
            raise ProviderError(self.name, line, retryable=False)
        self._session = await self._pool.run(lambda _: self._load(), cancel=CancelToken(), waits=False)

    async def predict(self, audio: bytes, *, cancel: CancelToken) -> float:
        if self._session is None:
            raise ProviderError(self.name, "not loaded", retryable=False)
        return await self._pool.run(lambda stop: self._predict(self._session, audio, stop), cancel=cancel)

    async def close(self) -> None:
        self._pool.close()

    def _load(self) -> Any:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(
            str(self._model_path), sess_options=options, providers=["CPUExecutionProvider"]
        )
        self._ask(session, np.zeros(MODEL_RATE_HZ, np.float32))
        return session

    def _predict(self, session: Any, audio: bytes, stop: StopCheck) -> float:
        whole = audio[: len(audio) // BYTES_PER_SAMPLE * BYTES_PER_SAMPLE]
        if stop() or not whole:
            return 0.0
        longest = HEARD_SECONDS * SAMPLE_RATE_HZ * BYTES_PER_SAMPLE
        samples = np.frombuffer(whole[-longest:], "<i2").astype(np.float32) / 32768
        return self._ask(session, soxr.resample(samples, SAMPLE_RATE_HZ, MODEL_RATE_HZ))

    def _ask(self, session: Any, samples: Samples) -> float:
        features = self._features(prepared(samples), padding=0)
        (answer,) = session.run(None, {"input_features": features[np.newaxis].astype(np.float32)})
        return float(np.clip(answer.flat[0], 0.0, 1.0))


def prepared(samples: Samples) -> Samples:
    """The last 8 s at 16 kHz, zeros in front where there is less, at mean 0 and variance 1.

    >>> window = prepared(np.ones(16_000, np.float32))
    >>> len(window), round(float(window.mean()), 3), round(float(window.std()), 3)
    (128000, 0.0, 1.0)
    """
    count = HEARD_SECONDS * MODEL_RATE_HZ
    window = np.pad(samples[-count:], (max(0, count - len(samples)), 0))
    return np.asarray((window - window.mean()) / np.sqrt(window.var() + VARIANCE_FLOOR), dtype=np.float32)
