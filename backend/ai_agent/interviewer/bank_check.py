"""Does the evaluator agree with the bank? Model answers, wrong statements and hints, as if a candidate had said them.

model answer    ──> correct, every point covered, none contradicted
wrong statement ──> not correct
hint            ──> does not say the point that it leads to; nor does the point's name, nor the clarification

What a candidate only asks is no answer, but a hint that asks tells all the same: its questions count as statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ai_agent.interviewer.evaluator import Embed, evaluate, evaluate_words
from ai_agent.interviewer.intent import Intent, classify_intent
from ai_agent.interviewer.question_bank import Question

HINTED: Final = 0.5
"""A hint's own score for its point stays under half of it: who repeats the hint has not answered."""
GIVEN_AWAY: Final = 0.65
"""A point's score from which a name or a clarification has said it: keeping to the subject brings less."""


def problems_of(question: Question, *, embed: Embed | None = None) -> tuple[str, ...]:
    """What is wrong with a question, a line each; each line begins with the question's id."""
    found = (*_of_model_answer(question, embed), *_of_misconceptions(question, embed))
    return (*(f"{question.id}: {line}" for line in found), *hint_problems_of(question, embed=embed))


def hint_problems_of(question: Question, *, embed: Embed | None = None) -> tuple[str, ...]:
    """What its hints, names and clarification give away: the part that needs no answer."""
    return tuple(f"{question.id}: {line}" for line in _of_hints(question, embed))


def _of_model_answer(question: Question, embed: Embed | None) -> Iterator[str]:
    result = evaluate(
        question.text, question.points, question.model_answer, misconceptions=question.misconceptions, embed=embed
    )
    if result.label != "correct":
        yield f"the model answer is called {result.label} (coverage {result.coverage:.2f})"
    for point in result.contradicted:
        yield f"the model answer is taken to contradict {point.point!r}: “{point.quote}”"
    for point in result.missed:
        yield f"the model answer is taken to miss {point.point!r} ({point.score:.2f})"


def _of_misconceptions(question: Question, embed: Embed | None) -> Iterator[str]:
    for statement in question.misconceptions:
        if classify_intent(statement, question.text) is not Intent.ANSWER:
            yield f"the wrong statement “{statement}” does not sound like an answer"
        result = evaluate(
            question.text, question.points, statement, misconceptions=question.misconceptions, embed=embed
        )
        if result.label == "correct":
            yield f"the wrong statement “{statement}” is called correct (coverage {result.coverage:.2f})"


def _of_hints(question: Question, embed: Embed | None) -> Iterator[str]:
    for point in question.points:
        for kind, text, most in (("hint", point.hint, HINTED), ("name", point.name, GIVEN_AWAY)):
            (verdict,) = evaluate_words(question.text, (point,), as_statement(text), embed=embed).points
            if verdict.score >= most:
                yield f"the {kind} “{text}” gives {point.id!r} away ({verdict.score:.2f})"
    clarified = as_statement(question.clarification)
    for verdict in evaluate_words(question.text, question.points, clarified, embed=embed).points:
        if verdict.score >= GIVEN_AWAY:
            yield f"the clarification gives {verdict.point!r} away ({verdict.score:.2f})"


def as_statement(text: str) -> str:
    """A text that asks, as if it said so.

    >>> as_statement("What if push adds on top?")
    'What if push adds on top.'
    """
    return text.replace("?", ".")
