"""Where does an interview stand? Ten questions, what became of each attempt, and how a question moves on.

    PENDING ──> ASKING ──> AWAIT_1 ──> EVAL_1 ──┬──────────────────────────────────> DONE
                                                └──> HINTING ──> AWAIT_2 ──> EVAL_2 ──^

Everything is frozen: what may still be taken back is a state that has not been put in place of the one before. Only an
attempt that was evaluated, or an answer that was refused, moves a question on; a request of any kind does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from ai_agent.interviewer.evaluator import Evaluation, union
from ai_agent.interviewer.question_bank import Stage
from ai_agent.interviewer.scoring import Outcome, QuestionRow, points_of

Doubt = Literal[
    "low_snr", "clipping", "doubtful_transcript", "recogniser_failed", "evaluator_failed", "no_words", "reviewer"
]
"""Why what was said could not be made out, or not be judged."""

Ending = Literal["scored", "skipped", "no_answer", "unscorable"]
"""How a question ended."""


class QuestionStatus(StrEnum):
    """Where one question stands in its life."""

    PENDING = "pending"
    ASKING = "asking"
    """It is being spoken, or was cut off before there was anything to answer."""
    AWAIT_1 = "await_1"
    EVAL_1 = "eval_1"
    """The first answer is stored, and nothing has been said to it."""
    HINTING = "hinting"
    AWAIT_2 = "await_2"
    EVAL_2 = "eval_2"
    DONE = "done"


class QuestionEvent(StrEnum):
    """What moves a question on."""

    BEGUN = "begun"
    SPOKEN = "spoken"
    """Question or hint was spoken to its end, or the candidate has come in on it with something to say."""
    CUT_OFF = "cut_off"
    """So little of the question was heard that hardly anybody can have answered it."""
    ANSWERED = "answered"
    ROLLED_BACK = "rolled_back"
    """The candidate went on speaking, or nobody could tell what was said: the attempt does not count."""
    CORRECT = "correct"
    LACKING = "lacking"
    """Partly correct or incorrect, or "I don't know": there is a second attempt, if this was the first."""
    REFUSED = "refused"
    """Skipped, or not answered at all."""
    UNSCORABLE = "unscorable"


_S = QuestionStatus
_E = QuestionEvent

TRANSITIONS: Final[Mapping[tuple[QuestionStatus, QuestionEvent], QuestionStatus]] = {
    (_S.PENDING, _E.BEGUN): _S.ASKING,
    (_S.ASKING, _E.SPOKEN): _S.AWAIT_1,
    (_S.ASKING, _E.CUT_OFF): _S.ASKING,
    (_S.ASKING, _E.REFUSED): _S.DONE,
    (_S.ASKING, _E.UNSCORABLE): _S.DONE,
    (_S.AWAIT_1, _E.ANSWERED): _S.EVAL_1,
    (_S.AWAIT_1, _E.LACKING): _S.HINTING,
    (_S.AWAIT_1, _E.REFUSED): _S.DONE,
    (_S.AWAIT_1, _E.UNSCORABLE): _S.DONE,
    (_S.EVAL_1, _E.ROLLED_BACK): _S.AWAIT_1,
    (_S.EVAL_1, _E.CORRECT): _S.DONE,
    (_S.EVAL_1, _E.LACKING): _S.HINTING,
    (_S.EVAL_1, _E.UNSCORABLE): _S.DONE,
    (_S.HINTING, _E.SPOKEN): _S.AWAIT_2,
    (_S.AWAIT_2, _E.ANSWERED): _S.EVAL_2,
    (_S.AWAIT_2, _E.LACKING): _S.DONE,
    (_S.AWAIT_2, _E.REFUSED): _S.DONE,
    (_S.AWAIT_2, _E.UNSCORABLE): _S.DONE,
    (_S.EVAL_2, _E.ROLLED_BACK): _S.AWAIT_2,
    (_S.EVAL_2, _E.CORRECT): _S.DONE,
    (_S.EVAL_2, _E.LACKING): _S.DONE,
    (_S.EVAL_2, _E.UNSCORABLE): _S.DONE,
}
"""What has no row cannot be. Requests (repeat, clarify, wait, hint) have none: the question stays where it is."""

EVALUATED: Final = frozenset({_S.EVAL_1, _S.EVAL_2})
AFTER_HINT: Final = frozenset({_S.HINTING, _S.AWAIT_2, _S.EVAL_2})


class IllegalMove(Exception):
    """The table has no row for this. It is a mistake in the controller, never in the interview."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the candidate said to a question, or that nothing came."""

    utterance_id: str
    """Empty where nothing was said."""
    transcript: str = ""
    doubt: Doubt | None = None
    """Why it may not have been understood."""
    outcome: Outcome | None = None
    """None: not evaluated yet. Of a second attempt it is that of both together."""
    evaluation: Evaluation | None = None
    """Of this attempt alone."""


