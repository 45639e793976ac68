"""What does the page get of an interview? Its row in a list, and the report with a receipt for every point."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

from ai_agent.recording_folders import SoundState

MAX_ANSWER_CHARACTERS = 6_000
"""Nobody says more in one turn."""

Stage = Literal["basic", "moderate", "advanced"]
Standing = Literal["active", "paused", "finished", "abandoned"]
Label = Literal["correct", "partial", "incorrect"]
AttemptResult = Literal["correct", "partial", "incorrect", "dont_know", "skipped", "no_answer"]
Ending = Literal["scored", "skipped", "no_answer", "unscorable"]
Doubt = Literal[
    "low_snr", "clipping", "doubtful_transcript", "recogniser_failed", "evaluator_failed", "no_words", "reviewer"
]
BandName = Literal["strong", "good", "getting_there", "early"]
EvaluatorName = Literal["minilm", "lexical"]


def _words(written: object) -> object:
    """What a person writes, without the spaces around it."""
    return written.strip() if isinstance(written, str) else written


Words = Annotated[
    str,
    BeforeValidator(_words),
    Field(min_length=1, max_length=MAX_ANSWER_CHARACTERS, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"),
]


# ── what is asked ─────────────────────────────────────────────────────────────────────────────────


class CorrectionRequest(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    attempt: int = Field(ge=1, le=2)
    transcript: Words
    """What was really said."""


class RetryRequest(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    answer: Words


# ── what is answered ──────────────────────────────────────────────────────────────────────────────


class BandBody(Schema):
    """What a share of the points is called."""

    name: BandName
    title: str
    """"Strong", "Good", "Getting there" or "Early"."""
    from_percent: int
    """It begins here."""


class ScoreBody(Schema):
    points: int
    """With corrections."""
    out_of: int
    """90: nine for each question."""
    maximum: int
    """90, less nine for each question that could not be scored."""
    asked_maximum: int
    """Nine for each question that was asked and could be scored."""
    percent: float | None
    """`points` of `maximum`; null where nothing could be scored."""
    asked_percent: float | None
    """`points` of `asked_maximum`."""
    asked: int
    """Questions that were asked and could be scored."""
    scored: int
    """Questions with points."""
    not_scorable: int
    not_reached: int
    total: int
    """All questions: 10."""
    band: BandBody | None
    """Null before the interview is over, or where nothing could be scored."""
    is_corrected: bool
    """The candidate has corrected a transcript, or a reviewer has looked again, whether or not points changed."""
    points_as_heard: int
    """Without that."""
    maximum_as_heard: int


class InterviewSummary(Schema):
    id: UUID
    room_id: UUID
    persona: str
    """The persona's slug."""
    persona_name: str
    persona_version: int
    question_bank: str
    status: Standing
    is_open: bool
    """Its room's next call goes on with it."""
    open_until: datetime | None
    """Nobody who comes later can go on with it; null where it is over."""
    open_call_id: UUID | None
    """The call in which it goes on just now, or may be resumed."""
    next_question: int | None
    """At which question it stands, from 1; null where it is over."""
    next_stage: Stage | None
    started_at: datetime
    active_at: datetime
    """When it last went on."""
    finished_at: datetime | None
    done: int
    """Questions that are over, however they ended."""
    score: ScoreBody


class InterviewPage(Schema):
    items: list[InterviewSummary]
    count: int
    """All of them, on every page."""


class QuoteBody(Schema):
    """Words of the candidate, and where they stand."""

    text: str
    attempt: int
    """1 or 2."""
    start: int | None
    """Its first character in that attempt's transcript (the corrected one, where there is one)."""
    end: int | None
    utterance_id: UUID | None
    """Where it can be heard."""
    call_id: UUID | None
    at_ms: float | None
    """Into that utterance's clip, about; null where nobody knows."""
    until_ms: float | None


class PointBody(Schema):
    """What became of one key point, in all attempts together."""

    id: str
    name: str
    """What it is about."""
    wording: str
    """What a good answer says."""
    status: Literal["covered", "missed", "contradicted"]
    score: float
    quote: QuoteBody | None
    hinted: bool
    """A hint led to it."""


class PartBody(Schema):
    """One utterance of an answer: mostly there is only one."""

    utterance_id: UUID
    call_id: UUID | None
    """Null: the call was deleted."""
    start: int
    """Its characters in the attempt's transcript."""
    end: int
    started_at_ms: float | None
    """On its call's own clock."""
    duration_ms: float | None
    """From the first sound to the last."""
    clip_ms: float | None
    """How long its clip is; null: there is none to be heard."""
    audio_url: str | None

    @staticmethod
    def resolve_audio_url(part: Any) -> str | None:
        """Where the clip is heard, if it is."""
        if part.clip_ms is None or part.call_id is None:
            return None
        return f"/api/v1/calls/{part.call_id}/utterances/{part.utterance_id}/audio/"


