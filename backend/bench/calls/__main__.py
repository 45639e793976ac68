"""What does a call cost, and how late is its answer? Ours against a straight Channels + aiortc server, in one run.

    python -m bench.calls [--calls 1 4 8] [--turns 6] [--skip-loss]      with stand-ins
    python -m bench.calls --local [--turns 20]                           with local models, short window against full

Overhead: last speech frame sent → first loud packet back, less the silence that ends a turn and the stand-ins' delays.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer
import psutil
from websockets.asyncio.client import connect

from bench.calls.caller import SPEECH, Caller, CallResult, load_speech
from bench.calls.server import SILENCE_MS
from tests.e2e.microphone import UTTERANCES
from tests.e2e.score import plain_words

BACKEND = Path(__file__).resolve().parents[2]
STUB_MS = 330
SETUPS = 9
LOOP_CALLS, LOOP_SECONDS = 4, 60.0
"""The loop's callbacks are judged over so many calls and so much time."""
LOCAL_TURNS = 20
MANY_CALLS = 10
START_SECONDS = 90.0
BETWEEN_STARTS_SECONDS = 0.7
"""Callers do not all speak at once."""


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
def running(name: str, *, port: int, arguments: list[str] = []) -> Iterator[Server]:  # noqa: B006
    """Start a server, wait until it takes calls, end it."""
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        if name == "reference":
            command = [str(Path(sys.executable).with_name("daphne")), "-b", "127.0.0.1", "-p", str(port)]
            command += ["bench.calls.reference:application"]
        else:
            command = [sys.executable, "-m", "bench.calls.server", "--port", str(port), "--folder", folder]
            command += ["--rooms", "40", *arguments]
        env = {
            **os.environ,
            "LOOP_REPORT": str(Path(folder) / "loop.json"),
            "REFERENCE_SILENCE_MS": str(SILENCE_MS),
            "REFERENCE_STUB_MS": str(STUB_MS),
        }
        log = Path(folder) / "server.log"
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=BACKEND, env=env, stdout=output, stderr=output)
        try:
            _wait_until_ready(name, port, process, log)
            yield Server(name, psutil.Process(process.pid), port, Path(folder))
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


async def measure(server: Server, *, calls: int, turns: int, loss_percent: float, first_door: int) -> dict[str, Any]:
    """Run `calls` calls of `turns` turns and say what they cost."""
    speech = [load_speech()] * turns
    doors = server.doors()[first_door : first_door + calls]
    memory, threads = server.process.memory_info().rss, ThreadCount(server.process)
    slow_before = len((await server.loop_report())["over_5_ms"])
    cpu, started = sum(server.process.cpu_times()[:2]), time.monotonic()
    watcher = asyncio.create_task(threads.watch())
    results = await asyncio.gather(
        *(
            one_call(
                door,
                speech,
                delay=index * BETWEEN_STARTS_SECONDS,
                loss_percent=loss_percent,
                least_seconds=LOOP_SECONDS if calls == LOOP_CALLS else 0.0,
            )
            for index, door in enumerate(doors)
        )
    )
    seconds, busy = time.monotonic() - started, sum(server.process.cpu_times()[:2]) - cpu
    watcher.cancel()
    overheads = [value - SILENCE_MS - STUB_MS for result in results for value in result.reply_after_ms]
    packets = sum(result.packets for result in results)
    return {
        "server": server.name,
        "calls": calls,
        "loss %": loss_percent,
        "overhead p50": statistics.median(overheads),
        "overhead p95": sorted(overheads)[min(len(overheads) - 1, int(0.95 * len(overheads)))],
        "answer ms": statistics.median(result.answer_ms for result in results),
        "first RTP ms": statistics.median(result.first_rtp_ms for result in results),
        "CPU % a call": 100 * busy / seconds / calls,
        "MB a call": (server.process.memory_info().rss - memory) / 2**20 / calls,
        "threads a call": (threads.most - threads.before) / calls,
        "callbacks > 5 ms": len((await server.loop_report())["over_5_ms"]) - slow_before,
        "late %": 100 * sum(result.late for result in results) / max(packets, 1),
    }


