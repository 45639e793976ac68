"""What does a caller hear, and when? aiortc peers that speak recorded speech and time each packet that comes back.

The time of a reply's first sound is the arrival of the first RTP packet whose decoded level is above −45 dBFS: no
jitter buffer of the caller's own is in the figure.
"""

from __future__ import annotations

import asyncio
import fractions
import json
import time
import wave
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from av import AudioFrame, CodecContext, Packet

from ai_agent.webrtc_adapters import OpusTrack

SPEECH = Path("/usr/share/pocketsphinx/test/data/librivox/sense_and_sensibility_01_austen_64kb-0930.wav")
SAMPLE_RATE_HZ = 48_000
FRAME = 960
LOUD_DBFS = -45.0
LATE_MS = 60.0
TIMEOUT_SECONDS = 30.0


def load_speech(path: Path = SPEECH) -> np.ndarray:
    """Speech at 48 kHz, int16, cut after its last loud sample, in whole frames."""
    with wave.open(str(path)) as sound:
        samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        rate = sound.getframerate()
    speech = soxr.resample(samples, rate, SAMPLE_RATE_HZ)
    loud = np.flatnonzero(np.abs(speech.astype(np.int32)) > 0.02 * 32768)
    speech = speech[: loud[-1] + 1]
    return np.concatenate([speech, np.zeros(-len(speech) % FRAME, np.int16)])


class Voice(MediaStreamTrack):
    """A microphone on an absolute schedule: quiet room noise, and speech when asked."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        noise = np.random.default_rng(3).normal(0, 6, SAMPLE_RATE_HZ)
        self._noise = noise.astype(np.int16).reshape(-1, FRAME)
        self._queue: list[np.ndarray] = []
        self._sent = 0
        self._t0 = 0.0
        self.speech_ended: asyncio.Future[float] | None = None

    def say(self, speech: np.ndarray) -> asyncio.Future[float]:
        """Speak; the future is the time at which the last frame left."""
        self._queue = list(speech.reshape(-1, FRAME))
        self.speech_ended = asyncio.get_running_loop().create_future()
        return self.speech_ended

    async def recv(self) -> AudioFrame:
        if self._sent == 0:
            self._t0 = time.monotonic()
        due = self._t0 + self._sent * 0.02
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        samples = self._noise[self._sent % len(self._noise)]
        if self._queue:
            samples = self._queue.pop(0)
            if not self._queue and self.speech_ended is not None:
                self.speech_ended.set_result(time.monotonic())
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, self._sent * FRAME
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE_HZ)
        self._sent += 1
        return frame


class Ear:
    """Every RTP packet of the agent's voice: when it came, and how loud it is."""

    def __init__(self) -> None:
        self._decoder = CodecContext.create("libopus", "r")
        self.first_packet_at: float | None = None
        self.packets = 0
        self.late = 0
        self._schedule: tuple[float, int] | None = None
        self._waiting: asyncio.Future[float] | None = None
        self._last_loud_at = 0.0
        self._has_packet = asyncio.Event()

    async def first_packet(self) -> float:
        """When the first packet came."""
        await asyncio.wait_for(self._has_packet.wait(), TIMEOUT_SECONDS)
        assert self.first_packet_at is not None
        return self.first_packet_at

    def next_sound(self) -> asyncio.Future[float]:
        self._waiting = asyncio.get_running_loop().create_future()
        return self._waiting

    @property
    def last_loud_at(self) -> float:
        """When the last packet came that can be heard."""
        return self._last_loud_at

    async def silence(self, seconds: float) -> None:
        """Wait until nothing loud has come for `seconds`."""
        while True:
            left = self._last_loud_at + seconds - time.monotonic()
            if left <= 0:
                return
            await asyncio.sleep(left)

    async def take(self, packet: Any, arrival_time_ms: int) -> None:
        now = time.monotonic()
        self.first_packet_at = self.first_packet_at or now
        self._has_packet.set()
        self.packets += 1
        self._note_lateness(packet.timestamp, now)
        if self._level_dbfs(packet.payload) > LOUD_DBFS:
            self._last_loud_at = now
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result(now)

    def _note_lateness(self, timestamp: int, now: float) -> None:
        """Later than 60 ms after its place in the earliest schedule seen."""
        if self._schedule is None:
            self._schedule = (now, timestamp)
            return
        due = self._schedule[0] + (timestamp - self._schedule[1]) / SAMPLE_RATE_HZ
        if now < due:
            self._schedule = (now, timestamp)
        elif (now - due) * 1000 > LATE_MS:
            self.late += 1

    def _level_dbfs(self, payload: bytes) -> float:
        for frame in self._decoder.decode(Packet(payload)):
            scale = 32768.0 if frame.format.name.startswith("s16") else 1.0
            power = float(np.mean((frame.to_ndarray().astype(np.float32) / scale) ** 2))
            return 10 * np.log10(power) if power > 0 else -120.0
        return -120.0


