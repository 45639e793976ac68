"""How does a frame become an Opus packet, and a packet a frame? In mono, on the calling thread and no other."""

from __future__ import annotations

import fractions
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import av

from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME, SILENT_FRAME

logger = logging.getLogger(__name__)

TIME_BASE: Final = fractions.Fraction(1, SAMPLE_RATE_HZ)

OPUS_BITS_PER_SECOND: Final = 32_000
OPUS_COMPLEXITY: Final = 5
"""0 to 10. Speech at 10 costs a third more time than at 5 and cannot be told apart."""


@contextmanager
def _as_if_on_one_core() -> Iterator[None]:
    """For the calling thread, the machine has one core: libav then starts no threads for a filter graph.

    Elsewhere than on Linux nothing happens, and an encoder costs a thread a core.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def audio_frame(pcm: bytes, *, pts: int) -> av.AudioFrame:
    """One frame of 1,920 bytes as libav has it; `pts` counts samples."""
    frame = av.AudioFrame(format="s16", layout="mono", samples=SAMPLES_PER_FRAME)
    frame.planes[0].update(pcm)
    frame.sample_rate = SAMPLE_RATE_HZ
    frame.pts = pts
    frame.time_base = TIME_BASE
    return frame


class OpusEncoder:
    """48 kHz mono frames of 20 ms to Opus packets, one for one. An instance keeps the state of one stream.

    PyAV sends each frame through a filter graph of its own, made at the first one; that is why a silent frame comes
    before the stream's.
    """

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "w")
        codec.bit_rate = OPUS_BITS_PER_SECOND
        codec.format = "s16"
        codec.layout = "mono"
        codec.sample_rate = SAMPLE_RATE_HZ
        codec.time_base = TIME_BASE
        codec.options = {"application": "voip", "compression_level": str(OPUS_COMPLEXITY)}
        self._codec = codec
        with _as_if_on_one_core():
            codec.encode(audio_frame(SILENT_FRAME, pts=-SAMPLES_PER_FRAME))

    def encode(self, frame: av.AudioFrame) -> av.Packet[Any]:
        (packet,) = self._codec.encode(frame)
        packet.pts = frame.pts
        packet.time_base = TIME_BASE
        return packet


class OpusDecoder:
    """Opus packets to 48 kHz mono frames whose pts is the unwrapped RTP timestamp, in samples."""

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "r")
        codec.format = "s16"
        codec.layout = "mono"
        codec.sample_rate = SAMPLE_RATE_HZ
        codec.open()
        self._codec = codec
        self._pts: int | None = None

    def decode(self, payload: bytes, timestamp: int) -> list[av.AudioFrame]:
        """The packet's sound; nothing where the packet is not Opus."""
        pts = self._unwrap(timestamp)
        if not payload:  # libav takes an empty packet for the end of the stream and decodes nothing after it
            return []
        packet = av.Packet(payload)
        packet.pts = pts
        packet.time_base = TIME_BASE
        try:
            frames = self._codec.decode(packet)
        except av.FFmpegError as error:
            logger.debug("a packet that cannot be decoded is heard as silence: %s", error)
            return []
        for frame in frames:
            frame.pts = pts
            frame.time_base = TIME_BASE
            pts += frame.samples
        return frames

    def _unwrap(self, timestamp: int) -> int:
        if self._pts is None:
            self._pts = timestamp
        else:
            self._pts += signed_difference(timestamp - self._pts, bits=32)
        return self._pts


def signed_difference(difference: int, *, bits: int) -> int:
    """A difference of two counters that wrap at 2**bits, as the shorter way round."""
    half = 1 << (bits - 1)
    return (difference + half) % (1 << bits) - half
