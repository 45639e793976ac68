"""How does a server begin and end? Checks, warm-up, a heartbeat, the sweeper; and SIGTERM as a drain.

Daphne has no ASGI lifespan, runs no system checks and answers SIGTERM by cancelling every consumer without closing its
socket. So this hooks into its reactor: what must hold is asked before it starts, the rest begins with the event loop.

    SIGTERM ─ no new calls, /ready/ 404 ─ running calls go on ≤ DRAIN_SECONDS ─ notice, close 1012 ─ end
    a second one: end at once
"""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from ai_agent import log_markers, process_store
from ai_agent.process import THIS_PROCESS, ServerProcess, measured_slots
from config.daphne_close import allow_service_restart
from config.daphne_flow import wait_for_slow_readers
from config.process_memory import give_back_large_pieces

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 1.0
LAG_PROBE_SECONDS = 0.25
"""How often the event loop is asked whether it comes back in time."""
SWEEP_SECONDS = 60.0
RECORDINGS_LOOK_BACK = timedelta(minutes=5)
"""After the first time: recordings of calls that ended within this time are looked at, finished or not."""
REDIS_PATIENCE_SECONDS = 3.0
"""At start, for a Redis that is named to answer."""
FAREWELL_SECONDS = 3.0
"""After a drain: for the last notice and close to leave."""

GARBAGE_THRESHOLDS = (700, 3, 10)
"""New objects before a young collection; young ones before a middle one; middle ones before a full one."""

LOCAL_PROVIDERS = frozenset({"whisper", "local", "kokoro", "coqui"})


# ── before the server listens ─────────────────────────────────────────────────────────────────────


def refuse_unless_sound() -> None:
    """End with one line a problem where this server cannot work.

    Raises:
        SystemExit: a system check fails, the database does not answer, its tables are not those of this version, or a
            Redis that is named does not answer.
    """
    problems = [message for message in checks.run_checks() if message.is_serious() and not message.is_silenced()]
    if problems:
        raise SystemExit("\n".join(f"{log_markers.FAILURE} {message.msg} {message.hint or ''}" for message in problems))
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise SystemExit(f"{log_markers.FAILURE} The database does not answer: {reason}") from None
    finally:
        connection.close()
    if waiting:
        raise SystemExit(
            f"{log_markers.FAILURE} The database lacks {len(waiting)} migrations of this version. "
            "Run: python manage.py migrate"
        )
    refuse_without_redis(settings.REDIS_URL)


