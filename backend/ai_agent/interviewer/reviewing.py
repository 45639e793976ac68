"""What does a question come to when somebody has looked at it again? As it was lived, with each review laid over it.

    as lived                attempt 1: partial     attempt 2: partial       5 points
    the candidate corrects                         "… and takes memory"     correct together ──> 7 points
    a reviewer sets aside   ─────────────────────────────────────────────> left out of the maximum

Nothing that was lived is changed: both are kept, and the later review of an attempt counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from ai_agent.interviewer.evaluator import Evaluation, Intent, classify_intent, union
from ai_agent.interviewer.scoring import Outcome
from ai_agent.interviewer.state import Attempt, QuestionState

Kind = Literal["correction", "reevaluation", "unscorable", "scorable"]
"""The candidate's corrected words, an evaluation of the same words again, that it is not to be scored, or that taken
back."""

_OUTCOMES: Final[dict[Intent, Outcome]] = {Intent.DONT_KNOW: "dont_know", Intent.SKIP: "skipped"}


@dataclass(frozen=True, slots=True)
class Review:
    """One more look at an attempt, or, where it is attempt 0, at the whole question."""

    kind: Kind
    attempt: int = 0
    """From 1."""
    transcript: str = ""
    """The corrected one; empty: as it was."""
    evaluation: Evaluation | None = None
    """Of this attempt alone; None where it is no answer."""
    outcome: Outcome | None = None
    """Where it is no answer."""
    at: str = ""
    """When it was written."""


class NoAnswer(ValueError):
    """These words are a request, or nothing: they cannot be graded."""


def outcome_of(transcript: str, question: str) -> Outcome | None:
    """What words come to that are not evaluated; None: they are an answer.

    Raises:
        NoAnswer: they are a request, or nothing.
    """
    intent = classify_intent(transcript, question)
    if intent is Intent.ANSWER:
        return None
    if intent not in _OUTCOMES:
        raise NoAnswer(intent.value)
    return _OUTCOMES[intent]


def reviewed(lived: QuestionState, reviews: Iterable[Review]) -> QuestionState:
    """The question with these reviews, the oldest first."""
    attempts, unscorable = list(lived.attempts), lived.unscorable
    touched = is_set_aside = False
    for review in reviews:
        if review.kind in {"unscorable", "scorable"}:
            is_set_aside = review.kind == "unscorable"
        elif 1 <= review.attempt <= len(attempts):
            attempts[review.attempt - 1] = _seen_again(attempts[review.attempt - 1], review)
            touched = True
    if touched:
        attempts = _joined(attempts)
    if unscorable == "evaluator_failed" and attempts and all(attempt.outcome for attempt in attempts):
        unscorable = None  # what could not be judged in the call was judged since
    return replace(lived, attempts=tuple(attempts), unscorable="reviewer" if is_set_aside else unscorable)


def _seen_again(attempt: Attempt, review: Review) -> Attempt:
    return replace(
        attempt,
        transcript=review.transcript or attempt.transcript,
        evaluation=review.evaluation,
        outcome=review.outcome if review.evaluation is None else review.evaluation.label,
    )


def _joined(attempts: Sequence[Attempt]) -> list[Attempt]:
    """A second attempt is graded together with the first."""
    if len(attempts) < 2 or attempts[1].evaluation is None:
        return list(attempts)
    first, second = attempts[0], attempts[1]
    if first.evaluation is None:
        label = attempts[1].evaluation.label
    else:
        label = union(first.evaluation, attempts[1].evaluation).label
    return [first, replace(second, outcome=label)]
