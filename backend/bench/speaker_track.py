"""Does the agent's voice keep time? A SpeakerTrack on the real clock, encoded as in a call, for ten minutes.

    python -m bench.speaker_track                 ten minutes
    python -m bench.speaker_track --seconds 30    a look

Prints the drift, how late frames were, and what a frame costs. Ends with 1 where the drift is over 20 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass

import numpy as np

from ai_agent.audio_format import FRAME_MS, SAMPLE_RATE_HZ
from ai_agent.webrtc_adapters import OpusTrack, warm_up
from ai_agent.webrtc_speaker import SpeakerTrack

MAX_DRIFT_MS = 20.0
SECONDS_QUEUED_AT_ONCE = 5


@dataclass(frozen=True)
class Run:
    """What one run showed. `late_ms`: each frame against its time, n · 20 ms after the first."""

    late_ms: np.ndarray
    skipped_ms: float
    """Given up on purpose, where the machine held the track up for more than 200 ms: not drift."""
    cpu_us_per_frame: float

    @property
    def drift_ms(self) -> float:
        """The middle of the last second against that of the first: a moment's delay is no drift."""
        return float(np.median(self.late_ms[-50:]) - np.median(self.late_ms[:50]))


def noise(seconds: float) -> bytes:
    rng = np.random.default_rng(1)
    return rng.integers(-6_000, 6_000, round(seconds * SAMPLE_RATE_HZ), np.int16).tobytes()


async def run(seconds: float) -> Run:
    speaker = SpeakerTrack(on_started=lambda _: None, on_finished=lambda *_: None)
    track = OpusTrack(speaker, on_failed=lambda: None)
    sound = noise(SECONDS_QUEUED_AT_ONCE)
    frame_count = round(seconds * 1_000 / FRAME_MS)
    frames_per_refill = SECONDS_QUEUED_AT_ONCE * 1_000 // FRAME_MS
    times, skipped = np.empty(frame_count), np.empty(frame_count)
    began = time.thread_time()
    for number in range(frame_count):
        if number % (2 * frames_per_refill) == 0:  # five seconds of voice, five of silence
            speaker.enqueue("bench", sound)
        await track.recv()
        times[number] = time.monotonic()
        skipped[number] = speaker.skipped_seconds
    cpu_seconds = time.thread_time() - began
    late_ms = (times - times[0] - skipped) * 1_000 - np.arange(frame_count) * FRAME_MS
    return Run(
        late_ms=late_ms,
        skipped_ms=speaker.skipped_seconds * 1_000,
        cpu_us_per_frame=cpu_seconds / frame_count * 1e6,
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="The speaker's drift on the real clock.")
    parser.add_argument("--seconds", type=float, default=600.0, help="how long, at least 2 (default: 600)")
    seconds = max(2.0, parser.parse_args().seconds)
    warm_up()
    shown = asyncio.run(run(seconds))
    p50, p95, worst = np.percentile(shown.late_ms, [50, 95, 100])
    print(f"frames            {len(shown.late_ms):>8}   in {seconds:g} s")
    print(f"drift             {shown.drift_ms:>8.2f} ms   (bar: {MAX_DRIFT_MS:g})")
    print(f"skipped           {shown.skipped_ms:>8.0f} ms   (stalls of the machine over 200 ms)")
    print(f"late p50/p95/max  {p50:>8.2f} ms   {p95:.2f} ms   {worst:.2f} ms")
    print(f"thread CPU        {shown.cpu_us_per_frame:>8.0f} µs a frame, Opus included")
    return int(abs(shown.drift_ms) > MAX_DRIFT_MS)


if __name__ == "__main__":
    sys.exit(main())
