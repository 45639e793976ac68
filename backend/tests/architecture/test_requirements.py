"""Can the locked packages be installed on every system that setup.sh and setup.ps1 are for?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import distribution

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import BACKEND

SYSTEMS = {
    "Linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    "macOS": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    "Windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
}
LOCKED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\]+))? \\$", re.MULTILINE)


def locked(file: str, system: dict[str, str]) -> dict[str, str]:
    """Name and version of what pip installs from the file there."""
    found = LOCKED.finditer((BACKEND / file).read_text(encoding="utf-8"))
    return {
        canonicalize_name(row["name"]): row["version"]
        for row in found
        if row["marker"] is None or Marker(row["marker"]).evaluate(system)
    }


def direct(file: str) -> Iterator[Requirement]:
    for line in (BACKEND / file).read_text(encoding="utf-8").splitlines():
        if line and line[0].isalpha():
            yield Requirement(line)


def needed(wishes: list[Requirement], system: dict[str, str], installed: dict[str, str]) -> set[str]:
    """All that `wishes` ask for there, and what those ask for, as far as this machine has them to be asked."""
    names: set[str] = set()
    asked: set[tuple[str, str]] = set()
    while wishes:
        wish = wishes.pop()
        name = canonicalize_name(wish.name)
        names.add(name)
        for extra in ("", *wish.extras):
            if (name, extra) in asked or name not in installed:
                continue
            asked.add((name, extra))
            wishes += [
                needs
                for line in distribution(name).requires or ()
                if (needs := Requirement(line)).marker is None or needs.marker.evaluate({**system, "extra": extra})
            ]
    return names


@pytest.mark.parametrize("files", [["requirements"], ["requirements", "requirements-dev"]], ids=lambda f: f[-1])
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_package_that_a_system_needs_is_locked_for_it(files: list[str], system: str) -> None:
    here = {name: v for file in files for name, v in locked(f"{file}.txt", SYSTEMS["Linux"]).items()}
    there = {name: v for file in files for name, v in locked(f"{file}.txt", SYSTEMS[system]).items()}
    wishes = [wish for file in files for wish in direct(f"{file}.in")]
    assert needed(wishes, SYSTEMS[system], here) - set(there) == set()


def test_one_version_is_locked_whatever_the_system() -> None:
    versions = {
        (name, version)
        for system in SYSTEMS.values()
        for file in ("requirements.txt", "requirements-dev.txt")
        for name, version in locked(file, system).items()
    }
    assert len(versions) == len({name for name, _ in versions})
