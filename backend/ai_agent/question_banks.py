"""Which banks of questions does this server have? Their files, read once and checked: the only place that opens them.

interviewer/banks/software-engineering/python.toml ─┐
                                      …             ┴─▶ the bank "software-engineering"
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from ai_agent.interviewer.question_bank import (
    ASKED,
    STAGES,
    BankError,
    Question,
    QuestionBank,
    choose,
    join_topics,
    parse_topic,
)

BANKS: Final = Path(__file__).parent / "interviewer" / "banks"


def bank_problems(folder: Path | None = None) -> list[str]:
    """What is wrong with the files: for each bank the first thing, as file, place and reason."""
    problems = []
    for bank in sorted(path for path in (folder or BANKS).glob("*") if path.is_dir()):
        try:
            read_bank(bank)
        except BankError as error:
            problems.append(str(error))
    return problems


@cache
def read_bank(folder: Path) -> QuestionBank:
    """One bank: every file of its folder is a topic.

    Raises:
        BankError: a file cannot be read, or is not as it should be.
    """
    topics = []
    for path in sorted(folder.glob("*.toml")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise BankError(str(path), "file", " ".join(str(error).split())) from error
        topics.append(parse_topic(text, str(path)))
    return join_topics(folder.name, topics)


def questions_for(
    interview: Mapping[str, Any], room_id: UUID | str, *, folder: Path | None = None
) -> tuple[QuestionBank, tuple[Question, ...]]:
    """What a persona's `interview` asks in this room: the same in every process.

    Raises:
        BankError: there is no such bank or topic, or it has too few questions.
    """
    bank = read_bank((folder or BANKS) / interview["question_bank"])
    counts = {stage: (interview.get("counts") or ASKED).get(stage, ASKED[stage]) for stage in STAGES}
    ids = choose(bank, room_id=str(room_id), topics=tuple(interview["topics"]), counts=counts)
    if not ids:
        raise BankError(bank.name, "counts", "no question is asked")
    return bank, tuple(bank.question(question_id) for question_id in ids)
