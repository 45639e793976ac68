"""Which weights agree best with people? A few numbers, fitted by question groups, near what is known to work.

features of every answer ──> minimise: (1 − r) + labels on the wrong side of a cut + adversarial answers
                                        + distance to the formula that was found by hand
cross-validation: the answers to one question are never on both sides
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from ai_agent.interviewer.comparison import Embed, compare
from ai_agent.interviewer.evaluator import HEAP_AT_MOST, Label, as_point
from ai_agent.interviewer.intent import Intent, classify_intent
from ai_agent.interviewer.matching import FEATURES
from ai_agent.interviewer.verdicts import (
    CORRECT_FROM,
    COVERED_FROM,
    FEWEST_TO_STAND,
    NOTHING_STANDS_AT_MOST,
    PARTIAL_FROM,
    label_of,
)
from bench.interview.answers import Graded
from bench.interview.figures import LABELS, pearson

Array = npt.NDArray[np.float64]
Weights = Mapping[str, float]

PRIOR: Final[dict[str, float]] = {"bias": -0.375, "cosine": 1.5, "recall": 1.0, "together": 0.0, "topical": 0.0}
"""clip((0.6 · cosine + 0.4 · recall − 0.15) / 0.40): the formula that was found by hand."""
PRIOR_LEXICAL: Final[dict[str, float]] = {**PRIOR, "bias": 0.0, "cosine": 0.0, "recall": 1.2}
"""Half of a point's words, and a little more."""
NEAR_PRIOR_LEXICAL: Final = 4.0
"""Without meanings the fit would take a single word of a point for the point."""
FITTED: Final[tuple[str, ...]] = ("cosine", "recall", "topical")
FITTED_LEXICAL: Final[tuple[str, ...]] = ("recall", "together")
FOLDS: Final = 5

NEAR_PRIOR: Final = 0.06
LABEL_WEIGHT: Final = 3.0
GRAVE: Final = 3.0
"""An incorrect answer that is called correct counts so many times."""
MARGIN: Final = 0.03
"""How far from a cut an answer should lie."""
MOST_LOST: Final = 0.35
"""A single answer costs no more, however far it lies."""
SHARPNESS: Final = 12.0
"""Of the soft cut to 0..1 that stands in for the hard one while the weights move."""


@dataclass(frozen=True)
class Compared:
    """A set of answers, measured."""

    name: str
    answers: tuple[Graded, ...]
    features: Array
    """A row a point of an answer."""
    answer_of: npt.NDArray[np.int64]
    """Which answer a row belongs to."""
    is_attempt: npt.NDArray[np.bool_]
    is_empty: npt.NDArray[np.bool_]
    """A row a point: nothing of it was said."""
    most: Array
    """A row a point: its score at most."""
    is_heap: npt.NDArray[np.bool_]
    is_contradicted: npt.NDArray[np.bool_]

    @property
    def grades(self) -> Array:
        return np.array([answer.grade for answer in self.answers])

    @property
    def wanted(self) -> list[Label]:
        return [answer.label for answer in self.answers]

    @property
    def groups(self) -> npt.NDArray[np.str_]:
        return np.array([answer.question_id for answer in self.answers])


def measure(name: str, answers: Sequence[Graded], embed: Embed | None) -> Compared:
    """Every answer against its points."""
    features, owners, empty, most = [], [], [], []
    attempts, heaps, contradicted = [], [], []
    for number, answer in enumerate(answers):
        points = [as_point(point) for point in answer.points]
        found = compare(answer.question, points, answer.answer, misconceptions=answer.misconceptions, embed=embed)
        for near in found.nearness:
            features.append([getattr(near, feature) for feature in FEATURES])
            owners.append(number)
            empty.append(near.cosine <= 0 and near.recall <= 0)
            most.append(near.most)
        attempts.append(classify_intent(answer.answer, answer.question) is Intent.ANSWER and bool(found.heard.clauses))
        heaps.append(found.heard.is_heap)
        contradicted.append(bool(found.against))
    return Compared(
        name=name,
        answers=tuple(answers),
        features=np.array(features),
        answer_of=np.array(owners),
        is_attempt=np.array(attempts),
        is_empty=np.array(empty),
        most=np.array(most),
        is_heap=np.array(heaps),
        is_contradicted=np.array(contradicted),
    )


def coverages(compared: Compared, weights: Weights, *, sharpness: float = 0.0) -> Array:
    """Of every answer, as the evaluator computes it; with `sharpness` the soft stand-in."""
    total = weights["bias"] + compared.features @ np.array([weights[feature] for feature in FEATURES])
    scores = _soft(total, sharpness) if sharpness else np.clip(total, 0.0, 1.0)
    scores = np.where(compared.is_heap[compared.answer_of], np.minimum(scores, HEAP_AT_MOST), scores)
    scores = np.where(compared.is_empty, 0.0, np.minimum(scores, compared.most))
    count = np.bincount(compared.answer_of, minlength=len(compared.answers))
    means = np.bincount(compared.answer_of, weights=scores, minlength=len(compared.answers)) / count
    if not sharpness:
        best = np.zeros(len(compared.answers))
        np.maximum.at(best, compared.answer_of, scores)
        nothing_stands = (count >= FEWEST_TO_STAND) & (best < COVERED_FROM) & ~compared.is_contradicted
        means = np.where(nothing_stands, np.minimum(means, NOTHING_STANDS_AT_MOST), means)
    return np.where(compared.is_attempt, means, 0.0)


