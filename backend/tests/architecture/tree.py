"""Where are the parts of the house, as the architecture tests see them?"""

from __future__ import annotations

import ast
import subprocess
from configparser import ConfigParser
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[3]
BACKEND: Final = ROOT / "backend"
FIRST_PURE_LAYER: Final = "what_if"
"""This layer of the rings and every one below it are pure."""


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that belongs to the product: in git, or new and not ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


@cache
def text_files() -> tuple[tuple[Path, str], ...]:
    """Every file of the product that can be read as text, with its text."""
    found = []
    for path in tracked_files():
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return tuple(found)


@cache
def contracts() -> ConfigParser:
    """`backend/.importlinter`."""
    parser = ConfigParser()
    parser.read(BACKEND / ".importlinter", encoding="utf-8")
    return parser


def listed(contract: str, option: str) -> list[str]:
    """The lines of one option of a contract."""
    return [line for line in contracts()[f"importlinter:contract:{contract}"][option].split("\n") if line]


def layers() -> list[list[str]]:
    """The rings from the outside in, as module names with the parentheses of those that are not built yet."""
    return [[name.strip() for name in line.replace("|", ":").split(":")] for line in listed("rings", "layers")]


def pure_modules() -> list[str]:
    """Dotted names of the core's modules and packages, those that are not built yet left out."""
    names = [[name.strip("()") for name in layer] for layer in layers()]
    first = next(index for index, layer in enumerate(names) if FIRST_PURE_LAYER in layer)
    return [f"ai_agent.{name}" for layer in names[first:] for name in layer if module_exists(name)]


def module_exists(name: str) -> bool:
    """Is there an `ai_agent` module or package of this name?"""
    folder = BACKEND / "ai_agent"
    return (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()


def sources_of(module: str) -> list[Path]:
    """The files of a module, or of a package and everything in it."""
    path = BACKEND.joinpath(*module.split("."))
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
