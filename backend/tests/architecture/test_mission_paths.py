"""Is everything where the product's users look for it? `mission_paths.toml` names the release that brings each path."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

PATHS_OF_RELEASE: dict[str, list[str]] = tomllib.loads(
    Path(__file__).with_name("mission_paths.toml").read_text(encoding="utf-8")
)


def _release(version: str) -> tuple[int, int]:
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


PRESENT = _release(json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))["version"])
DUE = [path for release, paths in PATHS_OF_RELEASE.items() if _release(release) <= PRESENT for path in paths]


@pytest.mark.parametrize("path", DUE)
def test_what_this_release_brings_is_there(path: str) -> None:
    assert _is_there(path)


def _is_there(path: str) -> bool:
    head, star, tail = path.partition("*/")
    if not star:
        return (ROOT / path).exists()
    return (ROOT / head / tail).exists() or any((folder / tail).exists() for folder in (ROOT / head).iterdir())


def test_a_path_is_brought_once() -> None:
    every = [path for paths in PATHS_OF_RELEASE.values() for path in paths]
    assert len(every) == len(set(every))
