"""The cases in real calls: a real `daphne`, real models, and a caller who records both directions on one clock.

    greeting, "Please tell me …", "Noted."    the call knows the room, the echo and the caller
    then, for each case of the call:  wish ─▶ the agent's first sound ─▶ the case's microphone ─▶ figures

The microphone of a case begins when the agent's first sound has come. What the agent says is kept packet by packet, by
the packets' own clock; whose earliest arrival ties it to the caller's.
"""

from __future__ import annotations

import asyncio
import contextlib
import fractions
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import numpy as np
from av import AudioFrame, Packet
from websockets.asyncio.client import connect

from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME
from bench.bargein.cases import Case, Echo
from bench.bargein.microphone import (
    LEAD_SECONDS,
    EchoPath,
    Microphone,
    as_frames,
    make_microphone,
    make_preamble,
    room_of,
)
from bench.bargein.outcome import Decided, Outcome, Result, Turn, assess, keep
from bench.bargein.score import Sound
from bench.bargein.server import NOTED, WISH
from bench.bargein.voices import read_sound
from bench.calls.caller import Caller, Ear, Voice

BACKEND: Final = Path(__file__).resolve().parents[2]
START_SECONDS: Final = 180.0
PATIENCE_SECONDS: Final = 30.0
CASES_A_CALL: Final = 14
"""A call that is longer shows nothing new, and takes more with it when it fails."""
ROOM_SECONDS: Final = 3.2
"""The room's noise floor is that of the last three seconds."""
SPOKEN_WAIT_SECONDS: Final = 12.0


class RecordingEar(Ear):
    """Keeps what was heard, by the packets' clock."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[tuple[int, Sound]] = []
        """Position in the agent's track, in samples, and sound."""
        self.arrivals: list[tuple[int, float]] = []
        self.echoed = np.zeros(0)
        """What was heard and has not come back as an echo yet."""
        self._first: int | None = None
        self._position = 0

    async def take(self, packet: Any, arrival_time_ms: int) -> None:
        if self._first is None:
            self._first = packet.timestamp
        self._position = (packet.timestamp - self._first) % 2**32
        self.arrivals.append((self._position, time.monotonic()))
        await super().take(packet, arrival_time_ms)

    def _level_dbfs(self, payload: bytes) -> float:
        sounds = [_mono(frame) for frame in self._decoder.decode(Packet(payload))]
        sound = np.concatenate(sounds) if sounds else np.zeros(0)
        self.pieces.append((self._position, sound))
        self.echoed = np.concatenate([self.echoed, sound])[-4 * SAMPLES_PER_FRAME :]
        power = float(np.mean(sound**2)) if len(sound) else 0.0
        return 10 * np.log10(power) if power > 0 else -120.0

    def between(self, start: float, stop: float) -> Sound:
        """What was heard from one moment to another, on the caller's clock."""
        near = [(position, at) for position, at in self.arrivals if start - 20 <= at <= stop + 5]
        offset = min(at - position / SAMPLE_RATE_HZ for position, at in near)
        heard = np.zeros(int((stop - start) * SAMPLE_RATE_HZ))
        for position, sound in self.pieces:
            at = round((position / SAMPLE_RATE_HZ + offset - start) * SAMPLE_RATE_HZ)
            if 0 <= at < len(heard):
                heard[at : at + len(sound)] = sound[: len(heard) - at]
        return heard

    def forget_before(self, moment: float) -> None:
        """What came long ago is not needed any more."""
        kept = [position for position, at in self.arrivals if at >= moment]
        first = min(kept, default=0)
        self.pieces = [piece for piece in self.pieces if piece[0] >= first]
        self.arrivals = [arrival for arrival in self.arrivals if arrival[0] >= first]


def _mono(frame: Any) -> Sound:
    samples = frame.to_ndarray().astype(np.float64)
    if frame.format.name.startswith("s16"):
        samples = samples / 32768
    count = len(frame.layout.channels)
    return samples.reshape(-1, count).mean(axis=1) if not frame.format.is_planar else samples.mean(axis=0)


