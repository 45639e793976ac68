"""Who compares an answer with the key points? The core, with sentence embeddings from MiniLM where the model is here.

    evaluate_answer(…)                  in this thread
    await AnswerEvaluator.evaluate(…)   in a thread of its own, with a short queue: never on the event loop

Without the model's file words alone decide, the evaluation says so, and the log does once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.conf import settings

from ai_agent.engine_pool import EnginePool
from ai_agent.interviewer.evaluator import Embed, Evaluation, KeyPoint, evaluate
from ai_agent.log_markers import FAILURE
from ai_agent.providers import CancelToken
from ai_agent.sentence_embedding import SentenceEmbedding

__all__ = ["AnswerEvaluator", "embed_or_none", "evaluate_answer", "why_lexical"]

logger = logging.getLogger(__name__)

WAIT_SECONDS: Final = 5.0
"""How long an answer may wait for others."""


class _Loaded:
    """The encoder of this process: loaded once for a folder, when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._embed: SentenceEmbedding | None = None
        self.problem = ""

    def get(self, folder: Path) -> SentenceEmbedding | None:
        with self._lock:
            if folder != self._folder or self._embed is None:
                self._load(folder)
            return self._embed

    def _load(self, folder: Path) -> None:
        before, self._folder, self._embed = self.problem, folder, None
        try:
            self._embed, self.problem = SentenceEmbedding(folder), ""
        except (OSError, RuntimeError) as error:
            self.problem = str(error)
            if self.problem != before:
                logger.warning("%s answers are compared by words alone: %s", FAILURE, self.problem)


_loaded = _Loaded()


def embed_or_none() -> Embed | None:
    """The encoder, loaded now if it was not; None where it cannot be. A file that comes later is found."""
    return _loaded.get(Path(settings.MODELS_DIR) / settings.EMBEDDING_MODEL)


def why_lexical() -> str:
    """Why words alone decide; empty where the encoder does."""
    embed_or_none()
    return _loaded.problem


def evaluate_answer(
    question: str,
    key_points: Sequence[str] | Sequence[KeyPoint],
    answer: str,
    misconceptions: Sequence[str] = (),
) -> Evaluation:
    """What an answer says of the key points. Blocks for some tens of milliseconds: from a coroutine, see below."""
    return evaluate(question, key_points, answer, misconceptions=misconceptions, embed=embed_or_none())


class AnswerEvaluator:
    """The evaluation for whoever must not block."""

    name = "answer-evaluation"

    def __init__(self, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self._pool = EnginePool(self.name, wait_seconds=wait_seconds)

    async def warm_up(self) -> None:
        """Load the encoder, where it is."""
        await self._pool.run(lambda _: embed_or_none(), cancel=CancelToken(), waits=False)

    async def evaluate(
        self,
        question: str,
        key_points: Sequence[str] | Sequence[KeyPoint],
        answer: str,
        misconceptions: Sequence[str] = (),
        *,
        cancel: CancelToken | None = None,
    ) -> Evaluation:
        """
        Raises:
            ProviderError: too many are waiting, or the evaluation failed.
        """
        return await self._pool.run(
            lambda _: evaluate_answer(question, key_points, answer, misconceptions), cancel=cancel or CancelToken()
        )

    async def close(self) -> None:
        self._pool.close()
