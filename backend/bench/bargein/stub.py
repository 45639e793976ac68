"""How fast is the detection itself, and what does it cost? Stand-ins for all three providers, and a hold of 200 ms.

first packet of the user's speech sent ─▶ last packet of the agent's that can be heard        at four calls
thread CPU of the neural VAD, the gates and the machine, a frame                              in one engine
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

import numpy as np
from websockets.asyncio.client import connect

from ai_agent.audio_format import FRAME_MS, SAMPLES_PER_FRAME
from ai_agent.levels import frame_dbfs
from ai_agent.speaking import Speaking
from ai_agent.voice_activity import VoiceActivityDetector
from bench.bargein.cases import choose_cases, load_cases
from bench.bargein.live import BargeInCaller, LiveServer, serving
from bench.bargein.offline import PROBE_SECONDS, run_case
from bench.bargein.report import Bar
from bench.bargein.server import STUB, STUB_HOLD_MS, WISH
from bench.calls.caller import load_speech

CALLS: Final = 4
ROUNDS: Final = 6
BETWEEN_STARTS_SECONDS: Final = 0.7
"""Callers do not all speak at once."""
OVER_SECONDS: Final = (2.5, 3.1, 3.7)
"""So long the agent has spoken when the user comes in."""
FIRST_WORD_DEPTH_DB: Final = 12.0
"""The first word's first frame is at most so much quieter than the loud frames of the speech."""
COST_CASE: Final = "already-know"


def measure_stub(port: int = 8313) -> list[Bar]:
    """The two bars of the time, and the one of the cost."""
    with serving(port=port, calls=CALLS, stub=True) as server:
        reactions_ms = asyncio.run(_interrupt_all(server))
    cost_percent = measure_cost()
    name = f"first user packet → last agent sound, {CALLS} calls, hold at {STUB_HOLD_MS} ms"
    return [
        Bar(f"{name}, p50", statistics.median(reactions_ms), 340, "ms"),
        Bar(f"{name}, p95", sorted(reactions_ms)[int(0.95 * len(reactions_ms))], 365, "ms"),
        Bar("detection, share of a core a call", cost_percent, 2.0, "%"),
    ]


async def _interrupt_all(server: LiveServer) -> list[float]:
    calls = (_interrupt(server, delay=number * BETWEEN_STARTS_SECONDS) for number in range(CALLS))
    return [reaction_ms for some in await asyncio.gather(*calls) for reaction_ms in some]


async def _interrupt(server: LiveServer, *, delay: float) -> list[float]:
    """One call, in which the user comes in some times."""
    await asyncio.sleep(delay)
    speech = _from_first_word(load_speech()) / 32768
    address = f"ws://127.0.0.1:{server.port}/ws/signaling/{server.take_room(STUB, 'greets')}/"
    headers = {"Cookie": server.cookie}
    reactions_ms = []
    async with connect(address, additional_headers=headers, origin="http://localhost:3000", max_size=2**20) as socket:
        caller = BargeInCaller(socket, echo=None)
        await caller.connect(waits_for_ready=True, hears_greeting=True)
        await caller.until_state("WAIT_FOR_USER")
        for number in range(ROUNDS):
            await caller.ear.silence(0.5)
            sound = caller.ear.next_sound()
            await caller.say(type="user_text", text=f"{WISH}long.")
            await sound
            await asyncio.sleep(OVER_SECONDS[number % len(OVER_SECONDS)])
            began, ended = caller.voice.play(speech)
            first_at = await began
            await caller.ear.silence(0.6)
            reactions_ms.append((caller.ear.last_loud_at - first_at) * 1000)
            await ended
            await caller.until_state("PROCESSING_USER", "AI_SPEAKING")
            await caller.until_state("WAIT_FOR_USER")
        await caller.close()
    return reactions_ms


def _from_first_word(speech: np.ndarray) -> np.ndarray:
    """Without the breath before it: from the first frame that is nearly as loud as the speech is."""
    frames = speech.reshape(-1, SAMPLES_PER_FRAME)
    levels_dbfs = np.array([frame_dbfs(frame.tobytes()) for frame in frames])
    first = np.flatnonzero(levels_dbfs > np.percentile(levels_dbfs, 90) - FIRST_WORD_DEPTH_DB)[0]
    return frames[first:].ravel()


def measure_cost() -> float:
    """Percent of a core: the VAD and its gates on every frame of a call, the machine on those of the agent's speech."""
    (case,) = choose_cases(load_cases(), wanted=[COST_CASE])
    spent = Spent()
    spent.time(VoiceActivityDetector, "process")
    spent.time(Speaking, "overhear")
    try:
        run_case(case, "helpful-assistant", probe_seconds=PROBE_SECONDS)
    finally:
        spent.undo()
    return sum(map(statistics.fmean, spent.seconds.values())) / (FRAME_MS / 1000) * 100


class Spent:
    """Thread CPU of methods, call by call."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}
        self._undo: list[Callable[[], None]] = []

    def time(self, owner: type[Any], name: str) -> None:
        method = getattr(owner, name)
        took = self.seconds.setdefault(f"{owner.__name__}.{name}", [])

        @wraps(method)
        def timed(*arguments: Any, **named: Any) -> Any:
            began = time.thread_time()
            try:
                return method(*arguments, **named)
            finally:
                took.append(time.thread_time() - began)

        setattr(owner, name, timed)
        self._undo.append(lambda: setattr(owner, name, method))

    def undo(self) -> None:
        for undo in self._undo:
            undo()
