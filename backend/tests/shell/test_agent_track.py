"""Where the agent's sound lies beside the user's: to a few samples, on any two beats, over a gap in the line."""

from __future__ import annotations

import random

import numpy as np
import pytest

from ai_agent.agent_track import AgentTrack
from ai_agent.audio_format import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, SAMPLES_PER_FRAME, SILENT_FRAME

FRAME_SECONDS = 0.020
TOLERANCE_SECONDS = 0.005


def click_at(sample: int) -> bytes:
    frame = np.zeros(SAMPLES_PER_FRAME, np.int16)
    frame[sample] = 20_000
    return frame.tobytes()


def clicks_in(sound: bytes) -> list[float]:
    """Seconds from the beginning."""
    return [int(sample) / SAMPLE_RATE_HZ for sample in np.flatnonzero(np.frombuffer(sound, np.int16))]


class Line:
    """A line on which both sides send: when each frame is due is what is true, when it is told is a little later."""

    def __init__(self, *, agent_phase: float, jitter_seconds: float = 0.0) -> None:
        self.track = AgentTrack()
        self.sound = b""
        self.user_frames = 0
        self._phase = agent_phase
        self._jitter = jitter_seconds
        self._chance = random.Random(7)

    def run(self, frames: int, *, began_at: float, agent_clicks: dict[int, int] | None = None, takes_every: int = 25):
        """So many frames of each side; `agent_clicks`: in which of the agent's, and at which sample."""
        events = [(began_at + n * FRAME_SECONDS, 0, n) for n in range(frames)]
        events += [(began_at + self._phase + n * FRAME_SECONDS, 1, n) for n in range(frames)]
        told = sorted((due + self._chance.uniform(0, self._jitter), side, n, due) for due, side, n in events)
        for at, side, number, due in told:
            if side == 0:
                self.track.add_user_frame(at=at)
                self.user_frames += 1
                if self.user_frames % takes_every == 0:
                    self.sound += self.track.take()
            else:
                sample = (agent_clicks or {}).get(number)
                self.track.add_agent_frame(SILENT_FRAME if sample is None else click_at(sample), at=due)
        return self

    def end(self) -> bytes:
        self.sound += self.track.end_line()
        return self.sound


@pytest.mark.parametrize("phase", [0.0, 0.004, 0.010, 0.0199])
@pytest.mark.parametrize("jitter_seconds", [0.0, 0.008, 0.060])
def test_a_click_lies_where_the_user_was_when_it_left(phase: float, jitter_seconds: float) -> None:
    sound = Line(agent_phase=phase, jitter_seconds=jitter_seconds).run(200, began_at=7.0, agent_clicks={80: 480}).end()
    (heard,) = clicks_in(sound)
    left = 80 * FRAME_SECONDS + phase + 0.010  # since the user's first frame was due
    assert abs(heard - left) < TOLERANCE_SECONDS


def test_it_is_as_long_as_the_users_side_whatever_left() -> None:
    for frames in (0, 1, 13, 14, 137):
        line = Line(agent_phase=0.007).run(frames, began_at=1.0)
        assert len(line.end()) == frames * SAMPLES_PER_FRAME * BYTES_PER_SAMPLE


def test_frames_that_follow_each_other_are_joined_without_a_seam() -> None:
    track, voice = AgentTrack(), np.arange(1, 50 * SAMPLES_PER_FRAME + 1, dtype=np.uint16).astype(np.int16).tobytes()
    for number in range(51):
        track.add_user_frame(at=number * FRAME_SECONDS)
    for number in range(50):
        frame = voice[number * len(SILENT_FRAME) : (number + 1) * len(SILENT_FRAME)]
        track.add_agent_frame(frame, at=0.003 + number * FRAME_SECONDS + (number % 3) * 0.0004)
    sound = track.end_line()
    start = sound.index(voice[:200])
    assert sound[start : start + len(voice)] == voice


def test_what_leaves_while_the_line_is_down_has_no_place() -> None:
    line = Line(agent_phase=0.005).run(50, began_at=0.0, agent_clicks={20: 0})
    line.sound += line.track.end_line()
    line.track.add_agent_frame(click_at(0), at=3.0)  # before the user's first frame on the new line
    line.run(50, began_at=3.1, agent_clicks={30: 0})
    first, second = clicks_in(line.end())
    assert abs(first - (20 * FRAME_SECONDS + 0.005)) < TOLERANCE_SECONDS
    assert abs(second - (50 * FRAME_SECONDS + 30 * FRAME_SECONDS + 0.005)) < TOLERANCE_SECONDS


def test_after_a_stall_each_side_is_where_it_was() -> None:
    """The microphone is read late but whole; the speaker gave the lost time up: a hole, and then its place again."""
    track = AgentTrack()
    for number in range(200):
        stalled = 100 <= number < 150
        track.add_user_frame(at=3.0 + (number - 150) * 0.0001 if stalled else number * FRAME_SECONDS)
    for number in range(100):
        track.add_agent_frame(SILENT_FRAME, at=number * FRAME_SECONDS)
    track.add_agent_frame(click_at(0), at=3.001)
    (heard,) = clicks_in(track.end_line())
    assert abs(heard - 3.001) < TOLERANCE_SECONDS


def test_nothing_is_kept_for_long() -> None:
    line = Line(agent_phase=0.013).run(5_000, began_at=0.0)
    assert len(line.track._sent) < 30 and len(line.track._sound) < 40 * len(SILENT_FRAME)
