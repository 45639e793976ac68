"""Does the evaluator agree with people, and is it not misled? Every figure, on questions that were held out.

    python -m bench.interview --data DIR             all sets of DIR and our own adversarial answers
    python -m bench.interview                        what lies in the tree: the sample of SAF, our own answers
    python -m bench.interview --data DIR --write     and writes the weights, fitted to all of them, into the core

Each figure is cross-validated: weights are fitted five times without a fifth of the questions, and only answers to
those are counted. `--lexical` measures the evaluator without the embedding; `--wrong` prints what went wrong.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ai_agent.interviewer import weights as written
from ai_agent.interviewer.evaluator import Embed, evaluate
from ai_agent.interviewer.intent import classify_intent
from ai_agent.sentence_embedding import SentenceEmbedding
from bench.interview import MODEL, answers, robustness
from bench.interview.figures import Array, agreement
from bench.interview.fitting import (
    FITTED,
    FITTED_LEXICAL,
    Compared,
    Counted,
    Weights,
    coverages,
    cross_validated,
    fit_all,
    labels,
    measure,
)

BACKEND: Final = Path(__file__).parents[2]
WEIGHTS: Final = BACKEND / "ai_agent" / "interviewer" / "weights.py"
BANKS: Final = BACKEND / "ai_agent" / "interviewer" / "banks"

COUNTS: Final = {
    "mohler": 1.0,
    "digiklausur": 0.05,
    "saf": 0.05,
    "adversarial": 9.0,
    "more adversarial": 3.0,
    "unseen adversarial": 0.0,
    "bank": 2.0,
}
"""How much a set counts in the fit: two people graded the first, and its points were written by hand. The unseen one
counts nothing, and no rule was written with it in sight."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="the folder with the graded answers")
    parser.add_argument("--model", type=Path, default=MODEL, help="the folder of the encoder")
    parser.add_argument("--banks", type=Path, default=BANKS, help="the folder with the question banks")
    parser.add_argument("--lexical", action="store_true", help="without the embedding")
    parser.add_argument("--wrong", action="store_true", help="print the adversarial answers that went wrong")
    parser.add_argument("--write", action="store_true", help="write the weights into the core")
    arguments = parser.parse_args()
    embed = None if arguments.lexical else SentenceEmbedding(arguments.model)
    rows, misleading = read(arguments.data), answers.adversarial()
    graded = [_counted(name, one, embed) for name, one in rows.items()]
    labelled = [
        _counted("adversarial", misleading, embed),
        _counted("more adversarial", answers.adversarial(answers.MORE_ADVERSARIAL), embed),
        _counted("unseen adversarial", answers.adversarial(answers.UNSEEN_ADVERSARIAL), embed),
    ]
    if files := sorted(arguments.banks.rglob("*.toml")):
        labelled.append(_counted("bank", answers.from_bank(files), embed))
    fitted = FITTED_LEXICAL if arguments.lexical else FITTED
    print("on questions held out")
    print_agreement(graded, labelled, cross_validated(graded, labelled, fitted), show_wrong=False)
    weights = fit_all(graded, labelled, fitted)
    if arguments.write:
        write(weights, is_lexical=arguments.lexical)
    print(
        "with the weights that are fitted to all of them:", {name: round(value, 3) for name, value in weights.items()}
    )
    values = [coverages(one.compared, weights) for one in (*graded, *labelled)]
    print_agreement(graded, labelled, values, show_wrong=arguments.wrong)
    print_intents(misleading)
    print_cost(graded[0].compared, arguments.model, is_lexical=arguments.lexical)
    robustness.print_figures(graded[0].compared.answers, embed)
    return 0


def _counted(name: str, rows: Sequence[answers.Graded], embed: Embed | None) -> Counted:
    return Counted(measure(name, rows, embed), COUNTS[name])


