"""A machine for setup.sh to run on: the real script in a copy of the tree, on a PATH where every large thing is a stub.

Python, npm, apt-get and the rest write down what they were asked and do as little as will do; the two servers answer
HTTP and note their environment; that of the pages has a child, so that a test sees whether anything outlives its start.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.architecture.tree import ROOT

BASH = shutil.which("bash") or "/bin/bash"
PLAIN_TOOLS = (
    "env",
    "bash",
    "dirname",
    "mkdir",
    "cat",
    "grep",
    "rm",
    "cp",
    "mv",
    "chmod",
    "sleep",
    "tail",
    "touch",
    "git",
)
PATIENCE_SECONDS = 30.0

PYTHON = r"""
echo "python $*" >>"$ASKED"
case "$*" in
  --version) echo "Python 3.11.9" ;;
  "-c import sys; print("*) echo 3.11 ;;
  "-c import ensurepip, venv") ;;
  "-c import sys, pip;"*) [ -e "${0%/*}/whole" ] ;;
  "-m venv "*)
    [ ! -e "$STUBS/no-venv" ] || { echo "ensurepip is not available" >&2; exit 1; }
    mkdir -p "$3/bin"
    cp "$0" "$3/bin/python"
    cp "$STUBS/just" "$3/bin/just"
    touch "$3/bin/whole"
    ;;
  "-m pip install "*)
    echo "Collecting something"
    [ ! -e "$STUBS/no-network" ] || { echo "ERROR: no network"; exit 1; }
    ;;
  *"setup_steps.py configure")
    env >"$STUBS/configure.env"
    cat "$STUBS/configured"
    ;;
  *"setup_steps.py manage "*)
    env >"$STUBS/manage-$3.env"
    [ ! -e "$STUBS/slow-$3" ] || exec "$REAL" "$STUBS/slow.py"
    [ ! -e "$STUBS/failing-$3" ] || { echo "$3 is out of order" >&2; exit 1; }
    [ "$3" != prepare ] || echo "the box" >"$7"
    ;;
  "-m daphne "*) exec "$REAL" "$STUBS/server.py" backend "$4" ;;
  *) exec "$REAL" "$@" ;;
esac
"""

NPM = r"""
echo "npm $*" >>"$ASKED"
case "$*" in
  ci*)
    [ ! -e "$STUBS/slow-npm" ] || exec "$REAL" "$STUBS/slow.py"
    [ ! -e "$STUBS/no-network" ] || exit 1
    mkdir -p node_modules
    touch node_modules/.package-lock.json
    ;;
  "run dev"*) exec "$REAL" "$STUBS/server.py" pages "$7" ;;
esac
"""

SLOW = """
import os, pathlib, signal, time

# As setup_steps.py does. It is reached in the process that Ctrl-C ends: a shell whose child ended well goes on.
signal.signal(signal.SIGINT, signal.SIG_DFL)
pathlib.Path(os.environ["STUBS"], "reached").touch()
time.sleep(60)
"""

SERVER = r"""
import http.server, json, os, pathlib, subprocess, sys

name, port = sys.argv[1:]
stubs = pathlib.Path(os.environ["STUBS"])
pids = [os.getpid()]
if (stubs / f"broken-{name}").exists():
    sys.exit(f"{name} cannot start")
if name == "pages":
    pids.append(subprocess.Popen(["sleep", "300"]).pid)
