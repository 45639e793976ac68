"""Who asks a language model to show by the candidate's words what an answer says? An evaluator around another one.

    local.evaluate(…) ──> Evaluation ──(the model, a few seconds)──> its quotes that were said count ──> Evaluation
                                └─ late, failed, nonsense, or nothing was said: as it is

A model gives no points. Off unless the operator asks for it: an answer waits for it, and a small model shows little.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing
from typing import Final

from ai_agent.interview_calls import Evaluator
from ai_agent.interviewer.evaluator import Evaluation, KeyPoint, as_point
from ai_agent.interviewer.quote_check import Prompt, prompt_of, with_claims
from ai_agent.log_markers import FAILURE
from ai_agent.providers import CancelToken, ChatMessage, LanguageModel, ProviderError, ReplyOptions
from ai_agent.streams import timed

logger = logging.getLogger(__name__)

CHECK_SECONDS: Final = 4.0
"""A model that is later than this after the answer was there is not waited for: the local evaluation stands."""
_OPTIONS: Final = ReplyOptions(temperature=0.0, max_tokens=400)
"""Room for five points with a sentence each."""


class QuoteChecker:
    """An evaluator whose word a language model may change, point by point, by what was said."""

    def __init__(self, local: Evaluator, model: LanguageModel, *, wait_seconds: float = CHECK_SECONDS) -> None:
        self._local = local
        self._model = model
        self._wait_seconds = wait_seconds

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
            ProviderError: the local evaluation failed. The model never fails one.
        """
        begun_at = asyncio.get_running_loop().time()
        local = await self._local.evaluate(question, key_points, answer, misconceptions, cancel=cancel)
        if not any(point.score > 0 for point in local.points):
            return local  # nothing was said of it: a request, fillers, an echo
        points = [as_point(point) for point in key_points]
        reply = await self._reply_to(prompt_of(question, points, answer), until=begun_at + self._wait_seconds)
        return with_claims(local, reply, answer, question=question, key_points=points)

    async def _reply_to(self, prompt: Prompt, *, until: float) -> str | None:
        """What the model says; None where it does not, or not by then, on the loop's clock."""
        messages = (ChatMessage("system", prompt.system), ChatMessage("user", prompt.user))
        cancel, wait_seconds = CancelToken(), self._wait_seconds
        tokens = timed(
            lambda: self._model.stream(messages, options=_OPTIONS, cancel=cancel),
            of=str,
            first_seconds=wait_seconds,
            next_seconds=wait_seconds,
            provider=self._model.name,
            what="token",
        )
        try:
            if asyncio.get_running_loop().time() >= until:
                raise TimeoutError  # the local evaluation took all of it: nobody is asked
            async with asyncio.timeout_at(until), aclosing(tokens):
                return "".join([token async for token in tokens])
        except (TimeoutError, ProviderError) as error:
            why = str(error) or f"{self._model.name}: not done within {wait_seconds:g} s"
            logger.warning("%s the local evaluation stands: %s", FAILURE, why)
            return None
        finally:
            cancel.cancel()