@dataclass(frozen=True, slots=True)
class GivenHint:
    """A hint that was said."""

    point: str
    """The key point to which it leads."""
    after: int
    """So many answers came before it. After none: at most seven points."""
    is_full: bool = True
    """Whether it says something of its point: after a wrong answer it only names it."""
    is_asked: bool = False
    """The candidate asked for it."""


@dataclass(frozen=True, slots=True)
class QuestionState:
    """One question's whole life."""

    question_id: str
    stage: Stage
    status: QuestionStatus = QuestionStatus.PENDING
    is_asked: bool = False
    """Enough of it was heard, or it was answered."""
    attempts: tuple[Attempt, ...] = ()
    unclear: tuple[Attempt, ...] = ()
    """What could not be made out; none of it is an attempt."""
    hints: tuple[GivenHint, ...] = ()
    """In the order in which they were said, each once."""
    clarifications: int = 0
    repeats: int = 0
    silences: int = 0
    unscorable: Doubt | None = None

    # ── moving on ─────────────────────────────────────────────────────────────────────────────────

    def moved(self, event: QuestionEvent) -> QuestionState:
        """Where this leads.

        Raises:
            IllegalMove: the table has no such row.
        """
        try:
            return replace(self, status=TRANSITIONS[self.status, event])
        except KeyError:
            raise IllegalMove(f"{event} cannot happen in {self.status}") from None

    def answered(self, attempt: Attempt) -> QuestionState:
        """These words are to be evaluated: they are stored first."""
        moved = self.moved(QuestionEvent.ANSWERED)
        return replace(moved, attempts=(*self.attempts, attempt), is_asked=True)

    def rolled_back(self) -> QuestionState:
        """The attempt that has not been spoken to does not count."""
        return replace(self.moved(QuestionEvent.ROLLED_BACK), attempts=self.attempts[:-1])

    def made_unclear(self, attempt: Attempt) -> QuestionState:
        """This could not be made out; where it was stored for its evaluation, it is an attempt no longer."""
        before = self.rolled_back() if self.open_attempt is not None else self
        return replace(before, unclear=(*self.unclear, attempt))

    def judged(self, evaluation: Evaluation) -> QuestionState:
        """The stored attempt has its evaluation; the question moves on by it."""
        attempt = self.attempts[-1]
        label = self.joined(evaluation).label
        event = QuestionEvent.CORRECT if label == "correct" else QuestionEvent.LACKING
        judged = replace(attempt, outcome=label, evaluation=evaluation)
        return replace(self.moved(event), attempts=(*self.attempts[:-1], judged))

    def lacking(self, attempt: Attempt) -> QuestionState:
        """The candidate does not know."""
        return replace(self.moved(QuestionEvent.LACKING), attempts=(*self.attempts, attempt), is_asked=True)

    def refused(self, attempt: Attempt) -> QuestionState:
        """The candidate skips it, or says nothing."""
        return replace(self.moved(QuestionEvent.REFUSED), attempts=(*self.attempts, attempt), is_asked=True)

    def given_up(self, reason: Doubt) -> QuestionState:
        """It cannot be scored: it counts for nothing, and against nobody."""
        return replace(self.moved(QuestionEvent.UNSCORABLE), unscorable=reason, is_asked=True)

    def hinted(self, point: str, *, is_full: bool = True, is_asked: bool = False) -> QuestionState:
        """With this hint; one that was said already, in as many words, is the same."""
        is_known = any((hint.point, hint.is_full) == (point, is_full) for hint in self.hints)
        hint = GivenHint(point, len(self.attempts), is_full, is_asked)
        return self if is_known else replace(self, hints=(*self.hints, hint))

    # ── what it comes to ──────────────────────────────────────────────────────────────────────────

    @property
    def open_attempt(self) -> Attempt | None:
        """The attempt that is stored and was not spoken to yet."""
        return self.attempts[-1] if self.status in EVALUATED else None

    @property
    def is_done(self) -> bool:
        return self.status is QuestionStatus.DONE

    @property
    def has_early_hint(self) -> bool:
        """A hint before the first answer: at most seven points."""
        return any(hint.after == 0 for hint in self.hints)

    def leads_to(self, point: str) -> bool:
        """Whether a hint led to this key point."""
        return any(hint.point == point for hint in self.hints)

    def joined(self, evaluation: Evaluation) -> Evaluation:
        """An evaluation of the newest attempt, together with that of the first: what was said once was said."""
        first = self.attempts[0].evaluation if len(self.attempts) > 1 else None
        return evaluation if first is None else union(first, evaluation)

    @property
    def evaluation(self) -> Evaluation | None:
        """The one that counts: of all attempts together. None: nothing was evaluated."""
        known = [attempt.evaluation for attempt in self.attempts if attempt.evaluation is not None]
        if not known:
            return None
        return known[0] if len(known) == 1 else union(known[0], known[1])

    @property
    def row(self) -> QuestionRow:
        """All that its points depend on."""
        outcomes = [attempt.outcome for attempt in self.attempts]
        return QuestionRow(
            asked=self.is_asked,
            finished=self.is_done,
            first=outcomes[0] if outcomes else None,
            second=outcomes[1] if len(outcomes) > 1 else None,
            hint_before_first=self.has_early_hint,
            not_scorable=self.unscorable is not None,
        )

    @property
    def points(self) -> int | None:
        """As the table has them; None while the question is open, or where it could not be scored."""
        return points_of(self.row) if self.is_done else None

    @property
    def ending(self) -> Ending | None:
        """How it ended; None while it is open."""
        if not self.is_done:
            return None
        if self.unscorable is not None:
            return "unscorable"
        last = self.attempts[-1].outcome
        return last if last == "skipped" or last == "no_answer" else "scored"  # noqa: PLR1714 - narrows


