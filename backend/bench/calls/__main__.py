"""What does a call cost, and how late is its answer? Ours against a straight Channels + aiortc server, in one run.

    python -m bench.calls [--calls 1 4 8] [--turns 6] [--skip-loss]

Overhead: last speech frame sent → first loud packet back, less the silence that ends a turn and the stand-ins' delays.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from typing import Any

import psutil

from bench.calls.caller import CallResult, load_speech
from bench.calls.server import SILENCE_MS
from bench.calls.servers import STUB_MS, Server, calling, one_call, running, verdict

SETUPS = 9
LOOP_CALLS, LOOP_SECONDS = 4, 60.0
"""The loop's callbacks are judged over so many calls and so much time."""
MANY_CALLS = 10
BETWEEN_STARTS_SECONDS = 0.7
"""Callers do not all speak at once."""


async def measure(server: Server, *, calls: int, turns: int, loss_percent: float, first_door: int) -> dict[str, Any]:
    """Run `calls` calls of `turns` turns and say what they cost."""
    speech = [load_speech()] * turns
    doors = server.doors()[first_door : first_door + calls]
    memory, threads = server.process.memory_info().rss, ThreadCount(server.process)
    slow_before = len((await server.loop_report())["over_5_ms"])
    cpu, started = sum(server.process.cpu_times()[:2]), time.monotonic()
    watcher = asyncio.create_task(threads.watch())
    outcomes = await asyncio.gather(
        *(
            one_call(
                door,
                speech,
                delay=index * BETWEEN_STARTS_SECONDS,
                loss_percent=loss_percent,
                least_seconds=LOOP_SECONDS if calls == LOOP_CALLS else 0.0,
            )
            for index, door in enumerate(doors)
        ),
        return_exceptions=True,
    )
    results = [outcome for outcome in outcomes if isinstance(outcome, CallResult)]
    if not results:
        raise SystemExit(f"{server.name}: none of {calls} calls came to its end: {outcomes[0]!r}")
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
        "fell silent": calls - len(results),
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
                    print(f"{name}: {calls} call(s), {loss_percent:g} % loss measured", flush=True)
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
            verdicts.append(verdict(f"{figure} at {calls} call(s)", ours[figure], limit, "ms"))
    verdicts.append(verdict("offer → first RTP", first_rtp_ms, 60.0, "ms"))
    verdicts.append(verdict("media → first sound of the greeting", greeting_ms, 500.0, "ms"))
    if four := found.get(("parley", LOOP_CALLS, 0.0)):
        slow = f"callbacks over 5 ms of thread CPU, {LOOP_CALLS} calls for {LOOP_SECONDS:.0f} s"
        verdicts.append(verdict(slow, float(four["callbacks > 5 ms"]), 0.0, ""))
        verdicts.append(verdict("memory a call", four["MB a call"], 1.0, "MB"))
        verdicts.append(verdict("threads a call", four["threads a call"], 2.0, ""))
    if lossy := found.get(("parley", 1, 1.0)):
        for figure, aim in (("overhead p50", 140.0), ("overhead p95", 175.0)):
            verdict(f"{figure} at 1 % loss", lossy[figure], aim, "ms", kind="aim")
    if many := found.get(("parley", MANY_CALLS, 0.0)):
        verdict(f"{MANY_CALLS} calls: those that fell silent", float(many["fell silent"]), 0.0, "", kind="aim")
        verdict(f"{MANY_CALLS} calls: share of a core", many["CPU % a call"] * MANY_CALLS, 100.0, "%", kind="aim")
        verdict(f"{MANY_CALLS} calls: packets later than 60 ms", many["late %"], 1.0, "%", kind="aim")
    return verdicts.count(False)


def main() -> int:
    """Exit status: 0 when every bar was met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, nargs="+", default=[1, 4, 8, MANY_CALLS])
    parser.add_argument("--turns", type=int, default=6)
    parser.add_argument("--skip-loss", action="store_true")
    return min(1, bench_stand_ins(parser.parse_args()))


if __name__ == "__main__":
    raise SystemExit(main())
