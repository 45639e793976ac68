"""Does the README tell the truth about settings, commands and files?"""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.tree import BACKEND, ROOT, parse, tracked_files

README = (ROOT / "README.md").read_text(encoding="utf-8")
TABLE = README.split("## Configuration")[1].split("\n## ")[0]
DOCUMENTED = {
    name
    for row in TABLE.splitlines()
    if row.startswith("| `")
    for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", row.split("|")[1])
}


def _read_by_settings() -> set[str]:
    """The names that `config/settings.py` asks its `env` for."""
    return {
        node.args[0].value
        for node in ast.walk(parse(BACKEND / "config/settings.py"))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.func.attr != "problem"
        and isinstance(node.args[0], ast.Constant)
    }


def _read_by_pages() -> set[str]:
    """The names that the pages read, tests and tools left out."""
    product = [
        path
        for path in tracked_files()
        if path.is_relative_to(ROOT / "frontend")
        and path.suffix in {".ts", ".tsx"}
        and not {"e2e", "tests", "scripts"} & set(path.parts)
        and ".test." not in path.name
        and not path.name.startswith(("playwright", "vitest"))
    ]
    names = {name for path in product for name in re.findall(r"process\.env\.([A-Z_]+)", path.read_text("utf-8"))}
    return names - {"NODE_ENV", "NEXT_RUNTIME", "NEXT_TELEMETRY_DISABLED"}


def test_every_setting_of_the_back_end_is_in_the_table() -> None:
    assert _read_by_settings() - DOCUMENTED == set()


def test_every_setting_of_the_pages_is_in_the_table() -> None:
    assert _read_by_pages() - DOCUMENTED == set()


def test_the_table_names_no_setting_that_nothing_reads() -> None:
    assert DOCUMENTED - _read_by_settings() - _read_by_pages() == set()


@pytest.mark.parametrize("example", ["backend/.env.example", "frontend/.env.example"])
def test_an_example_file_names_only_settings_of_the_table(example: str) -> None:
    text = (ROOT / example).read_text(encoding="utf-8")
    assert set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)) - DOCUMENTED == set()


OF_OTHERS = {"HF_ENDPOINT"}
"""Variables that other programs know by this name; who uses them sets them for all of these at once."""


def test_the_environment_is_read_in_one_place() -> None:
    elsewhere = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {name}"
        for package in ("accounts", "ai_agent", "ai_personas", "config")
        for path in (BACKEND / package).rglob("*.py")
        if path != BACKEND / "config/settings.py"
        for node in ast.walk(parse(path))
        for name in _variable_read_by(node)
        if name not in OF_OTHERS
    ]
    assert not elsewhere


def _variable_read_by(node: ast.AST) -> list[str]:
    """The name in `os.environ.get("NAME")`, `os.environ["NAME"]` or `os.getenv("NAME")`."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="environ"), attr="get"), args=[first, *_]):
            return [ast.unparse(first).strip("'")]
        case ast.Call(func=ast.Attribute(attr="getenv"), args=[first, *_]):
            return [ast.unparse(first).strip("'")]
        case ast.Subscript(value=ast.Attribute(attr="environ"), slice=index, ctx=ast.Load()):
            return [ast.unparse(index).strip("'")]
    return []


def test_every_file_that_the_readme_links_to_is_there() -> None:
    linked = set(re.findall(r"\]\((?!https?:|#)([^)]+)\)", README))
    assert [path for path in sorted(linked) if not (ROOT / path).exists()] == []


def test_the_box_of_the_start_names_a_heading_of_the_readme() -> None:
    welcome = (BACKEND / "ai_agent/management/commands/welcome.py").read_text(encoding="utf-8")
    heading = re.search(r'README\.md, "([^"]+)"', welcome)
    assert heading
    assert f"\n## {heading[1]}\n" in README
