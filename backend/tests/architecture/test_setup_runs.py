"""Does setup.sh keep its word? Safe to run twice, to stop at any time; one line for a failure; nothing left behind."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture.stub_machine import (
    StubMachine,
    end,
    kill_group,
    press_ctrl_c,
    wait_until,
)

INSTALLS = ("python -m venv", "python -m pip", "npm ci", "apt-get")
BOX = "the box\n"


@pytest.fixture
def machine(tmp_path: Path) -> StubMachine:
    return StubMachine(tmp_path)


@contextmanager
def up(machine: StubMachine, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`setup.sh run`, from its box on."""
    running = machine.run(*arguments)
    try:
        assert running.stdout
        for line in running.stdout:
            if line == BOX:
                break
        else:
            pytest.fail(running.stderr.read() if running.stderr else "")
        yield running
    finally:
        kill_group(running)


def the_line(complained: str) -> str:
    """The one line that begins with ❌; nothing of an interpreter stands beside it."""
    assert "Traceback" not in complained
    lines = [line for line in complained.splitlines() if line.startswith("❌")]
    assert len(lines) == 1, complained
    return lines[0]


# ── twice ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_run_installs_nothing_again(machine: StubMachine) -> None:
    assert machine.setup().returncode == 0
    assert len(machine.asked(*INSTALLS)) == 3
    second = machine.setup()
    assert second.returncode == 0
    assert machine.asked(*INSTALLS) == []
    assert second.stdout.count("up to date") == 2


def test_what_somebody_wrote_into_a_configuration_is_kept(machine: StubMachine) -> None:
    machine.setup()
    for path in ("backend/.env", "frontend/.env.local"):
        (machine.tree / path).write_text("MINE=1\n", encoding="utf-8")
    machine.setup()
    assert (machine.tree / "backend/.env").read_text(encoding="utf-8") == "MINE=1\n"
    assert (machine.tree / "frontend/.env.local").read_text(encoding="utf-8") == "MINE=1\n"


def test_only_its_owner_reads_the_configuration_also_where_it_was_open(machine: StubMachine) -> None:
    env_file = machine.tree / "backend/.env"
    machine.setup()
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    env_file.chmod(0o644)
    machine.setup()
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("path", "again"),
    [
        ("backend/requirements.txt", ["python -m pip"]),
        ("frontend/package-lock.json", ["npm ci"]),
        ("frontend/package.json", ["npm ci"]),
    ],
)
def test_what_has_changed_is_installed_again_and_nothing_else(
    machine: StubMachine, path: str, again: list[str]
) -> None:
    machine.setup()
    (machine.tree / path).write_text("another==2.0 \\\n", encoding="utf-8")
    machine.setup()
    asked = machine.asked(*INSTALLS)
    assert len(asked) == 1
    assert asked[0].startswith(again[0])


# ── half an install ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("missing", ["whole", "python"])
def test_a_broken_environment_is_made_again_with_its_packages(machine: StubMachine, missing: str) -> None:
    machine.setup()
    (machine.tree / "backend/.venv/bin" / missing).unlink()
    again = machine.setup()
    assert "backend/.venv is not whole: making it again" in again.stdout
    assert [line.split()[2] for line in machine.asked(*INSTALLS)] == ["venv", "pip"]


def test_an_environment_that_was_moved_is_made_again(machine: StubMachine) -> None:
    machine.setup()
    moved = machine.tree.with_name("elsewhere")
    machine.tree.rename(moved)
    machine.tree = moved
    machine.setup()
    assert machine.asked("python -m venv") == [f"python -m venv {moved}/backend/.venv"]


def test_page_packages_without_their_last_file_are_installed_again(machine: StubMachine) -> None:
    machine.setup()
    (machine.tree / "frontend/node_modules/.package-lock.json").unlink()
    machine.setup()
    assert [line[:6] for line in machine.asked(*INSTALLS)] == ["npm ci"]


