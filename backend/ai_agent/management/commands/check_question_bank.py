"""`manage.py check_question_bank [FILES]`: are the bank's files whole, and does the evaluator agree with them?"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from ai_agent.answer_evaluation import embed_or_none
from ai_agent.interviewer.bank_check import problems_of
from ai_agent.interviewer.question_bank import BankError, Topic, join_topics, parse_topic

BANKS: Final = Path(__file__).parents[2] / "interviewer" / "banks"


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
        for topic in topics:
            for question in topic.questions:
                problems += problems_of(question, embed=embed)
        for problem in problems:
            self.stdout.write(problem)
        count = sum(len(topic.questions) for topic in topics)
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
