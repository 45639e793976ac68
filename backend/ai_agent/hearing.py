"""What does the microphone give at this frame? Conditioned sound and whether it is speech; and is there a microphone?

frame ─▶ silence, where it is muted ─▶ AudioConditioner ─▶ VoiceActivityDetector ─▶ HeardFrame
                                          └─ the tap that is transcribed ─▶ ring of the last second
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.capture import MicrophoneRing
from ai_agent.commands import Notify
from ai_agent.voice_activity import CallerLevel, SpeechModel, VoiceActivityDetector, VoiceFrame

MICROPHONE_SOUND_DBFS: Final = -80.0
"""A microphone that never gets louder than this is closed, broken or the wrong one."""


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """One frame after conditioning."""

    sound: bytes
    """1,920 bytes: the tap that is transcribed."""
    voice: VoiceFrame


class Hearing:
    """One call's ear. It hears every frame, whoever's move it is."""

    def __init__(
        self,
        speech_model: SpeechModel,
        *,
        snr_db: float,
        check_seconds: float,
        conditioner: AudioConditioner | None = None,
    ) -> None:
        """`snr_db`: speech is this much above the room. `check_seconds`: sound is expected within this time."""
        self.ring = MicrophoneRing()
        self.caller = CallerLevel()
        self.is_muted = False
        self.is_connected = False
        self.conditioned = SILENT_FRAME
        """The last frame after all steps: for the recording."""
        self.sound_due: float | None = None
        """When the user is told that nothing is heard at all; None where nothing is expected."""
        self._check_seconds = check_seconds
        self._conditioner = conditioner or AudioConditioner()
        self._detector = VoiceActivityDetector(speech_model, snr_db=snr_db)

    @property
    def is_open(self) -> bool:
        """Whether the user could be heard now."""
        return self.is_connected and not self.is_muted

    @property
    def latency_samples(self) -> int:
        """How much later than the raw frame a sound leaves in `conditioned`."""
        return self._conditioner.latency_samples

    def connect(self, *, now: float) -> None:
        self.is_connected = True
        self._expect_sound(now=now)

    def set_muted(self, muted: bool, *, now: float) -> None:
        if muted != self.is_muted:
            self.is_muted = muted
            self._expect_sound(now=now)

    def process(self, frame: bytes, *, agent_dbfs: float, agent_speaking: bool) -> HeardFrame:
        """20 ms of the microphone. `agent_dbfs` is the level of the agent's frame that was sent at the same tick.

        Raises:
            ValueError: it is not 1,920 bytes; nothing has changed.
        """
        conditioned = self._conditioner.condition(
            SILENT_FRAME if self.is_muted else frame,
            speech_probability=self._detector.probability,
            agent_speaking=agent_speaking,
        )
        voice = self._detector.process(conditioned, agent_dbfs=agent_dbfs)
        if conditioned.metrics.energy_dbfs > MICROPHONE_SOUND_DBFS:
            self.sound_due = None
        self.conditioned = conditioned.conditioned
        sound = conditioned.tap(self._conditioner.config.stt_tap)
        self.ring.append(sound)
        return HeardFrame(sound, voice)

    def miss_sound(self, *, now: float) -> list[Notify]:
        """The user is told, once, that nothing is heard at all."""
        if self.sound_due is None or now < self.sound_due:
            return []
        self.sound_due = None
        return [Notify("no_microphone_sound", "Your microphone gives no sound. Is it the right one?")]

    def _expect_sound(self, *, now: float) -> None:
        self.sound_due = now + self._check_seconds if self.is_open else None

    def snapshot(self) -> dict[str, object]:
        """What was learned of the room, of the echo and of the caller's level, as JSON can hold it."""
        return {
            "conditioner": self._conditioner.snapshot(),
            "detector": self._detector.snapshot(),
            "caller_turns_dbfs": self.caller.turns_dbfs,
        }

    def restore(self, snapshot: Mapping[str, object]) -> None:
        """Go on with what was learned before.

        Raises:
            KeyError, TypeError, ValueError: `snapshot` did not write this.
        """
        room, echo, turns_dbfs = (snapshot[name] for name in ("conditioner", "detector", "caller_turns_dbfs"))
        if not (isinstance(room, Mapping) and isinstance(echo, Mapping) and isinstance(turns_dbfs, list)):
            raise TypeError("two objects and a list were expected")
        self._conditioner.restore(room)
        self._detector.restore(echo)
        for level_dbfs in turns_dbfs:
            self.caller.add_turn(float(level_dbfs))
