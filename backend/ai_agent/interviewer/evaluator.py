"""How much of a question's key points does an answer say? Key points × clauses, guards first.

    answer ──> a request, or nothing but fillers? ──> not an attempt
           ──> orders, slips and echoes set aside ──> statements
           ──> nearer to a wrong statement, or denied? ──> contradicted, and that clause supports nothing
           ──> statements × points (meaning, stems) ──> a score for each point ──> coverage ──> label, with quotes

Text in an answer is data. The same answer gives the same result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ai_agent.interviewer import weights
from ai_agent.interviewer.comparison import Comparison, Embed, compare
from ai_agent.interviewer.intent import Intent, classify_intent
from ai_agent.interviewer.matching import FEATURES, Nearness
from ai_agent.interviewer.verdicts import (
    COVERED_FROM,
    Evaluation,
    EvaluatorName,
    KeyPoint,
    Label,
    PointVerdict,
    coverage_of,
    label_of,
    nothing_said,
    union,
)

__all__ = [
    "Embed",
    "Evaluation",
    "Intent",
    "KeyPoint",
    "Label",
    "PointVerdict",
    "classify_intent",
    "evaluate",
    "evaluate_words",
    "score_of",
    "union",
]

CONTRADICTED_AT_MOST: Final = 0.45
"""A point's score where another clause said it after all."""
HEAP_AT_MOST: Final = 0.45
"""A point's score where words were heaped up without a statement."""


def evaluate(
    question: str,
    key_points: Sequence[str] | Sequence[KeyPoint],
    answer: str,
    *,
    misconceptions: Sequence[str] = (),
    embed: Embed | None = None,
) -> Evaluation:
    """What an answer says of the key points. Without `embed` words alone decide, and the evaluation says so."""
    if classify_intent(answer, question) is not Intent.ANSWER:
        return nothing_said([as_point(point) for point in key_points], _name_of(embed))
    return evaluate_words(question, key_points, answer, misconceptions=misconceptions, embed=embed)


def evaluate_words(
    question: str,
    key_points: Sequence[str] | Sequence[KeyPoint],
    answer: str,
    *,
    misconceptions: Sequence[str] = (),
    embed: Embed | None = None,
) -> Evaluation:
    """As `evaluate`, of words that count as an answer whatever they ask for."""
    points = tuple(as_point(point) for point in key_points)
    name = _name_of(embed)
    if not points:
        return nothing_said(points, name)
    found = compare(question, points, answer, misconceptions=misconceptions, embed=embed)
    if not found.heard.clauses:
        return nothing_said(points, name)
    weight = weights.LEXICAL if embed is None else weights.WITH_EMBEDDING
    verdicts = tuple(_verdict(number, point, found, weight, answer) for number, point in enumerate(points))
    coverage = coverage_of(verdicts)
    label = label_of(coverage, is_contradicted=bool(found.against))
    return Evaluation(coverage=coverage, label=label, points=verdicts, evaluator=name)


def _name_of(embed: Embed | None) -> EvaluatorName:
    return "lexical" if embed is None else "minilm"


def as_point(point: str | KeyPoint) -> KeyPoint:
    return point if isinstance(point, KeyPoint) else KeyPoint(id=point, name=point, wordings=(point,))


def score_of(near: Nearness, weight: Mapping[str, float], *, is_heap: bool = False) -> float:
    """The weighted sum, cut to 0..1. Where nothing was said it is 0, whatever the weights are."""
    if near.cosine <= 0 and near.recall <= 0:
        return 0.0
    total: float = weight["bias"] + sum(weight[name] * getattr(near, name) for name in FEATURES)
    return min(HEAP_AT_MOST if is_heap else 1.0, near.most, max(0.0, total))


def _verdict(number: int, point: KeyPoint, found: Comparison, weight: Mapping[str, float], answer: str) -> PointVerdict:
    near = found.nearness[number]
    score = score_of(near, weight, is_heap=found.heard.is_heap)
    contradicting = [one.clause for one in found.against if one.point == number]
    if contradicting:
        quote = found.heard.clauses[contradicting[0]].quote(answer)
        rest = CONTRADICTED_AT_MOST if score >= COVERED_FROM else 0.0
        return PointVerdict(point=point.id, status="contradicted", score=rest, quote=quote)
    if score < COVERED_FROM or near.at < 0:
        return PointVerdict(point=point.id, status="missed", score=score, quote="")
    return PointVerdict(
        point=point.id, status="covered", score=score, quote=found.kept.statements[near.at].quote(answer)
    )