@dataclass(frozen=True, slots=True)
class InterviewState:
    """One interview between two facts."""

    questions: tuple[QuestionState, ...]
    number: int = 0
    """Which question it is at, from 0; as many as there are: it is over."""
    silent_in_a_row: int = 0
    """So many questions, one after the other, were met with silence."""
    is_paused: bool = False
    is_leaving: bool = False
    """The candidate was asked whether to stop here."""

    @property
    def is_over(self) -> bool:
        return self.number >= len(self.questions)

    @property
    def has_begun(self) -> bool:
        return any(question.status is not QuestionStatus.PENDING for question in self.questions)

    @property
    def question(self) -> QuestionState:
        """The one that it is at."""
        return self.questions[self.number]

    def with_question(self, question: QuestionState) -> InterviewState:
        """The same with the present question as it is now."""
        before, after = self.questions[: self.number], self.questions[self.number + 1 :]
        return replace(self, questions=(*before, question, *after))

    def at_next(self) -> InterviewState:
        """The present question is done: the next one is being asked, if there is one."""
        following = replace(self, number=self.number + 1, is_leaving=False)
        if following.is_over:
            return following
        return following.with_question(following.question.moved(QuestionEvent.BEGUN))


def new_interview(questions: Sequence[tuple[str, Stage]]) -> InterviewState:
    """Nothing has been asked. Each question is its id and its stage.

    >>> new_interview([("python-lists", "basic")]).question.status.value
    'pending'
    """
    return InterviewState(tuple(QuestionState(question_id, stage) for question_id, stage in questions))