# ── Ctrl-C ────────────────────────────────────────────────────────────────────────────────────────


def test_after_ctrl_c_in_the_middle_it_goes_on_from_there(machine: StubMachine) -> None:
    machine.has("slow-npm")
    running = machine.start()
    wait_until((machine.stubs / "reached").exists)
    said, complained = press_ctrl_c(running)
    assert running.returncode == 130
    assert said.endswith("\n      stopped: start again and it goes on from here\n")
    assert complained == ""
    machine.lacks("slow-npm")
    assert machine.setup().returncode == 0
    assert [line[:6] for line in machine.asked(*INSTALLS)] == ["npm ci"]


def test_ctrl_c_ends_both_servers_and_their_children(machine: StubMachine) -> None:
    with up(machine) as running:
        assert len(machine.servers()) == 3
        said, complained = press_ctrl_c(running)
    assert (running.returncode, complained) == (0, "")
    assert said.endswith("      stopped\n")
    assert machine.has_no_server()


def test_ctrl_c_while_models_are_fetched_ends_the_page_server_that_is_up_already(machine: StubMachine) -> None:
    machine.models_are("missing").has("slow-fetch_models")
    running = machine.run()
    wait_until((machine.stubs / "reached").exists)
    wait_until((machine.stubs / "pages.json").exists)
    said, complained = press_ctrl_c(running)
    assert running.returncode == 130
    assert said.endswith("\n      stopped: start again and it goes on from here\n")
    assert complained == ""
    assert machine.has_no_server()


def test_the_end_of_setup_alone_is_the_end_of_both_servers(machine: StubMachine) -> None:
    with up(machine) as running:
        end(running, with_signal=signal.SIGTERM, whole_group=False)
    assert machine.has_no_server()


def test_a_terminal_that_is_closed_leaves_no_server_behind(machine: StubMachine) -> None:
    """Then there is nobody to print to either, which must not keep it from ending them."""
    with up(machine) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        running.stderr.close()
        os.killpg(running.pid, signal.SIGHUP)
        running.wait(timeout=30)
    assert machine.has_no_server()


# ── failures ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        ("no-venv", "❌ Python could not make a virtual environment. On Debian and Ubuntu type: "),
        ("no-network", "❌ pip could not install requirements.txt: see backend/.setup/pip.log"),
        ("failing-prepare", "❌ manage.py prepare failed: the lines above say why"),
    ],
)
def test_a_step_that_fails_is_one_line_and_the_end(machine: StubMachine, wish: str, line: str) -> None:
    outcome = machine.has(wish).setup()
    assert outcome.returncode == 1
    assert the_line(outcome.stderr).startswith(line)


def test_page_packages_that_do_not_come_are_one_line(machine: StubMachine) -> None:
    machine.setup()
    (machine.tree / "frontend/node_modules/.package-lock.json").unlink()
    outcome = machine.has("no-network").setup()
    assert the_line(outcome.stderr).startswith("❌ npm ci failed: the lines above say why")


def test_a_failure_after_the_page_server_has_started_ends_it(machine: StubMachine) -> None:
    running = machine.has("failing-prepare").run()
    _, complained = running.communicate(timeout=30)
    assert running.returncode == 1
    assert the_line(complained) == "❌ manage.py prepare failed: the lines above say why"
    assert machine.has_no_server()


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        (
            "broken-backend",
            "❌ The back end has ended by itself: its last lines are above, all of them in backend/.setup/backend.log",
        ),
        (
            "broken-pages",
            "❌ The page server has ended by itself: its last lines are above, all of them in backend/.setup/pages.log",
        ),
        ("misconfigured", "❌ The back end cannot take a call: misconfigured no such model"),
    ],
)
def test_a_server_that_does_not_come_up_is_one_line_and_takes_the_other_along(
    machine: StubMachine, wish: str, line: str
) -> None:
    running = machine.has(wish).run()
    _, complained = running.communicate(timeout=30)
    assert running.returncode == 1
    assert the_line(complained) == line
    assert machine.has_no_server()