@dataclass
class CallResult:
    """What one caller measured, in milliseconds."""

    answer_ms: float = 0.0
    first_rtp_ms: float = 0.0
    greeting_ms: float = 0.0
    """First packet → first sound, where the persona speaks first."""
    reply_after_ms: list[float] = field(default_factory=list)
    """Last speech frame sent → first loud packet back."""
    packets: int = 0
    late: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)


Receive = Callable[[], Awaitable[dict[str, Any]]]


class Caller:
    """One peer over one WebSocket that speaks the product's messages."""

    def __init__(self, socket: Any, *, loss_percent: float = 0.0) -> None:
        self._socket = socket
        self._loss_percent = loss_percent
        self.voice = Voice()
        self.ear = Ear()
        self.result = CallResult()
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._reader: asyncio.Task[None] | None = None
        self._answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._has_message = asyncio.Condition()

    async def connect(self, *, waits_for_ready: bool = False, hears_greeting: bool = False) -> None:
        """Offer, answer, media up; where asked, until the persona's first sound.

        `waits_for_ready` is the browser's way: the offer comes when the server has said `ready`.
        """
        # Encoded on the loop: a hop to a thread for each frame is more than ten callers in one process can pay.
        self._peer.addTrack(OpusTrack(self.voice, on_failed=self.voice.stop))
        self._reader = asyncio.create_task(self._read())
        await self._peer.setLocalDescription(await self._peer.createOffer())
        receiver = self._peer.getReceivers()[0]
        receiver._handle_rtp_packet = self.ear.take
        if self._loss_percent:
            self._lose_packets()
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while waits_for_ready and not any(message["type"] == "ready" for message in self.result.messages):
                await self.next_message()
        started = time.monotonic()
        await self._socket.send(json.dumps({"type": "offer", "sdp": self._peer.localDescription.sdp}))
        sdp = await asyncio.wait_for(self._answer, TIMEOUT_SECONDS)
        self.result.answer_ms = (time.monotonic() - started) * 1000
        await self._peer.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="answer"))
        greeting = self.ear.next_sound()
        first_packet_at = await self.ear.first_packet()
        self.result.first_rtp_ms = (first_packet_at - started) * 1000
        if hears_greeting:
            sound_at = await asyncio.wait_for(greeting, TIMEOUT_SECONDS)
            self.result.greeting_ms = (sound_at - first_packet_at) * 1000

    async def turn(self, speech: np.ndarray) -> None:
        """Say it once and wait for the reply's first sound, then for its end."""
        ended_at = await asyncio.wait_for(self.voice.say(speech), TIMEOUT_SECONDS)
        sound = self.ear.next_sound()
        self.result.reply_after_ms.append((await asyncio.wait_for(sound, TIMEOUT_SECONDS) - ended_at) * 1000)
        await self.ear.silence(0.6)

    async def next_message(self) -> None:
        """Wait for one more message in `result.messages`; in another task one may be missed."""
        async with self._has_message:
            await self._has_message.wait()

    async def until_listening(self) -> None:
        """Wait until the server says that it is the user's turn; one that says nothing of turns is not waited for."""
        while True:
            states = [message["state"] for message in self.result.messages if message["type"] == "agent_state"]
            if not states or states[-1] == "WAIT_FOR_USER":
                return
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self.next_message()

    async def close(self) -> CallResult:
        self.result.packets, self.result.late = self.ear.packets, self.ear.late
        await self._peer.close()
        if self._reader is not None:
            self._reader.cancel()
        return self.result

    async def _read(self) -> None:
        async for text in self._socket:
            message = json.loads(text)
            self.result.messages.append(message)
            async with self._has_message:
                self._has_message.notify_all()
            if message["type"] == "answer" and not self._answer.done():
                self._answer.set_result(message["sdp"])

    def _lose_packets(self) -> None:
        """A fixed pattern of loss on what the caller sends."""
        transport = self._peer.getSenders()[0].transport
        send, every, count = transport._send_rtp, round(100 / self._loss_percent), 0

        async def send_some(data: bytes) -> None:
            nonlocal count
            count += 1
            if count % every != every // 2:
                await send(data)

        transport._send_rtp = send_some
