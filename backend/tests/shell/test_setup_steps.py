"""What do the steps that setup.sh and setup.ps1 share answer?"""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from dotenv import dotenv_values

import setup_steps

BACKEND = Path(settings.BASE_DIR)
BETWEEN_ASKING = 0.01


@pytest.fixture
def backend(tmp_path: Path) -> Path:
    """As much of the back end as `configure` needs, with an `.env` as the example is."""
    shutil.copy(BACKEND / "setup_steps.py", tmp_path)
    shutil.copytree(BACKEND / "config", tmp_path / "config")
    (tmp_path / "ai_agent").mkdir()
    for name in ("__init__.py", "embedding_files.py", "model_files.py", "model_files.toml"):
        shutil.copy(BACKEND / "ai_agent" / name, tmp_path / "ai_agent")
    shutil.copy(BACKEND / ".env.example", tmp_path / ".env")
    return tmp_path


def configure(backend: Path, **exported: str) -> subprocess.CompletedProcess[str]:
    ours = {*dotenv_values(BACKEND / ".env.example"), "PARLEY_TESTING"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, "setup_steps.py", "configure"],
        cwd=backend,
        env={**environment, **exported},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_secret_key_is_made_once_and_kept(backend: Path) -> None:
    keys = set()
    for _ in range(2):
        assert configure(backend).returncode == 0
        keys.add(dotenv_values(backend / ".env")["SECRET_KEY"])
    (key,) = keys
    assert len(key) > 50
    assert stat.S_IMODE((backend / ".env").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("exported", "answer"),
    [
        ({}, "15 missing\n"),
        ({"AI_MODE": "mock", "DRAIN_SECONDS": "30"}, "35 unneeded\n"),
        ({"AI_MODE": "mock", "LLM_PROVIDER": "local"}, "15 missing\n"),
        ({"WHISPER_MODEL": "/nowhere/of/mine"}, "15 missing\n"),
    ],
)
def test_it_says_how_long_an_end_may_take_and_whether_models_are_missing(
    backend: Path, exported: dict[str, str], answer: str
) -> None:
    assert configure(backend, **exported).stdout == answer


def test_a_configuration_that_cannot_be_read_is_one_line(backend: Path) -> None:
    (backend / ".env").write_bytes(b"SECRET_KEY=\xff\xfe\n")
    outcome = configure(backend)
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("❌ ")
    assert outcome.stderr.count("\n") == 1


def test_a_port_that_somebody_holds_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert not setup_steps.port_is_free(port)
    assert setup_steps.port_is_free(port)


# ── waiting for servers ───────────────────────────────────────────────────────────────────────────


class Server(http.server.BaseHTTPRequestHandler):
    """Answers each question with the next of `answers`, and then for ever with the last."""

    answers: list[tuple[int, bytes]]

    def do_GET(self) -> None:
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, type[Server]]]:
    monkeypatch.setattr(setup_steps, "BETWEEN_QUESTIONS_SECONDS", BETWEEN_ASKING)
    handler = type("Answering", (Server,), {"answers": [(200, b"{}")]})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield str(listening.server_port), handler
        listening.shutdown()


STARTING = (503, b'{"status": "starting", "detail": "The models are still being loaded."}')


def test_both_are_said_to_be_ready_once_they_are(
    server: tuple[str, type[Server]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, handler = server
    handler.answers = [STARTING, STARTING, (200, b"{}"), (500, b"<html>"), (200, b"{}")]
    monkeypatch.setattr(setup_steps, "BETWEEN_WORDS_SECONDS", 0.0)
    setup_steps.await_servers(port, port)
    words = [line.strip() for line in capsys.readouterr().out.splitlines()]
    starting = "the back end loads: The models are still being loaded."
    assert words == [starting, starting, "back end ready", "the first page is made: 500", "pages ready"]


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ([(503, b'{"status": "misconfigured", "detail": "no model"}')], "cannot take a call: misconfigured no model"),
        ([STARTING], "not ready after five minutes .503 starting The models"),
        ([(200, b"{}"), (404, b"no page")], "The pages are not ready after five minutes .404"),
        ([(200, b"{}"), (200, b"<html>"), (502, b"")], "The pages do not reach the back end .502"),
    ],
)
def test_a_server_that_does_not_get_ready_is_one_line(
    server: tuple[str, type[Server]], monkeypatch: pytest.MonkeyPatch, answers: list[tuple[int, bytes]], line: str
) -> None:
    port, handler = server
    handler.answers = answers
    monkeypatch.setattr(setup_steps, "PATIENCE_SECONDS", 0.05)
    with pytest.raises(setup_steps.NotReady, match=line):
        setup_steps.await_servers(port, port)


def test_nobody_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert setup_steps.answer_of(f"http://127.0.0.1:{port}/", timeout_seconds=1) == ""