class AttemptBody(Schema):
    number: int
    """1 or 2; 0 for what could not be made out."""
    utterance_id: UUID | None
    """Null: nothing was said."""
    call_id: UUID | None
    transcript: str
    """As it was heard."""
    corrected_transcript: str | None
    """As the candidate says that it was."""
    corrected_at: datetime | None
    outcome: AttemptResult | None
    """Of a second attempt: of both together. Null: not evaluated."""
    outcome_as_heard: AttemptResult | None
    coverage: float | None
    """0 to 1, of this attempt alone."""
    covered: int | None
    """So many key points, of this attempt alone."""
    evaluator: EvaluatorName | None
    doubt: Doubt | None
    """Why it may not have been understood."""
    doubt_words: str
    parts: list[PartBody]
    can_correct: bool


class HintBody(Schema):
    after: int
    """So many answers came before it. After none: at most seven points."""
    asked: bool
    """The candidate asked for it."""
    point: str
    """The key point's id."""
    text: str


class PracticePoint(Schema):
    id: str
    name: str
    wording: str
    status: Literal["covered", "missed", "contradicted"]
    quote: str


class PracticeBody(Schema):
    """One more answer to a question, to practise. It is never counted."""

    id: int
    answer: str
    label: Label
    coverage: float
    covered: int
    evaluator: EvaluatorName
    created_at: datetime
    points: list[PracticePoint]


class AsHeardBody(Schema):
    points: int | None
    why: str


class QuestionBody(Schema):
    number: int
    """From 1."""
    question_id: str
    topic: str
    stage: Stage
    is_shown: bool
    """False: it was not asked yet, and may still be. Then its words are empty."""
    text: str
    clarification: str
    status: Literal["pending", "asking", "await_1", "eval_1", "hinting", "await_2", "eval_2", "done"]
    outcome: Ending | None
    """How it ended; null while it is open."""
    is_asked: bool
    points: int | None
    """With corrections; null: none yet, or it could not be scored."""
    maximum: int
    why: str
    """How the points came about, in one sentence."""
    is_corrected: bool
    """The candidate has corrected a transcript of it."""
    is_reviewed: bool
    """A reviewer has had it evaluated again, or has set it aside."""
    as_heard: AsHeardBody | None
    """Without all that; null where there is none of it."""
    unscorable: Doubt | None
    unscorable_words: str
    evaluator: EvaluatorName | None
    coverage: float | None
    """0 to 1, of all attempts together."""
    hints: list[HintBody]
    clarifications: int
    repeats: int
    silences: int
    attempts: list[AttemptBody]
    unclear: list[AttemptBody]
    """What could not be made out: none of it is an attempt."""
    key_points: list[PointBody]
    """Empty until the question is over, where it was never asked, and where it could not be scored."""
    model_answer: str
    """Empty until the question is over."""
    asked_at: datetime | None
    done_at: datetime | None
    practice: list[PracticeBody]
    can_practise: bool


class StageBody(Schema):
    stage: Stage
    points: int
    maximum: int
    """Nine for each of its questions, less those that could not be scored."""
    questions: int
    asked: int
    not_scorable: int
    percent: float | None


class FillerBody(Schema):
    word: str
    count: int


class SpeechBody(Schema):
    """How the answers were spoken, in counts. It says nothing of how anybody felt."""

    answers: int
    """Spoken answers that were counted."""
    words: int
    speaking_seconds: float
    """From the first sound of each to its last, as far as that is known."""
    words_a_minute: float | None
    fillers: int
    filler_words: list[FillerBody]
    pauses: int | None
    """Silences within answers, in the recording; null: no answer was recorded."""
    longest_pause_ms: float | None
    pause_from_ms: int
    """A silence as long as this is a pause."""
    recorded_answers: int
    """In so many answers pauses could be counted."""


class TrendBody(Schema):
    """One of the candidate's interviews."""

    interview_id: UUID
    persona: str
    persona_name: str
    question_bank: str
    finished_at: datetime
    points: int
    maximum: int
    percent: float | None
    is_this: bool


class RuleBody(Schema):
    """One row of the table."""

    points: int
    when: str


class HowBody(Schema):
    """How the points come about."""

    rules: list[RuleBody]
    notes: list[str]
    """Whole sentences."""


class InterviewCallBody(Schema):
    """A call in which it was held."""

    call_id: UUID
    started_at: datetime
    duration_seconds: float
    sound: SoundState


class InterviewBody(InterviewSummary):
    summary: str
    """One or two sentences."""
    how: HowBody
    evaluator: Literal["minilm", "lexical", "mixed"] | None
    """Who compared the answers; null: nothing was evaluated."""
    evaluator_words: str
    candidate: str
    """What the persona calls the person."""
    questions: list[QuestionBody]
    stages: list[StageBody]
    speech: SpeechBody
    trend: list[TrendBody]
    """The candidate's finished interviews up to this one, oldest first; this one too, once it is over."""
    calls: list[InterviewCallBody]
