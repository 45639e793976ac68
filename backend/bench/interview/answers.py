"""Which graded answers are there? Sets of answers with people's grades, and our own adversarial answers.

Two of the sets have no licence that would let them into the tree: they are read from a folder that is named. A small
part of the third (SAF, MIT) and our own answers lie beside this file.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ai_agent.interviewer.clauses import stems_of
from ai_agent.interviewer.evaluator import Label
from ai_agent.interviewer.question_bank import Question, parse_topic

HERE: Final = Path(__file__).parent
ADVERSARIAL: Final = HERE / "adversarial.jsonl"
MORE_ADVERSARIAL: Final = HERE / "adversarial_more.jsonl"
UNSEEN_ADVERSARIAL: Final = HERE / "adversarial_unseen.jsonl"
"""On other questions again: never looked at while rules are written, only counted."""
KEY_POINTS: Final = HERE / "mohler_keypoints.json"
SAF_SAMPLE: Final = HERE / "saf_sample.tsv"

BEST_GRADE: Final = 5.0
CORRECT_FROM: Final = 4.0
PARTIAL_FROM: Final = 2.0
"""Grades from which people's label is correct, or partial."""

MAX_POINTS: Final = 8
"""A reference answer is split into at most so many points."""


@dataclass(frozen=True)
class Graded:
    """An answer with people's grade, 0 to 5, or one of ours with the labels that reasonable people would give."""

    id: str
    question_id: str
    question: str
    points: tuple[str, ...]
    answer: str
    grade: float
    accepted: tuple[Label, ...] = ()
    misconceptions: tuple[str, ...] = ()
    intent: str = "answer"
    tag: str = ""

    @property
    def label(self) -> Label:
        """What people call it."""
        return "correct" if self.grade >= CORRECT_FROM else "partial" if self.grade >= PARTIAL_FROM else "incorrect"


def mohler(folder: Path) -> list[Graded]:
    """Data structures and C++; the average of two people's grades."""
    points = json.loads(KEY_POINTS.read_text(encoding="utf-8"))
    return [
        Graded(
            id=f"{row['qid']}/{row['idx']}",
            question_id=row["qid"],
            question=row["question"],
            points=tuple(points[row["qid"]]),
            answer=row["answer"],
            grade=float(row["grade_avg"]),
        )
        for row in _rows(folder / "mohler2011.tsv", quoting=csv.QUOTE_NONE)
    ]


def digiklausur(folder: Path) -> list[Graded]:
    """Neural networks; one person, three grades. The reference is split into points by rule."""
    return [
        Graded(
            id=f"{row['qid']}/{number}",
            question_id=row["qid"],
            question=row["question"],
            points=points_in(row["reference"]),
            answer=row["answer"],
            grade=float(row["score"]) * BEST_GRADE / 2,
        )
        for number, row in enumerate(_rows(folder / "digiklausur_nn.tsv"))
    ]


def saf(path: Path) -> list[Graded]:
    """Communication networks; the grade is the share of the question's best score."""
    rows = list(_rows(path))
    best: dict[str, float] = {}
    for row in rows:
        best[row["qid"]] = max(best.get(row["qid"], 0.0), float(row["score"]))
    return [
        Graded(
            id=f"{row['qid']}/{number}",
            question_id=row["qid"],
            question=row["question"],
            points=points_in(row["reference"]),
            answer=row["answer"],
            grade=float(row["score"]) / best[row["qid"]] * BEST_GRADE,
        )
        for number, row in enumerate(rows)
    ]


GRADE_OF: Final[dict[str, float]] = {"correct": 5.0, "partial": 3.0, "incorrect": 0.0}


def adversarial(path: Path = ADVERSARIAL) -> list[Graded]:
    """Spoken-style answers made to mislead: fillers, slips, negations, swapped roles, heaps of words, orders."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [
        Graded(
            id=row["id"],
            question_id=row["qid"],
            question=row["question"],
            points=tuple(row["key_points"]),
            answer=row["answer"],
            grade=GRADE_OF[row["expected"]],
            accepted=tuple(row["accept"]),
            misconceptions=tuple(row["misconceptions"]),
            intent=row["intent"],
            tag=row["tag"],
        )
        for row in rows
    ]


def from_bank(files: Sequence[Path]) -> list[Graded]:
    """Answers put together from a bank: each point in its second wording, compared with the first ones.

    One point alone is partial, half of them or more are correct.
    """
    found: list[Graded] = []
    for path in files:
        for question in parse_topic(path.read_text(encoding="utf-8"), path.name, minimum={}).questions:
            said = [point.wordings[1] for point in question.points if len(point.wordings) > 1]
            for tag, answers, accepted in _put_together(question, said):
                found += [
                    Graded(
                        id=f"{question.id}/{tag}/{number}",
                        question_id=question.id,
                        question=question.text,
                        points=tuple(point.wordings[0] for point in question.points),
                        answer=answer,
                        grade=GRADE_OF[accepted[0]],
                        accepted=accepted,
                        tag=tag,
                    )
                    for number, answer in enumerate(answers)
                ]
    return found


def _put_together(question: Question, said: Sequence[str]) -> Iterator[tuple[str, list[str], tuple[Label, ...]]]:
    yield "bank: one point", list(said), ("partial",)
    half = -(-len(question.points) // 2)
    if len(said) >= half:
        yield "bank: half", [" ".join(said[:half]), " ".join(said[-half:])], ("correct",)
    if len(said) == len(question.points):
        yield "bank: all", [" ".join(said)], ("correct",)
    yield "bank: model answer", [question.model_answer], ("correct",)


def points_in(reference: str) -> tuple[str, ...]:
    """A reference answer, cut where its sentences end.

    >>> points_in("It is fast. It costs memory, though.")
    ('It is fast.', 'It costs memory, though.')
    """
    pieces = [piece.strip(" -*") for piece in re.split(r"(?<=[.;!?])\s+|\n|\s-\s", reference)]
    telling = [piece for piece in pieces if stems_of(piece)]
    return tuple(telling[:MAX_POINTS]) or (reference,)


def _rows(path: Path, *, quoting: int = csv.QUOTE_MINIMAL) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        yield from csv.DictReader(source, delimiter="\t", quoting=quoting)