(stubs / f"{name}.json").write_text(json.dumps({**os.environ, "pids": pids}))


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        misconfigured = (stubs / "misconfigured").exists() and name == "backend"
        self.send_response(503 if misconfigured else 200)
        self.end_headers()
        self.wfile.write(b'{"status": "misconfigured", "detail": "no such model"}' if misconfigured else b"{}")

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Answer).serve_forever()
"""


class StubMachine:
    """Where setup.sh runs. `has(file)` puts a wish for the stubs beside them: `no-network`, `slow-npm`, …"""

    def __init__(self, folder: Path) -> None:
        self.stubs = folder / "stubs"
        self.stubs.mkdir()
        self.tree = folder / "parley"
        self.asked_file = folder / "asked"
        self.port, self.frontend_port = _free_ports()
        self._lay_out_tree()
        for tool in PLAIN_TOOLS:
            self.link(tool)
        self.write("python3.11", PYTHON)
        self.write("npm", NPM)
        self.write("node", "echo v20.19.4")
        self.write("just", 'env >"$STUBS/just.env"; echo "just $*" >>"$ASKED"')
        self.write("id", "echo 1000")
        self.write("apt-get", 'echo "apt-get $*" >>"$ASKED"; [ "$1" = update ] || touch "$STUBS/installed"')
        self.write("ffmpeg", "")
        (self.stubs / "server.py").write_text(SERVER, encoding="utf-8")
        (self.stubs / "slow.py").write_text(SLOW, encoding="utf-8")
        (self.stubs / "configured").write_text("1 here\n", encoding="utf-8")

    def _lay_out_tree(self) -> None:
        (self.tree / "frontend").mkdir(parents=True)
        (self.tree / "backend").mkdir()
        for path in ("setup.sh", "backend/setup_steps.py", "backend/.env.example", "frontend/.env.example"):
            shutil.copy(ROOT / path, self.tree / path)
        for path in ("backend/requirements.txt", "backend/requirements-dev.txt"):
            (self.tree / path).write_text("something==1.0 \\\n    --hash=sha256:0\n", encoding="utf-8")
        for path in ("frontend/package.json", "frontend/package-lock.json"):
            (self.tree / path).write_text("{}\n", encoding="utf-8")

    # ── what is on it ───────────────────────────────────────────────────────────────────────────────

    def link(self, tool: str) -> None:
        real = shutil.which(tool)
        assert real, tool
        (self.stubs / tool).symlink_to(real)

    def write(self, tool: str, script: str) -> None:
        path = self.stubs / tool
        path.write_text(f"#!{BASH}\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def lacks(self, *tools: str) -> StubMachine:
        for tool in tools:
            (self.stubs / tool).unlink()
        return self

    def has(self, *wishes: str) -> StubMachine:
        for wish in wishes:
            (self.stubs / wish).touch()
        return self

    def models_are(self, state: str) -> StubMachine:
        (self.stubs / "configured").write_text(f"1 {state}\n", encoding="utf-8")
        return self

    # ── what is done on it ──────────────────────────────────────────────────────────────────────────

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """setup.sh as a terminal starts it: the leader of a process group, to which Ctrl-C goes."""
        self.asked_file.write_text("", encoding="utf-8")
        environment = {
            "PATH": str(self.stubs),
            "HOME": str(self.stubs),
            "LC_ALL": "C.UTF-8",
            "REAL": sys.executable,
            "STUBS": str(self.stubs),
            "ASKED": str(self.asked_file),
        }
        return subprocess.Popen(
            [BASH, str(self.tree / "setup.sh"), *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def setup(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        running = self.start(*arguments)
        try:
            said, complained = running.communicate(timeout=PATIENCE_SECONDS)
        finally:
            kill_group(running)
        return subprocess.CompletedProcess(arguments, running.returncode, said, complained)

    def run(self, *arguments: str) -> subprocess.Popen[str]:
        return self.start("run", "--port", str(self.port), "--frontend-port", str(self.frontend_port), *arguments)

    def asked(self, *starts: str) -> list[str]:
        """What the stubs were asked, the lines that begin so."""
        lines = self.asked_file.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if line.startswith(starts)]

    def environment_of(self, what: str) -> dict[str, str]:
        """Of a server, or of a command."""
        if what in {"backend", "pages"}:
            return json.loads((self.stubs / f"{what}.json").read_text(encoding="utf-8"))
        lines = (self.stubs / f"{what}.env").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def servers(self) -> list[psutil.Process]:
        """The servers and their children that live. One that was just killed has a moment to be gone."""
        pids = [pid for path in self.stubs.glob("*.json") for pid in json.loads(path.read_text("utf-8"))["pids"]]
        return [psutil.Process(pid) for pid in pids if _lives(pid)]

    def has_no_server(self) -> bool:
        _, alive = psutil.wait_procs(self.servers(), timeout=2)
        return not [process for process in alive if _lives(process.pid)]


def end(running: subprocess.Popen[str], *, with_signal: int, whole_group: bool = True) -> tuple[str, str]:
    """Send it, and wait for the end: what was said and complained of in all."""
    (os.killpg if whole_group else os.kill)(running.pid, with_signal)
    try:
        return running.communicate(timeout=PATIENCE_SECONDS)
    finally:
        kill_group(running)


def press_ctrl_c(running: subprocess.Popen[str]) -> tuple[str, str]:
    return end(running, with_signal=signal.SIGINT)


def kill_group(running: subprocess.Popen[str]) -> None:
    """Nothing of a test that failed stays."""
    if running.poll() is None:
        for child in psutil.Process(running.pid).children(recursive=True):
            child.kill()
        running.kill()
        running.communicate()


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]