# ── the system's package manager ──────────────────────────────────────────────────────────────────


def test_without_rights_one_line_says_what_to_type(machine: StubMachine) -> None:
    outcome = machine.lacks("ffmpeg").setup()
    assert outcome.returncode == 1
    assert the_line(outcome.stderr) == (
        "❌ Missing: ffmpeg. Type: sudo apt-get install -y --no-install-recommends ffmpeg   "
        "(or go on without: --no-system)"
    )
    assert machine.asked("apt-get") == []


def test_with_rights_it_is_said_first_and_then_done(machine: StubMachine) -> None:
    machine.lacks("ffmpeg").write("id", "echo 0")
    outcome = machine.setup()
    assert "      now: apt-get install -y --no-install-recommends ffmpeg\n" in outcome.stdout
    assert machine.asked("apt-get") == [
        "apt-get update -qq",
        "apt-get install -y --no-install-recommends ffmpeg",
    ]


def test_no_system_leaves_the_package_manager_alone(machine: StubMachine) -> None:
    machine.lacks("ffmpeg").write("id", "echo 0")
    assert machine.setup("--no-system").returncode == 0
    assert machine.asked("apt-get") == []


def test_without_a_package_manager_that_we_know_what_is_missing_is_named(machine: StubMachine) -> None:
    outcome = machine.lacks("ffmpeg", "apt-get").setup()
    assert the_line(outcome.stderr).startswith("❌ ffmpeg is missing, and no apt-get, dnf, pacman or brew is here")


# ── flags ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_flags_of_a_run_reach_both_servers_and_the_choice_of_models(machine: StubMachine) -> None:
    """The ports: the rewrites, the socket's address and the trusted origins."""
    with up(machine, "--mode", "mock", "--light") as running:
        press_ctrl_c(running)
    pages, backend, configure = (machine.environment_of(what) for what in ("pages", "backend", "configure"))
    assert f"npm run dev -- --hostname localhost --port {machine.frontend_port}" in machine.asked("npm")
    assert pages["BACKEND_URL"] == f"http://127.0.0.1:{machine.port}"
    assert pages["NEXT_PUBLIC_API_URL"] == f"http://localhost:{machine.port}"
    assert backend["FRONTEND_ORIGINS"] == f"http://localhost:{machine.frontend_port}"
    for environment in (backend, configure):
        assert (environment["AI_MODE"], environment["WHISPER_MODEL"]) == ("mock", "whisper-tiny.en")


@pytest.mark.parametrize(("state", "is_fetched"), [("here", False), ("unneeded", False), ("missing", True)])
def test_models_are_fetched_where_they_are_missing(machine: StubMachine, state: str, is_fetched: bool) -> None:
    machine.models_are(state).setup()
    assert any("manage fetch_models" in line for line in machine.asked("python")) is is_fetched


def test_the_tests_get_all_models_whatever_the_flags_say(machine: StubMachine) -> None:
    outcome = machine.setup("test", "--no-system", "--light", "--mode", "mock")
    assert outcome.returncode == 0
    assert "--light, --mode, --production and the ports mean nothing here" in outcome.stdout
    fetching = machine.environment_of("manage-fetch_models")
    assert fetching["PARLEY_TESTING"] == "1"
    assert {"WHISPER_MODEL", "AI_MODE"} & (fetching.keys() | machine.environment_of("just").keys()) == set()
    assert machine.asked("just") == ["just check"]
    assert len(machine.asked("python -m pip")) == 2


def test_the_browser_that_was_found_is_the_one_of_the_tests(machine: StubMachine) -> None:
    machine.write("google-chrome", "")
    machine.write("chromium-browser", "echo 'requires the snap' >&2; exit 1")
    machine.setup("test", "--no-system")
    assert machine.environment_of("just")["CHROMIUM_PATH"] == str(machine.stubs / "google-chrome")