def read(folder: Path | None) -> dict[str, list[answers.Graded]]:
    """The graded sets that are there."""
    if folder is None:
        return {"saf": answers.saf(answers.SAF_SAMPLE)}
    return {
        "mohler": answers.mohler(folder),
        "digiklausur": answers.digiklausur(folder),
        "saf": answers.saf(folder / "saf2_en.tsv"),
    }


def print_agreement(
    graded: Sequence[Counted], labelled: Sequence[Counted], values: Sequence[Array], *, show_wrong: bool
) -> None:
    for one, found in zip(graded, values, strict=False):
        print(f"  {told(one.compared, found)}")
    for one, found in zip(labelled, values[len(graded) :], strict=True):
        print(f"  {told_labelled(one.compared, found)}")
        if show_wrong and one.compared.name in ("adversarial", "more adversarial"):
            print_wrong(one.compared, found)


def told(compared: Compared, values: Array) -> str:
    figures = agreement(values, compared.grades, labels(compared, values), compared.wanted)
    questions = len(set(compared.groups.tolist()))
    return f"{compared.name} ({len(compared.answers)} answers, {questions} questions): {figures}"


def told_labelled(compared: Compared, values: Array) -> str:
    found = labels(compared, values)
    right = sum(label in one.accepted for label, one in zip(found, compared.answers, strict=True))
    must_not = [number for number, one in enumerate(compared.answers) if "correct" not in one.accepted]
    errors = sum(found[number] == "correct" for number in must_not)
    good = [number for number, one in enumerate(compared.answers) if one.label == "correct"]
    stay = sum(found[number] == "correct" for number in good)
    return (
        f"{compared.name}: {right} of {len(found)} right ({100 * right / len(found):.0f} %), "
        f"{errors} of {len(must_not)} must-not errors, "
        f"{stay} of {len(good)} correct ones stay correct ({100 * stay / len(good):.0f} %)"
    )


def print_wrong(compared: Compared, values: Array) -> None:
    for number, label in enumerate(labels(compared, values)):
        one = compared.answers[number]
        if label not in one.accepted:
            print(f"    {one.tag}: {label} ({values[number]:.2f}), not {'/'.join(one.accepted)}: {one.answer}")


def print_intents(rows: Sequence[answers.Graded]) -> None:
    wrong = [one for one in rows if classify_intent(one.answer, one.question) != one.intent]
    print(f"intent: {len(rows) - len(wrong)} of {len(rows)} right ({100 * (1 - len(wrong) / len(rows)):.0f} %)")
    for tag, count in Counter(one.tag for one in wrong).items():
        print(f"    {tag}: {count} wrong")


def print_cost(compared: Compared, model: Path, *, is_lexical: bool) -> None:
    """CPU time of answers that were not heard before; the key points are known."""
    fresh = None if is_lexical else SentenceEmbedding(model)
    sample = compared.answers[:: max(1, len(compared.answers) // 150)]
    for one in sample:
        evaluate(one.question, one.points, "warm up the key points", embed=fresh)
    began = time.process_time()
    for one in sample:
        evaluate(one.question, one.points, one.answer, misconceptions=one.misconceptions, embed=fresh)
    each = 1_000 * (time.process_time() - began) / len(sample)
    print(f"cost: {each:.1f} CPU ms an answer ({compared.name}, {len(sample)} answers)")


def write(weights: Weights, *, is_lexical: bool) -> None:
    """The weights into the core; those of the other evaluator stay."""
    both = {"WITH_EMBEDDING": dict(written.WITH_EMBEDDING), "LEXICAL": dict(written.LEXICAL)}
    both["LEXICAL" if is_lexical else "WITH_EMBEDDING"] = {name: round(value, 3) for name, value in weights.items()}
    lines = [
        f"{name}: Final = {{{', '.join(f'{key!r}: {value!r}' for key, value in values.items())}}}".replace("'", '"')
        for name, values in both.items()
    ]
    head = WEIGHTS.read_text(encoding="utf-8").partition("WITH_EMBEDDING")[0]
    WEIGHTS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"written: {WEIGHTS.relative_to(BACKEND)}")


if __name__ == "__main__":
    raise SystemExit(main())