class CaseVoice(Voice):
    """A microphone that goes round in a room until it is given a case, whose echo is that of what was really heard."""

    def __init__(self, ear: RecordingEar, echo: Echo | None) -> None:
        super().__init__()
        self._ear = ear
        self._echo = EchoPath(echo) if echo is not None and not echo.frozen else None
        self._room: list[bytes] = as_frames(np.random.default_rng(3).normal(0, 10 ** (-65 / 20), 3 * SAMPLE_RATE_HZ))
        self._frames: list[bytes] = []
        self._began: asyncio.Future[float] | None = None
        self._ended: asyncio.Future[float] | None = None

    def stay_in(self, room: Sound) -> None:
        self._room = as_frames(room)

    def play(self, sound: Sound) -> tuple[asyncio.Future[float], asyncio.Future[float]]:
        """From the next frame on; the futures are when its first frame leaves, and when the last one has left."""
        loop = asyncio.get_running_loop()
        self._frames = as_frames(sound)
        self._began, self._ended = loop.create_future(), loop.create_future()
        return self._began, self._ended

    async def recv(self) -> AudioFrame:
        if self._sent == 0:
            self._t0 = time.monotonic()
        await asyncio.sleep(max(0.0, self._t0 + self._sent * 0.02 - time.monotonic()))
        samples = np.frombuffer(self._next(), "<i2")
        if self._echo is not None:
            samples = self._with_echo(samples)
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, self._sent * SAMPLES_PER_FRAME
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE_HZ)
        self._sent += 1
        return frame

    def _next(self) -> bytes:
        if not self._frames:
            return self._room[self._sent % len(self._room)]
        if self._began is not None and not self._began.done():
            self._began.set_result(time.monotonic())
        frame = self._frames.pop(0)
        if not self._frames and self._ended is not None:
            self._ended.set_result(time.monotonic())
        return frame

    def _with_echo(self, samples: Any) -> Any:
        heard, self._ear.echoed = self._ear.echoed[:SAMPLES_PER_FRAME], self._ear.echoed[SAMPLES_PER_FRAME:]
        heard = np.pad(heard, (0, SAMPLES_PER_FRAME - len(heard)))
        mixed = samples + self._echo.process(heard) * 32768 if self._echo else samples
        return np.clip(np.rint(mixed), -32768, 32767).astype(np.int16)


class BargeInCaller(Caller):
    """A caller that knows when each message came."""

    def __init__(self, socket: Any, *, echo: Echo | None) -> None:
        super().__init__(socket)
        self.ear: RecordingEar = RecordingEar()
        self.voice: CaseVoice = CaseVoice(self.ear, echo)
        self.came: list[float] = []
        """When each of `result.messages` came."""

    async def say(self, **message: Any) -> None:
        await self._socket.send(json.dumps(message))

    async def _read(self) -> None:
        async for text in self._socket:
            message = json.loads(text)
            self.came.append(time.monotonic())
            self.result.messages.append(message)
            async with self._has_message:
                self._has_message.notify_all()
            if message["type"] == "answer" and not self._answer.done():
                self._answer.set_result(message["sdp"])

    @property
    def state(self) -> str:
        states = [message["state"] for message in self.result.messages if message["type"] == "agent_state"]
        return states[-1] if states else ""

    async def until_state(self, *wanted: str, seconds: float = PATIENCE_SECONDS) -> None:
        async with asyncio.timeout(seconds):
            while self.state not in wanted:
                await self.next_message()

    @property
    def last_reply(self) -> str:
        """What the agent said last."""
        return self._last_text("assistant")

    @property
    def last_words(self) -> str:
        """What the caller said or typed last."""
        return self._last_text("user")

    def _last_text(self, role: str) -> str:
        said = (m["text"] for m in reversed(self.result.messages) if m["type"] == "transcript" and m["role"] == role)
        return next(said, "")

    def clock_offset(self) -> float:
        """What is added to the call's clock to get the caller's: the message that travelled fastest tells."""
        pairs = zip(self.came, self.result.messages, strict=True)
        return min(came - message["at_ms"] / 1000 for came, message in pairs if message.get("at_ms"))