def _soft(total: Array, sharpness: float) -> Array:
    return cast("Array", (np.logaddexp(0, sharpness * total) - np.logaddexp(0, sharpness * (total - 1))) / sharpness)


def labels(compared: Compared, found: Array) -> list[Label]:
    """Of coverages, as the evaluator gives them."""
    return [
        label_of(float(coverage), is_contradicted=bool(contradicted))
        for coverage, contradicted in zip(found, compared.is_contradicted, strict=True)
    ]


# ── fitting ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Share:
    """A set, which of its answers are used, and how much they count."""

    compared: Compared
    used: npt.NDArray[np.bool_]
    weight: float = 1.0


def fit(graded: Sequence[Share], labelled: Sequence[Share], fitted: Sequence[str] = FITTED) -> dict[str, float]:
    """The weights that agree best with the answers that are used."""
    prior, pull = (PRIOR, NEAR_PRIOR) if "cosine" in fitted else (PRIOR_LEXICAL, NEAR_PRIOR_LEXICAL)
    start = np.array([prior["bias"], *(prior[name] for name in fitted)])
    losses = [_graded_loss(share) for share in graded]
    misled = [_labelled_loss(share) for share in labelled]

    def loss(values: Array) -> float:
        weights = _named(values, fitted)
        return (
            sum(one(weights) for one in losses)
            + sum(one(weights) for one in misled)
            + pull * float(((values - start) ** 2).sum())
        )

    return _named(minimize(loss, start, method="L-BFGS-B").x, fitted)


def _named(values: Array, fitted: Sequence[str]) -> dict[str, float]:
    given = dict(zip(("bias", *fitted), values.tolist(), strict=True))
    return {name: float(given.get(name, 0.0)) for name in PRIOR}


def _graded_loss(share: Share) -> Callable[[Weights], float]:
    compared, used = share.compared, share.used
    grades = compared.grades[used]
    people = np.array([LABELS.index(label) for label in compared.wanted])[used]
    low, high = (
        np.array([-1.0, PARTIAL_FROM, CORRECT_FROM])[people],
        np.array([PARTIAL_FROM, CORRECT_FROM, 9.0])[people],
    )
    count = np.maximum(1, np.bincount(people, minlength=3))
    each = (1 / count**0.7)[people]

    def loss(weights: Weights) -> float:
        found = coverages(compared, weights, sharpness=SHARPNESS)[used]
        off = np.maximum(0, low + MARGIN - found) + np.maximum(0, found - high + MARGIN)
        off = np.minimum(off, MOST_LOST) * np.where((people == 0) & (found > CORRECT_FROM - MARGIN), GRAVE, 1.0)
        wrong_side = float((off * each).sum() / each.sum())
        return share.weight * (1 - pearson(found, grades) + LABEL_WEIGHT * wrong_side)

    return loss


def _labelled_loss(share: Share) -> Callable[[Weights], float]:
    compared = share.compared
    used = share.used & compared.is_attempt
    low = np.array([_lowest(answer.accepted) for answer in compared.answers])[used]
    high = np.array([_highest(answer.accepted) for answer in compared.answers])[used]
    high = np.where(compared.is_contradicted[used] & (high >= CORRECT_FROM), 9.0, high)

    def loss(weights: Weights) -> float:
        found = coverages(compared, weights, sharpness=SHARPNESS)[used]
        off = np.maximum(0, low + MARGIN - found) + np.maximum(0, found - high + MARGIN)
        return share.weight * float(off.mean()) if len(off) else 0.0

    return loss


def _lowest(accepted: Sequence[Label]) -> float:
    return min({"incorrect": -1.0, "partial": PARTIAL_FROM, "correct": CORRECT_FROM}[label] for label in accepted)


def _highest(accepted: Sequence[Label]) -> float:
    return max({"incorrect": PARTIAL_FROM, "partial": CORRECT_FROM, "correct": 9.0}[label] for label in accepted)


def folds(groups: npt.NDArray[np.str_], *, seed: int = 0) -> list[npt.NDArray[np.bool_]]:
    """Which answers are held out in each fold: all to one question together."""
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    return [np.isin(groups, names[number::FOLDS]) for number in range(FOLDS)]


@dataclass(frozen=True)
class Counted:
    """A set, and how much it counts in the fit."""

    compared: Compared
    weight: float


def cross_validated(
    graded: Sequence[Counted], labelled: Sequence[Counted], fitted: Sequence[str] = FITTED, *, seed: int = 0
) -> list[Array]:
    """The coverages of every answer of both kinds, by weights fitted without any answer to its question."""
    sets = [*graded, *labelled]
    held = [folds(one.compared.groups, seed=seed) for one in sets]
    found = [np.zeros(len(one.compared.answers)) for one in sets]
    for number in range(FOLDS):
        shares = [Share(one.compared, ~out[number], one.weight) for one, out in zip(sets, held, strict=True)]
        weights = fit(shares[: len(graded)], shares[len(graded) :], fitted)
        for values, one, out in zip(found, sets, held, strict=True):
            values[out[number]] = coverages(one.compared, weights)[out[number]]
    return found


def fit_all(graded: Sequence[Counted], labelled: Sequence[Counted], fitted: Sequence[str] = FITTED) -> dict[str, float]:
    """The weights for use: fitted to every answer."""

    def whole(sets: Sequence[Counted]) -> list[Share]:
        return [Share(one.compared, np.ones(len(one.compared.answers), bool), one.weight) for one in sets]

    return fit(whole(graded), whole(labelled), fitted)
