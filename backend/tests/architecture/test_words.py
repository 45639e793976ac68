"""Does the product speak of itself only? No machine of somebody's own, no marks of unfinished work, no empty names."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.tree import BACKEND, ROOT, parse, text_files, tracked_files

SOMEBODYS_MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|work)/\w|\b[A-Z]:\\Users\\")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
SIGNATURES = re.compile(
    r"\b(?:claude|chatgpt|copilot|codex)\b|co-authored-by|as an ai\b|generated with \[", re.IGNORECASE
)
EMPTY_NAMES = re.compile(r"(?:^|_)(?:manager|helpers?|utils?|misc)(?:_|$)", re.IGNORECASE)
COMPILED = {"package-lock.json", "requirements.txt", "requirements-dev.txt", "requirements-models.txt"}
WRITTEN = [(path, text) for path, text in text_files() if path.name not in COMPILED and path != Path(__file__)]


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path, text in WRITTEN
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_folder_of_somebodys_own_machine() -> None:
    assert not _lines_with(SOMEBODYS_MACHINE)


def test_no_file_holds_a_mark_of_unfinished_work() -> None:
    assert not _lines_with(UNFINISHED)


def test_no_file_is_signed_by_a_tool() -> None:
    assert not _lines_with(SIGNATURES)


def test_modules_and_classes_have_names_that_say_something() -> None:
    modules = [path for path in tracked_files() if path.suffix in {".py", ".ts", ".tsx"}]
    empty = [str(path.relative_to(ROOT)) for path in modules if EMPTY_NAMES.search(path.stem)]
    empty += [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"
        for path in modules
        if path.suffix == ".py" and path.is_relative_to(BACKEND) and "migrations" not in path.parts
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef) and node.name.endswith(("Manager", "Helper", "Utils", "Handler"))
    ]
    assert not empty


def test_every_module_opens_with_the_question_it_answers() -> None:
    sources = [
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.is_relative_to(BACKEND) and "migrations" not in path.parts
    ]
    silent = [
        str(path.relative_to(ROOT))
        for path in sources
        if path.stat().st_size > 0 and path.name != "__init__.py" and ast.get_docstring(parse(path)) is None
    ]
    assert not silent
