"""The servers under measurement: start one, wait until it takes calls, call it, end it. A figure against its bar."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import connect

from bench.calls.caller import Caller, CallResult
from bench.calls.server import SILENCE_MS

BACKEND = Path(__file__).resolve().parents[2]
START_SECONDS = 90.0
STUB_MS = 330
"""What the three stand-ins take together, here and in the reference."""


@dataclass(frozen=True)
class Server:
    """One server under measurement."""

    name: str
    process: psutil.Process
    port: int
    folder: Path

    def doors(self, rooms: str = "rooms") -> list[tuple[str, dict[str, str]]]:
        """Addresses and headers, one a call; `greeting_rooms` are those whose persona speaks first."""
        if self.name == "reference":
            return [(f"ws://127.0.0.1:{self.port}/", {})] * 64
        doors = json.loads((self.folder / "doors.json").read_text())
        headers = {"Cookie": doors["cookie"], "Origin": "http://localhost:3000"}
        return [(f"ws://127.0.0.1:{self.port}/ws/signaling/{room}/", headers) for room in doors[rooms]]

    async def loop_report(self) -> dict[str, Any]:
        """What the loop's callbacks cost until now. Waits for the second's report."""
        await asyncio.sleep(1.5)
        return dict(json.loads((self.folder / "loop.json").read_text()))


@contextlib.contextmanager
def running(name: str, *, port: int, arguments: Sequence[str] = (), folder: Path | None = None) -> Iterator[Server]:
    """Start a server, wait until it takes calls, end it. One that finds its rows in `folder` goes on with them."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as own_folder:
        home = folder or Path(own_folder)
        if name == "reference":
            command = [str(Path(sys.executable).with_name("daphne")), "-b", "127.0.0.1", "-p", str(port)]
            command += ["bench.calls.reference:application"]
        else:
            command = [sys.executable, "-m", "bench.calls.server", "--port", str(port), "--folder", str(home)]
            command += ["--rooms", "40", *arguments]
        env = {
            **os.environ,
            "LOOP_REPORT": str(home / "loop.json"),
            "REFERENCE_SILENCE_MS": str(SILENCE_MS),
            "REFERENCE_STUB_MS": str(STUB_MS),
        }
        log = home / "server.log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=BACKEND, env=env, stdout=output, stderr=output)
        try:
            _wait_until_ready(name, port, process, log)
            yield Server(name, psutil.Process(process.pid), port, home)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_until_ready(name: str, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    path = "/" if name == "reference" else "/ready/"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the {name} server ended at once:\n{log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
                return
        except urllib.error.HTTPError:
            if name == "reference":
                return
        except OSError:
            pass
        time.sleep(0.3)
    raise SystemExit(f"the {name} server was not ready within {START_SECONDS:.0f} s:\n{log.read_text()[-2000:]}")


@contextlib.asynccontextmanager
async def calling(
    door: tuple[str, dict[str, str]], *, loss_percent: float, hears_greeting: bool = False
) -> AsyncIterator[Caller]:
    address, headers = door
    origin = headers.get("Origin")
    extra = {name: value for name, value in headers.items() if name != "Origin"}
    async with connect(address, additional_headers=extra, origin=origin, max_size=2**20) as socket:
        caller = Caller(socket, loss_percent=loss_percent)
        await caller.connect(waits_for_ready=bool(headers), hears_greeting=hears_greeting)
        yield caller


async def one_call(
    door: tuple[str, dict[str, str]],
    speech: list[Any],
    *,
    delay: float,
    loss_percent: float,
    least_seconds: float = 0.0,
) -> CallResult:
    """Each utterance once; then from the beginning, until `least_seconds` have gone by."""
    await asyncio.sleep(delay)
    async with calling(door, loss_percent=loss_percent) as caller:
        await asyncio.sleep(1.5)
        ends_at = time.monotonic() + least_seconds
        turn = 0
        while turn < len(speech) or time.monotonic() < ends_at:
            await caller.turn(speech[turn % len(speech)])
            await caller.until_listening()
            turn += 1
        return await caller.close()


def verdict(name: str, value: float, limit: float, unit: str, *, kind: str = "bar") -> bool:
    """Print a figure beside its bar or aim; whether it is met."""
    digits = 2 if limit < 10 else 1
    is_met = value <= limit
    print(f"{'met   ' if is_met else 'MISSED'} {name}: {value:.{digits}f} {unit} ({kind} {limit:.{digits}f})")
    return is_met
