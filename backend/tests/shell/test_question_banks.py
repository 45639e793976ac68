"""Are the banks read from their files, checked when the server begins, and chosen from alike in every process?"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import checks

from ai_agent import question_banks
from ai_agent.interviewer.question_bank import BankError
from ai_agent.question_banks import bank_problems, questions_for, read_bank
from config import checks as own_checks
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