# ── one call ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Played:
    """One case as it was played: when the agent's first sound came, and both directions."""

    case: Case
    microphone: Microphone
    zero: float
    agent: Sound
    over: float = 0.0


@dataclass(slots=True)
class CallPlan:
    """Cases that share a call."""

    preset: str
    cases: list[Case]
    played: list[Played] = field(default_factory=list)


def plan_calls(cases: Sequence[Case], presets: Sequence[str]) -> list[CallPlan]:
    """A call for each case that is about a call's start; the others share one where echo and level are the same."""
    plans: list[CallPlan] = []
    for preset in presets:
        plans += [CallPlan(preset, [case]) for case in cases if case.new]
        shared = sorted((case for case in cases if not case.new), key=_call_key)
        for _, group in groupby(shared, key=_call_key):
            same = sorted(group, key=lambda case: (case.room, case.snr))
            plans += [
                CallPlan(preset, same[start : start + CASES_A_CALL]) for start in range(0, len(same), CASES_A_CALL)
            ]
    return sorted(plans, key=lambda plan: -len(plan.cases))


def _call_key(case: Case) -> tuple[str, float]:
    level = case.dbfs if case.tag == "quiet_caller" else 0.0
    return str(case.echo), level


async def play_call(server: LiveServer, plan: CallPlan) -> list[Outcome]:
    """All cases of one call, and what the server wrote of it."""
    room_id = server.take_room(plan.preset, "new" if plan.cases[0].new else "greets")
    address = f"ws://127.0.0.1:{server.port}/ws/signaling/{room_id}/"
    headers = {"Cookie": server.cookie}
    async with connect(address, additional_headers=headers, origin="http://localhost:3000", max_size=2**20) as socket:
        caller = BargeInCaller(socket, echo=plan.cases[0].echo)
        if plan.cases[0].new:
            await _play_at_start(caller, plan)
        else:
            await _begin(caller, plan.cases[0])
            room = None
            for case in plan.cases:
                await _play_case(caller, plan, case, is_room_new=(case.room, case.snr) != room)
                room = (case.room, case.snr)
        call_id = next(m["call_id"] for m in caller.result.messages if m["type"] == "ready")
        await caller.say(type="end_call")
        with contextlib.suppress(Exception):
            await asyncio.wait_for(socket.wait_closed(), 5)
        await caller.close()
    written = await server.written(room_id, call_id)
    return [_outcome(plan.preset, played, caller, written) for played in plan.played]


async def _begin(caller: BargeInCaller, case: Case) -> None:
    """Greeted, spoken with, answered: the caller's move."""
    await caller.connect(waits_for_ready=True, hears_greeting=True)
    await caller.say(type="playback", state="started", playout_delay_ms=0)
    caller.voice.stay_in(room_of(case, ROOM_SECONDS))
    await caller.until_state("WAIT_FOR_USER")
    await asyncio.sleep(0.5)
    _, ended = caller.voice.play(make_preamble(case))
    await ended
    await caller.until_state("AI_SPEAKING")
    await caller.until_state("WAIT_FOR_USER")


async def _play_at_start(caller: BargeInCaller, plan: CallPlan) -> None:
    case = plan.cases[0]
    caller.voice.stay_in(room_of(case, ROOM_SECONDS))
    microphone = await asyncio.to_thread(make_microphone, case)
    await caller.connect(waits_for_ready=True, hears_greeting=True)
    await caller.say(type="playback", state="started", playout_delay_ms=0)
    await _play(caller, plan, case, microphone)


