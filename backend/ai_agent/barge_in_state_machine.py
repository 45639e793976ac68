"""Does the user want the floor while the agent speaks? It listens only then, and nothing here stops the agent yet.

What it hears is kept as a candidate while it sounds, so that speech which outlasts the agent's becomes the user's
turn with its beginning.
"""

from __future__ import annotations

from enum import StrEnum

from ai_agent.audio_format import frames_in
from ai_agent.capture import Capture, MicrophoneRing
from ai_agent.persona_behaviors import BargeInPolicy
from ai_agent.voice_activity import VoiceFrame


class BargeinState(StrEnum):
    """How far a bid for the floor has come."""

    DISARMED = "disarmed"
    """The agent does not speak: there is no floor to take."""
    ARMED = "armed"
    """The agent speaks; near-end speech is listened for."""


class BargeinStateMachine:
    """Armed exactly while the agent speaks."""

    def __init__(self, policy: BargeInPolicy, *, ring: MicrophoneRing) -> None:
        self.policy = policy
        self.state = BargeinState.DISARMED
        self.candidate: Capture | None = None
        self._ring = ring

    def arm(self, candidate: Capture | None) -> None:
        """The agent begins to speak; a user who was already speaking is the first candidate."""
        self.state = BargeinState.ARMED
        self.candidate = candidate

    def disarm(self) -> Capture | None:
        """The agent's speech is over: what sounds just now."""
        self.state = BargeinState.DISARMED
        candidate, self.candidate = self.candidate, None
        return candidate

    def process(self, frame: bytes, voice: VoiceFrame, *, now: float) -> None:
        """One frame while the agent speaks. The frame is already in the ring."""
        if self.state is BargeinState.DISARMED:
            raise ValueError("the agent does not speak")
        if self.candidate is not None:
            self.candidate.add(frame, voice, now=now)
            if self.candidate.burst is None:
                self.candidate = None
        elif voice.is_near_end:
            lead = frames_in(self.policy.capture_lead_ms)
            self.candidate = Capture(self._ring.last(lead + 1)[:-1], now=now)
            self.candidate.add(frame, voice, now=now)
