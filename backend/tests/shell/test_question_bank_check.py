"""Does the evaluator agree with the banks of the product, and does the command that checks them say what is wrong?"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ai_agent.answer_evaluation import embed_or_none, why_lexical
from ai_agent.interviewer.bank_check import hint_problems_of, problems_of
from ai_agent.interviewer.question_bank import Question
from ai_agent.management.commands.check_question_bank import problems_in
from ai_agent.question_banks import BANKS, read_bank
from tests.core.interviews import question
from tests.shell.banks import write_bank

WHOLE_EVERY = 3
"""Of every third question all is compared, of the others the hints: the command compares all of all."""


@pytest.mark.models
def test_model_answers_are_correct_wrong_statements_are_not_and_hints_keep_their_points() -> None:
    embed = embed_or_none()
    assert embed is not None, why_lexical()
    questions = [one for folder in sorted(BANKS.iterdir()) if folder.is_dir() for one in read_bank(folder).questions]
    whole = {one.id for one in questions[::WHOLE_EVERY]}

    def check(question: Question) -> tuple[str, ...]:
        return (problems_of if question.id in whole else hint_problems_of)(question, embed=embed)

    assert [problem for _, problems in problems_in(questions, check) for problem in problems] == []


def checked(file: Path) -> str:
    """What the command prints for a file."""
    out = io.StringIO()
    try:
        call_command("check_question_bank", file, "--lexical", stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def test_the_command_tells_how_far_it_is_and_what_is_wrong(tmp_path: Path) -> None:
    file = write_bank(tmp_path) / "software-engineering" / "python.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("What comes to mind about its memory?", "It takes a lot of memory.", 1), "utf-8")
    said = checked(file).splitlines()
    assert "20 of 32 questions compared" in said
    assert any(
        line.startswith("python-basic-0: the hint “It takes a lot of memory.” gives 'memory' away") for line in said
    )
    assert said[-1].endswith("questions of 1 files")


@pytest.mark.parametrize(
    "hint",
    [
        pytest.param("Why is it that using lists takes memory?", id="a question with a question word"),
        pytest.param("What do you mean by using lists takes memory?", id="what would be a request"),
    ],
)
def test_a_hint_that_tells_its_point_in_a_question_is_refused(hint: str) -> None:
    order, cost, use = question(0).points
    told = replace(question(0), points=(order, replace(cost, hint=hint), use))
    problem = f"python-lists: the hint “{hint}” gives 'cost' away"
    assert [line.startswith(problem) for line in hint_problems_of(told) if "the hint" in line] == [True]


def test_a_clarification_that_tells_a_point_in_a_question_is_refused() -> None:
    told = replace(question(0), clarification="Why is it that using lists takes memory?")
    problem = "python-lists: the clarification gives 'cost' away"
    assert [line.startswith(problem) for line in hint_problems_of(told) if "clarification" in line] == [True]


def test_a_file_that_is_no_bank_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text("[[question]", encoding="utf-8")
    assert f"{tmp_path / 'odd.toml'}: file: not TOML" in checked(tmp_path / "odd.toml")