async def _play_case(caller: BargeInCaller, plan: CallPlan, case: Case, *, is_room_new: bool) -> None:
    microphone = await asyncio.to_thread(make_microphone, case)
    caller.voice.stay_in(microphone.sound[: int(LEAD_SECONDS * SAMPLE_RATE_HZ)])
    await asyncio.sleep(ROOM_SECONDS if is_room_new else LEAD_SECONDS)
    await caller.until_state("WAIT_FOR_USER")
    caller.ear.forget_before(time.monotonic() - 60)
    if not case.is_about_turns:
        await caller.ear.silence(0.3)
        sound = caller.ear.next_sound()
        await caller.say(type="user_text", text=f"{WISH}{case.reply}.")
        await asyncio.wait_for(sound, PATIENCE_SECONDS)
    await _play(caller, plan, case, microphone)
    await _settle(caller)


async def _play(caller: BargeInCaller, plan: CallPlan, case: Case, microphone: Microphone) -> None:
    lead = int(LEAD_SECONDS * SAMPLE_RATE_HZ)
    began, ended = caller.voice.play(microphone.sound[lead:])
    zero = await began
    await ended
    await asyncio.sleep(0.1)
    agent = caller.ear.between(zero - LEAD_SECONDS, zero + microphone.seconds)
    agent = np.pad(agent, (0, max(0, len(microphone.sound) - len(agent))))[: len(microphone.sound)]
    plan.played.append(Played(case, microphone, zero, agent, over=time.monotonic()))


async def _settle(caller: BargeInCaller) -> None:
    """What the case left behind is over: a reply that goes on is stopped, the answer to the case's words is heard.

    The case's reply must not be the last one where something else was said since: no persona repeats its last reply.
    """
    with contextlib.suppress(TimeoutError):
        if caller.state == "AI_SPEAKING" and caller.last_reply != NOTED:
            await caller.say(type="cancel_tts")
        await caller.until_state("WAIT_FOR_USER", seconds=SPOKEN_WAIT_SECONDS)
        if caller.last_reply != NOTED and not caller.last_words.startswith(WISH):
            await caller.say(type="user_text", text="Thank you.")
            await caller.until_state("AI_SPEAKING", seconds=SPOKEN_WAIT_SECONDS)
            await caller.until_state("WAIT_FOR_USER", seconds=SPOKEN_WAIT_SECONDS)


# ── what the server wrote ─────────────────────────────────────────────────────────────────────────


def _outcome(preset: str, played: Played, caller: BargeInCaller, written: Written) -> Outcome:
    """One case; times of the call become times since the agent's first sound."""
    offset, events, sounds = caller.clock_offset(), written.events, written.sounds

    def at(seconds: float) -> float:
        return seconds + offset - played.zero

    length = played.over - played.zero
    mine = [event for event in events if -0.5 <= at(event["now"]) <= length + SPOKEN_WAIT_SECONDS]
    during = [event for event in mine if at(event["now"]) <= length + 0.2]
    records = {
        event["candidate_id"]: event["record"] for event in mine if event["event"] == "barge_in" and event["record"]
    }
    superseded = {event["utterance_id"] for event in mine if event["event"] == "superseded"}
    closed = next((event for event in during if event["event"] == "reply"), None)
    return Outcome(
        case=played.case,
        preset=preset,
        microphone=played.microphone,
        agent=played.agent,
        decided=_decided(played, caller, records),
        turns=[
            Turn(at(event["ended_at"]), sounds[event["utterance_id"]], superseded=event["utterance_id"] in superseded)
            for event in during
            if event["event"] == "utterance" and event["utterance_id"] in sounds
        ],
        history=closed["heard_text"] if closed is not None and closed["interrupted"] else None,
        replies=len([e for e in mine if e["event"] == "transcript" and not e["transcript"].startswith(WISH)]),
    )


def _decided(played: Played, caller: BargeInCaller, records: dict[str, Any]) -> list[Decided]:
    """When each decision reached the caller, with what the records say of it."""
    decided = []
    for came, message in zip(caller.came, caller.result.messages, strict=True):
        if message["type"] != "barge_in" or not 0 <= came - played.zero <= played.over - played.zero:
            continue
        record = records.get(message["candidate_id"]) if message["decision"] in {"accepted", "rejected"} else None
        words = tuple(
            f"{probe['words']} ({probe['verdict']}: {probe['reason']})" if probe["verdict"] else "(no answer)"
            for probe in (record["probes"] if record else ())
        )
        voiced_ms = record["voiced_ms"] if record else 0
        decided.append(Decided(came - played.zero, message["decision"], message["reason"], words, voiced_ms))
    return decided