class ThreadCount:
    """The most threads that a process had while it was watched."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self.most = self.before = process.num_threads()

    async def watch(self) -> None:
        while True:
            self.most = max(self.most, self._process.num_threads())
            await asyncio.sleep(0.5)


async def measure_setups(server: Server, *, count: int) -> float:
    """Offer → first RTP in milliseconds: the median of so many calls, one after the other."""
    setups = []
    for door in server.doors()[:count]:
        async with calling(door, loss_percent=0.0) as caller:
            setups.append((await caller.close()).first_rtp_ms)
        await asyncio.sleep(BETWEEN_STARTS_SECONDS)
    return statistics.median(setups)


async def measure_greetings(server: Server) -> float:
    """First RTP → first sound of the greeting in milliseconds: the median of some calls, one after the other."""
    waits = []
    for door in server.doors("greeting_rooms"):
        async with calling(door, loss_percent=0.0, hears_greeting=True) as caller:
            waits.append(caller.result.greeting_ms)
            await caller.close()
        await asyncio.sleep(BETWEEN_STARTS_SECONDS)
    return statistics.median(waits)


def print_table(rows: list[dict[str, Any]]) -> None:
    """Rows as aligned columns."""
    names = list(rows[0])
    text = [[f"{row[name]:.1f}" if isinstance(row[name], float) else str(row[name]) for name in names] for row in rows]
    widths = [max(len(name), *(len(line[column]) for line in text)) for column, name in enumerate(names)]
    for line in [names, *text]:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


def bench_stand_ins(arguments: argparse.Namespace) -> int:
    """The figures of ours and of the reference; how many bars were missed."""
    rows: list[dict[str, Any]] = []
    setups: dict[str, float] = {}
    reports: dict[str, dict[str, Any]] = {}
    losses = [0.0] if arguments.skip_loss else [0.0, 1.0]
    for name, port in (("reference", 8301), ("parley", 8302)):
        with running(name, port=port) as server:
            first_door = 0
            # The first call of a process pays for imports and warm caches; nobody's figure has it.
            asyncio.run(measure(server, calls=1, turns=1, loss_percent=0.0, first_door=first_door))
            setups[name] = asyncio.run(measure_setups(server, count=SETUPS))
            for loss_percent in losses:
                for calls in arguments.calls if loss_percent == 0 else [1]:
                    first_door += 10
                    rows.append(
                        asyncio.run(
                            measure(
                                server,
                                calls=calls,
                                turns=arguments.turns,
                                loss_percent=loss_percent,
                                first_door=first_door % 32,
                            )
                        )
                    )
            if name == "parley":
                greeting_ms = asyncio.run(measure_greetings(server))
            reports[name] = asyncio.run(server.loop_report())
    print_table(rows)
    for name, report in reports.items():
        print(f"\n{name}: {report['callbacks']} callbacks, slowest {report['slowest_ms']:.1f} ms of thread CPU time,")
        print(f"over 5 ms: {len(report['over_5_ms'])}")
        for cost_ms, callback in report["over_5_ms"]:
            print(f"  {cost_ms} ms  {callback}")
    print(
        f"\noffer → first RTP, {SETUPS} calls one by one: " + ", ".join(f"{n} {ms:.1f} ms" for n, ms in setups.items())
    )
    return judge(rows, setups["parley"], greeting_ms)


def judge(rows: list[dict[str, Any]], first_rtp_ms: float, greeting_ms: float) -> int:
    """Each bar and each aim that was measured, and whether this run met it; how many bars were missed."""
    found = {(row["server"], row["calls"], row["loss %"]): row for row in rows}
    verdicts = []
    print()
    for calls in (1, 4):
        ours, theirs = found.get(("parley", calls, 0.0)), found.get(("reference", calls, 0.0))
        if ours is None or theirs is None:
            continue
        for figure, bar in (("overhead p50", 150.0), ("overhead p95", 165.0)):
            limit = max(bar, 0.9 * theirs[figure])
            verdicts.append(_verdict(f"{figure} at {calls} call(s)", ours[figure], limit, "ms"))
    verdicts.append(_verdict("offer → first RTP", first_rtp_ms, 60.0, "ms"))
    verdicts.append(_verdict("media → first sound of the greeting", greeting_ms, 500.0, "ms"))
    if four := found.get(("parley", LOOP_CALLS, 0.0)):
        slow = f"callbacks over 5 ms of thread CPU, {LOOP_CALLS} calls for {LOOP_SECONDS:.0f} s"
        verdicts.append(_verdict(slow, float(four["callbacks > 5 ms"]), 0.0, ""))
        verdicts.append(_verdict("memory a call", four["MB a call"], 1.0, "MB"))
        verdicts.append(_verdict("threads a call", four["threads a call"], 2.0, ""))
    if lossy := found.get(("parley", 1, 1.0)):
        for figure, aim in (("overhead p50", 140.0), ("overhead p95", 175.0)):
            _verdict(f"{figure} at 1 % loss", lossy[figure], aim, "ms", kind="aim")
    if many := found.get(("parley", MANY_CALLS, 0.0)):
        _verdict(f"{MANY_CALLS} calls: share of a core", many["CPU % a call"] * MANY_CALLS, 100.0, "%", kind="aim")
        _verdict(f"{MANY_CALLS} calls: packets later than 60 ms", many["late %"], 1.0, "%", kind="aim")
    return verdicts.count(False)


def _verdict(name: str, value: float, limit: float, unit: str, *, kind: str = "bar") -> bool:
    digits = 2 if limit < 10 else 1
    is_met = value <= limit
    print(f"{'met   ' if is_met else 'MISSED'} {name}: {value:.{digits}f} {unit} ({kind} {limit:.{digits}f})")
    return is_met


def bench_local(arguments: argparse.Namespace) -> int:
    """`reply_latency_ms` and word error rate of the same turns, with the short window and with the full one."""
    folder = SPEECH.parent
    names = list(UTTERANCES)
    speech = [load_speech(folder / names[turn % len(names)]) for turn in range(arguments.turns)]
    texts = [plain_words(UTTERANCES[names[turn % len(names)]]) for turn in range(arguments.turns)]
    figures = {}
    for window, port in (("short", 8303), ("full", 8304)):
        with running("parley", port=port, arguments=["--mode", "local", "--window", window]) as server:
            result = asyncio.run(one_call(server.doors()[0], speech, delay=0.0, loss_percent=0.0))
        latencies = [
            m["reply_latency_ms"] for m in result.messages if m["type"] == "turn_metrics" and "reply_latency_ms" in m
        ]
        heard = [plain_words(m["text"]) for m in result.messages if m["type"] == "transcript" and m["role"] == "user"]
        figures[window] = (
            statistics.median(latencies),
            100 * jiwer.wer(" ".join(texts), " ".join(heard)),
            len(latencies),
        )
        print(f"{window:>5} window: reply_latency_ms p50 {figures[window][0]:.0f} of {figures[window][2]} turns, "
              f"word error rate {figures[window][1]:.1f} %")  # fmt: skip
        for part in ("stt_ms", "llm_first_token_ms", "tts_first_audio_ms"):
            values = [m[part] for m in result.messages if m["type"] == "turn_metrics" and m.get(part) is not None]
            print(f"        {part} p50 {statistics.median(values):.0f}, most {max(values):.0f}")
    print()
    unanswered = float(arguments.turns - figures["short"][2])
    verdicts = (
        _verdict(f"turns of {arguments.turns} without an answer", unanswered, 0.0, ""),
        _verdict("local reply_latency_ms p50", figures["short"][0], 2000.0, "ms"),
        _verdict("short ÷ full", figures["short"][0] / figures["full"][0], 0.75, ""),
        _verdict("word error rate, short less full", figures["short"][1] - figures["full"][1], 1.0, "points"),
    )
    return verdicts.count(False)


def main() -> int:
    """Exit status: 0 when every bar was met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, nargs="+", default=[1, 4, 8, MANY_CALLS])
    parser.add_argument("--turns", type=int)
    parser.add_argument("--skip-loss", action="store_true")
    parser.add_argument("--local", action="store_true")
    arguments = parser.parse_args()
    arguments.turns = arguments.turns or (LOCAL_TURNS if arguments.local else 6)
    return min(1, (bench_local if arguments.local else bench_stand_ins)(arguments))


if __name__ == "__main__":
    raise SystemExit(main())
