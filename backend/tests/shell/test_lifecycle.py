"""A process's slots and its end, without a server: what it takes, what it measures, what a broken start says."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from django.test import override_settings

from ai_agent import process as process_module
from ai_agent.models import Process
from ai_agent.process import (
    LATE_MEMORY_SECONDS,
    LATE_MS,
    MAX_MEASURED_SLOTS,
    REFERENCE_PROBE_SECONDS,
    Readiness,
    ServerProcess,
    measured_slots,
)
from config import lifecycle
from config.lifecycle import Lifecycle


def warm(slots: int = 1) -> ServerProcess:
    process = ServerProcess(slots=slots)
    process.warm_up_succeeded()
    return process


def test_no_call_is_taken_before_the_models_are_loaded() -> None:
    process = ServerProcess(slots=1)
    assert not process.take_slot("room")
    process.warm_up_succeeded()
    assert process.take_slot("room")


def test_all_sockets_of_a_room_hold_one_slot_and_the_cap_holds() -> None:
    process = warm()
    assert process.take_slot("room")
    assert not process.take_slot("another")
    assert process.take_slot("room"), "its older socket is about to go"
    assert process.calls == 1
    process.give_slot_back("room")
    assert process.readiness is Readiness.FULL
    process.give_slot_back("room")
    assert process.readiness is Readiness.OK


def test_a_process_that_was_late_says_so_for_a_moment_and_takes_calls_all_the_same() -> None:
    now = [100.0]
    process = ServerProcess(slots=1, clock=lambda: now[0])
    process.warm_up_succeeded()
    process.note_lag(LATE_MS)
    assert not process.is_late
    process.note_lag(LATE_MS + 1)
    now[0] += LATE_MEMORY_SECONDS - 0.1
    process.note_lag(0.0)
    assert process.is_late
    now[0] += 0.2
    assert not process.is_late
    process.note_lag(LATE_MS + 1)
    assert process.readiness is Readiness.OK and process.take_slot("room")


async def test_an_event_loop_that_was_held_up_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock jumps while the probe sleeps: as if a callback had held the loop."""
    process, loop, jump = warm(), asyncio.get_running_loop(), [0.0]
    usual = loop.time
    monkeypatch.setattr(loop, "time", lambda: usual() + jump[0])
    monkeypatch.setattr(lifecycle, "LAG_PROBE_SECONDS", 0.0)
    watch = loop.create_task(life_of(process)._watch_the_loop())
    await asyncio.sleep(0)
    assert not process.is_late
    jump[0] = 10.0
    async with asyncio.timeout(60):
        while not process.is_late:
            await asyncio.sleep(0)
    watch.cancel()


def test_a_process_without_slots_takes_no_call() -> None:
    assert warm(slots=0).readiness is Readiness.FULL


def test_a_running_call_may_come_back_while_the_process_drains() -> None:
    process = warm()
    process.take_slot("room")
    process.start_draining()
    assert not process.take_slot("another")
    assert process.take_slot("room")


def test_a_slot_that_nobody_held_cannot_be_given_back() -> None:
    with pytest.raises(RuntimeError):
        warm().give_slot_back("room")


async def test_a_drain_waits_for_the_last_call_and_no_longer_than_it_may() -> None:
    process = warm()
    process.take_slot("room")
    assert not await process.until_idle(timeout_seconds=0.01)
    asyncio.get_running_loop().call_soon(process.give_slot_back, "room")
    assert await process.until_idle(timeout_seconds=30)


@pytest.mark.parametrize(
    ("seconds", "is_local", "cores", "slots"),
    [
        (REFERENCE_PROBE_SECONDS, False, 2, 8),
        (REFERENCE_PROBE_SECONDS, True, 2, 2),
        (REFERENCE_PROBE_SECONDS / 2, False, 2, 16),
        (REFERENCE_PROBE_SECONDS * 100, True, 2, 1),
        (0.0, False, 2, MAX_MEASURED_SLOTS),
        (REFERENCE_PROBE_SECONDS, True, None, 1),
    ],
)
def test_slots_follow_the_machine(
    monkeypatch: pytest.MonkeyPatch, seconds: float, is_local: bool, cores: int | None, slots: int
) -> None:
    monkeypatch.setattr(process_module.os, "cpu_count", lambda: cores)
    assert measured_slots(uses_local_models=is_local, probe=lambda: seconds) == slots


def test_the_machine_is_measured_in_a_moment() -> None:
    assert 1 <= measured_slots(uses_local_models=False) <= MAX_MEASURED_SLOTS


@override_settings(CALL_SLOTS=7)
def test_what_the_operator_wrote_beats_the_measurement() -> None:
    assert lifecycle._slots() == 7