# ── the server ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Written:
    """What the server wrote of a call."""

    events: list[dict[str, Any]]
    sounds: dict[str, Sound]
    """Of each turn, by its utterance's id."""


@dataclass(slots=True)
class LiveServer:
    """The server under measurement."""

    port: int
    folder: Path
    cookie: str
    rooms: dict[str, dict[str, list[str]]]

    def take_room(self, preset: str, kind: str) -> str:
        return self.rooms[preset][kind].pop()

    async def written(self, room_id: str, call_id: str) -> Written:
        """What there is of a call that is over."""
        folder = self.folder / "recordings" / room_id / call_id
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (folder / "timeline.json").exists():  # noqa: ASYNC110  it is written by another process
                await asyncio.sleep(0.2)
        events = [json.loads(line) for path in sorted(folder.glob("events.*.jsonl")) for line in path.open()]
        sounds = {path.stem: read_sound(path) for path in (folder / "utterances").glob("*.wav")}
        return Written(events, sounds)


@contextlib.contextmanager
def serving(*, port: int, calls: int, stub: bool = False) -> Iterator[LiveServer]:
    """Start a server, wait until it takes calls, end it."""
    _require_free(port)
    with tempfile.TemporaryDirectory(prefix="parley-bargein-") as name:
        folder = Path(name)
        log = folder / "server.log"
        command = [sys.executable, "-m", "bench.bargein.server", "--port", str(port), "--folder", name]
        command += ["--calls", str(calls), *(["--stub"] if stub else [])]
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=BACKEND, stdout=output, stderr=output)
        try:
            _wait_until_ready(port, process, log)
            doors = json.loads((folder / "doors.json").read_text())
            yield LiveServer(port, folder, doors["cookie"], doors["rooms"])
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _require_free(port: int) -> None:
    """Another server would answer in the place of ours."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            raise SystemExit(f"port {port} is taken: is the server of an earlier run still there?") from None


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the server ended at once:\n{log.read_text()[-3000:]}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/ready/", timeout=2):
            return
        time.sleep(0.3)
    raise SystemExit(f"the server was not ready within {START_SECONDS:.0f} s:\n{log.read_text()[-3000:]}")


# ── all of them ───────────────────────────────────────────────────────────────────────────────────


def run_live(
    cases: Sequence[Case], presets: Sequence[str], *, port: int = 8311, at_once: int = 2, kept_in: Path | None = None
) -> list[Result]:
    """Every case with every persona in real calls, so many at the same time; in the order of personas and cases."""
    plans = plan_calls(cases, presets)
    for case in cases:  # what takes long is made before the clock runs
        make_microphone(case)
        make_preamble(case)
        room_of(case, ROOM_SECONDS)
    with serving(port=port, calls=max(2, len(plans))) as server:
        results = asyncio.run(_run_plans(server, plans, at_once, kept_in))
    order = {case.id: number for number, case in enumerate(cases)}
    return sorted(results, key=lambda result: (list(presets).index(result.preset), order[result.id]))


async def _run_plans(server: LiveServer, plans: Sequence[CallPlan], at_once: int, kept_in: Path | None) -> list[Result]:
    free = asyncio.Semaphore(at_once)
    results: list[Result] = []

    async def run(plan: CallPlan) -> None:
        async with free:
            try:
                outcomes = await play_call(server, plan)
            except Exception as error:
                print(f"a call with {plan.preset} broke off after {len(plan.played)} cases: {error!r}", flush=True)
                return
            for outcome in outcomes:
                if kept_in is not None:
                    keep(outcome, kept_in)
                result = await asyncio.to_thread(assess, outcome)
                print(f"{result.preset:<22} {result.id:<22} {result.verdict:<12} {result.story}", flush=True)
                results.append(result)

    await asyncio.gather(*(run(plan) for plan in plans))
    return results
