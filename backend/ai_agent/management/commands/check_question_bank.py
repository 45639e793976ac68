"""`manage.py check_question_bank [FILES]`: are the bank's files whole, and does the evaluator agree with them?"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from ai_agent.answer_evaluation import embed_or_none
from ai_agent.interviewer.bank_check import problems_of
from ai_agent.interviewer.question_bank import BankError, Question, Topic, join_topics, parse_topic
from ai_agent.question_banks import BANKS

TOLD_EVERY: Final = 20
"""Questions between two lines of progress."""


def problems_in(
    questions: Sequence[Question], check: Callable[[Question], Sequence[str]] = problems_of
) -> Iterator[tuple[Question, Sequence[str]]]:
    """Each question with what is wrong with it, in order; as many at a time as there are processors."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip(questions, pool.map(check, questions), strict=True)


class Command(BaseCommand):
    help = "Checks files of questions: their form, model answers, wrong statements and hints."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="without any: every bank of the product")
        parser.add_argument("--draft", action="store_true", help="a file may have too few questions yet")
        parser.add_argument("--lexical", action="store_true", help="judge by words alone, as without the model")

    def handle(self, *, files: list[Path], draft: bool, lexical: bool, **options: Any) -> None:
        files = files or sorted(BANKS.glob("*/*.toml"))
        topics, problems = self._read(files, is_draft=draft)
        embed = None if lexical else embed_or_none()
        if embed is None and not lexical:
            self.stdout.write("the embedding model is missing: judged by words alone")
        for problem in problems:
            self.stdout.write(problem)
        questions = [question for topic in topics for question in topic.questions]
        count = len(questions)
        checked = problems_in(questions, lambda question: problems_of(question, embed=embed))
        for number, (_, found) in enumerate(checked, 1):
            for problem in found:
                self.stdout.write(problem)
            problems += found
            if number % TOLD_EVERY == 0:
                self.stdout.write(f"{number} of {count} questions compared")
        if problems:
            raise CommandError(f"{len(problems)} problems in {count} questions of {len(files)} files")
        self.stdout.write(f"{count} questions in {len(files)} files: all good")

    def _read(self, files: list[Path], *, is_draft: bool) -> tuple[list[Topic], list[str]]:
        topics: list[Topic] = []
        problems: list[str] = []
        for path in files:
            try:
                text = path.read_text(encoding="utf-8")
                topics.append(parse_topic(text, str(path), minimum={}) if is_draft else parse_topic(text, str(path)))
            except (BankError, OSError, UnicodeError) as error:
                problems.append(str(error))
        try:
            if topics:
                join_topics("all files", topics)
        except BankError as error:
            problems.append(str(error))
        return topics, problems
