"""Is the core only arithmetic? What import-linter cannot see: coroutines, and what an import really brings along."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib

import pytest

from tests.architecture import tree

REFUSE_FRAMEWORKS = """
import importlib, sys

STANDARD_AND_SOUND = sys.stdlib_module_names | {"numpy", "scipy", "ai_agent"}

class Refuse:
    def find_spec(self, name, path=None, target=None):
        # What Python was built with is in a module whose name has the machine in it; scipy asks for it.
        if name.partition(".")[0] not in STANDARD_AND_SOUND and not name.startswith("_sysconfigdata"):
            raise ImportError(f"{name} is not there")

sys.meta_path.insert(0, Refuse())
for module in sys.argv[1:]:
    importlib.import_module(module)
"""


def test_the_core_imports_on_a_machine_without_any_framework() -> None:
    outcome = subprocess.run(
        [sys.executable, "-c", REFUSE_FRAMEWORKS, *tree.pure_modules()],
        cwd=tree.BACKEND,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert outcome.returncode == 0, outcome.stderr


@pytest.mark.parametrize("module", tree.pure_modules())
def test_nothing_in_the_core_waits(module: str) -> None:
    waiting = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
    found = [
        f"{path.relative_to(tree.ROOT)}:{node.lineno}"
        for path in tree.sources_of(module)
        for node in ast.walk(tree.parse(path))
        if isinstance(node, waiting)
    ]
    assert not found, f"the core does not wait: {found}"


def test_nothing_in_the_core_opens_a_file_or_prints() -> None:
    found = [
        f"{path.relative_to(tree.ROOT)}:{node.lineno}"
        for module in tree.pure_modules()
        for path in tree.sources_of(module)
        for node in ast.walk(tree.parse(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "print", "input"}
    ]
    assert not found, f"the core reads and writes nothing: {found}"


def test_every_module_below_the_line_is_held_to_be_pure() -> None:
    assert sorted(tree.listed("pure", "source_modules")) == sorted(tree.pure_modules())


def test_a_module_that_is_built_stands_on_its_ring_without_parentheses() -> None:
    built = [
        name
        for layer in tree.layers()
        for name in layer
        if name.startswith("(") and tree.module_exists(name.strip("()"))
    ]
    assert not built, f"take these out of their parentheses in backend/.importlinter: {built}"


def test_every_module_of_the_core_is_typed_strictly() -> None:
    settings = tomllib.loads((tree.BACKEND / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    typed = {name.removesuffix(".py").replace("/", ".") for name in settings["files"]}
    assert settings["strict"] is True
    assert {*tree.pure_modules(), "ai_agent.providers", "ai_personas"} <= typed
