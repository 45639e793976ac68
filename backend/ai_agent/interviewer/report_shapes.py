"""What is a report made of, and what does it hold? The rows that go in, and all that comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ai_agent.interviewer.pace import Pace
from ai_agent.interviewer.question_bank import Question, Stage
from ai_agent.interviewer.receipts import Part, Receipt, SpokenTurn
from ai_agent.interviewer.report_words import Band, How
from ai_agent.interviewer.reviewing import Review, reviewed
from ai_agent.interviewer.scoring import Outcome, QuestionRow
from ai_agent.interviewer.state import Doubt, Ending, QuestionState
from ai_agent.interviewer.verdicts import Evaluation, EvaluatorName, Label, Status

Standing = Literal["active", "paused", "finished", "abandoned"]

# ── rows ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Practice:
    """One more answer, to practise."""

    id: int
    answer: str
    evaluation: Evaluation
    created_at: str


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """All that is written of one question."""

    number: int
    question: Question
    lived: QuestionState
    reviews: tuple[Review, ...] = ()
    """The oldest first."""
    practice: tuple[Practice, ...] = ()
    asked_at: str | None = None
    done_at: str | None = None

    @property
    def now(self) -> QuestionState:
        """With all that was seen of it since."""
        return reviewed(self.lived, self.reviews)


@dataclass(frozen=True, slots=True)
class PastInterview:
    """One of the candidate's interviews, as far as the trend goes."""

    interview_id: str
    persona: str
    persona_name: str
    question_bank: str
    finished_at: str
    rows: tuple[QuestionRow, ...]


@dataclass(frozen=True, slots=True)
class InterviewRecord:
    """All that is written of an interview."""

    interview_id: str
    status: Standing
    next_question: int | None
    """At which question it stands, or stood, from 1; None: all are over."""
    questions: tuple[QuestionRecord, ...]
    turns: tuple[SpokenTurn, ...] = ()
    """Every utterance of its calls."""
    past: tuple[PastInterview, ...] = ()
    """The candidate's finished interviews up to this one, oldest first."""
    is_correctable: bool = False
    """It is over, and not for too long."""

    @property
    def is_over(self) -> bool:
        return self.status in {"finished", "abandoned"}


# ── the report ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Score:
    points: int
    out_of: int
    maximum: int
    asked_maximum: int
    percent: float | None
    asked_percent: float | None
    asked: int
    scored: int
    not_scorable: int
    not_reached: int
    total: int
    band: Band | None
    is_corrected: bool
    points_as_heard: int
    maximum_as_heard: int


@dataclass(frozen=True, slots=True)
class ReportedAttempt:
    number: int
    utterance_id: str | None
    call_id: str | None
    transcript: str
    corrected_transcript: str | None
    corrected_at: str | None
    outcome: Outcome | None
    outcome_as_heard: Outcome | None
    coverage: float | None
    covered: int | None
    evaluator: EvaluatorName | None
    doubt: Doubt | None
    doubt_words: str
    parts: tuple[Part, ...]
    can_correct: bool


@dataclass(frozen=True, slots=True)
class ReportedPoint:
    id: str
    name: str
    wording: str
    status: Status
    score: float
    quote: Receipt | None
    hinted: bool


@dataclass(frozen=True, slots=True)
class Hint:
    after: int
    """So many answers came before it."""
    asked: bool
    """The candidate asked for it."""
    point: str
    text: str


@dataclass(frozen=True, slots=True)
class AsHeard:
    points: int | None
    why: str


@dataclass(frozen=True, slots=True)
class PracticePoint:
    id: str
    name: str
    wording: str
    status: Status
    quote: str


@dataclass(frozen=True, slots=True)
class ReportedPractice:
    id: int
    answer: str
    label: Label
    coverage: float
    covered: int
    evaluator: EvaluatorName
    created_at: str
    points: tuple[PracticePoint, ...]


@dataclass(frozen=True, slots=True)
class ReportedQuestion:
    number: int
    question_id: str
    topic: str
    stage: Stage
    is_shown: bool
    text: str
    clarification: str
    status: str
    outcome: Ending | None
    is_asked: bool
    points: int | None
    maximum: int
    why: str
    is_corrected: bool
    is_reviewed: bool
    as_heard: AsHeard | None
    unscorable: Doubt | None
    unscorable_words: str
    evaluator: EvaluatorName | None
    coverage: float | None
    hints: tuple[Hint, ...]
    clarifications: int
    repeats: int
    silences: int
    attempts: tuple[ReportedAttempt, ...]
    unclear: tuple[ReportedAttempt, ...]
    key_points: tuple[ReportedPoint, ...]
    model_answer: str
    asked_at: str | None
    done_at: str | None
    practice: tuple[ReportedPractice, ...]
    can_practise: bool


@dataclass(frozen=True, slots=True)
class StageScore:
    stage: Stage
    points: int
    maximum: int
    questions: int
    asked: int
    not_scorable: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    interview_id: str
    persona: str
    persona_name: str
    question_bank: str
    finished_at: str
    points: int
    maximum: int
    percent: float | None
    is_this: bool


@dataclass(frozen=True, slots=True)
class Report:
    score: Score
    summary: str
    how: How
    evaluator: Literal["minilm", "lexical", "mixed"] | None
    evaluator_words: str
    questions: tuple[ReportedQuestion, ...]
    stages: tuple[StageScore, ...]
    speech: Pace
    trend: tuple[TrendPoint, ...]
