"""What did the caller say in each 20 ms? Exactly one frame, on time, whatever the network lost, delayed or doubled.

Sound is written into a short window at the place that its pts names; a playhead reads it 40 ms later, in step with our
own clock. What has not come by then is silence, and what comes after that is dropped, so no loss makes the delay grow.
It reads from the beginning, so that whatever we send meanwhile lies beside a frame:

    arrives        1   2   3   .   5   4   6   6   7        (4 late by one place, one lost before it, 6 doubled)
    yielded    ·   ·   ·   1   2   3   ·   5   6   7        (· a silent frame, at its own time)
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import av
import numpy as np
import soxr  # type: ignore[import-untyped]
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError
from numpy.typing import NDArray

from ai_agent.audio_format import FRAME_MS, SAMPLE_RATE_HZ, SAMPLES_PER_FRAME

Samples = NDArray[np.int16]

FRAME_SECONDS: Final = FRAME_MS / 1000

PLAYOUT_DELAY_SECONDS: Final = 0.040
"""How long sound waits before it is yielded: time for a packet to be late, or to be given up."""

MAX_PLAYOUT_DELAY_SECONDS: Final = 0.120
DELAY_STEP_SECONDS: Final = 0.020
LATE_PACKETS: Final = 3
BAD_INTERVALS: Final = 2
GOOD_INTERVALS: Final = 10
"""A line that jitters gets more time: a step after two seconds in a row with three late packets each, up to 120 ms.
After ten seconds without, one step less. A single stall changes nothing."""

WINDOW_SECONDS: Final = 0.5
"""The most sound that may wait. Two packets in a row beyond it mean that the sender's clock jumped: the playhead
follows. One alone is a stray packet, and is dropped."""

ADJUST_INTERVAL_FRAMES: Final = 50
ADJUST_TOLERANCE_SECONDS: Final = 0.010
"""Once in 50 frames the delay is set right, if the packet that came soonest is off by more than this."""

LATE_FOR_GOOD_SECONDS: Final = 0.1
"""When all that comes is late for this long, the way has become longer: the playhead waits for it."""

NOTICE_SECONDS: Final = 0.25
"""A dead peer is given up this much before the time within which it has to be noticed."""

STALL_SECONDS: Final = 0.1
"""When we are ourselves later than this, an absent packet says nothing about the peer."""

CATCH_UP_SECONDS: Final = 0.002
"""Behind its time, a frame is yielded this long after the one before: packets that waited in the socket while we were
held up find their place before it is read. Ten times as fast as speech, so a second's stall is over in 0.1 s."""


