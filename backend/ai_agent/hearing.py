"""What does the microphone give at this frame? Conditioned sound and whether it is speech; and is there a microphone?

frame ─▶ silence, where it is muted ─▶ AudioConditioner ─▶ VoiceActivityDetector ─▶ HeardFrame
                                          │                    └─▶ RoomVerdict: what the user should know of it
                                          └─ the tap that is transcribed ─▶ ring of the last seconds
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ai_agent.audio_conditioning import AudioConditioner, ConditionedFrame
from ai_agent.audio_format import SILENT_FRAME, frames_in
from ai_agent.capture import MicrophoneRing
from ai_agent.commands import Notify
from ai_agent.levels import SILENCE_DBFS
from ai_agent.room_verdict import RoomVerdict
from ai_agent.voice_activity import CallerLevel, EchoCoupling, SpeechModel, VoiceActivityDetector, VoiceFrame

MICROPHONE_SOUND_DBFS: Final = -80.0
"""A microphone that never gets louder than this is closed, broken or the wrong one."""

ROOM_KNOWN_MS: Final = 3_000
"""So much of the room must have been heard, without anybody's voice in it, before what was learned is worth keeping."""

ECHO_PROBABILITY: Final = 0.45
"""While the agent speaks, the conditioner takes no other frame for speech than the user's: its gain stays, and it
learns nothing."""


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """One frame after conditioning."""

    sound: bytes
    """1,920 bytes: the tap that is transcribed."""
    voice: VoiceFrame
    notice: Notify | None = None
    """What the user should know of how it sounds."""


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
        self._verdict = RoomVerdict()
        self._room_frames = 0
        self._is_near_end = False
        """Whether the last frame was the user's."""
        self._taken_in: ConditionedFrame | None = None

    @property
    def is_open(self) -> bool:
        """Whether the user could be heard now."""
        return self.is_connected and not self.is_muted

    @property
    def echo(self) -> EchoCoupling:
        """How much of the agent the microphone hears."""
        return self._detector.echo

    @property
    def latency_samples(self) -> int:
        """How much later than the raw frame a sound leaves in `conditioned`."""
        return self._conditioner.latency_samples

    def flush(self) -> bytes:
        """What of the conditioned sound is still on its way, when the last frame has been heard."""
        return self._conditioner.flush()

    def connect(self, *, now: float) -> None:
        self.is_connected = True
        self._expect_sound(now=now)

    def set_muted(self, muted: bool, *, now: float) -> None:
        if muted != self.is_muted:
            self.is_muted = muted
            self._expect_sound(now=now)

    def set_browser_processing(self, *, noise_suppression: bool, auto_gain_control: bool) -> None:
        """What the browser does to the microphone itself is not done again."""
        self._conditioner.set_browser_processing(
            noise_suppression=noise_suppression, auto_gain_control=auto_gain_control
        )

    @property
    def noise_profile(self) -> Mapping[str, object] | None:
        """What this room has taught, as JSON can hold it.

        None where it was heard too briefly or not as it is, or where the suppression at work keeps it to itself.
        """
        is_browsers = self._conditioner.browser_processing.noise_suppression
        profile = self._conditioner.noise_profile
        if is_browsers or profile.bins == 0 or self._room_frames < frames_in(ROOM_KNOWN_MS):
            return None
        return profile.to_json()

    def take_in(self, frame: bytes, *, agent_speaking: bool) -> None:
        """Condition the frame that is processed next: the first half of its work, for who must not take long at once.

        Raises:
            ValueError: it is not 1,920 bytes; nothing has changed.
        """
        self._taken_in = self._condition(frame, agent_speaking=agent_speaking)

    def _condition(self, frame: bytes, *, agent_speaking: bool) -> ConditionedFrame:
        """The agent's echo is speech, too: while it speaks, what is not the user's is nobody's."""
        probability = self._detector.probability
        if agent_speaking and not self._is_near_end:
            probability = min(probability, ECHO_PROBABILITY)
        return self._conditioner.condition(
            SILENT_FRAME if self.is_muted else frame, speech_probability=probability, agent_speaking=agent_speaking
        )

    def process(self, frame: bytes, *, agent_dbfs: float, agent_speaking: bool) -> HeardFrame:
        """20 ms of the microphone. `agent_dbfs` is the level of the agent's frame that was sent at the same tick.

        Raises:
            ValueError: it is not 1,920 bytes; nothing has changed.
        """
        conditioned = self._taken_in or self._condition(frame, agent_speaking=agent_speaking)
        self._taken_in = None
        voice = self._detector.process(conditioned, agent_dbfs=agent_dbfs)
        self._is_near_end = voice.is_near_end
        if conditioned.metrics.energy_dbfs > MICROPHONE_SOUND_DBFS:
            self.sound_due = None
        self.conditioned = conditioned.conditioned
        sound = conditioned.tap(self._conditioner.config.stt_tap)
        self.ring.append(sound)
        return HeardFrame(sound, voice, self._judge(voice, agent_speaking=agent_speaking))

    def _judge(self, voice: VoiceFrame, *, agent_speaking: bool) -> Notify | None:
        if self.is_muted or agent_speaking or self._detector.echo.may_be_audible:
            self._verdict.pass_over()
            return None
        if voice.level_dbfs > SILENCE_DBFS and not voice.is_near_end:
            self._room_frames += 1
        is_callers = voice.is_near_end and not self.caller.is_somebody_else(voice.level_dbfs)
        return self._verdict.judge(voice.metrics, is_speech=is_callers)

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
            "conditioner": self._conditioner.learned(),
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
        self._conditioner.go_on_with(room)
        self._detector.restore(echo)
        for level_dbfs in turns_dbfs:
            self.caller.add_turn(float(level_dbfs))
