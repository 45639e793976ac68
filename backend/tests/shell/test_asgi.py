"""The server as it is started: it refuses in one line, lets in whom it should, and ends politely."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shell.daphne_server import (
    BACKEND,
    ORIGIN,
    Daphne,
    WebSocket,
    World,
    environment,
    make_world,
    running_daphne,
)

pytestmark = pytest.mark.real_time


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("world"))


def socket_of(server: Daphne, world: World, *, cookie: bool = True, **headers: str) -> WebSocket:
    """Ada's socket from the pages' origin, unless said otherwise."""
    if cookie:
        headers["Cookie"] = f"sessionid={world.session}"
    return WebSocket(server.port, f"/ws/signaling/{world.room_id}/", **headers)


def process_rows(world: World) -> int:
    with sqlite3.connect(world.database_url.removeprefix("sqlite:///")) as database:
        return int(database.execute("SELECT count(*) FROM ai_agent_process").fetchone()[0])


def refusal(**values: str) -> str:
    """What daphne says when it ends at once."""
    done = subprocess.run(
        [sys.executable, "-m", "daphne", "-p", "0", "config.asgi:application"],
        cwd=BACKEND,
        env=environment(**values),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_a_database_without_tables_is_said_in_one_line(tmp_path: Path) -> None:
    line = refusal(DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert line.startswith("❌ The database lacks") and line.endswith("python manage.py migrate")
    assert "\n" not in line


def test_a_database_that_does_not_answer_is_said_in_one_line() -> None:
    line = refusal(DATABASE_URL="postgresql://parley:hunter2@127.0.0.1:1/parley")
    assert line.startswith("❌ The database does not answer:")
    assert "\n" not in line and "hunter2" not in line


def test_a_redis_that_does_not_answer_is_said_in_one_line(world: World) -> None:
    line = refusal(DATABASE_URL=world.database_url, REDIS_URL="redis://:hunter2@127.0.0.1:1/0")
    assert line.startswith("❌ Redis does not answer:")
    assert "\n" not in line and "hunter2" not in line


def test_a_missing_key_is_said_in_one_line_that_names_it(world: World) -> None:
    line = refusal(DATABASE_URL=world.database_url, LLM_PROVIDER="groq", GROQ_API_KEY="")
    assert line.startswith("❌ GROQ_API_KEY is missing")
    assert "\n" not in line


def test_runserver_refuses_in_one_line_and_gives_the_daphne_command() -> None:
    for arguments in ([], ["8000"], ["--noreload", "0.0.0.0:8000"]):
        done = subprocess.run(
            [sys.executable, "manage.py", "runserver", *arguments],
            cwd=BACKEND,
            env=environment(DATABASE_URL=""),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert "daphne -p 8000 config.asgi:application" in done.stderr


def test_a_server_lets_in_whom_it_should_and_ends_after_its_calls(world: World, tmp_path: Path) -> None:
    before = process_rows(world)
    with running_daphne(world, tmp_path, DRAIN_SECONDS="120") as server:
        server.wait_for("/ready/", 200)
        assert server.get("/api/v1/health/") == (200, {"status": "ok"})
        assert process_rows(world) == before + 1

        for origin in ({"Origin": "http://evil.example"}, {"Origin": "http://localhost:3001"}, {"Origin": "null"}, {}):
            assert socket_of(server, world, **origin).status == 403
        unknown = socket_of(server, world, cookie=False, Origin=ORIGIN)
        assert (unknown.status, unknown.receive()) == (101, 4401)
        nowhere = WebSocket(server.port, "/ws/nowhere/", Origin=ORIGIN)
        assert (nowhere.status, nowhere.receive()) == (101, 4404)

        ada = socket_of(server, world, Origin=ORIGIN)
        message = ada.receive()
        assert isinstance(message, dict) and message["type"] == "ready"

        server.signal()
        server.wait_for("/ready/", 404)
        assert server.get("/api/v1/health/")[1]["status"] == "draining"
        assert server.process.poll() is None, "a call goes on"
        ada.close()
        assert server.wait_to_end() == 0, server.log
        assert "Traceback" not in server.log
    assert process_rows(world) == before


def test_a_message_too_large_is_answered_and_a_huge_one_drops_its_socket_only(world: World, tmp_path: Path) -> None:
    """Over 64 KiB we answer; what is over 1 MiB, Daphne does not even collect."""
    with running_daphne(world, tmp_path) as server:
        server.wait_for("/ready/", 200)
        ada = socket_of(server, world, Origin=ORIGIN)
        ada.receive()
        ada.send("x" * 100 * 1024)
        answer = ada.receive()
        assert isinstance(answer, dict) and answer["code"] == "message_too_large"
        ada.send("x" * 2 * 1024 * 1024)
        assert ada.receive() in {1006, 1009}
        again = socket_of(server, world, Origin=ORIGIN)
        message = again.receive()
        assert isinstance(message, dict) and message["type"] == "ready"
        again.close()
        assert "Traceback" not in server.log


def test_a_call_that_outlasts_the_drain_is_closed_with_1012(world: World, tmp_path: Path) -> None:
    with running_daphne(world, tmp_path, DRAIN_SECONDS="0.5") as server:
        server.wait_for("/ready/", 200)
        ada = socket_of(server, world, Origin=ORIGIN)
        heard = [ada.receive()]
        server.signal()
        while isinstance(heard[-1], dict):
            heard.append(ada.receive())
        assert heard[-1] == 1012, heard
        ada.close()
        assert server.wait_to_end() == 0, server.log


def test_a_second_signal_ends_at_once(world: World, tmp_path: Path) -> None:
    with running_daphne(world, tmp_path, DRAIN_SECONDS="600") as server:
        server.wait_for("/ready/", 200)
        ada = socket_of(server, world, Origin=ORIGIN)
        ada.receive()
        server.signal(signal.SIGINT)
        server.wait_for("/ready/", 404)
        server.signal(signal.SIGTERM)
        assert server.wait_to_end() == 0, server.log
        assert "Traceback" not in server.log
        ada.close()


def test_a_server_without_calls_ends_at_once(world: World, tmp_path: Path) -> None:
    before = process_rows(world)
    with running_daphne(world, tmp_path, DRAIN_SECONDS="600") as server:
        server.wait_for("/api/v1/health/", 200)
        server.signal()
        assert server.wait_to_end() == 0, server.log
    assert process_rows(world) == before