class MediaLost(Exception):
    """No sound comes any more. `reason` is one plain line for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MicrophoneReader:
    """A track's sound as 1,920-byte frames of 48 kHz s16 mono, one every 20 ms."""

    def __init__(
        self,
        track: MediaStreamTrack,
        *,
        clock: Callable[[], float] = time.monotonic,
        first_packet_seconds: float = 5.0,
        dead_peer_seconds: float = 3.0,
    ) -> None:
        self._track = track
        self._clock = clock
        self._first_packet_seconds = first_packet_seconds
        self._dead_peer_seconds = dead_peer_seconds
        self._to_mono = _MonoAt48k()
        self._window = _Window(round(WINDOW_SECONDS * SAMPLE_RATE_HZ))
        self._position = 0
        """The sample, counted by pts, that the next frame begins with."""
        self._due = 0.0
        """When the next frame is to be yielded."""
        self._first_due = 0.0
        self._arrived_at = 0.0
        self._delay_seconds = PLAYOUT_DELAY_SECONDS
        self._late_since: float | None = None
        self._stray: _Sound | None = None
        """The last packet, where it was out of reach."""
        self._late_count = 0
        self._bad_intervals = 0
        """Intervals in a row with late packets; below zero, without."""
        self._soonest: float | None = None
        """By how much the soonest packet of this interval came before its turn, in seconds."""
        self._tightest: float | None = None
        """And the one that came nearest to its turn, or after it: then less than nothing."""
        self._is_heard = False
        """Whether a packet has come."""
        self._ended: str | None = None
        self._closed = False

    @property
    def absent_seconds(self) -> float:
        """For how long no packet has come; 0 while we are late ourselves, because packets may be waiting then."""
        now = self._clock()
        return now - self._arrived_at if self._is_heard and now - self._due < STALL_SECONDS else 0.0

    def close(self) -> None:
        """The call is over on our side: `frames()` ends without an error."""
        self._closed = True

    async def frames(self) -> AsyncIterator[bytes]:
        """The microphone, from now on: silence until its first packet is read. To be read by one task, once.

        Raises:
            MediaLost: the first packet does not come in time, the track has ended, or no packet comes any more:
                then within `dead_peer_seconds` of the last one.
        """
        listener = asyncio.create_task(self._listen(), name="microphone")
        try:
            self._due = self._first_due = self._clock()
            frame_count = 0
            while await self._next_is_due():
                yield self._window.read_frame()
                self._position += SAMPLES_PER_FRAME
                self._due += FRAME_SECONDS
                frame_count += 1
                if frame_count % ADJUST_INTERVAL_FRAMES == 0:
                    self._adjust_delay()
        finally:
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener

    # ── reading ───────────────────────────────────────────────────────────────────────────────────

    async def _next_is_due(self) -> bool:
        """Wait for the next frame's time; False when we have closed the microphone ourselves."""
        behind = self._clock() - self._due
        await asyncio.sleep(CATCH_UP_SECONDS if behind > FRAME_SECONDS else max(0.0, -behind))
        if self._closed:
            return False
        if self._ended is not None:
            raise MediaLost(self._ended)
        if behind < STALL_SECONDS:
            self._require_peer(now=self._clock())
        return True

    def _require_peer(self, *, now: float) -> None:
        if not self._is_heard and now - self._first_due >= self._first_packet_seconds:
            raise MediaLost(f"no sound within {self._first_packet_seconds:g} s of the connection")
        absent_seconds = now - self._arrived_at
        if self._is_heard and absent_seconds >= self._dead_peer_seconds - NOTICE_SECONDS:
            raise MediaLost(f"no packet for {absent_seconds:.1f} s")

    def _adjust_delay(self) -> None:
        """Follow the sender's clock: skip a little where sound waits too long, wait where it nearly comes too late.

        A sender or a network that gives its packets in bursts makes the last of each wait long, and the first not at
        all: no more is skipped than every packet can spare, or each burst would begin too late. A sample is read with
        its frame, up to 20 ms before its own time.
        """
        self._choose_delay()
        soonest, self._soonest = self._soonest, None
        tightest, self._tightest = self._tightest, None
        if soonest is None or tightest is None or abs(soonest - self._delay_seconds) < ADJUST_TOLERANCE_SECONDS:
            return
        spare_seconds = max(0.0, tightest - FRAME_SECONDS)
        skipped = round(min(soonest - self._delay_seconds, spare_seconds) * SAMPLE_RATE_HZ)
        self._window.skip(skipped)
        self._position += skipped

    def _choose_delay(self) -> None:
        is_bad, self._late_count = self._late_count >= LATE_PACKETS, 0
        self._bad_intervals = max(self._bad_intervals, 0) + 1 if is_bad else min(self._bad_intervals, 0) - 1
        if self._bad_intervals >= BAD_INTERVALS:
            self._delay_seconds = min(self._delay_seconds + DELAY_STEP_SECONDS, MAX_PLAYOUT_DELAY_SECONDS)
        elif self._bad_intervals <= -GOOD_INTERVALS:
            self._delay_seconds = max(self._delay_seconds - DELAY_STEP_SECONDS, PLAYOUT_DELAY_SECONDS)
            self._bad_intervals = 0

    # ── writing ───────────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        try:
            while True:
                self._place(await self._track.recv())  # type: ignore[arg-type]
        except MediaStreamError:
            self._ended = "the other side has closed its microphone"

    def _place(self, frame: av.AudioFrame) -> None:
        position, samples = self._to_mono.convert(frame)
        sound = _Sound(position, samples, arrived_at=self._clock())
        self._arrived_at = sound.arrived_at
        if not len(samples):  # the resampler keeps a little back
            return
        if self._reaches(sound):
            self._stray = None
            self._follow_longer_way(sound)
        elif not self._begin_anew(sound):
            return
        self._write(sound)

    def _write(self, sound: _Sound) -> None:
        offset = sound.position - self._position
        if offset + len(sound.samples) <= 0:
            return
        ahead = self._due - sound.arrived_at + offset / SAMPLE_RATE_HZ
        self._soonest = ahead if self._soonest is None else max(self._soonest, ahead)
        self._tightest = ahead if self._tightest is None else min(self._tightest, ahead)
        self._window.write(offset, sound.samples)

    def _reaches(self, sound: _Sound) -> bool:
        offset = sound.position - self._position
        is_near = -self._window.size <= offset and offset + len(sound.samples) <= self._window.size
        return self._is_heard and is_near

    def _begin_anew(self, sound: _Sound) -> bool:
        """Follow a sender whose clock jumped; a single packet from far away proves no jump and is kept back."""
        stray, self._stray = self._stray, None
        if not self._is_heard or len(sound.samples) > self._window.size:
            self._begin_at(sound)
        elif stray is not None and abs(stray.ends_at - sound.position) < SAMPLES_PER_FRAME:
            self._begin_at(stray)
            self._write(stray)
        else:
            self._stray = sound
            return False
        return True

    def _begin_at(self, sound: _Sound) -> None:
        """Read this sound one playout delay after it came, after what is read until then."""
        begins_at = sound.arrived_at + self._delay_seconds
        self._is_heard = True
        offset = round((begins_at - self._due) * SAMPLE_RATE_HZ)
        offset = min(max(0, offset), self._window.size // 2)
        self._window.clear_from(offset)
        self._position = sound.position - offset
        self._late_since = None
        self._soonest = self._tightest = None

    def _follow_longer_way(self, sound: _Sound) -> None:
        if sound.position >= self._position:
            self._late_since = None
        elif self._is_late_for_good():
            self._begin_at(sound)

    def _is_late_for_good(self) -> bool:
        """Count a late packet; True when nothing else has come for a while."""
        self._late_count += 1
        if self._late_since is None:
            self._late_since = self._arrived_at
        return self._arrived_at - self._late_since >= LATE_FOR_GOOD_SECONDS


@dataclass(frozen=True, slots=True)
class _Sound:
    """A packet's sound, and where it belongs."""

    position: int
    """The sample, counted by pts, that it begins with."""
    samples: Samples
    arrived_at: float

    @property
    def ends_at(self) -> int:
        return self.position + len(self.samples)


class _Window:
    """A ring of samples in front of the playhead. What nobody has written is silence."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._samples = np.zeros(size, np.int16)
        self._head = 0

    def write(self, offset: int, samples: Samples) -> None:
        """Put samples at `offset` from the playhead; what lies before it is dropped."""
        if offset < 0:
            samples, offset = samples[-offset:], 0
        start = (self._head + offset) % self.size
        first = min(len(samples), self.size - start)
        self._samples[start : start + first] = samples[:first]
        self._samples[: len(samples) - first] = samples[first:]

    def read_frame(self) -> bytes:
        end = self._head + SAMPLES_PER_FRAME
        frame = self._samples[self._head : end].tobytes() + self._samples[: max(0, end - self.size)].tobytes()
        self.skip(SAMPLES_PER_FRAME)
        return frame

    def skip(self, count: int) -> None:
        """Move the playhead; backwards, silence comes in front of what is here."""
        self._silence(min(0, count), abs(count))
        self._head = (self._head + count) % self.size

    def clear_from(self, offset: int) -> None:
        """Keep what is read before `offset`; the rest becomes silence."""
        self._silence(offset, self.size - offset)

    def _silence(self, offset: int, count: int) -> None:
        start = (self._head + offset) % self.size
        first = min(count, self.size - start)
        self._samples[start : start + first] = 0
        self._samples[: count - first] = 0


class _MonoAt48k:
    """Any audio frame to mono samples at 48 kHz, with the place of the first one. Resamples as one stream."""

    def __init__(self) -> None:
        self._resampler: soxr.ResampleStream | None = None
        self._input_rate_hz = SAMPLE_RATE_HZ
        self._next_position = 0
        self._resampled_input = 0
        self._resampled_output = 0

    def convert(self, frame: av.AudioFrame) -> tuple[int, Samples]:
        position = self._position_of(frame)
        samples = _mono(frame)
        if frame.sample_rate != SAMPLE_RATE_HZ:
            position, samples = self._resample(frame.sample_rate, position, samples)
        self._next_position = position + len(samples)
        return position, samples

    def _position_of(self, frame: av.AudioFrame) -> int:
        if frame.pts is None or frame.time_base is None:
            return self._next_position
        return round(frame.pts * frame.time_base.numerator * SAMPLE_RATE_HZ / frame.time_base.denominator)

    def _resample(self, rate_hz: int, position: int, samples: Samples) -> tuple[int, Samples]:
        if self._resampler is None or rate_hz != self._input_rate_hz:
            self._resampler = soxr.ResampleStream(rate_hz, SAMPLE_RATE_HZ, 1, dtype="int16", quality="LQ")
            self._input_rate_hz = rate_hz
            self._resampled_input = self._resampled_output = 0
        withheld = round(self._resampled_input * SAMPLE_RATE_HZ / rate_hz) - self._resampled_output
        resampled: Samples = self._resampler.resample_chunk(samples)
        self._resampled_input += len(samples)
        self._resampled_output += len(resampled)
        return position - withheld, resampled


def _mono(frame: av.AudioFrame) -> Samples:
    """The frame's channels as one, 16 bits."""
    channel_count = frame.layout.nb_channels
    if frame.format.name == "s16" and channel_count == 1:
        return np.frombuffer(memoryview(frame.planes[0]), np.int16, frame.samples)
    sound: NDArray[Any] = frame.to_ndarray()
    channels = sound if frame.format.is_planar else sound.reshape(-1, channel_count).T
    full_scale = 1.0 if sound.dtype.kind == "f" else float(1 << (8 * sound.dtype.itemsize - 1))
    mixed: NDArray[np.float64] = channels.mean(axis=0, dtype=np.float64) * (32768 / full_scale)
    return np.clip(np.rint(mixed), -32768, 32767).astype(np.int16)
