"""Whose conditioning is it? Each takes a noisy sound and gives it back, lined up: none, parts of ours, all, WebRTC's.

WebRTC's suppressor is `pywebrtc-audio` (Apache-2.0), at 48 kHz, at its medium level as the browser has it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ai_agent.audio_conditioning import AudioConditioner, ConditioningConfig
from ai_agent.audio_format import SAMPLE_RATE_HZ, SAMPLES_PER_FRAME
from bench.conditioning.clips import Sound, to_pcm

Pcm = npt.NDArray[np.int16]
WEBRTC_FRAME: Final = SAMPLE_RATE_HZ // 100
WEBRTC_LATENCY: Final = 334


@dataclass(frozen=True, slots=True)
class Processed:
    sound: Sound
    microseconds: tuple[float, ...]
    """Of thread CPU time, for each frame."""


Process = Callable[[Pcm], Pcm]
"""One frame of 960 samples."""


def frame_by_frame(sound: Sound, process: Process, *, latency: int) -> Processed:
    """The whole sound, with `latency` samples of it taken back."""
    pcm = np.concatenate([to_pcm(sound), np.zeros(SAMPLES_PER_FRAME, np.int16)])
    frames, spent = [], []
    for start in range(0, len(pcm) // SAMPLES_PER_FRAME * SAMPLES_PER_FRAME, SAMPLES_PER_FRAME):
        frame = pcm[start : start + SAMPLES_PER_FRAME]
        begun = time.thread_time_ns()
        frames.append(process(frame))
        spent.append((time.thread_time_ns() - begun) / 1000)
    out = np.concatenate(frames)[latency : latency + len(sound)]
    return Processed(out.astype(np.float64) / 32768, tuple(spent))


def nothing(sound: Sound) -> Processed:
    return Processed(to_pcm(sound) / 32768, ())


def steps_one_to_three(sound: Sound) -> Processed:
    """The filtered tap: what recognisers and the neural VAD hear."""
    conditioner = AudioConditioner(ConditioningConfig(noise_suppression="off"))
    return frame_by_frame(
        sound, lambda frame: np.frombuffer(conditioner.condition(frame).filtered, np.int16), latency=0
    )


def all_eight(sound: Sound) -> Processed:
    conditioner = AudioConditioner()
    return frame_by_frame(sound, conditioner.process, latency=conditioner.latency_samples)


def webrtc(sound: Sound) -> Processed:
    suppressor: Any = import_module("pywebrtc_audio").NoiseSuppressor(SAMPLE_RATE_HZ, 1)

    def process(frame: Pcm) -> Pcm:
        halves = [suppressor.process(frame[start : start + WEBRTC_FRAME]) for start in (0, WEBRTC_FRAME)]
        return np.concatenate(halves)

    return frame_by_frame(sound, process, latency=WEBRTC_LATENCY)


def webrtc_and_ours(sound: Sound, *, rounds: int) -> tuple[list[float], list[float]]:
    """Microseconds of thread CPU for each frame: WebRTC's suppressor, and all of our conditioning with its taps and
    metrics, as a call has it, frame by frame in turns.
    """
    suppressor: Any = import_module("pywebrtc_audio").NoiseSuppressor(SAMPLE_RATE_HZ, 1)
    conditioner, theirs, ours = AudioConditioner(), [], []
    for _ in range(rounds):
        for frame in to_pcm(sound).reshape(-1, SAMPLES_PER_FRAME):
            begun = time.thread_time_ns()
            np.concatenate([suppressor.process(frame[:WEBRTC_FRAME]), suppressor.process(frame[WEBRTC_FRAME:])])
            between = time.thread_time_ns()
            conditioner.condition(frame)
            theirs.append((between - begun) / 1000)
            ours.append((time.thread_time_ns() - between) / 1000)
    return theirs, ours


RIVALS: Final[dict[str, Callable[[Sound], Processed]]] = {
    "none": nothing,
    "steps 1 to 3 (the filtered tap)": steps_one_to_three,
    "WebRTC's suppressor": webrtc,
    "all eight steps": all_eight,
}
