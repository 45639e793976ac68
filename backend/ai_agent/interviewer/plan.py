"""What does one call need to lead an interview? The chosen questions, where it stands, and the persona's own lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ai_agent.interviewer.question_bank import Question
from ai_agent.interviewer.state import InterviewState, new_interview


@dataclass(frozen=True, slots=True)
class InterviewPlan:
    """One interview as a call finds it."""

    questions: tuple[Question, ...]
    """In the order in which they are asked, as they were in the bank when the interview began."""
    state: InterviewState
    lines: Mapping[str, str] = field(default_factory=dict)
    """The persona's lines by name, variables filled in; one that is missing or empty has a plain one in its place."""


def new_plan(questions: Sequence[Question], lines: Mapping[str, str] | None = None) -> InterviewPlan:
    """An interview that begins."""
    state = new_interview([(question.id, question.stage) for question in questions])
    return InterviewPlan(tuple(questions), state, lines or {})
