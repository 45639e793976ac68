"""Does the bench of the evaluator measure what it says, on answers that lie in the tree?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ai_agent.interviewer import weights as written
from ai_agent.interviewer.evaluator import evaluate
from ai_agent.interviewer.matching import FEATURES
from bench.interview import __main__ as bench
from bench.interview import answers
from bench.interview.figures import agreement, confusion, quadratic_kappa
from bench.interview.fitting import FITTED_LEXICAL, Counted, coverages, cross_validated, fit_all, folds, labels, measure
from bench.interview.robustness import CHANGES, lowered_by_a_point, share_unchanged


@pytest.fixture(scope="module")
def saf() -> list[answers.Graded]:
    return answers.saf(answers.SAF_SAMPLE)


def test_the_sample_is_small_and_has_every_grade(saf: list[answers.Graded]) -> None:
    assert 40 <= len(saf) <= 100
    assert {one.label for one in saf} == {"correct", "partial", "incorrect"}


def test_our_own_answers_are_whole() -> None:
    rows = answers.adversarial()
    assert len({one.id for one in rows}) == len(rows) >= 75
    assert all(one.accepted and one.points and one.tag for one in rows)


def test_the_bench_computes_what_the_evaluator_says(saf: list[answers.Graded]) -> None:
    compared = measure("adversarial", answers.adversarial(), None)
    values = coverages(compared, written.LEXICAL)
    for one, value, label in zip(compared.answers, values, labels(compared, values), strict=True):
        result = evaluate(one.question, one.points, one.answer, misconceptions=one.misconceptions)
        if not result.contradicted:
            assert (result.label, round(result.coverage, 6)) == (label, round(float(value), 6)), one.id


def test_the_answers_to_a_question_are_never_on_both_sides() -> None:
    groups = np.array(["a", "a", "b", "c", "c", "d", "e", "f"])
    for held in folds(groups):
        assert not set(groups[held]) & set(groups[~held])
    assert sum(held.astype(int) for held in folds(groups)).tolist() == [1] * len(groups)  # type: ignore[attr-defined]


def test_every_answer_gets_a_coverage_by_weights_that_have_not_seen_its_question(saf: list[answers.Graded]) -> None:
    graded = [Counted(measure("saf", saf, None), 1.0)]
    labelled = [Counted(measure("adversarial", answers.adversarial(), None), 1.0)]
    found = cross_validated(graded, labelled, FITTED_LEXICAL)
    assert [len(values) for values in found] == [len(saf), len(answers.adversarial())]
    assert (
        agreement(
            found[0], graded[0].compared.grades, labels(graded[0].compared, found[0]), graded[0].compared.wanted
        ).r
        > 0.2
    )
    assert set(fit_all(graded, labelled, FITTED_LEXICAL)) == {"bias", *FEATURES}


def test_kappa_punishes_the_far_error_more() -> None:
    near = confusion(["partial", "partial", "correct", "incorrect"], ["correct", "partial", "correct", "incorrect"])
    far = confusion(["incorrect", "partial", "correct", "incorrect"], ["correct", "partial", "correct", "incorrect"])
    assert quadratic_kappa(far) < quadratic_kappa(near) < 1


def test_weights_are_written_and_the_others_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "weights.py"
    target.write_text(bench.WEIGHTS.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(bench, "WEIGHTS", target)
    monkeypatch.setattr(bench, "BACKEND", tmp_path)
    bench.write(dict.fromkeys(("bias", *FEATURES), 0.12345), is_lexical=True)
    names: dict[str, object] = {}
    exec(target.read_text(encoding="utf-8"), names)  # noqa: S102 - the file that was just written
    assert names["WITH_EMBEDDING"] == written.WITH_EMBEDDING
    assert names["LEXICAL"] == dict.fromkeys(("bias", *FEATURES), 0.123)


def test_by_words_alone_a_worse_recognition_seldom_changes_a_label(saf: list[answers.Graded]) -> None:
    for name, change in CHANGES.items():
        assert share_unchanged(saf, change, None) >= 0.85, name
    assert lowered_by_a_point(saf, None) == 0


def test_a_bank_gives_answers_of_one_point_of_half_and_of_all(tmp_path: Path) -> None:
    point = '[[question.point]]\nid = "p{0}"\nname = "n"\nwordings = ["first {0}", "second {0}"]\nhint = "h"\n'
    text = (
        'version = 1\ntopic = "t"\ntitle = "T"\n[[question]]\nid = "t-q"\nstage = "basic"\ntext = "Why?"\n'
        'clarification = "c"\nmodel_answer = "m"\nmisconceptions = ["x", "y"]\n' + "".join(map(point.format, "123"))
    )
    (tmp_path / "t.toml").write_text(text, encoding="utf-8")
    rows = answers.from_bank([tmp_path / "t.toml"])
    assert [one.answer for one in rows if one.tag == "bank: one point"] == ["second 1", "second 2", "second 3"]
    assert [one.answer for one in rows if one.tag == "bank: half"] == ["second 1 second 2", "second 2 second 3"]
    assert {one.points for one in rows} == {("first 1", "first 2", "first 3")}
