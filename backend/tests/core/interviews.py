"""Interviews for tests: ten small questions, evaluations of a wished label, and what candidates say."""

from __future__ import annotations

from ai_agent.interviewer.evaluator import Evaluation, Intent, KeyPoint, PointVerdict
from ai_agent.interviewer.plan import InterviewPlan, new_plan
from ai_agent.interviewer.question_bank import Question, Stage
from ai_agent.interviewer.steps import Evaluate, Heard, Say, Step
from ai_agent.interviewer.verdicts import Label

STAGES: tuple[Stage, ...] = ("basic",) * 4 + ("moderate",) * 3 + ("advanced",) * 3

LINES = {"greeting": "Hello, I am Mira.", "did_not_catch": "I missed that.", "goodbye": "Goodbye then."}

REQUESTS = {
    "Could you repeat the question?": Intent.REPEAT,
    "What do you mean by that?": Intent.CLARIFY,
    "Give me a second.": Intent.WAIT,
    "Can I have a hint?": Intent.HINT,
    "I don't know.": Intent.DONT_KNOW,
    "Let's skip this question.": Intent.SKIP,
    "I want to end the interview.": Intent.END,
    "Um.": Intent.SILENCE,
}
"""What a candidate says that is no answer."""

_THINGS = ("lists", "tuples", "indexes", "locks", "queues", "threads", "caches", "sockets", "trees", "hashes")


def question(number: int) -> Question:
    """A question about something, with three points."""
    thing = _THINGS[number]
    return Question(
        id=f"python-{thing}",
        topic="python",
        stage=STAGES[number],
        text=f"What do you know about {thing}?",
        clarification=f"I mean: what are {thing} good for?",
        points=(
            KeyPoint("order", f"the order of {thing}", (f"The {thing} are kept in order.",), "What comes first?"),
            KeyPoint("cost", f"what {thing} cost", (f"Using {thing} takes memory.",), "What do you pay with?"),
            KeyPoint("use", f"where {thing} help", (f"You need {thing} for speed.",), "When would you take them?"),
        ),
        misconceptions=(f"The {thing} have no order.", f"Using {thing} is free."),
        model_answer=f"The {thing} are kept in order. Using {thing} takes memory. You need {thing} for speed.",
    )


def ten_questions() -> tuple[Question, ...]:
    return tuple(question(number) for number in range(10))


def plan() -> InterviewPlan:
    return new_plan(ten_questions(), LINES)


COVERED: dict[Label, tuple[str, ...]] = {"correct": ("order", "cost"), "partial": ("order",), "incorrect": ()}


def judged(label: Label, *covered: str) -> Evaluation:
    """An evaluation of this label; `covered` are the points that were said."""
    said = covered or COVERED[label]
    points = tuple(
        PointVerdict(point, "covered", 1.0, "so I say") if point in said else PointVerdict(point, "missed", 0.0, "")
        for point in ("order", "cost", "use")
    )
    coverage = {"correct": 0.67, "partial": 0.33, "incorrect": 0.0}[label]
    return Evaluation(coverage=coverage, label=label, points=points, evaluator="lexical")


def said(step: Step | None) -> Say:
    assert isinstance(step, Say)
    return step


def to_judge(step: Step | None) -> Evaluate:
    assert isinstance(step, Evaluate)
    return step


def heard(transcript: str, utterance_id: str = "u-1", **more: object) -> Heard:
    return Heard(utterance_id, transcript, **more)  # type: ignore[arg-type]
