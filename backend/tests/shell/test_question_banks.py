"""Are the banks read from their files, checked when the server begins, and chosen from alike in every process?"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.core import checks

from ai_agent import question_banks
from ai_agent.interviewer import lines
from ai_agent.interviewer.controller import Interviewer
from ai_agent.interviewer.plan import new_plan
from ai_agent.interviewer.question_bank import BankError, Question
from ai_agent.interviewer.state import GivenHint, QuestionStatus
from ai_agent.interviewer.steps import Heard
from ai_agent.question_banks import bank_problems, questions_for, read_bank
from ai_agent.speakable import split_sentences
from config import checks as own_checks
from tests.core.interviews import said
from tests.shell.banks import write_bank

INTERVIEW = {"topics": ["python"], "question_bank": "software-engineering"}


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    read_bank.cache_clear()
    yield
    read_bank.cache_clear()


def test_a_bank_is_every_file_of_its_folder(tmp_path: Path) -> None:
    folder = write_bank(write_bank(tmp_path), topic="web")
    assert read_bank(folder / "software-engineering").topics == ("python", "web")
    assert bank_problems(folder) == []


def test_a_room_gets_ten_questions_and_another_room_gets_others(tmp_path: Path) -> None:
    folder, room_id = write_bank(tmp_path), uuid.uuid4()
    bank, questions = questions_for(INTERVIEW, room_id, folder=folder)
    assert [question.stage for question in questions] == ["basic"] * 4 + ["moderate"] * 3 + ["advanced"] * 3
    assert questions_for(INTERVIEW, str(room_id), folder=folder) == (bank, questions)
    others = {tuple(one.id for one in questions_for(INTERVIEW, uuid.uuid4(), folder=folder)[1]) for _ in range(20)}
    assert len(others) > 15


def test_a_persona_may_ask_for_other_counts(tmp_path: Path) -> None:
    interview = {**INTERVIEW, "counts": {"basic": 1, "moderate": 1, "advanced": 0}}
    _, questions = questions_for(interview, uuid.uuid4(), folder=write_bank(tmp_path))
    assert [question.stage for question in questions] == ["basic", "moderate"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"question_bank": "cooking"}, "cooking: topics: there are none"),
        ({"topics": ["rust"]}, "no topic 'rust'"),
        ({"counts": {"basic": 0, "moderate": 0, "advanced": 0}}, "no question is asked"),
    ],
)
def test_what_cannot_be_asked_is_refused(tmp_path: Path, change: dict[str, object], reason: str) -> None:
    with pytest.raises(BankError, match=reason):
        questions_for({**INTERVIEW, **change}, uuid.uuid4(), folder=write_bank(tmp_path))


def test_a_server_does_not_begin_with_a_broken_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line: which file, where in it, and why."""
    folder = write_bank(tmp_path)
    file = folder / "software-engineering" / "python.toml"
    file.write_text(file.read_text().replace('hint = "What comes to mind about its order?"', "", 1))
    monkeypatch.setattr(own_checks, "bank_problems", lambda: bank_problems(folder))
    (problem,) = own_checks.check_question_banks()
    assert isinstance(problem, checks.Error)
    assert problem.msg == f"{file}: question python-basic-0, point order, hint: is missing"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = write_bank(tmp_path)
    (folder / "software-engineering" / "odd.toml").write_bytes(b"\xff\xfe")
    (problem,) = bank_problems(folder)
    assert problem.startswith(f"{folder / 'software-engineering' / 'odd.toml'}: file: ")


def test_the_banks_of_the_product_are_whole() -> None:
    assert bank_problems(question_banks.BANKS) == []


LINES = {"greeting": "Hello. I am Mira. Are you ready?", "did_not_catch": "I missed that. Could you say it again?"}


def all_questions() -> list[Question]:
    folders = sorted(folder for folder in question_banks.BANKS.iterdir() if folder.is_dir())
    return [question for folder in folders for question in read_bank(folder).questions]


def spoken_of(question: Question) -> Iterator[str]:
    """All that is said with this question or its hints in it."""
    yield said(Interviewer(new_plan((question,), LINES)).begin()).words
    yield lines.two_sentences(lines.SKIPPED, lines.asked(question.text, 9))
    yield lines.two_sentences(question.clarification)
    for point in question.points:
        yield lines.hint(point.hint)
        for feedback in (lines.partly(["what it is"]), lines.contradicted(point.name)):
            yield lines.two_sentences(feedback, point.hint)
        yield from (lines.not_yet(point.name), lines.never_mind(point.name))
    for hint in (None, *(GivenHint(point.id, 1, is_full) for point in question.points for is_full in (True, False))):
        yield from spoken_again(question, hint)


def spoken_again(question: Question, hint: GivenHint | None) -> Iterator[str]:
    """The question as it is repeated, in a call that goes on, and after words that nobody heard."""
    begun = new_plan((question,), LINES)
    asked = replace(begun.state.question, status=QuestionStatus.AWAIT_1, hints=(hint,) if hint else ())
    plan = replace(begun, state=begun.state.with_question(asked))
    yield said(Interviewer(plan).hear(Heard("u-1", "Could you repeat the question?"))).words
    yield said(Interviewer(plan).begin()).words
    yield said(Interviewer(plan).begin(missed=True)).words


def test_no_question_and_no_hint_makes_more_than_two_sentences_of_what_is_said() -> None:
    questions = all_questions()
    spoken = [words for question in questions for words in spoken_of(question)]
    assert len(questions) > 100
    assert [words for words in spoken if len(split_sentences(words)) > lines.MOST_SENTENCES] == []


def test_a_question_is_whole_in_what_is_said_first() -> None:
    questions = all_questions()
    first = [(question.text, said(Interviewer(new_plan((question,), LINES)).begin()).words) for question in questions]
    assert [words for text, words in first if not words.endswith(text)] == []
