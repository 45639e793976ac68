"""How long does `./setup.sh run` take, and does Ctrl-C leave nothing behind?

    python -m bench.start                    two starts on free ports; the second one counts
    python -m bench.start --mode mock …      the flags go to setup.sh

Prints for each start the seconds to the box, the seconds from Ctrl-C to the end and what is still there then; ends with
1 where the second start needs more than 30 s or leaves a process behind. The machine should do nothing else: how much
of it others had is printed, too.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parents[2]
MAX_SECONDS = 30.0
PATIENCE_SECONDS = 1_800.0
"""The first start may have to install and to download."""
END_OF_BOX = "└"


@dataclass(frozen=True)
class Start:
    """What one start showed. `left`: the command lines of processes that outlived it."""

    up_seconds: float
    cpu_seconds: float
    others_percent: float
    """Of the machine's time while it started: what everything else used."""
    end_seconds: float
    status: int
    left: list[str]


class NoBox(Exception):
    """setup.sh ended, or took for ever, before it was up."""


def _is_alive(process: psutil.Process) -> bool:
    """A process that has ended and waits for its parent to notice is none any more."""
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def start_once(flags: list[str]) -> Start:
    """Start, wait for the box, press Ctrl-C, look around.

    Raises:
        NoBox: it did not get that far; what it said has been printed.
    """
    port, frontend_port = _free_ports()
    command = ["./setup.sh", "run", "--port", str(port), "--frontend-port", str(frontend_port), *flags]
    began, machine = time.monotonic(), _busy_seconds()
    setup = psutil.Popen(
        command,
        cwd=ROOT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    _print_until_box(setup, began)
    up_seconds = time.monotonic() - began
    family = [setup, *setup.children(recursive=True)]
    cpu_seconds = sum(map(_cpu_seconds, family))
    others = max(0.0, _busy_seconds() - machine - cpu_seconds)
    os.killpg(setup.pid, signal.SIGINT)
    interrupted = time.monotonic()
    status = setup.wait(timeout=120)
    end_seconds = time.monotonic() - interrupted
    _, left = psutil.wait_procs(family[1:], timeout=1)
    return Start(
        up_seconds=up_seconds,
        cpu_seconds=cpu_seconds,
        others_percent=100 * others / (up_seconds * (os.cpu_count() or 1)),
        end_seconds=end_seconds,
        status=status,
        left=[" ".join(process.cmdline()) for process in left if _is_alive(process)],
    )


def _print_until_box(setup: psutil.Popen, began: float) -> None:
    for line in setup.stdout:
        print(f"{time.monotonic() - began:6.1f}  {line}", end="", flush=True)
        if line.startswith(END_OF_BOX):
            return
        if time.monotonic() - began > PATIENCE_SECONDS:
            break
    os.killpg(setup.pid, signal.SIGINT)
    raise NoBox


def _environment() -> dict[str, str]:
    """As at a newcomer's terminal: nothing of Parley's own is set, and `just` has not said that this is a test."""
    ours = {"PARLEY_TESTING", "BACKEND_URL", "NEXT_PUBLIC_API_URL", *dotenv_values(ROOT / "backend/.env.example")}
    return {name: value for name, value in os.environ.items() if name not in ours}


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system + times.children_user + times.children_system


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)


def told(name: str, start: Start) -> str:
    return (
        f"{name}: up after {start.up_seconds:.1f} s ({start.cpu_seconds:.0f} s of CPU; others had "
        f"{start.others_percent:.0f} % of the machine), ended {start.end_seconds:.1f} s after Ctrl-C "
        f"with status {start.status}, left behind: {'; '.join(start.left) or 'nothing'}"
    )


def main() -> int:
    flags = sys.argv[1:]
    try:
        first = start_once(flags)
        second = start_once(flags)
    except NoBox:
        print("❌ setup.sh was not up: its last lines are above")
        return 1
    print()
    print(told("first start", first))
    print(told("second start", second))
    is_good = second.up_seconds <= MAX_SECONDS and not second.left and second.status == 0
    print(f"{'✅' if is_good else '❌'} a second start: {second.up_seconds:.1f} s, at most {MAX_SECONDS:.0f} s")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