# ── Redis, where it is named ──────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def listener(answer: bytes | None) -> Iterator[str]:
    """Somebody who says `answer` to everything (None: nothing at all); its address."""

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                caller, _ = server.accept()
                callers.append(caller)
                if answer is not None:
                    caller.recv(1_000)
                    caller.sendall(answer)

    callers: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield f"redis://:hunter2@127.0.0.1:{server.getsockname()[1]}/0"
        server.shutdown(socket.SHUT_RDWR)
    for caller in callers:
        caller.close()


@pytest.mark.parametrize("answer", [None, b"HTTP/1.1 400 Bad Request\r\n\r\n", b"-WRONGPASS invalid password\r\n"])
def test_a_server_that_is_no_redis_of_ours_is_one_clear_line(
    answer: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "REDIS_PATIENCE_SECONDS", 0.2)
    with listener(answer) as url, pytest.raises(SystemExit) as end:
        lifecycle.refuse_without_redis(url)
    line = str(end.value)
    assert "Redis does not answer: " in line and "REDIS_URL" in line
    assert "\n" not in line and "hunter2" not in line


def test_a_redis_that_is_not_there_is_one_clear_line_and_none_is_needed() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(SystemExit, match=r"Redis does not answer: .*refused"):
            lifecycle.refuse_without_redis(f"redis://127.0.0.1:{nobody.getsockname()[1]}/0")
    lifecycle.refuse_without_redis("")


@pytest.mark.django_db
def test_redis_is_asked_before_the_server_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(lifecycle, "refuse_without_redis", asked.append)
    monkeypatch.setattr(lifecycle.connection, "close", lambda: None)
    with override_settings(REDIS_URL="redis://here:6379/0"):
        lifecycle.refuse_unless_sound()
    assert asked == ["redis://here:6379/0"]


def life_of(process: ServerProcess, *, warm_up=lambda: None, calls_end=None, stopped=None) -> Lifecycle:
    async def end_calls() -> None:
        if calls_end is not None:
            calls_end()

    return Lifecycle(process, warm_up=warm_up, end_calls=end_calls, stop=stopped or (lambda: None))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            RuntimeError("whisper: model.bin is missing;\n run manage.py fetch_models"),
            "model.bin is missing; run manage",
        ),
        (ZeroDivisionError(), "ZeroDivisionError"),
    ],
)
def test_a_warm_up_that_fails_leaves_one_plain_line(error: Exception, words: str) -> None:
    def fail() -> None:
        raise error

    process = ServerProcess(slots=1)
    life_of(process, warm_up=fail)._warm()
    assert process.readiness is Readiness.MISCONFIGURED
    assert words in process.detail and "\n" not in process.detail


@pytest.mark.django_db(transaction=True)
@override_settings(CALL_SLOTS=3, DRAIN_SECONDS=60)
async def test_a_server_beats_while_it_lives_and_leaves_no_row() -> None:
    """start → warm and counted; a signal → draining; the last call over → the calls' farewell, then the end."""
    process, loop = ServerProcess(slots=0), asyncio.get_running_loop()
    warmed, ended, stopped = threading.Event(), asyncio.Event(), asyncio.Event()
    life = life_of(process, warm_up=warmed.set, calls_end=ended.set, stopped=stopped.set)
    life.start(loop)
    assert await asyncio.to_thread(warmed.wait, 30)
    assert process.slots == 3
    async with asyncio.timeout(30):
        while not await Process.objects.filter(name=process.name, slots=3).aexists():
            await asyncio.sleep(0)
    while process.readiness is not Readiness.OK:
        await asyncio.sleep(0)
    process.take_slot("room")
    life.ask_to_end()
    await asyncio.sleep(0)
    assert process.is_draining
    process.give_slot_back("room")
    async with asyncio.timeout(30):
        await stopped.wait()
    assert ended.is_set()
    assert not await Process.objects.filter(name=process.name).aexists()


@pytest.mark.django_db(transaction=True)
@override_settings(DRAIN_SECONDS=600)
async def test_a_second_signal_does_not_wait() -> None:
    process, stopped = warm(), asyncio.Event()
    process.take_slot("room")
    life = life_of(process, stopped=stopped.set)
    life.ask_to_end()
    await asyncio.sleep(0)
    life.ask_to_end()
    assert stopped.is_set()


async def test_what_still_waits_is_ended_before_the_interpreter() -> None:
    forever = asyncio.ensure_future(asyncio.Event().wait())
    await asyncio.sleep(0)
    await lifecycle.finish_tasks()
    assert forever.cancelled()
