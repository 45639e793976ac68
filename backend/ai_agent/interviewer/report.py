"""What does the report of an interview say? A pure function of its rows: every point with the words it came from.

    rows of the questions, reviews, utterances ──> report_of ──> score, questions with receipts, difficulty, pace, trend

The same rows, the same report. Of an interview that goes on it shows what is over and gives nothing away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ai_agent.interviewer.pace import pace_of
from ai_agent.interviewer.question_bank import STAGES, Stage
from ai_agent.interviewer.receipts import SpokenTurn, SpokenTurns
from ai_agent.interviewer.report_shapes import (
    InterviewRecord,
    PastInterview,
    Report,
    ReportedQuestion,
    Score,
    StageScore,
    TrendPoint,
)
from ai_agent.interviewer.report_words import BANDS, Band, evaluator_words, how_it_is_computed, summary_of
from ai_agent.interviewer.reported_question import told
from ai_agent.interviewer.scoring import MOST, InterviewScore, QuestionRow, score_of
from ai_agent.interviewer.state import QuestionState
from ai_agent.interviewer.verdicts import Evaluation


def report_of(interview: InterviewRecord) -> Report:
    """The whole report."""
    turns = SpokenTurns(interview.turns)
    questions = tuple(told(interview, record, turns) for record in interview.questions)
    now = [record.now for record in interview.questions]
    score = _score_of(interview, now)
    evaluator = _evaluator_of(now)
    stages = tuple(_stage_score(stage, now) for stage in STAGES)
    return Report(
        score=score,
        summary=summary_of(
            status=interview.status,
            next_question=interview.next_question,
            total=score.total,
            points=score.points,
            maximum=score.maximum,
            band=score.band,
            not_scorable=score.not_scorable,
            best=_best(stages),
            missed=_missed(questions),
        ),
        how=how_it_is_computed(),
        evaluator=evaluator,
        evaluator_words=evaluator_words(evaluator, is_checked=any(one.is_checked for one in _evaluations(now))),
        questions=questions,
        stages=stages,
        speech=pace_of(spoken_answers(interview)),
        trend=tuple(_trend_point(past, interview.interview_id) for past in interview.past),
    )


def overall(
    now: Sequence[QuestionRow],
    *,
    is_over: bool,
    as_heard: Sequence[QuestionRow] | None = None,
    total: int | None = None,
) -> Score:
    """The score of an interview's rows. `as_heard`: the same without reviews, where there are any."""
    score, heard = score_of(now), score_of(now if as_heard is None else as_heard)
    percent = _rounded(score.of_all_percent)
    return Score(
        points=score.points,
        out_of=score.maximum + MOST * score.not_scorable,
        maximum=score.maximum,
        asked_maximum=score.asked_maximum,
        percent=percent,
        asked_percent=_rounded(score.of_asked_percent),
        asked=score.asked,
        scored=score.scored,
        not_scorable=score.not_scorable,
        not_reached=sum(not row.asked for row in now),
        total=len(now) if total is None else total,
        band=_band_of(score) if is_over else None,
        is_corrected=as_heard is not None,
        points_as_heard=heard.points,
        maximum_as_heard=heard.maximum,
    )


def _score_of(interview: InterviewRecord, now: Sequence[QuestionState]) -> Score:
    has_reviews = any(record.reviews for record in interview.questions)
    as_heard = [record.lived.row for record in interview.questions] if has_reviews else None
    return overall([state.row for state in now], is_over=interview.is_over, as_heard=as_heard)


def _band_of(score: InterviewScore) -> Band | None:
    percent = score.of_all_percent
    return None if percent is None else next(band for band in BANDS if percent >= band.from_percent)


def _stage_score(stage: Stage, states: Sequence[QuestionState]) -> StageScore:
    own = [state for state in states if state.stage == stage]
    lost = sum(state.unscorable is not None for state in own)
    maximum = MOST * (len(own) - lost)
    points = sum(state.points or 0 for state in own)
    return StageScore(
        stage=stage,
        points=points,
        maximum=maximum,
        questions=len(own),
        asked=sum(state.is_asked for state in own),
        not_scorable=lost,
        percent=_rounded(100 * points / maximum) if maximum else None,
    )


def _evaluator_of(states: Sequence[QuestionState]) -> Literal["minilm", "lexical", "mixed"] | None:
    names = {one.evaluator for one in _evaluations(states)}
    if len(names) > 1:
        return "mixed"
    return next(iter(names), None)


def _evaluations(states: Sequence[QuestionState]) -> list[Evaluation]:
    return [one.evaluation for state in states for one in state.attempts if one.evaluation is not None]


def _best(stages: Sequence[StageScore]) -> StageScore | None:
    reached = [stage for stage in stages if stage.asked and stage.percent]
    return max(reached, key=lambda stage: stage.percent or 0.0, default=None)


def _missed(questions: Sequence[ReportedQuestion]) -> list[str]:
    """What is worth another look: one missed point of each question with few points, the fewest first."""
    weak = [question for question in questions if question.points is not None and question.points < MOST]
    missed = [
        [point.name for point in question.key_points if point.status != "covered"]
        for question in sorted(weak, key=lambda question: question.points or 0)
        if question.is_asked
    ]
    return [names[0] for names in missed if names]


def spoken_answers(interview: InterviewRecord, *, with_unclear: bool = False) -> list[SpokenTurn]:
    """The utterances of all attempts, each once; `with_unclear`: and what could not be made out."""
    turns = SpokenTurns(interview.turns)
    lived = [record.lived for record in interview.questions]
    attempts = [attempt for one in lived for attempt in (*one.attempts, *(one.unclear if with_unclear else ()))]
    parts = {
        part.utterance_id for attempt in attempts for part in turns.parts_of(attempt.transcript, attempt.utterance_id)
    }
    return [turn for turn in interview.turns if turn.utterance_id in parts]


def _trend_point(past: PastInterview, this: str) -> TrendPoint:
    score = score_of(past.rows)
    return TrendPoint(
        interview_id=past.interview_id,
        persona=past.persona,
        persona_name=past.persona_name,
        question_bank=past.question_bank,
        finished_at=past.finished_at,
        points=score.points,
        maximum=score.maximum,
        percent=_rounded(score.of_all_percent),
        is_this=past.interview_id == this,
    )


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 1)
