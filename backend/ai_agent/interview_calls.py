"""What does a call that is an interview need besides what every call needs? Its questions, and who judges answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from ai_agent.call_records import InterviewRecord
from ai_agent.interview_store import ChosenQuestions
from ai_agent.interviewer.evaluator import Evaluation, KeyPoint
from ai_agent.interviewer.lines import asked
from ai_agent.interviewer.packing import make_plan, pack_evaluation
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.persona_script import PersonaScript
from ai_agent.providers import CancelToken, ProviderError
from ai_agent.question_banks import questions_for

EVALUATION_SECONDS: Final = 6.0
"""An evaluation that takes longer is not waited for."""


class Evaluator(Protocol):
    """Who compares an answer with its question's key points, off the loop. Raises ProviderError only."""

    def evaluate(
        self,
        question: str,
        key_points: Sequence[str] | Sequence[KeyPoint],
        answer: str,
        misconceptions: Sequence[str] = (),
        *,
        cancel: CancelToken | None = None,
    ) -> Awaitable[Evaluation]: ...


@dataclass(frozen=True, slots=True)
class InterviewCall:
    """The interview of one call: what the engine leads it by, and who judges what is answered."""

    plan: InterviewPlan
    evaluator: Evaluator

    async def judge(self, question_id: str, transcript: str, *, cancel: CancelToken) -> dict[str, Any]:
        """What this answer covers, as the engine takes it.

        Raises:
            ProviderError: it could not be judged, or not in time.
        """
        question = next(one for one in self.plan.questions if one.id == question_id)
        try:
            async with asyncio.timeout(EVALUATION_SECONDS):
                evaluation = await self.evaluator.evaluate(
                    question.text, question.points, transcript, question.misconceptions, cancel=cancel
                )
        except TimeoutError:
            reason = f"no evaluation within {EVALUATION_SECONDS:g} s"
            raise ProviderError("answer-evaluation", reason, retryable=True) from None
        return pack_evaluation(evaluation)

    def upcoming(self, number: int) -> str:
        """How the question after this one (from 1) is asked; empty where it is the last."""
        following = self.plan.questions[number : number + 1]
        return asked(following[0].text, number) if following else ""


def is_interview(persona: Mapping[str, Any]) -> bool:
    """Whether a call with this configuration is one."""
    return persona.get("kind") == "interview"


def choose_questions(persona: Mapping[str, Any], room_id: UUID) -> ChosenQuestions:
    """What this persona asks in this room.

    Raises:
        BankError: there is no such bank or topic, or it has too few questions.
    """
    bank, questions = questions_for(persona["interview"], room_id)
    return ChosenQuestions(bank.name, bank.version, questions)


def plan_of(record: InterviewRecord, script: PersonaScript) -> InterviewPlan:
    """The stored interview with the persona's own lines."""
    return make_plan(record.questions, record.state, dict(script.lines))
