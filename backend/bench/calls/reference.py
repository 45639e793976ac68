"""The yardstick: straight Channels + aiortc, as short as it can be written, with the same stub delays.

An energy gate ends the turn, 330 ms of `sleep` stand for the providers, a tone is the reply. What a call costs beyond
this is ours.

    REFERENCE_SILENCE_MS=500 daphne -p 8300 bench.calls.reference:application
"""

from __future__ import annotations

import asyncio
import fractions
import json
import os
import time
from collections import deque
from typing import Any

import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import re_path

from bench.calls.loop_meter import meter_loop

if not settings.configured:
    settings.configure(SECRET_KEY="bench", INSTALLED_APPS=["channels"], CHANNEL_LAYERS={})  # noqa: S106

SILENCE_FRAMES = int(os.environ.get("REFERENCE_SILENCE_MS", "500")) // 20
STUB_SECONDS = float(os.environ.get("REFERENCE_STUB_MS", "330")) / 1000
SPEECH_DBFS = -45.0
TONE = (8000 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)).astype(np.int16)
SILENCE = np.zeros(960, np.int16)


class Tone(MediaStreamTrack):
    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.queue: deque[np.ndarray] = deque()
        self._sent, self._t0 = 0, 0.0

    async def recv(self) -> AudioFrame:
        self._t0 = self._t0 or time.monotonic()
        await asyncio.sleep(max(0.0, self._t0 + self._sent * 0.02 - time.monotonic()))
        samples = self.queue.popleft() if self.queue else SILENCE
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), "s16", "mono")
        frame.sample_rate, frame.pts = 48_000, self._sent * 960
        frame.time_base = fractions.Fraction(1, 48_000)
        self._sent += 1
        return frame


class Reference(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.accept()
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.tone = Tone()
        self.tasks: set[asyncio.Task[None]] = set()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = json.loads(text_data or "{}")
        if message.get("type") != "offer":
            return
        self.peer.addTrack(self.tone)
        self.peer.on("track", self._on_track)
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp=message["sdp"], type="offer"))
        await self.peer.setLocalDescription(await self.peer.createAnswer())
        await self.send(json.dumps({"type": "answer", "sdp": self.peer.localDescription.sdp}))

    def _on_track(self, track: MediaStreamTrack) -> None:
        self.tasks.add(asyncio.create_task(self._listen(track)))

    async def _listen(self, track: MediaStreamTrack) -> None:
        spoken, silent = 0, 0
        while True:
            try:
                frame: Any = await track.recv()
            except MediaStreamError:
                return
            samples = frame.to_ndarray().astype(np.float32)
            level = 10 * np.log10(np.mean(samples**2) / 32768**2 + 1e-12)
            if level > SPEECH_DBFS:
                spoken, silent = spoken + 1, 0
            elif spoken > 10:
                silent += 1
                if silent >= SILENCE_FRAMES:
                    spoken, silent = 0, 0
                    self.tasks.add(asyncio.create_task(self._reply()))

    async def _reply(self) -> None:
        await asyncio.sleep(STUB_SECONDS)
        self.tone.queue.extend(TONE.reshape(-1, 960))

    async def disconnect(self, code: int) -> None:
        for task in self.tasks:
            task.cancel()
        await self.peer.close()


meter_loop()

application = ProtocolTypeRouter({"websocket": URLRouter([re_path("", Reference.as_asgi())])})