def refuse_without_redis(url: str) -> None:
    """End with one line where a Redis is named and none answers there: every socket would be closed with 4500.

    Raises:
        SystemExit: nobody answers, or somebody who is no Redis or does not let us in.
    """
    if not url:
        return
    patience = REDIS_PATIENCE_SECONDS
    try:
        with Redis.from_url(
            url, socket_connect_timeout=patience, socket_timeout=patience, retry=Retry(NoBackoff(), 0)
        ) as redis:
            redis.ping()
    except (RedisError, OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        hint = "REDIS_URL names it; leave that empty where one process is enough."
        raise SystemExit(f"{log_markers.FAILURE} Redis does not answer: {reason} {hint}") from None


# ── with the event loop ───────────────────────────────────────────────────────────────────────────


class Lifecycle:
    """One server from the first turn of its event loop to its last."""

    def __init__(
        self,
        process: ServerProcess,
        *,
        warm_up: Callable[[], None],
        end_calls: Callable[[], Awaitable[None]],
        stop: Callable[[], None],
        finish_recordings: Callable[[timedelta | None], Awaitable[None]] | None = None,
    ) -> None:
        """`finish_recordings` is told how far back to look for calls that are over; None: as far as there are any."""
        self._process = process
        self._warm_up = warm_up
        self._end_calls = end_calls
        self._stop = stop
        self._finish_recordings = finish_recordings
        self._chores: list[asyncio.Task[None]] = []
        self._drain: asyncio.Task[None] | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin the warm-up (in a thread) and the chores."""
        self._process.slots = _slots()
        self._chores = [loop.create_task(chore()) for chore in (self._beat, self._sweep, self._watch_the_loop)]
        threading.Thread(target=self._warm, name="warm-up", daemon=True).start()

    def ask_to_end(self) -> None:
        """A signal came: drain; a second one ends at once. Runs on the event loop."""
        if self._drain is not None:
            logger.warning("%s Ending at once.", log_markers.STOP)
            if self._drain.cancel():
                self._stop()
            return
        self._drain = asyncio.get_running_loop().create_task(self._end())

    def _warm(self) -> None:
        try:
            self._warm_up()
        except Exception as error:  # whatever it is, no call can be taken, and the operator reads why
            reason = " ".join(str(error).split()) or type(error).__name__
            logger.error("%s No calls: %s", log_markers.FAILURE, reason, exc_info=settings.DEBUG)  # noqa: TRY400
            self._process.warm_up_failed(reason)
            return
        self._process.warm_up_succeeded()
        logger.info("%s Ready for %d calls at a time.", log_markers.SUCCESS, self._process.slots)

    async def _beat(self) -> None:
        is_failing = False
        while True:
            try:
                await self._beat_once()
                is_failing = False
            except DatabaseError as error:
                if not is_failing:
                    logger.error("%s The database does not take the heartbeat: %s", log_markers.FAILURE, error)  # noqa: TRY400
                is_failing = True
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def _beat_once(self) -> None:
        process = self._process
        await process_store.beat(process.name, slots=process.slots, calls=process.calls, draining=process.is_draining)

    async def _watch_the_loop(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_PROBE_SECONDS
            await asyncio.sleep(LAG_PROBE_SECONDS)
            self._process.note_lag(1000 * (loop.time() - due))

    async def _sweep(self) -> None:
        look_back = None
        while True:
            try:
                abandoned = await process_store.sweep()
                if abandoned:
                    logger.info("%s %d calls that nobody came back to were closed", log_markers.STOP, abandoned)
                if self._finish_recordings is not None:
                    await self._finish_recordings(look_back)
                    look_back = RECORDINGS_LOOK_BACK
            except DatabaseError:
                logger.exception("%s Orphaned calls could not be swept", log_markers.FAILURE)
            await asyncio.sleep(SWEEP_SECONDS)

    async def _end(self) -> None:
        process = self._process
        process.start_draining()
        if process.calls:
            logger.info(
                "%s Ending: no new calls; %d may go on for %g s. A second signal ends them now.",
                log_markers.STOP,
                process.calls,
                settings.DRAIN_SECONDS,
            )
        await process.until_idle(timeout_seconds=settings.DRAIN_SECONDS)
        await self._say_goodbye()
        for chore in self._chores:
            chore.cancel()
        try:
            await process_store.retire(process.name)
        except DatabaseError:
            logger.exception("%s The process's row could not be removed; the sweeper will", log_markers.FAILURE)
        self._stop()

    async def _say_goodbye(self) -> None:
        try:
            await asyncio.wait_for(self._end_calls(), FAREWELL_SECONDS)
        except TimeoutError:
            logger.warning("%s Some calls did not end in time", log_markers.FAILURE)
        await self._process.until_idle(timeout_seconds=FAREWELL_SECONDS)


def _slots() -> int:
    if settings.CALL_SLOTS is not None:
        return settings.CALL_SLOTS
    roles = {settings.STT_PROVIDER, settings.LLM_PROVIDER, settings.TTS_PROVIDER}
    return measured_slots(uses_local_models=bool(roles & LOCAL_PROVIDERS))


def _calm_garbage_collection() -> None:
    """Leave what stays for ever out of it, and take smaller steps.

    Otherwise one full collection held the event loop for 200 ms, and the remains of one call for 4 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


def _warm_up() -> None:
    from ai_agent.live_calls import ENGINES  # noqa: PLC0415 - models are loaded here, not where this is imported

    ENGINES.load()
    _calm_garbage_collection()


async def _end_calls() -> None:
    from ai_agent.live_calls import drain  # noqa: PLC0415

    await drain()


async def _finish_recordings(since: timedelta | None) -> None:
    from ai_agent.live_calls import finish_recordings  # noqa: PLC0415

    await finish_recordings(since=since)


async def finish_tasks() -> None:
    """Cancel what still waits, and let it end: a coroutine that the interpreter's own end meets may crash it."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=FAREWELL_SECONDS)


def begin_with_reactor() -> None:
    """Where Daphne serves: begin when its reactor runs, and take the signals from it then."""
    if "daphne.server" not in sys.modules:
        return
    from twisted.internet import defer, reactor  # noqa: PLC0415 - Daphne has chosen and installed it

    lifecycle = Lifecycle(
        THIS_PROCESS,
        warm_up=_warm_up,
        end_calls=_end_calls,
        stop=reactor.stop,
        finish_recordings=_finish_recordings,
    )

    def begin() -> None:
        lifecycle.start(asyncio.get_event_loop())
        for number in (signal.SIGTERM, signal.SIGINT):
            # A shell's background job ignores SIGINT, and goes on doing so.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_: reactor.callFromThread(lifecycle.ask_to_end))

    def finish() -> defer.Deferred[None]:
        return defer.Deferred.fromFuture(asyncio.ensure_future(finish_tasks()))

    allow_service_restart()
    wait_for_slow_readers()
    give_back_large_pieces()
    reactor.callWhenRunning(begin)
    reactor.addSystemEventTrigger("before", "shutdown", finish)
