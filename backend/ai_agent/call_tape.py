"""What of a call is written down? Its sound, and what its engine was built from, got and did, after a yes.

A recording that cannot go on ends by itself; from then on nothing is kept, and the call does not notice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from ai_agent.call_timeline import event_of
from ai_agent.commands import Command
from ai_agent.recordings import CallRecording
from ai_agent.replay import EngineSetup


class OpenRecording(Protocol):
    """Begins the recording of one call; `on_failed` is called from another thread when it has to end."""

    def __call__(self, *, on_failed: Callable[[str], None]) -> CallRecording: ...


class CallTape:
    """The recording of one session, or none. Construct on the event loop; every method returns at once."""

    def __init__(self, open_recording: OpenRecording | None, *, on_ended: Callable[[str], None]) -> None:
        """`on_ended` is told on the loop why the recording had to end."""
        self._loop = asyncio.get_running_loop()
        self._on_ended = on_ended
        self._frame_count = 0
        self.recording = open_recording(on_failed=self._on_failed) if open_recording else None

    def write_setup(self, setup: EngineSetup) -> None:
        if self.recording is not None:
            self.recording.write_setup(setup)

    def write_fact(self, fact: str, *, now: float, arguments: dict[str, object]) -> None:
        """The engine is about to be told this."""
        if self.recording is not None:
            self.recording.write_fact(fact, now=now, frame=self._frame_count, arguments=arguments)

    def write_frame(self, frame: bytes, *, now: float, arguments: dict[str, object]) -> None:
        """The engine is about to hear this: the sound goes to its own file, the fact has the number of the frame."""
        if self.recording is not None:
            self.recording.write_frame(frame, now=now)
        self.write_fact("on_audio_frame", now=now, arguments=arguments)
        self._frame_count += 1

    def write_conditioned(self, frame: bytes, *, latency_samples: int) -> None:
        """What the engine made of the frame that it has just heard."""
        if self.recording is not None:
            self.recording.write_conditioned(frame, latency_samples=latency_samples)

    def write_conditioned_rest(self, sound: bytes) -> None:
        """What was still on its way when the engine had heard its last frame."""
        if self.recording is not None:
            self.recording.write_conditioned_rest(sound)

    def write_agent_frame(self, frame: bytes, *, now: float) -> None:
        """A frame of the agent's has left; it was due at this time."""
        if self.recording is not None:
            self.recording.write_agent_frame(frame, now=now)

    def write_command(self, command: Command, *, now: float) -> None:
        """The engine has asked for this."""
        if self.recording is not None and (event := event_of(command)) is not None:
            self.recording.write_event(event[0], now=now, fields=event[1])

    def end_line(self) -> None:
        """The user is not heard, and hears nothing, until the next frame."""
        if self.recording is not None:
            self.recording.end_line()

    def write_utterance(self, utterance_id: str, audio: bytes) -> None:
        if self.recording is not None:
            self.recording.write_utterance(utterance_id, audio)

    def close(self) -> None:
        if self.recording is not None:
            self.recording.close()

    def _on_failed(self, reason: str) -> None:
        """From any thread. What is used on the loop changes on the loop."""
        self._loop.call_soon_threadsafe(self._forget, reason)

    def _forget(self, reason: str) -> None:
        self.recording = None
        self._on_ended(reason)
