"""What does setup.sh say to somebody whose machine is not ready? One clear line, and nothing is touched."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

BASH = shutil.which("bash") or "/bin/bash"
PLAIN_TOOLS = ("env", "bash", "dirname", "mkdir", "cat", "grep", "id", "rm")
SHELL = (ROOT / "setup.sh").read_text(encoding="utf-8")
POWERSHELL = (ROOT / "setup.ps1").read_text(encoding="utf-8-sig")
STEPS = (ROOT / "backend/setup_steps.py").read_text(encoding="utf-8")


class Machine:
    """A PATH of its own, with nothing on it but plain tools and what the test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for tool in PLAIN_TOOLS:
            real = shutil.which(tool)
            assert real, tool
            (folder / tool).symlink_to(real)

    def has(self, tool: str, *, says: str) -> Machine:
        """A program that prints one line, whatever it is asked."""
        path = self.folder / tool
        path.write_text(f"#!{BASH}\necho '{says}'\n", encoding="utf-8")
        path.chmod(0o755)
        return self

    def has_real(self, tool: str, real: str | None) -> Machine:
        assert real, tool
        path = self.folder / tool
        path.write_text(f'#!{BASH}\nexec "{real}" "$@"\n', encoding="utf-8")
        path.chmod(0o755)
        return self

    def setup(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BASH, str(ROOT / "setup.sh"), *arguments],
            env={"PATH": str(self.folder), "HOME": str(self.folder), "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def ready_machine(machine: Machine) -> Machine:
    return (
        machine.has_real("python3", sys.executable)
        .has("node", says="v20.19.4")
        .has("npm", says="11.0.0")
        .has_real("git", shutil.which("git"))
    )


def _refused(outcome: subprocess.CompletedProcess[str]) -> str:
    """The one line with which setup.sh ended."""
    assert outcome.returncode != 0, outcome.stdout
    lines = outcome.stderr.strip().splitlines()
    assert len(lines) == 1, outcome.stderr
    return lines[0]


def test_an_old_python_is_named_with_what_is_needed(machine: Machine) -> None:
    machine.has("python3", says="3.9").has("node", says="v20.19.4")
    assert _refused(machine.setup()).startswith("❌ Python 3.9 is too old: Parley needs Python 3.11 or newer")


def test_no_python_at_all_is_one_line(machine: Machine) -> None:
    assert _refused(machine.setup("run")).startswith("❌ Python is missing")


def test_an_old_node_is_named_with_what_is_needed(machine: Machine) -> None:
    machine.has_real("python3", sys.executable).has("node", says="v18.20.2")
    assert _refused(machine.setup()).startswith("❌ Node.js 18.20.2 is too old: Parley needs Node.js 20 or newer")


def test_the_tests_need_a_later_node_than_a_call(ready_machine: Machine) -> None:
    ready_machine.has("node", says="v20.11.0")
    assert "the tests need Node.js 20.19" in _refused(ready_machine.setup("test"))


@pytest.mark.parametrize("tool", ["npm", "git"])
def test_a_missing_tool_is_one_line(ready_machine: Machine, tool: str) -> None:
    (ready_machine.folder / tool).unlink()
    assert _refused(ready_machine.setup()).startswith(f"❌ {tool} is missing")


@pytest.mark.parametrize("flag", ["--port", "--frontend-port"])
def test_a_port_in_use_is_named_with_the_flag_that_changes_it(ready_machine: Machine, flag: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as other:
        port, free = taken.getsockname()[1], other.getsockname()[1]
        other.close()
        another_flag = "--frontend-port" if flag == "--port" else "--port"
        line = _refused(ready_machine.setup("run", flag, str(port), another_flag, str(free)))
    assert line == f"❌ Port {port} is in use: end what runs there, or take another with {flag}"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["frobnicate"], "❌ Unknown argument: frobnicate (./setup.sh -h lists what there is)"),
        (["run", "--verbose"], "❌ Unknown argument: --verbose (./setup.sh -h lists what there is)"),
        (["run", "--port"], "❌ --port needs a value (./setup.sh -h)"),
        (["run", "--port", "80a"], "❌ --port takes a number from 1 to 65535, not '80a'"),
        (["run", "--port", "70000"], "❌ --port takes a number from 1 to 65535, not '70000'"),
        (["run", "--port", "0"], "❌ --port takes a number from 1 to 65535, not '0'"),
        (["run", "--port", "3000"], "❌ --port and --frontend-port are both 3000: give them two different numbers"),
        (["--mode", "loud"], "❌ --mode takes mock or local, not 'loud'"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line(machine: Machine, arguments: list[str], line: str) -> None:
    assert _refused(machine.setup(*arguments)) == line


def test_help_names_every_verb_and_flag(machine: Machine) -> None:
    outcome = machine.setup("--help")
    assert outcome.returncode == 0
    assert {"run", "test", *_flags(SHELL)} <= set(re.findall(r"--?[\w-]+|\w+", outcome.stdout))


# ── the two scripts are the same ────────────────────────────────────────────────────────────────────────────────


def _help(script: str) -> list[str]:
    lines = script.splitlines()
    first = next(index for index, line in enumerate(lines) if line.lstrip().startswith("Usage:"))
    return [line.rstrip() for line in lines[first + 1 : first + 13]]


def _flags(script: str) -> set[str]:
    return set(re.findall(r"^\s+(?:-h, )?(--[a-z-]+)", "\n".join(_help(script)), re.MULTILINE))


def _steps(script: str) -> list[str]:
    return re.findall(r"""^\s*(?:step|Step) ["']([^"']+)["']""", script, re.MULTILINE)


def _manage_commands(script: str) -> list[str]:
    return re.findall(r"^\s*(?:PARLEY_TESTING=1 )?(?:manage|Manage) (\w+)", script, re.MULTILINE)


def test_both_scripts_have_the_same_help() -> None:
    assert _help(SHELL) == _help(POWERSHELL)
    assert len(_flags(SHELL)) == 7


def test_both_scripts_take_the_flags_of_their_help() -> None:
    for script in (SHELL, POWERSHELL):
        beside_the_help = "\n".join(line for line in script.splitlines() if line.rstrip() not in _help(script))
        assert _flags(script) <= set(re.findall(r"--[a-z]+(?:-[a-z]+)*", beside_the_help))


def test_both_scripts_take_the_same_steps_in_the_same_order() -> None:
    assert _steps(SHELL) == _steps(POWERSHELL)
    assert len(_steps(SHELL)) == 10


def test_both_scripts_give_the_same_commands_to_manage_py() -> None:
    assert _manage_commands(SHELL) == _manage_commands(POWERSHELL)
    assert "prepare" in _manage_commands(SHELL)


COUNTERPARTS = {
    "parse_arguments": "Read-Arguments",
    "export_flags": "Export-Flags",
    "check_tools": "Confirm-Tools",
    "check_ports": "Confirm-Ports",
    "install_system_packages": "Install-SystemPackages",
    "install_python_packages": "Install-PythonPackages",
    "install_page_packages": "Install-PagePackages",
    "write_configuration": "Write-Configuration",
    "start_pages_early": "Start-PagesEarly",
    "fetch_models": "Get-Models",
    "prepare_database": "Initialize-Database",
    "build_pages": "Build-Pages",
    "start_servers": "Start-Servers",
    "attend_servers": "Watch-Servers",
    "run_tests": "Invoke-Tests",
}
"""What the order of steps consists of: a function of setup.sh, and the one of setup.ps1 that does the same."""

ONLY_SHELL = {
    "… cannot be made: the line above says why",
    "Missing: …. Type: sudo … (or go on without: --no-system)",
    "Python could not make a virtual environment. On Debian and Ubuntu type: sudo apt-get install -y python…-venv",
    "The pages could not be built: the lines above say why (all of it: backend/.setup/build.log)",
    "apt-get update failed: the lines above say why",
    "… is missing and … does not have it: the tests that need it will fail",
    "… is missing, and no apt-get, dnf, pacman or brew is here: install it, or go on without: --no-system",
}
"""Of package managers and rights that Windows does not have, or of a log that it does not keep."""

ONLY_POWERSHELL = {
    "Missing: …, and winget is not here: install it, or go on without: --no-system",
    "Python could not make a virtual environment: the lines above say why",
    "The pages could not be built: the lines above say why",
    "pocketsphinx-testdata is missing and winget does not have it: the tests that need it will fail",
}


def _order(script: str, functions: Iterable[str], after: str) -> list[str]:
    """The functions in the order in which the script's last part calls them."""
    return re.findall(rf"\b({'|'.join(functions)})\b", script[script.index(after) :])


def _words(script: str, *say: str) -> set[str]:
    """What the script may print, each value in it as an ellipsis."""
    written = re.findall(
        rf"""(?:^|[\s{{(;|])(?:{"|".join(say)}) (?:"((?:[^"\\]|\\.)*)"|'([^']*)')""", script, re.MULTILINE
    )
    return {_without_values(one or other) for one, other in written} - {"…", "…, Node.js …", "$("}


def _without_values(text: str) -> str:
    """
    >>> _without_values("Port $script:Port is in use by $(who): .\\\\setup.ps1 -h")
    'Port … is in use by …: setup -h'
    """
    text = re.sub(r"\$\{[^}]*\}|\$\([^)]*\)+|\$(?:script:|env:)?\w+(?:\[\d\])?", "…", text)
    text = text.replace("`", "").replace("./setup.sh", "setup").replace(".\\setup.ps1", "setup")
    return re.sub(r"\s+", " ", re.sub(r"…(?:\.log)?(?= ?…|$)", "…", text).replace("……", "…").replace(":…", ": …"))


def test_both_scripts_call_their_steps_in_the_same_order() -> None:
    shell = _order(SHELL, COUNTERPARTS, after="\nmain() {")
    powershell = _order(POWERSHELL, COUNTERPARTS.values(), after="\nRead-Arguments $args")
    assert [COUNTERPARTS[function] for function in shell] == powershell
    assert len(shell) == len(COUNTERPARTS)


def test_both_scripts_say_the_same() -> None:
    shell, powershell = _words(SHELL, "say", "die"), _words(POWERSHELL, "Say", "Die")
    assert shell - powershell == ONLY_SHELL
    # Bash says these with printf, at its end.
    assert powershell - shell == ONLY_POWERSHELL | {
        "stopping",
        "stopped",
        "stopped: start again and it goes on from here",
    }


def test_both_scripts_take_the_same_steps_from_the_file_that_they_share() -> None:
    offered = set(re.findall(r'^        case \["([a-z-]+)"', STEPS, re.MULTILINE))
    assert len(offered) == 5
    assert {step for step in offered if re.search(rf"\b{step}\b", SHELL)} == offered
    assert {step for step in offered if re.search(rf"\b{step}\b", POWERSHELL)} == offered


def test_both_scripts_give_the_flags_to_the_same_settings() -> None:
    def settings(script: str, pattern: str) -> set[str]:
        return set(re.findall(pattern, script, re.MULTILINE))

    shell = settings(SHELL, r"\bexport ([A-Z0-9_]+)=") - {"DEBIAN_FRONTEND"}
    powershell = settings(POWERSHELL, r"\$env:([A-Z0-9_]+) = ")
    # There each server inherits the environment, here it is given one; and Python writes UTF-8 here by itself.
    assert powershell - shell == {"PARLEY_TESTING", "PORT", "HOSTNAME", "PYTHONUTF8", "CHROMIUM_PATH"}
    assert shell <= powershell


def test_the_browser_of_the_tests_is_named_by_both() -> None:
    assert "export CHROMIUM_PATH" in SHELL
    assert "$env:CHROMIUM_PATH = " in POWERSHELL
