"""Are the local models' files here, whole and the ones we mean?

    table (model_files.toml) ──> there? ──> as long as in the table? ──> SHA-256 as in the table? (computed once a file)

Nothing here knows Django: set-up asks, too.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TABLE: Final = Path(__file__).with_name("model_files.toml")

BLOCK_BYTES: Final = 2**20
STAMPS: Final = ".verified.json"


class ModelFilesError(Exception):
    """One clear line: what is missing or wrong, and what to do."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel of the mirror. It is data: never installed, never imported."""

    project: str
    version: str
    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file: a member of a wheel."""

    wheel: str
    member: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A row of the table."""

    path: str
    """Below MODELS_DIR."""
    sha256: str
    bytes: int
    licence: str
    repository: str = ""
    revision: str = ""
    hub_path: str = ""
    parts: tuple[Part, ...] = ()
    made_of: ModelFile | None = None
    """The published file that this one is made of here. Such a file is found nowhere else."""

    @property
    def model(self) -> str:
        """What a setting calls the model that this file belongs to.

        >>> read_table()[0][0].model
        'whisper-base'
        """
        return self.path.partition("/")[0]


def read_table(path: Path = TABLE) -> tuple[tuple[ModelFile, ...], dict[str, Wheel]]:
    """The rows, and the wheels by project."""
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    wheels = {row["project"]: Wheel(**row) for row in written["wheels"]}
    published = {
        row["path"]: ModelFile(**{**row, "parts": tuple(Part(**part) for part in row["parts"])})
        for row in written["files"]
    }
    made = (ModelFile(**{**row, "made_of": published[row["made_of"]]}) for row in written["made"])
    return (*published.values(), *made), wheels


# ── what is there ─────────────────────────────────────────────────────────────────────────────────────────────────────


def problem_with(file: ModelFile, models_dir: Path) -> str | None:
    """Why a file cannot be used; None where it can. Its digest is computed once, and again only when it has changed."""
    path = models_dir / file.path
    try:
        return _problem_with(path, file, models_dir)
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"


def _problem_with(path: Path, file: ModelFile, models_dir: Path) -> str | None:
    if not path.is_file():
        return f"{path} is missing"
    if path.stat().st_size != file.bytes:
        return f"{path} has {path.stat().st_size} bytes, not {file.bytes}"
    if _read_stamps(models_dir).get(file.path) == _stamp(path, file.sha256):
        return None
    found = sha256_of(path)
    if found != file.sha256:
        return f"{path} has SHA-256 {found}, not {file.sha256}"
    _write_stamp(models_dir, file)
    return None


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _stamp(path: Path, sha256: str) -> list[object]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, sha256]


def _read_stamps(models_dir: Path) -> dict[str, list[object]]:
    try:
        stamps = json.loads((models_dir / STAMPS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _write_stamp(models_dir: Path, file: ModelFile) -> None:
    stamps = {**_read_stamps(models_dir), file.path: _stamp(models_dir / file.path, file.sha256)}
    fresh = models_dir / f"{STAMPS}.{os.getpid()}"
    try:
        fresh.write_text(json.dumps(stamps, indent=1), encoding="utf-8")
        fresh.replace(models_dir / STAMPS)
    except OSError:
        # A folder that cannot be written (an image, a share) is checked in full each time.
        fresh.unlink(missing_ok=True)


def put_in_place(source: Path, file: ModelFile, models_dir: Path) -> None:
    """`source` becomes the file of this row. Its digest was computed by the caller, and is right."""
    target = models_dir / file.path
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    _write_stamp(models_dir, file)


def wanted_files(files: Iterable[ModelFile], models: Iterable[str], models_dir: Path) -> tuple[ModelFile, ...]:
    """The rows of the models that are named. A name that the table does not have is a path of the user's own.

    Raises:
        ModelFilesError: such a path does not exist.
    """
    files, names = tuple(files), tuple(dict.fromkeys(models))
    known = {file.model for file in files}
    for name in names:
        if name not in known and not _exists(models_dir, name):
            raise ModelFilesError(f"{name}: no such file or folder, and not one of {', '.join(sorted(known))}")
    return tuple(file for file in files if file.model in names)


def _exists(models_dir: Path, name: str) -> bool:
    try:
        return (models_dir / Path(name).expanduser()).exists()
    except (OSError, RuntimeError):  # no right to look; the home of nobody
        return False


def find_problems(files: Iterable[ModelFile], models_dir: Path) -> tuple[str, ...]:
    """What is missing or changed, a line a file."""
    return tuple(problem for file in files if (problem := problem_with(file, models_dir)))
