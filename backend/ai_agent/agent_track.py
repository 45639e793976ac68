"""Beside which of the user's samples does the agent's sound lie? Two beats of 20 ms on one clock, made one length.

The microphone's frames come on a beat while the line is up, and the agent's leave on a beat of their own. Sample by
sample, the agent's file says what left while the user's frame came:

    user    |── k ──|─ k+1 ─|─ k+2 ─|          frame k was due at t
    agent        |── j ──|─ j+1 ─|             frame j was due at t + 12 ms: it begins 12 ms after k does

A frame may come late, never early: the earliest ones show the beat. While the line is down no frame of the user's comes
and the clock stands still; what leaves then has no place. The user's first frame comes as soon as the line is there.
"""

from __future__ import annotations

from typing import Final

from ai_agent.audio_format import (
    BYTES_PER_SAMPLE,
    FRAME_MS,
    SAMPLE_RATE_HZ,
    SAMPLES_PER_FRAME,
    frames_in,
    samples_in,
)

HELD_BACK_FRAMES: Final = frames_in(260)
"""The agent's sound is placed this much behind the user's: a track that is held up sends up to 200 ms late."""
JOINED_SAMPLES: Final = samples_in(2)
"""Two frames of the agent that are nearly beside each other follow each other without a seam."""


class AgentTrack:
    """The agent's side of one recording. Times are seconds on one clock, of the call."""

    def __init__(self) -> None:
        self._user_frames = 0
        self._line_began = 0
        """The user's frame with which the line began, the last time."""
        self._beat: float | None = None
        """When that frame was due, as far as is known; None until it has come."""
        self._sent: list[tuple[float, bytes]] = []
        self._sound = bytearray()
        """What is placed and not yet taken."""
        self._taken = 0
        self._end = 0
        """The sample after the last one that is placed."""

    def add_user_frame(self, *, at: float) -> None:
        """A frame of the user's has come."""
        due = at - (self._user_frames - self._line_began) * FRAME_MS / 1000
        self._beat = due if self._beat is None else min(self._beat, due)
        self._user_frames += 1

    def add_agent_frame(self, frame: bytes, *, at: float) -> None:
        """A frame of the agent's has left; it was due at this time."""
        self._sent.append((at, frame))

    def take(self) -> bytes:
        """All that will not change any more, after what was taken before."""
        if self._beat is not None:
            self._place_sent()
        return self._take_until(self._user_samples - HELD_BACK_FRAMES * SAMPLES_PER_FRAME)

    def end_line(self) -> bytes:
        """The line is down, or the call is over: the rest, exactly as long as the user's side."""
        if self._beat is not None:
            self._place_sent()
        rest = self._take_until(self._user_samples)
        self._sent.clear()
        self._sound.clear()
        self._end = self._user_samples
        self._line_began, self._beat = self._user_frames, None
        return rest

    @property
    def _user_samples(self) -> int:
        return self._user_frames * SAMPLES_PER_FRAME

    def _place_sent(self) -> None:
        sent, self._sent = self._sent, []
        for at, frame in sent:
            self._place(frame, at=at)

    def _place(self, frame: bytes, *, at: float) -> None:
        assert self._beat is not None  # noqa: S101 - asked by whoever calls
        begins = self._line_began * SAMPLES_PER_FRAME + round((at - self._beat) * SAMPLE_RATE_HZ)
        if abs(begins - self._end) <= JOINED_SAMPLES:
            begins = self._end
        sound = frame[max(0, self._end - begins) * BYTES_PER_SAMPLE :]
        self._pad(until=begins)
        self._sound += sound
        self._end += len(sound) // BYTES_PER_SAMPLE

    def _pad(self, *, until: int) -> None:
        missing = max(0, until - self._end)
        self._sound += bytes(missing * BYTES_PER_SAMPLE)
        self._end += missing

    def _take_until(self, sample: int) -> bytes:
        count = max(0, sample - self._taken) * BYTES_PER_SAMPLE
        self._pad(until=sample)
        taken = bytes(self._sound[:count])
        del self._sound[:count]
        self._taken += len(taken) // BYTES_PER_SAMPLE
        return taken
